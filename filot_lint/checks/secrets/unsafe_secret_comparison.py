"""FIL606: a secret is compared in a way that tells about it, or that fails on other lengths."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.secrets.evidence import called, secret_names
from filot_lint.facts import SecretComparison
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

HANDED = "what it is compared with is a parameter; that a request decides it is likely, not certain"
IDLE = "no code of the deployables that load this file calls the function around it"
SIGNS = frozenset({"==", "!="})


@check("FIL606")
def unsafe_secret_comparison(index: Index) -> Iterator[Hit]:
    """Look at what a request sends: compared with a secret or a digest by `==`, or in buffers of any length."""
    same: dict[tuple[str, ...], list[Hit]] = {}
    for fact in index.of(SecretComparison):
        if not may_run(fact) or fact.given == "elsewhere":
            continue
        if fact.operator in SIGNS:
            names = secret_names(fact.secret, ("compare",) if fact.given == "request" else ())
            if names:
                same.setdefault((fact.language, *names), []).append(_plain(fact, names))
            elif fact.secret is None:
                yield _plain(fact, names)
        elif fact.lengths == "unchecked":
            yield from _throwing(fact)
    for hits in same.values():
        yield _together(hits)


def _plain(fact: SecretComparison, names: tuple[str, ...]) -> Hit:
    sign = fact.sign
    sure = fact.given == "request" and not fact.is_unused
    return Hit(
        fact.location,
        {
            "subject": called(names) if fact.secret is not None else "a signature",
            "manner": f"with `{sign}`, which takes longer the more of it is right",
            "remedy": "hmac.compare_digest" if fact.language == "python" else "crypto.timingSafeEqual",
        },
        related=(Related(fact.through, "compared in this function"),) if fact.through is not None else (),
        confidence=None if sure else Confidence.MEDIUM,
        severity=Severity.WARNING if fact.is_unused else None,
        reason=None if sure else IDLE if fact.is_unused else HANDED,
        label="takes longer the more is right",
    )


def _together(hits: list[Hit]) -> Hit:
    """Return the surest of the findings on one secret, with the places of the others."""
    chosen = max(hits, key=lambda hit: (hit.severity or Severity.ERROR, hit.confidence or Confidence.HIGH))
    others = tuple(Related(hit.location, "compared in the same way here") for hit in hits if hit is not chosen)
    return msgspec.structs.replace(chosen, related=(*chosen.related, *others))


def _throwing(fact: SecretComparison) -> Iterator[Hit]:
    sure = fact.given == "request" and not fact.is_unused
    yield Hit(
        fact.location,
        {
            "subject": "a signature" if fact.secret is None else called(secret_names(fact.secret, ("compare",))),
            "manner": "by `timingSafeEqual`, which throws when what is sent has another length",
            "remedy": "a comparison of the lengths before it",
        },
        severity=Severity.WARNING,
        confidence=None if sure else Confidence.MEDIUM,
        reason=None if sure else IDLE if fact.is_unused else HANDED,
        label="throws a RangeError for another length",
    )
