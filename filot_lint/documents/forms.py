"""What the template writes behind `=`, and what it says of defaults; no value of a secret, and no address to dial."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.facts import DatabaseConnection, Default, EnvDeclaration
from filot_lint.secrets import is_local
from filot_lint.values import Join, env_names, literals, options

_ADDRESSES = frozenset({"URL", "URI", "DSN"})
_ANY_DIALECT = frozenset({"databases", "flask-sqlalchemy", "sqlalchemy", "tortoise-orm"})
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
    told = _schemes(variable.active) or _schemes(variable.replaces)
    if not told:
        return None if _ANY_DIALECT & set(variable.drivers) else form
    scheme = next((scheme for scheme in told if scheme[:5] == usual[:5]), None)
    if scheme is None or "+" not in scheme:
        return form if scheme else None
    return f"{scheme}://{rest.replace('sslmode=', 'ssl=') if scheme.endswith('+asyncpg') else rest}"


def _schemes(declarations: Iterable[EnvDeclaration]) -> list[str]:
    """Return the schemes of addresses in example files."""
    return [t.removeprefix("scheme=") for d in declarations for t in d.traits if t.startswith("scheme=")]


def is_postgres(context: Context, connection: DatabaseConnection) -> bool:
    """Whether a connection certainly is one to PostgreSQL: by its library, a URL in the code, or the example file."""
    if connection.library not in _ANY_DIALECT:
        return True
    names = env_names(connection.url)
    told = _schemes([d for name in names for d in context.index.declarations.get(name, ()) if not d.commented_out])
    known = options(connection.url) if connection.url is not None else ()
    parts = [part for o in known for part in (o.parts if isinstance(o, Join) else (o,))]
    written = [literal.text for part in parts for literal in literals(part)]
    return any(text.startswith("postgres") for text in (*told, *written))


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
