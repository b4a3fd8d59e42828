"""FIL602: a secret has a usable value written in the source."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import deciding_reads
from filot_lint.facts import EnvRead
from filot_lint.findings import Confidence, Hit
from filot_lint.secrets import classify, is_own, shape_of, tokens
from filot_lint.workspace.index import Index

CREDENTIALS = frozenset({"KEY", "TOKEN", "SECRET", "PASSWORD", "PASS", "PASSPHRASE", "CREDENTIALS", "DSN"})
USABLE = frozenset(
    {"jwt", "list", "pem", "placeholder", "text", "token", "url with credentials", "uuid", "word", "words"}
)


@check("FIL602")
def insecure_secret_default(index: Index) -> Iterator[Hit]:
    """Look for literal defaults of secrets; only their shape is looked at, and nothing of them is shown."""
    for read in deciding_reads(index):
        name, shape = read.name or "", _shape(read)
        if read.access != "read" or read.via.endswith(".setdefault") or not _opens(shape):
            continue
        verdict = classify(name)
        certain = verdict.strong or shape == "url with credentials"
        if verdict.kind != "secret" or not (certain or tokens(name)[-1] in CREDENTIALS):
            continue
        if shape == "placeholder" and not is_own(name):
            continue
        yield Hit(
            read.location,
            {"name": name},
            confidence=None if certain else Confidence.MEDIUM,
            reason=None if certain else "taken for a secret because of its name alone",
            label="its default is known to everybody who can read the repository",
        )


def _shape(read: EnvRead) -> str:
    """Return the shape of a literal default, of none when there is none."""
    default = read.default
    if default is None or default.kind not in {"literal", "redacted"}:
        return "absent"
    return default.shape or (shape_of(default.text) if default.text is not None else "text")


def _opens(shape: str) -> bool:
    """Whether a value of this shape works as a secret: not empty, a switch, a measure or an address."""
    return shape in USABLE or shape.startswith("hex ") or shape == "integer"
