"""`filot-lint explain`: one variable's whole story."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

import click
import msgspec

from filot_lint.cli import Defect, Failure
from filot_lint.cli.running import findings_of, wants_colour
from filot_lint.cli.story import Chain, Concern, Reached, Story, Supply, Use, collect, is_told, known_names
from filot_lint.cli.target import find_target, open_workspace
from filot_lint.documents.describe import Plain, count, default_words
from filot_lint.documents.matrix import CHANNELS
from filot_lint.facts import EnvDeclaration, EnvProvision, EnvRead, Fact
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import BOLD, Painter
from filot_lint.source import CODE, Location

Row = tuple[str, str]
"""A place and what is said about it."""

GUARDS = {
    "production": "in production only",
    "non-production": "outside production only",
    "test": "in tests only",
    "main": "only when this file is started itself",
    "unknown": "under a condition",
}
ABSENCE = {True: "required", False: "optional", None: "not said what happens without it"}


@click.command()
@click.argument("name")
@click.argument("workspace", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="The form."
)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Settings: a filot-lint.toml.")
def explain(name: str, workspace: Path | None, form: str, config_file: Path | None) -> None:
    """Tell everything known about one environment variable.

    Exit codes: 0 told, 2 wrong usage or settings, or nothing knows the name; 3 internal error.
    """
    target = find_target((workspace,) if workspace else ())
    if target.only:
        message = f"{workspace}: is not a folder; name the workspace that holds it"
        raise Failure(message)
    index = open_workspace(target, config_file)
    if not is_told(index, name):
        raise Failure(_unknown(name, target.label, known_names(index)))
    findings, broken = findings_of(index)
    story = collect(index, name, findings)
    if form == "json":
        click.echo(json.dumps(msgspec.to_builtins(story), indent=2))
    else:
        for line in Teller(story, target.prefix, Painter(colour=wants_colour())).lines():
            click.echo(line)
    if broken:
        message = f"internal error: {broken}; this is a defect of filot-lint, all else is above"
        raise Defect(message)


def _unknown(name: str, where: str, known: set[str]) -> str:
    found = [name.upper()] if name.upper() in known else get_close_matches(name.upper(), sorted(known), 3, 0.6)
    near = " or ".join(f"`{other}`" for other in found)
    advice = f"did you mean {near}?" if near else f"{count(len(known), 'variable')} known there"
    return f"nothing in {where} reads, declares or provides `{name}`; {advice}"


class Teller:
    """Puts a story into words; a section without content is left out."""

    def __init__(self, story: Story, prefix: str, paint: Painter) -> None:
        """Remember what goes before paths."""
        self.story = story
        self.prefix = prefix
        self.paint = paint

    def lines(self) -> Iterator[str]:
        """Yield the lines, made harmless."""
        story = self.story
        yield from self._head()
        yield from self._section("Declared", map(self._declaration, story.declarations), "nowhere")
        for reader in story.components:
            title = f"Read by {reader.component}, which starts with {', '.join(reader.entries)}"
            yield from self._section(title, (row for reached in reader.reads for row in self._reached(reached)))
        yield from self._section("Read in no component", map(self._read, story.unreached))
        yield from self._section("Read by tests and tooling", map(self._read, story.elsewhere))
        if not (story.components or story.unreached or story.elsewhere):
            yield from self._section("Read", (), "by no file under this name")
        yield from self._section("Perhaps read, where the name is computed", map(self._possible, story.possible))
        yield from self._section("Written or deleted", map(self._change, story.changes))
        yield from self._section("Order of preference", map(self._chain, story.chains))
        yield from self._section("The value goes to", map(self._use, story.uses))
        yield from self._section("Containers", [*map(self._supply, story.supplies), *self._undescribed()])
        yield from self._section("Given elsewhere", map(self._provision, story.other_provisions))
        if story.consumer is not None:
            itself = f"{story.consumer.name} ({story.consumer.kind}) reads or sets it by itself"
            yield from self._section("Beyond the workspace", (), itself)
        yield from self._section("Findings", (row for concern in story.findings for row in self._finding(concern)))

    def _head(self) -> Iterator[str]:
        kind, need = self.story.classification, self.story.requirement
        yield f"{self.paint(safe_text(self.story.name), BOLD)}: {kind.kind} ({kind.confidence} confidence)"
        for reason in kind.reasons:
            yield f"  {safe_text(reason)}"
        places = ", ".join(self._at(place) for place in need.evidence[:3])
        yield f"  in production: {need.verdict}; {need.reason}" + (f" ({places})" if places else "")

    def _section(self, title: str, rows: Iterable[Row], empty: str = "") -> Iterator[str]:
        """Yield a heading and its rows, the places in a column of their own; one line when there are none."""
        found = [(place, safe_text(text)) for place, text in rows]
        width = max((len(place) for place, _ in found), default=0)
        if found or empty:
            yield ""
            yield self.paint(safe_text(title), BOLD) + ("" if found else f" {safe_text(empty)}")
            yield from (f"  {place:<{width}}  {text}" for place, text in found)

    def _at(self, place: Location | Fact, *, column: bool = False) -> str:
        end = f":{place.column}" if column else ""
        return safe_text(f"{self.prefix}{place.file}:{place.line}{end}")

    def _declaration(self, declaration: EnvDeclaration) -> Row:
        words = [declaration.shape, ABSENCE[declaration.required] if declaration.required is not None else ""]
        words += [f"if {declaration.condition}" if declaration.condition else ""]
        words += [f"in section {declaration.section}" if declaration.section else ""]
        words += ["commented out" if declaration.commented_out else ""]
        words += [f"first declared on line {declaration.repeats}" if declaration.repeats else ""]
        return self._at(declaration), _words(words)

    def _reached(self, reached: Reached) -> Iterator[Row]:
        yield self._read(reached.read)
        if len(reached.path) > 1:
            doubt = "" if reached.certain else " (only through a lazy import, perhaps never)"
            yield "", "  " + " > ".join(reached.path) + doubt
        if not reached.called:
            yield "", "  in a function that nothing there calls"

    def _read(self, read: EnvRead) -> Row:
        hidden = self.story.classification.kind == "secret"
        default = default_words(self.story.name, read.default, Plain(), hidden=hidden) if read.default else ""
        says = read.required is not None or read.access == "read"
        words = [f"{'tested for presence' if read.access == 'presence' else 'read'} with {read.via}"]
        absence = "relied on, unchecked" if read.unchecked else ABSENCE[read.required] if says else ""
        words += [f"default: {default}" if default else absence, GUARDS.get(read.guard, ""), _when(read)]
        words += ["only logged" if read.flow == "log" else "", read.area if read.area != "production" else ""]
        return self._at(read, column=True), _words(words)

    def _possible(self, read: EnvRead) -> Row:
        return self._at(read, column=True), _words([f"names like {read.pattern}", f"read with {read.via}", _when(read)])

    def _change(self, read: EnvRead) -> Row:
        done = "written" if read.access == "write" else "deleted"
        return self._at(read, column=True), _words([f"{done} with {read.via}", _when(read), read.area])

    def _chain(self, chain: Chain) -> Row:
        return self._at(chain.location), ", else ".join(chain.names)

    def _use(self, use: Use) -> Row:
        words = [f"{use.field.replace('_', ' ')} of {use.of}", f"after {' and '.join(use.after)}" if use.after else ""]
        return self._at(use.location), _words([*words, use.area if use.area != "production" else ""])

    def _supply(self, supply: Supply) -> Row:
        head = f"{supply.component} in container {supply.container}: "
        if supply.provision is not None:
            aside = f"; {supply.reason}" if supply.reason and supply.verdict is None else ""
            if supply.provision.file != supply.location.file:
                head = f"{head.removesuffix(': ')} of {supply.location.file}: "
            return self._at(supply.provision), f"{head}given by {_given(supply.provision)}{aside}"
        text = f"{head}not given"
        if supply.env_file:
            return self._at(supply.location), f"{text}; perhaps by the file of variables at {self._at(supply.env_file)}"
        verdict = f": {supply.verdict}, {supply.reason}" if supply.verdict else ""
        return self._at(supply.location), text + verdict

    def _undescribed(self) -> Iterator[Row]:
        described = {supply.component for supply in self.story.supplies}
        for reader in self.story.components:
            if reader.component not in described:
                place = safe_text(self.prefix + reader.entries[0])
                yield place, f"{reader.component}: no manifest describes a container that runs it"

    def _provision(self, provision: EnvProvision) -> Row:
        to = f"to {provision.container} " if provision.container else ""
        return self._at(provision), f"{to}by {_given(provision)}"

    def _finding(self, finding: Concern) -> Iterator[Row]:
        yield self._at(finding.location, column=True), f"{finding.severity}[{finding.code}] {finding.message}"
        if finding.confidence != "high":
            yield "", f"  confidence {finding.confidence}" + (f": {finding.reason}" if finding.reason else "")


def _given(provision: EnvProvision) -> str:
    what = provision.reference or (f"shaped like: {provision.shape}" if provision.shape else "")
    return _words([f"the {CHANNELS.get(provision.channel, provision.channel)}", what])


def _when(read: EnvRead) -> str:
    if read.language not in CODE:
        return ""
    return "in a function" if read.deferred else "when the file is loaded"


def _words(words: list[str]) -> str:
    return ", ".join(word for word in words if word)
