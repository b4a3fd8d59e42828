"""What the members of resolved values are, and what their calls give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.evaluate import TEXT_METHODS
from filot_lint.facts import Summary
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Instance,
    Join,
    Literal,
    Record,
    Value,
    closed,
    coalesce,
    constructor_of,
    member,
    substitute,
    with_default,
)

if TYPE_CHECKING:
    from filot_lint.workspace.exports import Exports


class Results:
    """Follows paths of members and calls, over the functions of all files."""

    def __init__(self, exports: Exports) -> None:
        """Take what resolves the results of functions."""
        self.exports = exports

    def follow(self, value: Value, path: list[str], arguments: tuple[Value, ...], hops: int) -> Value:
        """Return what stands at the end of a path of members and calls."""
        for index, step in enumerate(path):
            if isinstance(value, Coalesce):
                return coalesce([self.follow(option, path[index:], arguments, hops) for option in value.options])
            called = path[index + 1 : index + 2] == ["()"]
            if isinstance(value, Env | Literal | Join) and ((step in TEXT_METHODS and called) or step == "()"):
                continue
            if isinstance(value, Instance):
                value = self._part(value, step, arguments)
            elif step == "()":
                last = "()" not in path[index + 1 :]
                value = self._call(value, arguments if last else (), hops)
            elif isinstance(value, Callable):
                return UNKNOWN
            elif step == "get" and called and isinstance(value, Record) and value.get("get") is None and arguments:
                value = member(value, arguments[0].text) if isinstance(arguments[0], Literal) else UNKNOWN
            else:
                value = member(value, step)
        return value

    def _part(self, instance: Instance, step: str, arguments: tuple[Value, ...]) -> Value:
        """Return a member of a modelled object; the call after a method gives what the method is labelled with."""
        if step == "()":
            return instance
        chosen = f"{step}({arguments[0].text})" if arguments and isinstance(arguments[0], Literal) else step
        made = self.exports.models.made_by(instance.type, chosen) or self.exports.models.made_by(instance.type, step)
        return Instance(made, self._subject(instance, step, arguments), instance.at) if made is not None else UNKNOWN

    def _subject(self, instance: Instance, step: str, arguments: tuple[Value, ...]) -> Value | None:
        """Return what a member of a modelled object is about."""
        selector, _ = self.exports.models.subjects.get(f"{instance.type}.{step}", ((), ""))
        given = [path[0] for path in selector if len(path) == 1 and path[0].isdigit() and int(path[0]) < len(arguments)]
        return arguments[int(given[0])] if given else instance.subject

    def _call(self, value: Value, arguments: tuple[Value, ...], hops: int) -> Value:
        if isinstance(value, Record):
            return self._constructed(value, arguments)
        if not isinstance(value, Callable) or "::" not in value.function:
            return UNKNOWN
        home, key = value.function.split("::", 1)
        summary = self.exports.summary(home, key)
        if summary is None:
            return UNKNOWN
        returned = closed(substitute(summary.returned, key, _given(summary, arguments, value)), value)
        return _preferred(self.exports.resolve_in(returned, home, hops - 1))

    def _constructed(self, record: Record, arguments: tuple[Value, ...]) -> Value:
        """Return an object of a class: what its constructor keeps is what the call gives."""
        made = constructor_of(record)
        if made is None or "::" not in made.function:
            return record
        home, key = made.function.split("::", 1)
        summary = self.exports.summary(home, key)
        return record if summary is None else substitute(record, key, _given(summary, arguments, made))


def _given(summary: Summary, arguments: tuple[Value, ...], function: Callable) -> dict[int, Value]:
    absent = dict.fromkeys(range(len(summary.parameters)), NULL)
    defaults = {index: value for index, value in enumerate(summary.defaults) if value is not None}
    return absent | defaults | dict(enumerate(arguments, start=1 if function.bound else 0))


def _preferred(value: Value) -> Value:
    """Read a result that is a variable or something else as a variable with a default."""
    if not isinstance(value, Coalesce):
        return value
    kept = [option for option in value.options if not absent(option)]
    if not kept:
        return UNKNOWN
    if isinstance(kept[0], Env) and kept[0].default is None and len(kept) > 1:
        return with_default(kept[0], coalesce(kept[1:]))
    return coalesce(kept)


def absent(value: Value) -> bool:
    """Return whether a value says as little as none."""
    return value == UNKNOWN or (isinstance(value, Literal) and value.type == "null")
