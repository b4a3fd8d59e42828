"""FIL108: the text of a variable is taken for a switch or a number as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from filot_lint.checks import check
from filot_lint.checks.env.contract import contract
from filot_lint.checks.env.grouping import others
from filot_lint.checks.env.guarded import is_demanded
from filot_lint.checks.production import is_provided, production_reads
from filot_lint.facts import EnvDeclaration, EnvRead, RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import Env, Literal, options
from filot_lint.workspace.index import Index

ON_TOO = "any text switches it on, `false` too"
NUMBERS = frozenset({"integer", "number"})
FALSE = Literal("false", "boolean")
"""What Python code writes for nothing at all: `os.getenv("VERSION", False)`."""
WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
PERHAPS = "the value that is declared switches it on; another one may never be meant"
NAN = "is made a number without a look whether it is set: it is NaN when missing"
ABSENT = "it is not known what becomes of the number"


class _Evidence(NamedTuple):
    """Why a variable is a switch; `off` when something sets it to `false`."""

    off: bool
    related: tuple[Related, ...] = ()
    certain: bool = True


@check("FIL108")
def unparsed_text(index: Index) -> Iterator[Hit]:
    """Look at tests of a text for truth where the variable is a switch, and at numbers made of nothing."""
    found: dict[tuple[str, str], dict[str, Hit]] = {}
    for kind, hit in _mistakes(index):
        found.setdefault((hit.values["name"], kind), {}).setdefault(hit.location.file, hit)
    for by_file in found.values():
        worst, *rest = sorted(by_file.values(), key=lambda hit: -(hit.severity or Severity.WARNING))
        yield msgspec.structs.replace(worst, related=(*worst.related, *others([worst, *rest], "and here")))


def _mistakes(index: Index) -> Iterator[tuple[str, Hit]]:
    """Yield each place with the kind of its mistake: one parser mends all places of a variable."""
    reads = [read for read in production_reads(index) if read.flow is None]
    used = {(read.file, read.name) for read in reads if read.access == "read" and not read.truth}
    encrypting = _encrypting(index)
    for read in reads:
        key = (read.file, read.name)
        asked_for = read.required and read.access == "presence"
        if asked_for or is_provided(index, read.name or ""):
            continue
        tested = read.truth and key not in used
        taken = tested or (key in encrypting and read.cast is None and read.access == "read")
        evidence = _switch(index, read, sure=key in encrypting) if taken else None
        if evidence is not None:
            yield "switch", _flag(read, evidence)
        elif _is_no_number(index, read):
            yield "number", _number(read)


def _switch(index: Index, read: EnvRead, *, sure: bool) -> _Evidence | None:
    """Return what shows that a variable is a switch."""
    for option in options(read.value) if read.value is not None else ():
        word = WORDS.get(option.text.lower()) if isinstance(option, Literal) and option.type != "redacted" else None
        if word is not None and (word or option != FALSE):
            return _Evidence(off=not word)
    declared = [(on, d) for d in contract(index).get(read.name or "", ()) if (on := _written(d)) is not None]
    for on, declaration in sorted(declared, key=lambda found: found[0]):
        related = (Related(declaration.location, f"says {'true' if on else 'false'} here"),)
        return _Evidence(off=not on, related=related, certain=not on or read.cast == "boolean")
    return _Evidence(off=False) if sure or (read.cast == "boolean" and read.access == "read") else None


def _written(declaration: EnvDeclaration) -> bool | None:
    """Return the value of a switch that is written out, None for all else, 0 and 1 among them."""
    return next((on for word, on in WORDS.items() if f"word={word}" in declaration.traits), None)


def _flag(read: EnvRead, evidence: _Evidence) -> Hit:
    return Hit(
        read.location,
        {"name": read.name or "", "problem": f"is taken for a switch without a look at what it says: {ON_TOO}"},
        related=evidence.related,
        severity=Severity.ERROR if evidence.off else None,
        confidence=None if evidence.certain else Confidence.MEDIUM,
        reason=None if evidence.certain else PERHAPS,
        label="true for every text but the empty one",
    )


def _encrypting(index: Index) -> set[tuple[str, str | None]]:
    """Return the variables whose text is handed over as the switch for TLS, by file."""
    return {
        (connection.file, option.name)
        for connection in index.of(RedisConnection)
        if connection.tls is not None
        for option in options(connection.tls)
        if isinstance(option, Env)
    }


def _is_no_number(index: Index, read: EnvRead) -> bool:
    """Whether JavaScript makes a number of a variable that may be missing, and nothing looks."""
    bare = read.access == "read" and read.default is None and read.required is None and not read.tested
    return bare and read.cast in NUMBERS and read.language != "python" and not is_demanded(index, read)


def _number(read: EnvRead) -> Hit:
    return Hit(
        read.location,
        {
            "name": read.name or "",
            "problem": NAN,
        },
        confidence=Confidence.MEDIUM,
        reason=ABSENT,
        label="NaN when the variable is missing",
    )
