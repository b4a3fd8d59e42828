"""Functions of the file: what they return, and what a call gives for their parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal as Choice

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.selection import select
from filot_lint.syntax import expression as x
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Env,
    Instance,
    Literal,
    Parameter,
    Record,
    Sequence,
    Value,
    bounded,
    closed,
    coalesce,
    constructor_of,
    member,
    parameters_of,
    substitute,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


class Functions:
    """Follows calls into functions of the same file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is followed yet."""
        self.evaluator = evaluator
        self._busy: set[str] = set()

    def apply(self, function: Callable, call: x.Call, scope: Scope) -> Value:
        """Return what a function of this file returns for these arguments."""
        returned = self.returned(function.function)
        count = len(self.evaluator.scopes.functions[function.function].parameters)
        arguments = dict.fromkeys(range(count), NULL) | self.arguments(function, call, scope)
        return closed(substitute(returned, function.function, arguments), function)

    def constructed(self, record: Record, call: x.Call, scope: Scope) -> Value:
        """Return an object of a class of this file: what its constructor keeps is what the call gives."""
        made = constructor_of(record)
        known = made is not None and made.function in self.evaluator.scopes.functions
        if made is None or not known or all(p.function != made.function for p in parameters_of(record)):
            return record
        count = len(self.evaluator.scopes.functions[made.function].parameters)
        arguments = dict.fromkeys(range(count), NULL) | self.arguments(made, call, scope)
        return substitute(record, made.function, arguments)

    def arguments(self, function: Callable, call: x.Call, scope: Scope) -> dict[int, Value]:
        """Return what a call gives for the parameters of a function of this file, defaults included."""
        node = self.evaluator.scopes.functions[function.function]
        shift = 1 if function.bound else 0
        found: dict[int, Value] = {}
        for index, parameter in enumerate(node.parameters):
            picked = self.pick(call, node, index, shift)
            if parameter.rest:
                found[index] = self.rest(call, index - shift, scope)
            elif parameter.keywords:
                found[index] = self._keywords(call, node, scope)
            elif picked is not None:
                found[index] = self.evaluator.evaluate(picked, scope)
            elif (handed := self._handed_on(call, parameter, index - shift, scope)) is not None:
                found[index] = handed
            elif parameter.default is not None:
                found[index] = self.evaluator.evaluate(parameter.default, self.evaluator.scopes.of(node))
        return found

    def _keywords(self, call: x.Call, node: x.Function, scope: Scope) -> Value:
        """Return the keywords that no parameter takes."""
        names = {p.target.id for p in node.parameters if isinstance(p.target, x.Name)}
        entries: list[tuple[str, Value]] = []
        for argument in call.arguments:
            value = self.evaluator.evaluate(argument.value, scope)
            if argument.name is not None and argument.name not in names:
                entries.append((argument.name, value))
            elif argument.spread and isinstance(value, Record):
                entries.extend(entry for entry in value.entries if entry[0] not in names)
            elif argument.spread and isinstance(value, Parameter) and self._takes(value, "keywords") and not entries:
                return value
        return Record(tuple(entries))

    def _handed_on(self, call: x.Call, parameter: x.Parameter, position: int, scope: Scope) -> Value | None:
        """Return what `f(*args, **kwargs)` gives for one parameter, None when nothing is known of it."""
        for place, argument in enumerate(call.arguments):
            if not argument.spread:
                continue
            value = self.evaluator.evaluate(argument.value, scope)
            if isinstance(value, Sequence) and 0 <= position - place < len(value.items):
                return value.items[position - place]
            if isinstance(value, Record) and isinstance(parameter.target, x.Name):
                found = value.get(parameter.target.id)
                if found is not None:
                    return found
            if isinstance(value, Parameter) and position >= place and self._takes(value, "rest"):
                return member(value, str(position - place))
        return None

    def _takes(self, parameter: Parameter, what: Choice["rest", "keywords"]) -> bool:
        """Return whether a parameter takes all further arguments, or all further keywords."""
        function = self.evaluator.scopes.functions.get(parameter.function)
        if function is None or parameter.path:
            return False
        declared = function.parameters[parameter.index]
        return declared.rest if what == "rest" else declared.keywords

    def rest(self, call: x.Call, start: int, scope: Scope) -> Value:
        """Return the arguments that a rest parameter collects."""
        given = [argument for argument in call.arguments if argument.name is None][max(start, 0) :]
        values = [self.evaluator.evaluate(argument.value, scope) for argument in given]
        items: list[Value] = []
        for argument, value in zip(given, values, strict=True):
            items.extend(value.items if argument.spread and isinstance(value, Sequence) else (value,))
        return Sequence(tuple(items))

    @staticmethod
    def pick(call: x.Call, function: x.Function, index: int, shift: int = 0) -> x.Expression | None:
        """Return the argument a call gives for a parameter of a function, by keyword or position."""
        target = function.parameters[index].target
        if isinstance(target, x.Name):
            named = select(call, target.id)
            if named is not None:
                return named
        return select(call, str(index - shift)) if index >= shift else None

    def returned(self, key: str) -> Value:
        """Return what a function of this file can return, in terms of its parameters."""
        node = self.evaluator.scopes.functions[key]
        frame = self.evaluator.frames.around(node)
        known = frame.returns.get(key)
        if known is not None:
            return known
        if key in self._busy:
            self.evaluator.cuts += 1
            return UNKNOWN
        cuts = self.evaluator.cuts
        self._busy.add(key)
        try:
            found = [
                self.evaluator.evaluate(r.value, s)
                for r, s in self.return_statements(node.body, self.evaluator.scopes.of(node))
            ]
        finally:
            self._busy.discard(key)
        environment_first = sorted(found, key=lambda value: not isinstance(value, Env | Instance))
        kept = [v for v in environment_first if not (isinstance(v, Literal) and v.is_empty)]
        value = bounded(coalesce(kept or environment_first)) if found else NULL
        if cuts == self.evaluator.cuts:
            frame.returns[key] = value
        return value

    def return_statements(
        self, body: list[x.Statement], scope: Scope, *, once: bool = True
    ) -> list[tuple[x.Return, Scope]]:
        """Return the statements that give a value, each with its scope; nested functions are left out.

        What is yielded `once`, outside of loops, is what a context manager or a dependency is entered with.
        """
        found: list[tuple[x.Return, Scope]] = []
        for statement in body:
            match statement:
                case x.Return(value=value) if value is not None:
                    found.append((statement, scope))
                case x.Evaluate(value=x.Yield(children=[value])) if once:
                    found.append((x.Return(statement.span, value), scope))
                case x.If(then=then, otherwise=otherwise):
                    for side, inner in enumerate((then, otherwise)):
                        opened = self.evaluator.scopes.opens(statement, side, scope)
                        found += self.return_statements(inner, opened, once=once)
                case x.Loop(body=inner) | x.Block(body=inner):
                    once_here = once and not isinstance(statement, x.Loop)
                    opened = self.evaluator.scopes.opens(statement, 0, scope)
                    found += self.return_statements(inner, opened, once=once_here)
                case _:
                    pass
        return found
