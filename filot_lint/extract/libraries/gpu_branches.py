"""What code does when there is a GPU, and when there is none: the branches behind each question about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal as Choice
from typing import NamedTuple

from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.libraries.switches import Switches
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.logs import dotted, is_log
from filot_lint.extract.reads.stops import ends
from filot_lint.facts import GpuBranch
from filot_lint.secrets import may_show
from filot_lint.source import SourceFile
from filot_lint.syntax import expression as x

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DEVICE = frozenset({"gpu", "gpus", "cuda", "nvidia", "mps"})
_STATE = frozenset({
    "enabled", "enable", "disabled", "available", "availability", "unavailable", "present", "absent", "missing",
    "found", "detected", "ready", "supported", "visible", "devices", "use", "using", "is", "has", "with", "wanted",
})  # fmt: skip
_NONE = frozenset({"self", "this", "settings", "config", "state", "options", "args", "not"})
_MARKS = (b"gpu", b"cuda", b"fallback")
_LONGEST = 160
_CALLS = 6
_PLAIN = frozenset({"Date", "Math", "JSON", "Object", "Array", "String", "Number", "str", "int", "float", "len"})
_AGAIN = re.compile(r"attempt|retr(?:y|ies)", re.IGNORECASE)


def gpu_branches(source: SourceFile, module: x.Module) -> Iterator[GpuBranch]:
    """Yield the sides of each question about a GPU, and functions that are called a fallback."""
    lowered = source.data.lower()
    if any(mark in lowered for mark in _MARKS):
        functions = list(_functions(module.body, ""))
        answers = {name.rpartition(".")[2] for name, body in functions if _answers(body)}
        walk = _Walk(source, answers, Switches(module.body))
        for name, body in functions:
            walk.block(body, _Way(name, (), asked=_stands_in(name.rpartition(".")[2])))
        yield from walk.found


def _functions(body: list[x.Statement], owner: str) -> Iterator[tuple[str, list[x.Statement]]]:
    """Yield the functions of the outermost level and the methods of its classes."""
    for node in body:
        match node:
            case x.Function(name=str(name)):
                yield owner + name, node.body
            case x.Assign(target=x.Name(id=name), value=x.Lambda(function=function)):
                yield owner + name, function.body
            case x.Class(name=str(name)):
                yield from _functions(node.body, f"{name}.")


class _Way(NamedTuple):
    """How a block is reached; `asked` when a question about the GPU is among the conditions.

    `logs` is what it writes to the log before, once a condition has held.
    """

    function: str
    conditions: tuple[str, ...]
    asked: bool = False
    logs: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()

    def when(self, condition: str, *, asked: bool, after: list[x.Statement], switches: tuple[str, ...] = ()) -> _Way:
        logs = dict.fromkeys((*self.logs, *(_logs(after) if self.conditions else ())))
        every = dict.fromkeys((*self.switches, *switches))
        return _Way(self.function, (*self.conditions, condition), self.asked or asked, tuple(logs), tuple(every))


class _Walk:
    def __init__(self, source: SourceFile, answers: set[str], switches: Switches) -> None:
        self.source = source
        self.answers = answers
        self.switches = switches
        self.found: list[GpuBranch] = []

    def block(self, body: list[x.Statement], way: _Way) -> None:
        """Follow a block; what stands behind `if (...) return` runs on the other side of that question."""
        plain: list[x.Statement] = []
        for number, statement in enumerate(body):
            match statement:
                case x.If(test=test, then=then, otherwise=otherwise):
                    asked = _asks(test, self.answers)
                    bounded = any(_AGAIN.search(phrase) for phrase in _phrases(test))
                    near = asked or (bounded and self._asked_in([*then, *otherwise, *body[number + 1 :]]))
                    by = self.switches.of(test)
                    yes, no = self._words(test, yes=True), self._words(test, yes=False)
                    self.block(then, way.when(yes, asked=near, after=plain, switches=by))
                    self.block(otherwise, way.when(no, asked=near, after=plain, switches=by))
                    other = way.when(no, asked=asked, after=plain, switches=by)
                    decides = asked or bounded or (way.asked and bool(by))
                    if decides and _leaves(then) and not otherwise:
                        self._record(plain, way)
                        self.block(body[number + 1 :], other)
                        return
                case x.Block(body=inner, kind=kind):
                    caught = kind == "catch"
                    self.block(inner, way.when("an error is handled", asked=False, after=[]) if caught else way)
                case x.Loop(body=inner):
                    self.block(inner, way)
                case _:
                    plain.append(statement)
        self._record(plain, way)

    def _asked_in(self, body: list[x.Statement]) -> bool:
        """Return whether a retry stands beside such a question."""
        return any(isinstance(s, x.If) and _asks(s.test, self.answers) for s in body)

    def _record(self, body: list[x.Statement], way: _Way) -> None:
        if not way.asked or not body:
            return
        calls = [call for statement in body for call in _calls(statement)]
        logs = tuple(dict.fromkeys((*way.logs, *_logs(body))))
        left, gives = _ending(body[-1])
        names = dict.fromkeys(dotted(c.callee).removeprefix(".") for c in calls if not is_log(c.callee))
        called = tuple(n for n in names if n and not _is_plain(n) and (left, n) != ("raises", gives))[:_CALLS]
        if logs or called or left:
            place = place_at(self.source, self.source.locate(body[0].span))
            self.found.append(
                GpuBranch(
                    **place, function=way.function, conditions=way.conditions, logs=logs, calls=called, ends=left,
                    gives=gives, switches=way.switches,
                )
            )  # fmt: skip

    def _words(self, test: x.Expression, *, yes: bool) -> str:
        """Return a condition as it is written, or its opposite."""
        if isinstance(test, x.Unary) and test.operator in {"!", "not"}:
            return self._words(test.operand, yes=not yes)
        span = test.span
        text = " ".join(self.source.data[span.start : span.end].decode("utf-8", "replace").split())
        if len(text) > _LONGEST or not all(may_show(None, part) for part in _texts(test)):
            text = "a condition that is not shown"
        return text if yes else f"not ({text})"


def _asks(test: object, answers: set[str]) -> bool:
    """Return whether a condition is about there being a GPU, or about what stands in for it."""
    return any(_is_question(word) or word.rpartition(".")[2] in answers for word in _phrases(test))


def _answers(body: list[x.Statement]) -> bool:
    """Return whether a function says yes or no to such a question."""
    stack: list[object] = list(body)
    asked = told = False
    while stack:
        part = stack.pop()
        match part:
            case x.If(test=test):
                asked = asked or _asks(test, set())
            case x.Return(value=x.Constant(kind="true" | "false")):
                told = True
            case x.Return(value=value) if value is not None and _asks(value, set()):
                asked = told = True
        stack.extend(parts(part) if not isinstance(part, x.Lambda | x.Function) else ())
    return asked and told


def _is_plain(name: str) -> bool:
    """Return whether a call only reckons with values."""
    return name.partition(".")[0] in _PLAIN or name.rpartition(".")[2] in {"toLowerCase", "lower", "strip", "trim"}


def _phrases(node: object) -> Iterator[str]:
    stack: list[object] = [node]
    while stack:
        part = stack.pop()
        match part:
            case x.Name() | x.Member():
                yield dotted(part)
                inner: object = part
                while isinstance(inner, x.Member):
                    inner = inner.object
                if not isinstance(inner, x.Name):
                    stack.append(inner)
            case x.Text(text=text):
                yield text if len(text) <= _LONGEST else ""
            case x.Lambda() | x.ClassValue():
                pass
            case _:
                stack.extend(parts(part))


def _is_question(phrase: str) -> bool:
    words = {word.lower() for word in _WORDS.findall(phrase)}
    device = words & _DEVICE
    return bool(device and (words & _STATE or words <= device | _NONE)) or _is_fallback(phrase)


def _is_fallback(phrase: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(phrase)]
    return any("fallback" in word for word in words) and bool({"cpu", *_DEVICE} & set(words))


def _stands_in(name: str) -> bool:
    """Return whether a function is called a fallback, rather than a question about one."""
    return _is_fallback(name) and not _STATE & {word.lower() for word in _WORDS.findall(name)}


def _texts(node: object) -> Iterator[str]:
    stack: list[object] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, x.Text):
            yield part.text
        stack.extend(parts(part))


def _calls(statement: object) -> Iterator[x.Call]:
    """Yield the calls of a statement in the order they are written; functions inside it run at another time."""
    stack: list[object] = [statement]
    while stack:
        part = stack.pop()
        if isinstance(part, x.Lambda | x.Function | x.ClassValue | x.Class):
            continue
        if isinstance(part, x.Call):
            yield part
        stack.extend(reversed(list(parts(part))))


def _logs(body: list[x.Statement]) -> tuple[str, ...]:
    """Return the levels at which some statements write to the log."""
    calls = (call for statement in body for call in _calls(statement))
    return tuple(dotted(c.callee).rpartition(".")[2] for c in calls if is_log(c.callee))


def _leaves(body: list[x.Statement]) -> bool:
    return bool(body) and _ending(body[-1])[0] is not None


def _ending(statement: x.Statement) -> tuple[Choice["raises", "returns", "exits"] | None, str | None]:
    match statement:
        case x.Raise(value=x.Call(callee=callee)):
            return "raises", dotted(callee) or None
        case x.Raise():
            return "raises", None
        case x.Return(value=x.Constant(kind=kind)):
            return "returns", kind
        case x.Return():
            return "returns", None
        case _:
            return ("exits" if ends(statement) else None), None
