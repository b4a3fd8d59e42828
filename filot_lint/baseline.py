"""Findings known before: a file that names them by rule, path and fingerprint, so that only new ones are shown.

Each entry has its own line, and a closing `null` lets every one of them end in a comma: a version control system can
merge additions and removals that stand apart. No text of a finding is in it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated
from typing import Literal as Choice

import msgspec

from filot_lint.config import Config, ConfigError
from filot_lint.files import read_named
from filot_lint.findings import Finding
from filot_lint.fingerprints import first_fingerprint, numbers

FORM = "filot-lint/baseline/"
VERSION = 1
SCHEMA = f"{FORM}{VERSION}"
LARGEST = 64_000_000
CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


class BaselineError(Exception):
    """A baseline that cannot be used; the message names place, flaw and remedy."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """Findings of one rule in one file that differ in nothing but their lines: `count` of them are known."""

    path: str
    rule: Annotated[str, msgspec.Meta(pattern="^FIL[0-9]{3}$")]
    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    count: Annotated[int, msgspec.Meta(ge=1)] = 1


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schema: Choice["filot-lint/baseline/1"]
    findings: tuple[Entry | None, ...]


class Comparison(msgspec.Struct, frozen=True):
    """What a baseline says of a run: which findings are new, which known, and which entries count too many.

    `moved` are entries of files that have gone, each with the same one of the file where it is found now.
    """

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    stale: tuple[Entry, ...]
    kept: tuple[Entry, ...]
    moved: tuple[tuple[Entry, Entry], ...] = ()

    @property
    def outdated(self) -> bool:
        """Whether the baseline says something else than what was found, and nothing new."""
        return bool(self.stale or self.moved)


def baseline_of(root: Path, config: Config) -> Path | None:
    """Return where the settings say that the baseline of a workspace is.

    Raises:
        ConfigError: it is outside.

    """
    if config.baseline is None:
        return None
    path = root / config.baseline
    if not path.resolve().is_relative_to(root.resolve()):
        message = f"{config.origin}: `baseline`: {config.baseline} is not inside the workspace"
        raise ConfigError(message)
    return path


def is_gone(root: Path) -> Callable[[str], bool]:
    """Return a function that says whether a file of a workspace is not there any more."""
    return cache(lambda path: not os.path.lexists(root / path))


def entries_of(findings: Iterable[Finding]) -> tuple[Entry, ...]:
    """Return what a baseline holds of some findings."""
    counts = Counter((f.location.file, f.rule.code, first_fingerprint(f)) for f in findings)
    return tuple(sorted(Entry(*key, count=count) for key, count in counts.items()))


def compare(
    entries: Iterable[Entry],
    findings: Sequence[Finding],
    judged: Callable[[Entry], bool],
    gone: Callable[[str], bool],
) -> Comparison:
    """Compare entries with the findings of a run.

    `judged` says whether the run could have found what an entry names; what it could not is kept, and never stale.
    `gone` says whether a file has been removed or renamed.
    """
    moved = _moved(list(entries), findings, gone)
    entries = [moved.get(entry, entry) for entry in entries]
    known = {entry.fingerprint: entry.count for entry in entries}
    new: list[Finding] = []
    old: list[Finding] = []
    for finding, number in zip(findings, numbers(findings), strict=True):
        (old if number < known.get(first_fingerprint(finding), 0) else new).append(finding)
    found = {entry.fingerprint: entry.count for entry in entries_of(old)}
    stale, kept = [], []
    for entry in entries:
        left = found.get(entry.fingerprint, 0)
        if left >= entry.count or not judged(entry):
            kept.append(entry)
            continue
        stale.append(msgspec.structs.replace(entry, count=entry.count - left))
        if left:
            kept.append(msgspec.structs.replace(entry, count=left))
    return Comparison(tuple(new), tuple(old), tuple(stale), tuple(kept), tuple(moved.items()))


def _moved(entries: Sequence[Entry], findings: Sequence[Finding], gone: Callable[[str], bool]) -> dict[Entry, Entry]:
    """Return the entries of files that have gone whose findings are in another file now, and what they became."""
    known = {entry.fingerprint for entry in entries}
    strange = [finding for finding in findings if first_fingerprint(finding) not in known]
    codes = {finding.rule.code for finding in strange}
    lost = {entry.fingerprint: entry for entry in entries if entry.rule in codes and gone(entry.path)}
    paths = sorted({entry.path for entry in lost.values()})
    moved: dict[Entry, Entry] = {}
    for finding in strange:
        fingerprint, code = first_fingerprint(finding), finding.rule.code
        before = (lost.get(first_fingerprint(finding, path)) for path in paths)
        entry = next((entry for entry in before if entry is not None and entry not in moved), None)
        if entry is not None and fingerprint not in known:
            moved[entry] = Entry(finding.location.file, code, fingerprint, entry.count)
            known.add(fingerprint)
    return moved


def written(entries: Iterable[Entry]) -> str:
    """Return the text of a baseline: sorted, an entry on each line."""
    fields = ("rule", "path", "fingerprint", "count")
    lines = [json.dumps({name: getattr(entry, name) for name in fields}) for entry in sorted(entries)]
    return "\n".join([f'{{"schema": "{SCHEMA}", "findings": [', *(f"{line}," for line in lines), "null]}", ""])


def read_baseline(path: Path) -> tuple[Entry, ...]:
    """Read a baseline; entries that a merge doubled count once.

    Raises:
        BaselineError: it cannot be read or does not have the form.

    """
    try:
        text = read_named(path, LARGEST, once=True).decode()
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BaselineError(_not_json(path, text, error)) from None
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON in UTF-8"
        message = f"{path}: cannot be read: {reason}; --write-baseline makes one"
        raise BaselineError(message) from None
    if (newer := _newer(data)) is not None:
        message = f"{path}: written by a newer filot-lint (form {newer}, this one knows {VERSION}); update filot-lint"
        raise BaselineError(message)
    try:
        found = msgspec.convert(data, Baseline)
    except msgspec.ValidationError as error:
        flaw, _, where = str(error).partition(" - at `$")
        place = f"{path}:{_line(text, where)}"
        message = f"{place}: not a baseline of filot-lint: {flaw[:1].lower() + flaw[1:]}{_field(where)}"
        raise BaselineError(message) from None
    unique: dict[str, Entry] = {}
    for entry in found.findings:
        if entry is not None:
            unique[entry.fingerprint] = max(entry, unique.get(entry.fingerprint, entry))
    return tuple(sorted(unique.values()))


def _newer(data: object) -> int | None:
    """Return the number of a form that is newer than ours."""
    schema = data.get("schema") if isinstance(data, dict) else None
    number = schema.removeprefix(FORM) if isinstance(schema, str) and schema.startswith(FORM) else ""
    return int(number) if number.isdecimal() and len(number) < len(FORM) and int(number) > VERSION else None


def _not_json(path: Path, text: str, error: json.JSONDecodeError) -> str:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(CONFLICT):
            return (
                f"{path}:{number}: a merge left its marks; keep the lines of both sides, or write it anew "
                f"(`{path.name} merge=union` in .gitattributes spares you that)"
            )
    return f"{path}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}; delete it to write it anew"


def _field(where: str) -> str:
    name = where.rstrip("`").rpartition(".")[2]
    return f" (`{name}`)" if name and "[" not in name else ""


def _line(text: str, where: str) -> int:
    """Return the line of the entry that an error of msgspec names, however the file is laid out."""
    index = where.partition("[")[2].partition("]")[0]
    start = text.find("[", text.find('"findings"'))
    if not index.isdigit() or start < 0:
        return 1
    decoder = json.JSONDecoder()
    position = start + 1
    for number in range(int(index) + 1):
        while text[position] in " \t\r\n,":
            position += 1
        if number == int(index):
            break
        position = decoder.raw_decode(text, position)[1]
    return text.count("\n", 0, position) + 1
