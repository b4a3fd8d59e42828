"""Lines that a parser reads otherwise than they are meant: the known readers of a file, or the common ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks.dotenv.parsers import COMMON, FOREIGN, LABELS, misreads
from filot_lint.checks.dotenv.readers import Reader, Readers
from filot_lint.checks.manifests.purpose import stage_of
from filot_lint.facts import EnvSpelling
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import classify
from filot_lint.source import Area, Language, Location
from filot_lint.workspace.index import Index

MAX_RELATED = 30
UNKNOWN = "nothing here tells which parser reads the file"


class Misread(NamedTuple):
    """A piece of a line, the parsers that get it wrong, and the known readers: one of them, or `right`."""

    spelling: EnvSpelling
    parsers: tuple[str, ...]
    readers: tuple[Reader, ...] = ()
    right: tuple[Reader, ...] = ()
    unserved: Location | None = None

    @property
    def secret(self) -> bool:
        """Whether the variable of the line is a secret."""
        return is_secret(self.spelling)


def misread(index: Index, *spellings: str, anyway: bool = False) -> Iterator[Misread]:
    """Yield the lines of these spellings that a reader gets wrong; where none is known, one that is common.

    With `anyway`, also those that all known readers get right.
    """
    wanted = [fact for fact in index.of(EnvSpelling) if fact.spelling in spellings and not is_for_tests(fact)]
    readers = Readers(index) if wanted else None
    common = _common(index)
    for fact in wanted if readers is not None else ():
        known = [reader for reader in readers.of(fact.file) if reader.names is None or fact.name in reader.names]  # type: ignore[union-attr]
        wrong = tuple(r for r in known if r.parser not in FOREIGN and misreads(r.parser, fact.spelling))
        right = tuple(r for r in known if not misreads(r.parser, fact.spelling))
        unserved = readers.unserved(fact.file) if known and not wrong else None  # type: ignore[union-attr]
        if wrong:
            yield Misread(fact, tuple(reader.parser for reader in wrong), wrong, right)
        elif not known or unserved is not None or (anyway and right):
            parsers = tuple(parser for parser in common if misreads(parser, fact.spelling))
            if parsers:
                yield Misread(fact, parsers, (), right, unserved)


def _common(index: Index) -> list[str]:
    """Return the usual parsers for the languages that code here is written in; for all, where there is no code."""
    files = (file for file in index.files.values() if file.language.is_code and file.area is not Area.TEST)
    families = {"python" if file.language is Language.PYTHON else "typescript" for file in files}
    return [parser for parser, family in COMMON.items() if family is None or not families or family in families]


def grouped(found: Iterator[Misread]) -> list[list[Misread]]:
    """Return the lines of a file together, where they share the cause; the secrets among them first."""
    files: dict[tuple[str, bool, tuple[str, ...]], list[Misread]] = defaultdict(list)
    for each in found:
        lines = files[each.spelling.file, bool(each.readers), tuple(dict.fromkeys(each.parsers))]
        if not any(other.spelling.line == each.spelling.line for other in lines[-2:]):
            lines.append(each)
    return [sorted(group, key=lambda each: not each.secret) for group in files.values()]


def more(group: list[Misread]) -> str:
    """Return how many variables there are besides the first."""
    return f" and {len(group) - 1} more" if len(group) > 1 else ""


def hit(
    group: list[Misread],
    values: dict[str, str],
    *,
    severity: Severity | None = None,
    unknown: Confidence = Confidence.LOW,
    doubtful: str | None = None,
) -> Hit:
    """Return the finding for lines with one cause: at the first, with the others and the readers beside it.

    `unknown` is its confidence when no reader is known to be wrong; `doubtful` says why that of a known one is low.
    """
    first, *others = group
    doubt = first.unserved
    sure = bool(first.readers) and doubtful is None
    reason = doubtful or (UNKNOWN if doubt is None else f"nothing here tells what loads the file for {doubt}")
    distinct = {reader.location: reader for reader in first.readers}
    return Hit(
        first.spelling.location,
        values,
        related=(
            *(Related(each.location, f"read by {LABELS[each.parser]} here") for each in list(distinct.values())[:3]),
            *([Related(doubt, "read here, where nothing loads the file")] if doubt is not None else []),
            *(Related(each.spelling.location, f"and `{each.spelling.name}`") for each in others[:MAX_RELATED]),
        ),
        severity=severity if sure else Severity.INFO if doubtful and not first.readers else None,
        confidence=None if sure else Confidence.LOW if doubtful else unknown,
        reason=None if sure else reason,
    )


def is_for_tests(fact: EnvSpelling) -> bool:
    """Whether a line belongs to tests, by the folder or the name of its file."""
    return fact.area == "test" or stage_of(fact.file) == "test"


def is_secret(fact: EnvSpelling) -> bool:
    """Whether the variable of a line is a secret."""
    return fact.name is not None and classify(fact.name, fact.shape).kind == "secret"
