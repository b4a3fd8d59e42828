"""FIL160: a line that is no declaration, or whose quotes do not close."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.readers import Readers
from filot_lint.facts import EnvSpelling
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index

FLAWS = {
    "colon": ("has a `:` where the `=` belongs", "only compose reads it"),
    "no-declaration": ("is neither a declaration nor a comment", "dotenv skips it, compose and the shell fail on it"),
    "no-equals": ("sets `{name}` to nothing at all", "Docker and compose take it over from the host, others skip it"),
    "text-after-quote": ("goes on behind the closing quote of `{name}`", "python-dotenv drops the variable"),
    "unclosed-quote": (
        "does not close the quote of `{name}`",
        "python-dotenv drops the variable, compose and the shell stop",
    ),
}
PASSING = frozenset({"docker", "compose"})


@check("FIL160")
def malformed_line(index: Index) -> Iterator[Hit]:
    """Report each line; a bare name is fine where only Docker and compose read the file, which pass it on."""
    wanted = [fact for fact in index.of(EnvSpelling) if fact.spelling in FLAWS]
    readers = Readers(index) if any(fact.spelling == "no-equals" for fact in wanted) else None
    for fact in wanted:
        flaw, effect = FLAWS[fact.spelling]
        bare = fact.spelling == "no-equals"
        parsers = {reader.parser for reader in readers.of(fact.file)} if bare and readers is not None else set()
        if bare and parsers and parsers <= PASSING:
            continue
        mild = bare or fact.area == "test"
        yield Hit(
            fact.location,
            {"flaw": flaw.format(name=fact.name), "effect": effect},
            severity=Severity.WARNING if mild else None,
            confidence=Confidence.MEDIUM if bare and not parsers else None,
            reason="nothing here tells which parser reads the file" if bare and not parsers else None,
            label="this is no declaration" if fact.name is None else None,
        )
