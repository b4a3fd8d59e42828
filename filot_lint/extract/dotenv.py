"""`.env.example`-like files: what is declared, how it is described and written; the values die here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.dotenv_comments import requirement_of, speaks_to_us, wording
from filot_lint.extract.dotenv_reader import MAX_COMMENT, Entry, Reader
from filot_lint.extract.dotenv_spelling import Spot, spots
from filot_lint.extract.place import place, readable
from filot_lint.facts import CommittedEnvFile, CommittedVariable, EnvDeclaration, EnvSpelling
from filot_lint.secrets import shape_of
from filot_lint.source import Language
from filot_lint.traits import traits_of

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_PROBLEMS = 20
MAX_SPELLINGS = 2000
_GIT_CRYPT = b"\0GITCRYPT\0"


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the declarations of one file, and how its lines are written."""
    if source.language is Language.ENV_FILE:
        return _committed(source)
    readable(source)
    reader = Reader(source)
    reader.read()
    first: dict[str, Entry] = {}
    facts: list[Fact] = []
    for entry in reader.entries:
        earlier = None if entry.commented_out else first.setdefault(entry.name, entry)
        facts.append(_fact(source, entry, earlier if earlier is not entry else None))
    facts.extend(_spellings(source, reader))
    facts.extend(problem(source, message, line) for line, message in reader.problems[:MAX_PROBLEMS])
    return facts


def _spellings(source: SourceFile, reader: Reader) -> list[EnvSpelling]:
    """Return what parsers do not read alike, by line."""
    active = [entry for entry in reader.entries if not entry.commented_out]
    names = frozenset(entry.name for entry in active)
    found: list[tuple[int, Spot, str | None, str | None]]
    found = [(row, spot, None, None) for row, spot in reader.malformed]
    for entry in active:
        shape = "absent" if entry.value is None else shape_of(entry.value)
        own = [*entry.spots, *(spots(entry.written, names) if entry.written is not None else ())]
        found += [(entry.line + spot.row, spot, entry.name, shape) for spot in own]
    return [
        EnvSpelling(
            name=name, spelling=spot.spelling, shape=shape, **place(source, row, spot.column + 1, max(spot.length, 1))
        )
        for row, spot, name, shape in sorted(found, key=lambda item: (item[0], item[1].column))[:MAX_SPELLINGS]
    ]


def _committed(source: SourceFile) -> list[Fact]:
    """Return what a committed file of variables holds, encrypted or not; it declares nothing for others."""
    if source.data.startswith(_GIT_CRYPT):
        return [CommittedEnvFile(variables=0, encrypted=True, **place(source, 1))]
    readable(source)
    reader = Reader(source)
    reader.read()
    active = [entry for entry in reader.entries if not entry.commented_out and entry.value]
    shapes = [(entry, shape_of(entry.value or "")) for entry in active]
    facts: list[Fact] = [
        CommittedEnvFile(
            variables=len(active), encrypted=any(shape == "encrypted" for _, shape in shapes), **place(source, 1)
        )
    ]
    facts += [
        CommittedVariable(
            name=entry.name,
            shape=shape,
            traits=traits_of(entry.value),
            **place(source, entry.line, entry.column, len(entry.name)),
        )
        for entry, shape in shapes
    ]
    return [*facts, *_spellings(source, reader)]


def _fact(source: SourceFile, entry: Entry, earlier: Entry | None) -> EnvDeclaration:
    own = [text for text in (*entry.above, (entry.trailing or "")[:MAX_COMMENT], *entry.below) if text]
    own = [comment for comment in own if not speaks_to_us(comment)]
    stated = requirement_of(own)
    needed = stated if stated.required is not None else entry.default
    return EnvDeclaration(
        name=entry.name,
        shape="absent" if entry.value is None else shape_of(entry.value),
        traits=traits_of(entry.value),
        required=needed.required,
        heading=entry.heading if needed is not stated and needed.required is not None else None,
        condition=needed.condition,
        section=entry.section,
        comment=wording(own),
        commented_out=entry.commented_out,
        inline_comment=entry.trailing is not None,
        repeats=earlier.line if earlier is not None else None,
        differs=earlier is not None and earlier.value != entry.value,
        **place(source, entry.line, entry.column, len(entry.name)),
    )
