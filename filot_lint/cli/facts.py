"""`filot-lint facts`: everything extracted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import msgspec

from filot_lint.cli.target import find_target, open_workspace
from filot_lint.cli.words import Word
from filot_lint.facts import AnyFact, Default, Fact
from filot_lint.reporters import json
from filot_lint.reporters.notation import written
from filot_lint.reporters.safe_text import safe_text
from filot_lint.values import Value

KINDS = {kind.__struct_config__.tag: kind for kind in get_args(AnyFact)}
HIDDEN = frozenset({*(field.name for field in msgspec.structs.fields(Fact)), "value"} - {"guard"})

_UNSURE = {"certain": "", "possible": "probably ", "undetermined": "not determined, "}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=Word(["json", "text"]), default="json", show_default=True, help="The form.")
@click.option("--kind", "kinds", multiple=True, type=Word(sorted(KINDS)), metavar="KIND", help="Only this kind.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the document instead.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Settings: a filot-lint.toml.")
@click.option("-C", "--workspace", type=click.Path(path_type=Path), help="The workspace; PATHS then narrow it down.")
def facts(
    paths: tuple[Path, ...],
    form: str,
    kinds: tuple[str, ...],
    config_file: Path | None,
    workspace: Path | None,
    *,
    schema: bool,
) -> None:
    """Print what the files of a workspace say.

    Reads, declarations, connections, containers, problems and all else, one kind of fact or every one.
    """
    if schema:
        click.echo(json.schema(json.FactsDocument), nl=False)
        return
    target = find_target(paths, workspace)
    wanted = tuple(KINDS[kind] for kind in kinds) or tuple(KINDS.values())
    index = open_workspace(target, config_file)
    found = [fact for fact in index.all() if isinstance(fact, wanted) and target.covers(fact.file)]
    if form == "json":
        click.echo(json.facts(found))
    else:
        for line in _table(found, target.prefix):
            click.echo(line)


def _table(found: list[Fact], prefix: str) -> Iterator[str]:
    """Yield one aligned line per fact: place, kind, and its own fields as far as they are known."""
    rows = [(safe_text(prefix + str(f.location)), str(f.__struct_config__.tag), safe_text(_own(f))) for f in found]
    widths = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
    for place, kind, own in rows:
        yield f"{place:<{widths[0]}}  {kind:<{widths[1]}}  {own}".rstrip()


def _own(fact: Fact) -> str:
    """Return what a fact says beyond its kind and place, as far as it says anything."""
    parts = []
    for field in msgspec.structs.fields(fact):
        value = getattr(fact, field.name)
        if field.name not in HIDDEN and value != field.default and value not in (None, (), False):
            parts.append(f"{field.encode_name}={_plain(value)}")
    if fact.through is not None:
        parts.append(f"(the library is called in {fact.through})")
    if fact.uncalled:
        parts.append(f"(no code of {', '.join(fact.uncalled)} calls this)")
    return " ".join([*parts, *_by_default(fact)])


def _by_default(fact: Fact) -> Iterator[str]:
    """Yield what the library adds to what is written, and the version that says so."""
    reasons = dict.fromkeys((implied.version, implied.because) for implied in fact.implied)
    for version, because in reasons:
        said = [f"{i.field}: {_UNSURE[i.certainty]}{i.text}" for i in fact.implied if i.because == because]
        yield f"[by default {', '.join(said)} ({version}, {because})]"


def _plain(content: object) -> str:
    """Return a field in few words."""
    if isinstance(content, Value):
        return written(content)
    if isinstance(content, Default):
        shown = f"${content.text}" if content.kind == "env" else repr(content.text)
        return content.kind if content.text is None else shown
    if isinstance(content, tuple):
        return ",".join(_plain(item) for item in content)
    text = str(content)
    return repr(text) if isinstance(content, str) and (" " in text or not text) else text
