"""FIL110: a production read falls back to this very machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.env.contract import contract
from filot_lint.checks.production import deciding_reads
from filot_lint.facts import EnvRead, Listener
from filot_lint.findings import Hit, Related, Severity
from filot_lint.secrets import is_local, may_show
from filot_lint.source import Language
from filot_lint.values import env_names
from filot_lint.workspace.index import Index

LISTENING = frozenset({"BIND", "LISTEN"})
SIDECARS = frozenset({"OTEL", "STATSD", "PROXY", "XRAY", "DATADOG", "DD", "ZIPKIN", "JAEGER"})
ALLOWED = frozenset({"ALLOWED", "TRUSTED", "WHITELIST", "ALLOWLIST"})
VISITORS = frozenset({"ORIGIN", "ORIGINS", "CORS", "FRONTEND", "PUBLIC", "CLIENT", "WEB", "APP", "SITE"})
OWN_URLS = frozenset(
    {"BASE_URL", "ROOT_URL", "SERVER_URL", "HOST_URL", "EXTERNAL_URL", "URL", "AUTH_URL", "NEXTAUTH_URL"}
)
OWN_ADDRESS = frozenset({"HOST", "HOSTNAME", "SERVER_HOST", "APP_HOST", "API_HOST"})
SIDECAR_PORT = re.compile(r":(2000|4317|4318|8125|8126|9411|6831)\b")


@check("FIL110")
def localhost_default(index: Index) -> Iterator[Hit]:
    """Look at the literal defaults; addresses to listen on and agents beside the container are meant to be local."""
    declared = contract(index)
    listened = {(n.file, name) for n in index.of(Listener) for name in env_names(n.host)}
    found: dict[tuple[str, str], list[EnvRead]] = {}
    for read in deciding_reads(index):
        name, text = read.name or "", _local_default(read)
        if text is not None and (read.file, name) not in listened and not _is_meant(name, text):
            found.setdefault((read.file, name), []).append(read)
    for (_, name), reads in found.items():
        text, own = _local_default(reads[0]), name.upper() in OWN_URLS
        service = _is_url(reads[0]) and not own and not VISITORS & set(name.upper().split("_"))
        started = reads[0].language != Language.SHELL or any(read.components for read in reads)
        asked_for = any(not declaration.commented_out for declaration in declared.get(name, ()))
        yield Hit(
            reads[0].location,
            {"name": name, "default": f"`{text}`" if text and may_show(name, text) else "an address on this machine"},
            related=tuple(Related(read.location, "and here") for read in reads[1:4]),
            severity=Severity.ERROR if service and asked_for and started else None,
            label="used when the variable is missing",
        )


def _local_default(read: EnvRead) -> str | None:
    """Return a default that means this machine, "" when it may not be shown, None when there is none."""
    default = read.default
    if default is None:
        return None
    if default.kind == "redacted" and (default.shape or "").startswith("localhost"):
        return ""
    return default.text if default.kind == "literal" and default.text and is_local(default.text) else None


def _is_url(read: EnvRead) -> bool:
    default = read.default
    return default is not None and ("://" in (default.text or "") or (default.shape or "").startswith("localhost url"))


def _is_meant(name: str, text: str) -> bool:
    words = set(name.upper().split("_"))
    return (
        bool(words & (LISTENING | SIDECARS | ALLOWED))
        or (name.upper() in OWN_ADDRESS and "://" not in text)
        or SIDECAR_PORT.search(text) is not None
        or ("@" in text and "://" not in text)
        or text.startswith(("0.0.0.0", "::", "[::]"))  # noqa: S104  # compared, not bound
    )
