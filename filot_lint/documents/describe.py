"""Values, defaults and places in words; every document says the same thing the same way."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Protocol

from markupsafe import Markup

from filot_lint.documents import escape
from filot_lint.facts import Default, Fact
from filot_lint.secrets import may_show
from filot_lint.source import Location
from filot_lint.values import Coalesce, Env, Join, Literal, Parameter, Record, Ref, Sequence, Unknown, Value

_USERINFO = re.compile(r"(?<=//)[^/@\s]*:[^/@\s]*@")


class Style(Protocol):
    """How a kind of document writes text, code and places."""

    def text(self, text: str) -> Markup:
        """Write text from the repository."""

    def code(self, text: str) -> Markup:
        """Write a name or a literal."""

    def link(self, place: Location | Fact) -> Markup:
        """Write a place."""


class Prose:
    """Markdown; places are links relative to the folder of the document."""

    def __init__(self, folder: str) -> None:
        """Keep the folder, relative to the workspace root, POSIX."""
        self.folder = folder

    def text(self, text: str) -> Markup:
        """Write text from the repository."""
        return escape.markdown(text)

    def code(self, text: str) -> Markup:
        """Write a name or a literal."""
        return escape.code(text)

    def link(self, place: Location | Fact) -> Markup:
        """Write a place."""
        label = escape.markdown(f"{place.file}:{place.line}")
        return Markup("[%s](%s)") % (label, Markup(f"{self.target(place.file)}#L{place.line}"))  # noqa: S704

    def target(self, path: str) -> str:
        """Return the address of a file of the workspace."""
        return escape.url(posixpath.relpath(path, self.folder or "."))


class Page:
    """HTML; places are links relative to the folder of the page."""

    def __init__(self, folder: str) -> None:
        """Keep the folder, relative to the workspace root, POSIX."""
        self.folder = folder

    def text(self, text: str) -> Markup:
        """Write text from the repository."""
        return escape.html(text)

    def code(self, text: str) -> Markup:
        """Write a name or a literal."""
        return Markup("<code>%s</code>") % escape.printable(text)

    def link(self, place: Location | Fact) -> Markup:
        """Write a place."""
        target = escape.url(posixpath.relpath(place.file, self.folder or "."))
        return Markup('<a href="%s">%s</a>') % (target, escape.printable(f"{place.file}:{place.line}"))


class Plain:
    """Comment lines and plain text."""

    def text(self, text: str) -> Markup:
        """Write text from the repository."""
        return Markup(escape.comment(text))  # noqa: S704  # one printable line; nothing interprets it

    code = text

    def link(self, place: Location | Fact) -> Markup:
        """Write a place."""
        return self.text(f"{place.file}:{place.line}")


def describe(value: Value | None, style: Style, *, secret: bool = False) -> Markup:
    """Say what a value is and where it is written; never the text of a secret."""
    match value:
        case None:
            return Markup("not seen")
        case Literal():
            return _literal(value, style, secret=secret)
        case Env():
            return _variable(value, style, secret=secret)
        case Coalesce() | Join() | Sequence():
            return _several(value, style, secret=secret)
        case _:
            return _structure(value, style)


def _variable(value: Env, style: Style, *, secret: bool) -> Markup:
    if value.name is None:
        shape = Markup(" matching ") + style.code(value.pattern) if value.pattern else Markup("")
        return Markup("a variable whose name is computed") + shape
    words = Markup("variable ") + style.code(value.name)
    if value.default is None:
        return words
    text = value.default.text if isinstance(value.default, Literal) else ""
    hidden = secret or not may_show(value.name, text)
    link = Markup(", else ") if isinstance(value.default, Env) else Markup(", default ")
    return words + link + describe(value.default, style, secret=hidden)


def _several(value: Coalesce | Join | Sequence, style: Style, *, secret: bool) -> Markup:
    match value:
        case Coalesce(options=parts):
            between = ", or "
        case Join(parts=parts):
            between = " followed by "
        case Sequence(items=parts):
            between = ", "
    glue = Markup(between)  # noqa: S704  # our words
    words = glue.join(describe(part, style, secret=secret) for part in parts)
    return words or Markup("an empty list")


def _structure(value: Value, style: Style) -> Markup:
    match value:
        case Record(entries=entries):
            keys = Markup(", ").join(style.code(key) for key, _ in entries)
            return Markup("an object with ") + keys if entries else Markup("an object")
        case Ref(module=module, path=path):
            name = style.code(".".join(p for p in path if p != "()") or module)
            named = name + Markup(" of ") + style.code(module) if module and path else name
            return Markup("not determined from source (what ") + named + Markup(" returns)") if "()" in path else named
        case Parameter(function=function):
            return Markup("what callers of ") + style.code(function.partition("@")[0]) + Markup(" pass")
        case Unknown(reason=reason) if reason:
            return Markup("not determined from source (") + style.text(reason) + Markup(")")
        case _:
            return Markup("not determined from source")


def _literal(value: Literal, style: Style, *, secret: bool) -> Markup:
    if value.type == "null":
        return Markup("none")
    at = Markup(" (") + style.link(value.at) + Markup(")") if value.at else Markup("")
    if not value.text or (value.type, value.text) == ("redacted", "empty"):
        return Markup("the empty text") + at
    if secret or not may_show(None, value.text):
        return Markup("a literal, not shown") + at
    return style.code(safe_url(value.text)) + at


def safe_url(text: str) -> str:
    """Hide user and password of a URL."""
    return _USERINFO.sub("…:…@", text)


def default_words(name: str, default: Default | None, style: Style, *, hidden: bool = False) -> Markup:
    """Say what stands in when a variable is missing; of a hidden one only an address without credentials is shown."""
    if default is None:
        return Markup("none")
    if default.kind in {"literal", "redacted"}:
        text = default.text if default.kind == "literal" else None
        shown = text is not None and may_show(name, text) and not (hidden and "://" not in text)
        return style.code(safe_url(text)) if shown and text is not None else Markup("a literal, not shown")
    if default.kind == "env" and default.text is not None:
        return Markup("the value of ") + style.code(default.text)
    return Markup({"empty": "the empty text", "null": "none"}.get(default.kind, "computed"))  # noqa: S704  # our words


def listed(parts: Iterable[Markup], limit: int = 6) -> Markup:
    """Join words with commas; say how many more there are."""
    every = list(dict.fromkeys(parts))
    if len(every) <= limit:
        return Markup(", ").join(every)
    return Markup(", ").join(every[:limit]) + Markup(f" and {len(every) - limit} more")  # noqa: S704


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Return `1 variable`, `3 variables`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
