"""The words templates may use on values."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup

from filot_lint.documents import describe, escape
from filot_lint.documents.answers import outcomes
from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.describe import Style
from filot_lint.documents.matrix import CHANNELS
from filot_lint.facts import EnvProvision, EnvRead, Fact
from filot_lint.secrets import is_local
from filot_lint.source import Location
from filot_lint.values import Value, env_names, literals


def build_filters(context: Context, style: Style, folder: str) -> dict[str, Callable[..., Any]]:
    """Return the filters of one document: how it writes, and where it stands."""
    return _LISTS | _writing(style) | _variables(context, style) | _places(context, folder)


def _writing(style: Style) -> dict[str, Callable[..., Any]]:
    def codes(values: Iterable[object], limit: int = 12) -> Markup:
        return describe.listed((style.code(str(v)) for v in values), limit) or Markup("none")

    def links(places: Iterable[Location | Fact], limit: int = 4) -> Markup:
        return describe.listed((style.link(p) for p in places), limit)

    def words(value: Value | None, *, secret: bool = False) -> Markup:
        return describe.describe(value, style, secret=secret)

    def message(text: str) -> Markup:
        parts = text.split("`")
        if len(parts) % 2 == 0:
            return style.text(text)
        return Markup("").join(style.code(p) if n % 2 else style.text(p) for n, p in enumerate(parts) if p)

    return {
        "code": lambda value: style.code(str(value)),
        "codes": codes,
        "link": style.link,
        "links": links,
        "words": words,
        "message": message,
        "strong": lambda text: Markup("**") + style.text(text) + Markup("**"),
        "distinct_names": lambda items: codes(_names(items), 60) if items else Markup(""),
        "rules": lambda findings: codes(dict.fromkeys(f.rule.code for f in findings)),
    }


def _variables(context: Context, style: Style) -> dict[str, Callable[..., Any]]:
    def default(read: EnvRead | None, variable: Variable) -> Markup:
        if read is None:
            return Markup("none")
        return describe.default_words(variable.name, read.default, style, hidden=variable.is_secret)

    def outside_reader(variable: Variable) -> str:
        consumer = context.index.consumer_of(variable.name)
        return f"read by {consumer.name}, not by code here" if consumer else "read by no code here"

    return {
        "default": default,
        "defaults": lambda v: describe.listed(default(read, v) for read in v.defaults) or Markup("none"),
        "why_unneeded": context.why_unneeded,
        "outside_reader": outside_reader,
        "shows_default": _shows_default,
        "placeholder": placeholder,
        "givers": lambda given: describe.listed(
            Markup("%s of %s") % (CHANNELS.get(p.channel, p.channel), style.code(p.container or p.file)) for p in given
        ),
        "channel": lambda provision: CHANNELS.get(provision.channel, provision.channel),
    }


def _shows_default(read: EnvRead, variable: Variable) -> bool:
    """Whether a default may stand in the template: a plain setting that does not mean this very machine."""
    text = read.default.text if read.default and read.default.kind == "literal" else None
    return variable.kind == "config" and text is not None and not is_local(text)


def placeholder(variable: Variable) -> Markup:
    """Return what stands behind `=`: nothing, or the structure of a URL."""
    last = variable.name.rpartition("_")[2].upper()
    shape = variable.group.url_format if last in {"URL", "URI", "DSN"} and variable.is_secret else None
    return Markup(shape or "")  # noqa: S704  # from our own data


def _places(context: Context, folder: str) -> dict[str, Callable[..., Any]]:
    folders = {
        d.file: context.example_dir if d.place == "example-dir" else context.docs for d in context.manifest.documents
    }

    def address(path: str) -> Markup:
        return Markup(escape.url(posixpath.relpath(path, folder or ".")))  # noqa: S704  # percent-encoded

    return {
        "address": address,
        "paper": lambda name: address(posixpath.join(context.docs, name)),
        "place_of": lambda name: posixpath.join(folders.get(name, context.docs), name),
        "place": lambda fact: drawn(f"{fact.file}:{fact.line}"),
        "drawn": drawn,
        "owner_names": lambda fact: drawn(", ".join(fact.components) or context.name),
    }


def drawn(text: str) -> Markup:
    """Return text for a code fence; nothing in it can end the fence or a managed section."""
    shown = escape.printable(text).replace("`", "'").replace("~~~", "~ ~ ~").replace("<!--", "<!-").replace("-->", "->")
    return Markup(shown)  # noqa: S704  # nothing in a fence is interpreted


def _names(items: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(getattr(i, "variable", i).name for i in items))


def _distinct_variables(cells: Iterable[Any]) -> list[Variable]:
    return list({cell.variable.name: cell.variable for cell in cells}.values())


def _flat(text: object) -> Markup:
    """Put the output of a macro on one line."""
    return Markup(" ".join(str(text).split()))  # noqa: S704  # escaped by the macro


def _by_reference(provisions: Iterable[EnvProvision]) -> list[tuple[str | None, list[EnvProvision]]]:
    found: dict[str | None, list[EnvProvision]] = {}
    for provision in provisions:
        found.setdefault(provision.reference, []).append(provision)
    return list(found.items())


_LISTS: dict[str, Callable[..., Any]] = {
    "count": describe.count,
    "length": len,
    "plain_default": lambda url: any(x.text.startswith("redis://") for x in literals(url)),
    "flat": _flat,
    "only": lambda facts, name: [f for f in facts if name in f.components],
    "spots": lambda cells: [c.container.spec for c in cells if c.container],
    "outcomes": outcomes,
    "where": lambda items, field, wanted: [i for i in items if getattr(i, field) == wanted],
    "where_variable": lambda items, field, wanted: [i for i in items if getattr(i.variable, field) == wanted],
    "without_names": lambda items, names: [i for i in items if i.name not in names],
    "having": lambda items, field: [i for i in items if getattr(i, field) not in (None, False, ())],
    "required": lambda variables: [v for v in variables if v.requirement.verdict == "required"],
    "distinct": lambda items, field: list(dict.fromkeys(getattr(i, field) for i in items)),
    "reached": lambda facts: list(dict.fromkeys(n for f in facts for n in env_names(f.url or f.host))),
    "by_reference": _by_reference,
    "distinct_variables": _distinct_variables,
    "distinct_names_list": _names,
    "join_words": " ".join,
}
