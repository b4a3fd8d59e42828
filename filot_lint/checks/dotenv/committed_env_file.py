"""FIL162: git tracks a file of variables for use, with secrets in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import purpose, stage_of
from filot_lint.facts import CommittedEnvFile, CommittedVariable
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import classify
from filot_lint.workspace.index import Index

LONG = re.compile(r"hex (?:3[2-9]|[4-9]\d|\d{3,})")
REAL = frozenset({"jwt", "pem", "token", "url with credentials"})
OWN = frozenset({"localhost url with credentials"})
USABLE = REAL | OWN | {"list", "placeholder", "text", "uuid", "word", "words"}
MAX_RELATED = 10


@check("FIL162")
def committed_env_file(index: Index) -> Iterator[Hit]:
    """Report each file once, at its first secret that looks real; encrypted ones are made to be committed."""
    for file in index.of(CommittedEnvFile):
        if file.encrypted or file.area == "test" or stage_of(file.file) == "test":
            continue
        found = [v for v in index.of(CommittedVariable) if v.file == file.file and _opens(v)]
        found.sort(key=lambda variable: not _is_real(variable))
        if found:
            yield _hit(file, found)


def _hit(file: CommittedEnvFile, found: list[CommittedVariable]) -> Hit:
    first, *others = found
    real, development = _is_real(first), purpose(file) == "development"
    confidence, reason = None, None
    if not real:
        harmless = development or all(variable.shape in OWN for variable in found)
        confidence = Confidence.LOW if harmless else Confidence.MEDIUM
        reason = "the values look as if they were to be replaced"
    elif development:
        confidence, reason = Confidence.MEDIUM, "its path says that the file is for development"
    return Hit(
        first.location,
        {"file": file.file, "name": first.name, "more": f" and {len(others)} more" if others else ""},
        related=tuple(Related(variable.location, f"and `{variable.name}`") for variable in others[:MAX_RELATED]),
        severity=None if real and not development else Severity.WARNING,
        confidence=confidence,
        reason=reason,
        label=f"shape: {first.shape}" if real and first.shape != "word" else None,
    )


def _opens(variable: CommittedVariable) -> bool:
    usable = variable.shape in USABLE or variable.shape.startswith("hex ")
    return usable and "gap" not in variable.traits and classify(variable.name, variable.shape).kind == "secret"


def _is_real(variable: CommittedVariable) -> bool:
    if variable.shape == "url with credentials":
        return "host=remote" in variable.traits
    looks = variable.shape in REAL or LONG.fullmatch(variable.shape) or "random" in variable.traits
    return bool(looks) and "monotonous" not in variable.traits
