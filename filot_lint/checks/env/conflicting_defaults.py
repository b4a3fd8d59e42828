"""FIL104: the same variable has different defaults at different reads."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import deciding_reads
from filot_lint.facts import EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import may_show
from filot_lint.workspace.index import Index

DISPLAY = frozenset(
    {"(none)", "-", "?", "missing", "n/a", "na", "none", "not set", "null", "undefined", "unknown", "unset"}
)
OWN = frozenset({"HOST", "HOSTNAME", "LOG_LEVEL", "PORT", "SERVICE_NAME", "APP_NAME"})
NEAR = 40
BESIDE = "the two reads stand beside each other, where one may be for another case on purpose"
APART = "the two reads belong to different deployables, which may differ on purpose"
TRUTH = frozenset({"true", "false", "yes", "no", "on", "off"})


@check("FIL104")
def conflicting_defaults(index: Index) -> Iterator[Hit]:
    """Group the literal defaults of a variable by what they mean; report each minority once."""
    groups: dict[str, dict[str, list[EnvRead]]] = {}
    for read in deciding_reads(index):
        text = read.default.text if read.default and read.default.kind == "literal" else None
        if text is not None and not _for_display(text):
            groups.setdefault(read.name or "", {}).setdefault(_meaning(text), []).append(read)
    for name, meanings in sorted(groups.items()):
        if len(meanings) > 1:
            yield from _hits(name, list(meanings.values()))


def _hits(name: str, groups: list[list[EnvRead]]) -> Iterator[Hit]:
    usual = max(groups, key=len)
    for group in groups:
        first, other = group[0], usual[0]
        if group is usual or (name in OWN and not set(first.components) & set(other.components)):
            continue
        elsewhere = not set(first.components) & set(other.components) and first.components and other.components
        near = first.file == other.file and abs(first.line - other.line) <= NEAR
        yield Hit(
            first.location,
            {"name": name, "default": _text(first), "other": _text(other), "place": str(other.location)},
            related=(
                Related(other.location, f"defaults to {_text(other)} here"),
                *(Related(read.location, f"defaults to {_text(read)} here, too") for read in group[1:3]),
            ),
            confidence=Confidence.LOW if near else Confidence.MEDIUM if elsewhere else None,
            reason=BESIDE if near else APART if elsewhere else None,
            label=f"defaults to {_text(first)} here",
        )


def _text(read: EnvRead) -> str:
    text = read.default.text if read.default else None
    return f"`{text}`" if text is not None and may_show(read.name or "", text) else "another value"


def _for_display(text: str) -> bool:
    """Whether a default is words for a log line rather than a value."""
    bare = text.strip().lower()
    return not bare or bare.strip("<>[]()") in DISPLAY or bare in DISPLAY or bare.startswith("not ")


def _meaning(text: str) -> str:
    """Return what a default means: `02`, `2` and `2.0` are one value, as are `True` and `true`."""
    bare = text.strip()
    try:
        return repr(float(bare))
    except ValueError:
        lower = bare.lower()
        return lower if lower in TRUTH else bare.replace("127.0.0.1", "localhost").rstrip("/")
