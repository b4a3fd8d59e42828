"""The words templates may use on values."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup

from filot_lint.documents import describe, escape
from filot_lint.documents.answers import outcomes
from filot_lint.documents.conditions import is_written
from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.describe import Style
from filot_lint.documents.forms import default_note, placeholder, url_form
from filot_lint.documents.lengths import folded, parts_of
from filot_lint.documents.matrix import CHANNELS
from filot_lint.facts import EnvProvision, EnvRead, Fact, Implied
from filot_lint.findings import Finding, Severity
from filot_lint.source import Location
from filot_lint.values import Coalesce, Literal, Record, Value, env_names, literals


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

    def implied(found: Implied) -> Markup:
        text = message(found.text)
        by = Markup(" (%s, %s)") % (style.code(found.version), style.link(found.because))
        if found.certainty == "certain":
            return text + by
        lead = "in the versions known: " if found.certainty == "possible" else "not determined: "
        return Markup(lead) + text + by  # noqa: S704  # our words

    def setting(fact: Fact, field: str, *, secret: bool = False) -> Markup:
        """Say what is written, else what the library does by itself."""
        value: Value | None = getattr(fact, field)
        found = fact.by_default(field) if value is None else None
        return implied(found) if found is not None else words(value, secret=secret)

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
        "implied": implied,
        "timed": lambda fact, field: _timed(fact, field, words, setting),
        "switched": lambda fact, field: _switched(getattr(fact, field)) or setting(fact, field),
        "callers": lambda fact: (
            codes(n for n in fact.components if n not in fact.uncalled) if fact.components else Markup("no deployable")
        ),
        "setting": setting,
        "lasting": lambda value, unit: _span(words, folded(value, unit), unit),
        "message": message,
        "strong": lambda text: Markup("**") + style.text(text) + Markup("**"),
        "distinct_names": lambda items: codes(_names(items), 60) if items else Markup(""),
        "tally": _tally,
        "per_rule": lambda findings: describe.listed(
            Markup("%d ") % number + style.code(code)
            for code, number in sorted(Counter(f.rule.code for f in findings).items())
        ),
        "rules": lambda findings: codes(sorted({f.rule.code for f in findings})),
        "is_placed": lambda value, fact: isinstance(value, Literal) and _same_line(value, fact),
    }


def _same_line(value: Literal, fact: Fact) -> bool:
    return value.at is not None and (value.at.file, value.at.line) == (fact.file, fact.line)


def _tally(findings: Iterable[Finding]) -> str:
    """Count findings by severity, the worst first."""
    numbers = Counter(f.severity for f in findings)
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    return ", ".join(describe.count(numbers[level], words[level]) for level in sorted(numbers, reverse=True))


def _timed(fact: Fact, field: str, words: Callable[[Value], Markup], setting: Callable[[Fact, str], Markup]) -> Markup:
    """Say how long a library waits, in its own unit where the code says it."""
    value: Value | None = getattr(fact, field)
    unit = "s" if fact.language == "python" else "ms"
    if value is not None:
        return Markup("no limit") if _is_null(value) else _lasting(words(value), value, unit)
    found = fact.by_default(field)
    endless = found is not None and found.value is None and found.certainty == "certain"
    return Markup("no limit, by default: ") + setting(fact, field) if endless else setting(fact, field)


def _is_null(value: Value | None) -> bool:
    return isinstance(value, Literal) and value.type == "null"


def _switched(value: Value | None) -> Markup | None:
    """Say whether a setting that may be an object of options is on, where that is written."""
    if isinstance(value, Record) or (isinstance(value, Literal) and value.type == "record"):
        keys = [key for key, _ in value.entries] if isinstance(value, Record) else []
        return Markup("on, with ") + Markup(", ").join(escape.code(k) for k in keys) if keys else Markup("on")
    if isinstance(value, Literal) and value.type == "boolean":
        return Markup("on") if value.text.lower() == "true" else Markup("off")
    if isinstance(value, Coalesce):
        each = [Markup("not set") if _is_null(option) else _switched(option) for option in value.options]
        known = dict.fromkeys(word for word in each if word is not None)
        return Markup(" or ").join(known) + Markup(", by a condition") if None not in each else None
    return None


def _span(words: Callable[[Value | None], Markup], value: Value, unit: str) -> Markup:
    """Show a length of time: as one number, or each number with its own unit."""
    each = [words(number) + Markup(" ") + escape.code(name) for name, number in parts_of(value)]
    return Markup(" and ").join(each) if each else _lasting(words(value), value, unit)


def _lasting(shown: Markup, value: Value, unit: str) -> Markup:
    """Give a length of time its unit, behind the number where it is one."""
    if not env_names(value) and not any(literals(value)):
        return shown
    bare = isinstance(value, Literal) and value.at is None
    return shown + Markup(f" {unit}" if bare else f", in {unit}")  # noqa: S704  # our words


def _variables(context: Context, style: Style) -> dict[str, Callable[..., Any]]:
    def default(read: EnvRead | None, variable: Variable) -> Markup:
        if read is None:
            return Markup("none")
        return describe.default_words(variable.name, read.default, style, hidden=variable.is_secret)

    def outside_reader(variable: Variable) -> str:
        consumer = context.index.consumer_of(variable.name)
        return f"read by {consumer.name}, not by code here" if consumer else "read by no code here"

    def library(fact: Fact) -> Markup:
        found = context.index.resolution_of(fact)
        name: str = getattr(fact, "library", "")
        if found is None:
            return style.code(name) + Markup(", version not determined")
        return style.code(found.label)

    return {
        "default": default,
        "defaults": lambda v: describe.listed(default(read, v) for read in v.defaults) or Markup("none"),
        "why_unneeded": context.why_unneeded,
        "outside_reader": outside_reader,
        "library": library,
        "default_note": lambda read, variable: default_note(read.default, variable, default(read, variable)),
        "form": lambda variable: Markup(url_form(variable) or ""),  # noqa: S704  # from our own data
        "placeholder": lambda variable: Markup(placeholder(variable)),  # noqa: S704  # as above
        "givers": lambda given: describe.listed(
            Markup("%s of %s") % (CHANNELS.get(p.channel, p.channel), style.code(p.container or p.file)) for p in given
        ),
        "channel": lambda provision: CHANNELS.get(provision.channel, provision.channel),
    }


def _places(context: Context, folder: str) -> dict[str, Callable[..., Any]]:
    def address(path: str) -> Markup:
        return Markup(escape.url(posixpath.relpath(path, folder or ".")))  # noqa: S704  # percent-encoded

    def place_of(key: str) -> str:
        document = context.manifest.document(key)
        return posixpath.join(context.example_dir if document.place == "example-dir" else context.docs, document.file)

    def see(key: str, label: str | None = None) -> Markup:
        text = escape.markdown(label or context.manifest.document(key).file)
        return Markup("[%s](%s)") % (text, address(place_of(key))) if is_written(context, key) else text

    asked: dict[str, Callable[..., Any]] = {
        "file_of": lambda key: context.manifest.document(key).file,
        "written": lambda key: is_written(context, key),
        "see": see,
        "place_of": place_of,
    }
    return {name: _unfolded(answer) for name, answer in asked.items()} | {
        "address": address,
        "place": lambda fact: drawn(f"{fact.file}:{fact.line}"),
        "drawn": drawn,
        "owner_names": lambda fact: drawn(", ".join(fact.components) or context.name),
    }


def _unfolded(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the compiler from writing the answer about a constant into the template; the next workspace has another."""

    @pass_context
    def asked(_: Context, *arguments: object) -> object:
        return answer(*arguments)

    return asked


