"""What the template writes behind `=`, and what it says of defaults; no value of a secret, and no address to dial."""

from __future__ import annotations

from markupsafe import Markup

from filot_lint.documents.contract import Variable
from filot_lint.facts import Default
from filot_lint.secrets import is_local

_ADDRESSES = frozenset({"URL", "URI", "DSN"})
_ANY_DIALECT = frozenset({"sqlalchemy", "databases"})
"""Libraries that take the URL of any database."""
_LOCAL = Markup("default in code: an address of this very machine, of no use in production")
_KNOWN = Markup("the code has a default, which everybody knows who may read the code")


def url_form(variable: Variable) -> str | None:
    """Return the structure of a URL with credentials, in the dialect that the example file uses."""
    form = variable.group.url_format
    if form is None or not variable.is_secret or variable.name.rpartition("_")[2].upper() not in _ADDRESSES:
        return None
    if any(read.file.endswith(".prisma") for read in variable.production):
        form = form.partition("?")[0]  # its engine has words of its own for TLS
    usual, _, rest = form.partition("://")
    told = [trait.removeprefix("scheme=") for d in variable.active for trait in d.traits if trait.startswith("scheme=")]
    if not told:
        return None if _ANY_DIALECT & set(variable.drivers) else form
    scheme = next((scheme for scheme in told if scheme[:5] == usual[:5]), None)
    if scheme is None or "+" not in scheme:
        return form if scheme else None
    return f"{scheme}://{rest.replace('sslmode=', 'ssl=') if scheme.endswith('+asyncpg') else rest}"


def placeholder(variable: Variable) -> str:
    """Return what stands behind `=`: nothing, or the structure of a URL that must be there."""
    return (url_form(variable) or "") if variable.requirement.verdict == "required" else ""


def default_note(default: Default | None, variable: Variable, words: Markup) -> Markup:
    """Say what stands in for a variable; `words` describe it, as far as they may be shown."""
    kind = default.kind if default else "null"
    if default is None or kind == "null":
        return Markup("")
    if (default.shape or "").startswith("localhost") or (default.text is not None and is_local(default.text)):
        return _LOCAL
    if kind == "env":
        return Markup("where it is missing: ") + words
    if variable.is_secret and kind in {"literal", "redacted"}:
        return _KNOWN
    return Markup("default in code: ") + words
