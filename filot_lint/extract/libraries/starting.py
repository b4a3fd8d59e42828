"""What happens when a file is loaded, apart from definitions: the calls that may start something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.evaluation.guards import is_main
from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.libraries.doubles import words
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.logs import dotted, is_log
from filot_lint.facts import Effect
from filot_lint.source import SourceFile, Span
from filot_lint.syntax import expression as x

_STARTS = frozenset({
    "start", "run", "serve", "listen", "launch", "boot", "bootstrap", "main", "poll", "consume", "work", "loop",
    "watch", "spawn", "schedule", "subscribe", "execute", "worker", "interval", "server", "daemon",
})  # fmt: skip
"""A call with one of these words in its name keeps the process busy, or may."""
_QUIET = frozenset({
    "require", "import", "parseInt", "parseFloat", "Number", "String", "Boolean", "BigInt", "Symbol", "int", "str",
    "float", "bool", "list", "dict", "set", "tuple", "frozenset", "len", "range", "type", "super", "getattr", "Path",
    "load_dotenv", "TypeVar", "NewType", "namedtuple", "NamedTuple", "Enum", "field", "Field", "object", "sorted",
    "getLogger", "get_logger", "createLogger", "getenv", "promisify", "ContextVar", "Lock", "Semaphore", "Router",
    "isinstance", "hasattr", "min", "max", "abs", "round", "config", "basicConfig", "dictConfig", "filterwarnings",
    "freeze", "fileURLToPath", "dirname", "join", "resolve", "abspath", "compile", "cwd",
    "Map", "Set", "WeakMap", "WeakSet", "Error", "URL", "Date", "RegExp", "AbortController", "Array", "Object",
})  # fmt: skip
"""Calls that give a value or set something up, by the last word of their name."""
_TEXT_STEPS = frozenset({
    "trim", "split", "strip", "lower", "upper", "toLowerCase", "toUpperCase", "replace", "map", "filter", "get",
    "toString", "slice", "startswith", "endswith", "startsWith", "endsWith", "includes", "items", "keys", "values",
    "entries", "format", "append", "insert", "setdefault", "update", "add", "concat",
})  # fmt: skip
_SIGNALS = re.compile(r"^(process\.(on|once)|signal\.signal)$")


def effects(source: SourceFile, module: x.Module) -> list[Effect]:
    """Return the first call of each form on each side of an entry guard; what is not understood may be anything."""
    found: dict[tuple[str, bool], Effect] = {}
    for span, name, form, main in _statements(module.body, main=False):
        if (form, main) not in found:
            place = place_at(source, source.locate(span))
            found[form, main] = Effect(**place, callee=name[:_LONGEST], form=form, main=main)  # type: ignore[arg-type]
    for span in (*module.errors[:1], *module.truncated[:1]):
        found.setdefault(("calls", False), Effect(**place_at(source, source.locate(span)), callee="", form="calls"))
    return list(found.values())


_LONGEST = 80
_Found = tuple[Span, str, str, bool]


def _statements(body: list[x.Statement], *, main: bool) -> Iterator[_Found]:
    for statement in body:
        match statement:
            case x.Function() | x.Class() | x.Import() | x.Export() | x.Outer() | x.Delete():
                continue
            case x.If(test=test, then=then, otherwise=otherwise):
                yield from _statements(then, main=main or is_main(test))
                yield from _statements(otherwise, main=main)
            case x.Block(body=inner):
                yield from _statements(inner, main=main)
            case x.Loop(span=span, target=None):
                yield span, "while", "starts", main
            case x.Loop(body=inner):
                yield from _statements(inner, main=main)
            case x.Evaluate(value=value):
                yield from _expression(value, main=main, bare=True)
            case x.Assign(value=value) if value is not None:
                yield from _expression(value, main=main, bare=False)
            case x.Raise(span=span):
                yield span, "raise", "makes", main
            case _:
                continue


def _expression(value: x.Expression, *, main: bool, bare: bool) -> Iterator[_Found]:
    """Yield the calls that run with an expression; what functions and classes in it do comes later."""
    stack: list[object] = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, x.Lambda | x.Function | x.Class | x.ClassValue):
            continue
        if isinstance(part, x.Call):
            form = _form(part, bare=bare and part is value)
            if form is not None:
                yield part.span, dotted(part.callee), form, main
        stack.extend(parts(part))


def _form(call: x.Call, *, bare: bool) -> str | None:
    if isinstance(call.callee, x.Lambda):
        return "starts"
    name = dotted(call.callee)
    last = name.rpartition(".")[2]
    if is_log(call.callee) or _SIGNALS.match(name) or last in _QUIET:
        return None
    if not _STARTS.isdisjoint(words(last)):
        return "starts"
    if isinstance(call.callee, x.Member) and last in _TEXT_STEPS:
        return None
    return "calls" if bare else "makes"
