"""FIL605: tokens are signed with a key that is too short, or verified by any algorithm."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.secrets.evidence import characters, texts
from filot_lint.facts import SecretUse
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import is_placeholder
from filot_lint.source import Location
from filot_lint.values import Literal, Sequence, env_names, literals
from filot_lint.workspace.index import Index

BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
ANY_ALGORITHM = frozenset({"python-jose"})
"""Libraries that take every algorithm where none is listed."""
FALLBACK = "only where the variable is missing"


@check("FIL605")
def weak_signing_key(index: Index) -> Iterator[Hit]:
    """Compare the constants that sign tokens with what the algorithm needs; only their length is known."""
    seen: set[Location] = set()
    for use in index.of(SecretUse):
        if use.sink not in {"jwt-sign", "jwt-verify"} or not may_run(use):
            continue
        yield from _short(use, seen)
        if use.sink == "jwt-verify" and use.library in ANY_ALGORITHM and use.algorithms is None:
            yield Hit(
                use.location,
                {
                    "library": use.library,
                    "flaw": "verifies tokens of any algorithm",
                    "remedy": "list the algorithms that the service signs with",
                },
                severity=Severity.WARNING,
                label="no algorithms given",
                concealed=True,
            )


def _short(use: SecretUse, seen: set[Location]) -> Iterator[Hit]:
    names = _algorithms(use)
    if any(name not in BYTES for name in names):
        return
    needed, algorithm = max(((BYTES[name], name) for name in names), default=(BYTES["HS256"], "HS256"))
    fallback = bool(env_names(use.secret))
    for literal in texts(use.secret):
        place = literal.at or use.location
        size = characters(literal)
        if size >= needed or place in seen or _only_marks(literal, fallback=fallback):
            continue
        seen.add(place)
        behaviour = use.by_default("short-key")
        said = f" ({behaviour.version}: {behaviour.text})" if behaviour is not None else ""
        yield Hit(
            place,
            {
                "library": use.library,
                "flaw": f"is given a key of {size} characters, {algorithm} needs {needed} bytes{said}",
                "remedy": f"require {needed} random bytes, and check their number at start",
            },
            related=(Related(use.location, "used as key here"),) if place != use.location else (),
            severity=Severity.WARNING if fallback else None,
            confidence=Confidence.MEDIUM if fallback else None,
            reason=FALLBACK if fallback else None,
            label=f"{size} characters",
            concealed=True,
        )


def _only_marks(literal: Literal, *, fallback: bool) -> bool:
    """Whether a text is no key but marks where one belongs; in place of a variable it would be used as key."""
    return not fallback and (literal.text == "placeholder" or is_placeholder(literal.text))


def _algorithms(use: SecretUse) -> list[str]:
    """Return the algorithms that a call names."""
    listed = use.algorithms
    values = [use.algorithm, *(listed.items if isinstance(listed, Sequence) else (listed,))]
    return [literal.text for value in values for literal in literals(value) if literal.type == "string"]
