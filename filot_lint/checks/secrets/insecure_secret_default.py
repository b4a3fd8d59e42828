"""FIL602: a secret has a usable value written in the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from filot_lint.checks import check
from filot_lint.checks.env.guarded import demands_of, left_open, tests_of
from filot_lint.checks.production import deciding_reads, may_run
from filot_lint.facts import EnvRead, SecretComparison, SecretUse
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import classify, made_by, shape_of, tokens
from filot_lint.values import env_names
from filot_lint.workspace.index import Index

CREDENTIALS = frozenset({"KEY", "TOKEN", "SECRET", "PASSWORD", "PASS", "PASSPHRASE", "CREDENTIALS", "DSN"})
INTERNAL = "internal url with credentials"
REAL = frozenset({"jwt", "pem", "token", "url with credentials", "uuid"})
USABLE = REAL | {"integer", INTERNAL, "list", "placeholder", "text", "word", "words"}
SHORTEST = 32
"""From how many hexadecimal digits on a text is random rather than made up."""
CHECKS = frozenset({"jwt-sign", "jwt-verify", "hmac", "kdf", "compare"})
"""Uses for which any text is as good as another."""

Use: TypeAlias = SecretUse | SecretComparison

WORKS = "works as its value"
HIDES = "hides that it is missing"
NAMED = "taken for a secret because of its name alone"
SHARED = "it opens what was set up with the same text"
SALTS = "a salt need not be secret; one for all values no longer keeps equal ones apart"
STOPPED = "the program stops without it at {place}"
TESTED = "{place} looks whether it is there, which may stop the program"
FOREIGN = "nothing shows that the service itself makes it up; in place of a key from elsewhere the text opens nothing"


class Doubt(NamedTuple):
    """How much less bad a default is than one that certainly opens something, and why."""

    severity: Severity | None = None
    confidence: Confidence | None = None
    reason: str | None = None


@check("FIL602")
def insecure_secret_default(index: Index) -> Iterator[Hit]:
    """Look for literal defaults of secrets; only their shape is looked at, and nothing of them is shown."""
    uses = _uses(index)
    for read in deciding_reads(index):
        name, shape = read.name or "", _shape(read)
        if (
            read.access != "read"
            or read.via.endswith(".setdefault")
            or not (_opens(shape) and _is_credential(name, shape))
        ):
            continue
        use = uses.get((read.file, name))
        doubt = _doubt(name, shape, use)
        doubt = doubt and _looked_after(index, read, doubt)
        if doubt is not None:
            yield Hit(
                read.location,
                {"name": name, "effect": HIDES if doubt.reason == FOREIGN else WORKS},
                related=_related(read, use),
                severity=doubt.severity,
                confidence=doubt.confidence,
                reason=doubt.reason,
                label="its default is known to everybody who can read the repository",
            )


def _related(read: EnvRead, use: Use | None) -> tuple[Related, ...]:
    return (Related(use.location, "used as a secret here"),) if use is not None and use.line != read.line else ()


def _doubt(name: str, shape: str, use: Use | None) -> Doubt | None:
    """Weigh whether a text in place of a secret opens anything, None where it only marks a gap."""
    if tokens(name)[-1] == "SALT":
        return Doubt(Severity.WARNING, Confidence.MEDIUM, SALTS)
    certain = use is not None or _is_certain(name, shape)
    maker = "service" if use is not None else "both" if shape == INTERNAL else made_by(name)
    if _is_real(shape) or maker == "service":
        return Doubt() if certain else Doubt(None, Confidence.MEDIUM, NAMED)
    if maker == "both":
        return Doubt(Severity.WARNING, Confidence.LOW if shape == "placeholder" else Confidence.MEDIUM, SHARED)
    return Doubt(Severity.WARNING, Confidence.LOW, FOREIGN) if shape != "placeholder" else None


def _looked_after(index: Index, read: EnvRead, doubt: Doubt) -> Doubt:
    """Weigh whether each deployable that reads a secret stops without it, or at least looks whether it is there.

    Another file is no reason for silence: who looks at this one alone does not see it. What a script hands on to the
    program is there when the program looks.
    """
    if doubt.confidence == Confidence.LOW:
        return doubt
    script = read.language == "shell"
    demands = [demand for demand in demands_of(index, read) if not script or demand.language == "shell"]
    tests = [t for t in tests_of(index, read) if t.location != read.location and (not script or t.language == "shell")]
    if not left_open(read, demands):
        near = any(demand.file == read.file for demand in demands)
        confidence = Confidence.LOW if near else Confidence.MEDIUM
        return Doubt(Severity.WARNING, confidence, STOPPED.format(place=demands[0].location))
    if not left_open(read, [*demands, *tests]):
        return Doubt(Severity.WARNING, Confidence.MEDIUM, TESTED.format(place=(demands or tests)[0].location))
    return doubt


def _uses(index: Index) -> dict[tuple[str, str], Use]:
    """Return where a file checks or signs something with a variable."""
    found: dict[tuple[str, str], Use] = {}
    every: list[Use] = [use for use in index.of(SecretUse) if use.sink in CHECKS]
    for use in [*every, *index.of(SecretComparison)]:
        for name in env_names(use.secret) if may_run(use) else ():
            found.setdefault((use.file, name), use)
    return found


def _is_credential(name: str, shape: str) -> bool:
    return classify(name).kind == "secret" and (_is_certain(name, shape) or tokens(name)[-1] in CREDENTIALS)


def _is_certain(name: str, shape: str) -> bool:
    return classify(name).strong or shape in {INTERNAL, "url with credentials"}


def _shape(read: EnvRead) -> str:
    """Return the shape of a literal default, of none when there is none."""
    default = read.default
    if default is None or default.kind not in {"literal", "redacted"}:
        return "absent"
    return default.shape or (shape_of(default.text) if default.text is not None else "text")


def _opens(shape: str) -> bool:
    """Whether a value of this shape may work as a secret: not empty, a switch, a measure or an address."""
    return shape in USABLE or shape.startswith("hex ")


def _is_real(shape: str) -> bool:
    """Whether a text looks like a credential that somebody was handed out."""
    return shape in REAL or (shape.startswith("hex ") and int(shape[4:]) >= SHORTEST)