def drawn(text: str) -> Markup:
    """Return text for a code fence; nothing in it can end the fence or a managed section."""
    shown = escape.printable(text).replace("`", "'").replace("~~~", "~ ~ ~").replace("<!--", "<!-").replace("-->", "->")
    return Markup(shown)  # noqa: S704  # nothing in a fence is interpreted


def _names(items: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(getattr(i, "variable", i).name for i in items))


def _distinct_variables(cells: Iterable[Any]) -> list[Variable]:
    return list({cell.variable.name: cell.variable for cell in cells}.values())


def _switches(branches: Iterable[Any]) -> list[tuple[str, list[EnvRead]]]:
    """Return the variables that branches ask, each with the places."""
    found: dict[str, list[EnvRead]] = {}
    for branch in branches:
        found.setdefault(branch.variable.name, []).append(branch.read)
    return list(found.items())


def _runners(use: Fact) -> list[str]:
    """Return the deployables that may get to a fact."""
    return [name for name in use.components if name not in use.uncalled]


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
    "flat": _flat,
    "only": lambda facts, name: [f for f in facts if name in f.components],
    "spots": lambda cells: [c.container.spec for c in cells if c.container],
    "outcomes": outcomes,
    "where": lambda items, field, wanted: [i for i in items if getattr(i, field) == wanted],
    "where_variable": lambda items, field, wanted: [i for i in items if getattr(i.variable, field) == wanted],
    "without_names": lambda items, names: [i for i in items if i.name not in names],
    "having": lambda items, field: [i for i in items if getattr(i, field) not in (None, False, ())],
    "running": lambda starts, deployable: [s for s in starts if s.target in deployable.component.entries],
    "saying": lambda edges, word: [e for e in edges if e.label.startswith(word)],
    "required": lambda variables: [v for v in variables if v.requirement.verdict == "required"],
    "distinct": lambda items, field: list(dict.fromkeys(getattr(i, field) for i in items)),
    "reached": lambda facts: list(dict.fromkeys(n for f in facts for n in env_names(f.url or f.host))),
    "by_reference": _by_reference,
    "distinct_variables": _distinct_variables,
    "distinct_names_list": _names,
    "distinct_switches": _switches,
    "applying": lambda results: [r for r in results if r.verdict != "does not apply"],
    "item_ids": lambda results: ", ".join(r.item.id for r in results),
    "join_words": " ".join,
    "bare": str.strip,
    "runners": lambda use: " ".join(_runners(use)),
    "runs_nowhere": lambda use, idle: bool(_runners(use)) and idle.issuperset(_runners(use)),
    "is_null": _is_null,
    "where_setting": lambda answers, field, wanted: [a for a in answers if getattr(a.setting, field) == wanted],
}
