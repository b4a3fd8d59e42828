"""What a call says about one setting: a value, nothing, or that it may be said elsewhere."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.attempts import Attempts
from filot_lint.extract.libraries.renewals import Renewals
from filot_lint.extract.reads.logs import dotted
from filot_lint.models import Selector
from filot_lint.syntax import expression as x
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Environment,
    Instance,
    Literal,
    Record,
    Ref,
    Sequence,
    Unknown,
    Value,
    coalesce,
    constant,
    options,
)

FALSE = Literal("false", "boolean")
MAYBE = Unknown("may be among settings made elsewhere")
Path = tuple[str, ...]
_SUBJECT = ("@",)


class Arguments:
    """The arguments of one call."""

    def __init__(self, call: x.Call, scope: Scope, evaluator: Evaluator) -> None:
        """Nothing is evaluated yet; `subject` is what the object is about whose method is called, `client` itself."""
        self.subject: Value = UNKNOWN
        self.client: Value | None = None
        self.call = call
        self.scope = scope
        self.evaluator = evaluator

    def text(self, selector: Selector) -> str | None:
        """Return an argument that is a constant, or the name of the modelled call that made it."""
        value = self.evaluator.argument(self.call, selector, self.scope)
        return value.type if isinstance(value, Instance) else constant(value)

    def value(self, selector: Selector, whole: set[Path]) -> Value | None:
        """Return what an argument can be: unknown when it is computed, `MAYBE`, or None when there is none.

        `whole` are the arguments that are taken as they are: `new Redis(x)`, where x may be a URL or an object.
        """
        paths = tuple(path for path in selector if not self._is_guess(path, whole))
        value = self._every(paths) or self._subject(paths) or self.evaluator.argument(self.call, paths, self.scope)
        if value is None and any(self._is_computed(path) for path in paths):
            return UNKNOWN
        if value is None and any(self._is_possible(path) for path in paths):
            return MAYBE
        return None if isinstance(value, Callable | Instance | Environment) else value

    def made(self, selector: Selector) -> Value | None:
        """Return the object at an argument that a modelled call makes, here or in another file."""
        value = self.evaluator.argument(self.call, selector, self.scope)
        found = [option for option in options(value or UNKNOWN) if isinstance(option, Instance | Ref)]
        return coalesce(list[Value](found)) if found else None

    def outcome(self, selector: Selector) -> Value | None:
        """Return what a function gives that decides on another attempt; null where it gives up for good."""
        value = self.evaluator.argument(self.call, selector, self.scope)
        if isinstance(value, Callable):
            found = Attempts(self.evaluator).outcome(value.function)
            renewed = isinstance(found, Literal) and Renewals(self.evaluator).of(self.call, value.function)
            return Literal("renewed", at=found.at) if renewed and isinstance(found, Literal) else found
        return NULL if value in (NULL, FALSE) else None

    def _every(self, paths: Selector) -> Value | None:
        """Return all arguments as one list, where a path asks for that; functions among them are callbacks."""
        path = next((path for path in paths if path[0] == "*"), None)
        items: list[Value] = []
        for argument in self.call.arguments if path is not None else ():
            value = self.evaluator.evaluate(argument.value, self.scope)
            if isinstance(value, Sequence):
                items.extend(value.items)
            elif not isinstance(value, Callable):
                items.append(UNKNOWN if argument.spread and not isinstance(value, Ref) else value)
        found = [self.evaluator.selection.inside(item, path[1:]) if path is not None else item for item in items]
        return Sequence(tuple(found)) if found else None

    def _subject(self, paths: Selector) -> Value | None:
        """Return what the object of a method is about, where a path asks for that and it is known."""
        return self.subject if _SUBJECT in paths and self.subject != UNKNOWN else None

    def calls_back(self, path: Path) -> bool:
        """Return whether a function stands where an object with a setting could."""
        return isinstance(self.evaluator.argument(self.call, (path[:1],), self.scope), Callable)

    def holds(self, path: Path) -> bool:
        """Return whether an argument, or a setting in an object that is written out here, is given."""
        value = self.evaluator.argument(self.call, (path[:1],), self.scope)
        for step in path[1:]:
            value = value.get(step) if isinstance(value, Record) else None
        return value is not None or (len(path) == 1 and self._is_computed(path))

    def written(self, path: Path) -> bool:
        """Return whether an object of settings is written out here, or surely absent."""
        spread = [self.evaluator.evaluate(a.value, self.scope) for a in self.call.arguments if a.spread]
        if any(not isinstance(value, Record) or value.open for value in spread):
            return False
        value = self.evaluator.argument(self.call, (path[:1],), self.scope)
        if value is None:
            return not self._is_computed(path[:1])
        for step in path[1:]:
            inner = value.get(step) if isinstance(value, Record) else None
            if inner is None:
                return isinstance(value, Record) and not value.open
            value = inner
        return isinstance(value, Record)

    def starts_with_number(self) -> bool:
        """Return whether the first argument is certainly a number: written so, or made one."""
        positional = [a.value for a in self.call.arguments if a.name is None and not a.spread]
        return bool(positional) and _is_number(positional[0])

    def _is_guess(self, path: Path, whole: set[Path]) -> bool:
        """Return whether a path looks into what may as well be taken whole."""
        for depth in range(1, len(path)):
            if path[:depth] in whole:
                value = self.evaluator.argument(self.call, (path[:depth],), self.scope)
                if not any(isinstance(option, Record | Sequence) for option in options(value or UNKNOWN)):
                    return True
        return False

    def _is_computed(self, path: Path) -> bool:
        """Return whether this very argument is there, with a value nobody knows."""
        for value in self._at(path[0]):
            if len(path) == 1 and value == UNKNOWN:
                return True
            if isinstance(value, Record) and len(path) > 1 and value.get(path[1]) == UNKNOWN:
                return True
        return False

    def _is_possible(self, path: Path) -> bool:
        """Return whether settings that are not written out here may hold an argument."""
        values = self._at(path[0])
        if not values and not path[0].isdigit():
            spread = [self.evaluator.evaluate(a.value, self.scope) for a in self.call.arguments if a.spread]
            return any(not isinstance(value, Record) or value.open for value in spread)
        if len(path) > 1 and self._is_whole_class(path[0]):
            return False
        for value in values:
            current = value
            for step in path[1:]:
                inner = current.get(step) if isinstance(current, Record) else None
                if inner is None:
                    return current == UNKNOWN or (isinstance(current, Record) and current.open)
                current = inner
        return False

    def _is_whole_class(self, place: str) -> bool:
        """Return whether an argument is a class of this file that inherits nothing: its settings are all there."""
        given = [a.value for a in self.call.arguments if a.name is None]
        found = given[int(place)] if place.isdigit() and int(place) < len(given) else None
        return isinstance(found, x.ClassValue) and not found.body.bases

    def _at(self, place: str) -> list[Value]:
        found = [a.value for a in self.call.arguments if a.name == place]
        positional = [a for a in self.call.arguments if a.name is None]
        if place.isdigit() and int(place) < len(positional) and not any(a.spread for a in positional):
            found.append(positional[int(place)].value)
        return [self.evaluator.evaluate(expression, self.scope) for expression in found]


def _is_number(expression: x.Expression) -> bool:
    match expression:
        case x.Number():
            return True
        case x.Call(callee=callee):
            return dotted(callee).rpartition(".")[2] in {"Number", "parseInt", "parseFloat", "int"}
        case x.Unary(operator="+", operand=operand):
            return not isinstance(operand, x.Text)
        case x.Assertion(value=value):
            return _is_number(value)
        case _:
            return False
