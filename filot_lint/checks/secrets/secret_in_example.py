"""FIL603: an example holds a secret that looks real, or one that works as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import stage_of
from filot_lint.checks.production import may_run
from filot_lint.facts import EnvDeclaration, SecretUse
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import classify, tokens
from filot_lint.values import env_names
from filot_lint.workspace.index import Index

LONG = re.compile(r"hex (?:3[2-9]|[4-9]\d|\d{3,})")
REAL = frozenset({"jwt", "pem", "token"})
WORDS = frozenset({"list", "text", "word", "words"})
OWN = frozenset({"APP", "AUTH", "COOKIE", "ENCRYPTION", "HMAC", "JWT", "MASTER", "NEXTAUTH", "PEPPER", "SALT",
                 "SESSION", "SIGNING"})  # fmt: skip
"""Words of secrets that the service makes up itself, so that any text works as one."""
STORES = frozenset({"DB", "DATABASE", "MARIADB", "MINIO", "MONGO", "MYSQL", "PG", "POSTGRES", "RABBITMQ", "REDIS",
                    "VALKEY"})  # fmt: skip
EXAMPLE = ("example", "sample", "dummy", "fake", "development", "local")


class Verdict(NamedTuple):
    """What is wrong with a value, how bad it is, and why not surer."""

    flaw: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH
    reason: str | None = None


@check("FIL603")
def secret_in_example(index: Index) -> Iterator[Hit]:
    """Weigh the shape of each value that an example gives a secret; switched off ones count when they look real."""
    uses = _uses(index)
    for declaration in index.of(EnvDeclaration):
        use = uses.get(declaration.name)
        taken = classify(declaration.name, declaration.shape, (use.sink,) if use is not None else ())
        verdict = _verdict(declaration, use) if taken.kind == "secret" and declaration.area != "test" else None
        if verdict is not None:
            yield Hit(
                declaration.location,
                {"name": declaration.name, "flaw": verdict.flaw},
                related=(Related(use.location, "used as a secret here"),) if use is not None else (),
                severity=verdict.severity,
                confidence=verdict.confidence,
                reason=verdict.reason,
                label=f"shape: {declaration.shape}" if declaration.shape not in WORDS | {"placeholder"} else None,
            )


def _verdict(declared: EnvDeclaration, use: SecretUse | None) -> Verdict | None:
    trial = stage_of(declared.file) in {"development", "test"}
    if _is_real(declared):
        said = next((word for word in EXAMPLE if word in (declared.comment or "").lower()), None)
        if trial or said is not None:
            reason = f"the {'name of the file' if trial else 'comment'} says that it is for a trial or an example"
            return Verdict("looks real", Severity.WARNING, Confidence.MEDIUM, reason)
        return Verdict("looks real", Severity.ERROR)
    if declared.commented_out or not _works(declared):
        return None
    words = set(tokens(declared.name))
    if trial:
        return _weak(Confidence.LOW, "the name of the file says that it is for a trial")
    if "gap" in declared.traits:
        return _weak(Confidence.LOW, "it marks a gap to be filled")
    if words & STORES:
        return _weak(Confidence.LOW, "the store may be one for a trial")
    if use is not None:
        return _weak(Confidence.MEDIUM, "the code may check its form before it is used")
    own = bool(words & OWN) or (words >= {"SECRET", "KEY"} and "ACCESS" not in words)
    if declared.shape == "placeholder" or not own:
        return _weak(Confidence.LOW, "nothing shows that the service would accept it")
    return _weak(Confidence.MEDIUM, "only its name says that the service makes it up itself")


def _weak(confidence: Confidence, reason: str) -> Verdict:
    return Verdict("works as it is", Severity.WARNING, confidence, reason)


def _is_real(declared: EnvDeclaration) -> bool:
    if "monotonous" in declared.traits:
        return False
    if declared.shape == "url with credentials":
        return "host=remote" in declared.traits
    random = "random" in declared.traits and declared.shape == "word"
    return declared.shape in REAL or LONG.fullmatch(declared.shape) is not None or random


def _works(declared: EnvDeclaration) -> bool:
    hexadecimal = declared.shape.startswith("hex ")
    return hexadecimal or declared.shape in WORDS or declared.shape in {"placeholder", "uuid"}


def _uses(index: Index) -> dict[str, SecretUse]:
    """Return where each variable is used to sign, to compare or to derive keys."""
    found: dict[str, SecretUse] = {}
    for use in index.of(SecretUse):
        for name in env_names(use.secret) if may_run(use) and use.sink != "header" else ():
            found.setdefault(name, use)
    return found
