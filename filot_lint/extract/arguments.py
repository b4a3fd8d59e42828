"""What a call says about one setting: a value, nothing, or that it may be said elsewhere."""

from __future__ import annotations

from filot_lint.extract.evaluate import Evaluator
from filot_lint.extract.scopes import Scope
from filot_lint.models import Selector
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Environment,
    Instance,
    Record,
    Sequence,
    Unknown,
    Value,
    constant,
    options,
)

MAYBE = Unknown("may be among settings made elsewhere")
Path = tuple[str, ...]


class Arguments:
    """The arguments of one call."""

    def __init__(self, call: x.Call, scope: Scope, evaluator: Evaluator) -> None:
        """Nothing is evaluated yet."""
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
        value = self.evaluator.argument(self.call, paths, self.scope)
        if value is None and any(self._is_computed(path) for path in paths):
            return UNKNOWN
        if value is None and any(self._is_possible(path) for path in paths):
            return MAYBE
        return None if isinstance(value, Callable | Instance | Environment) else value

    def written(self, path: Path) -> bool:
        """Return whether an object of settings is written out here, or surely absent."""
        if any(a.spread for a in self.call.arguments):
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
        for value in values:
            current = value
            for step in path[1:]:
                inner = current.get(step) if isinstance(current, Record) else None
                if inner is None:
                    return current == UNKNOWN or (isinstance(current, Record) and current.open)
                current = inner
        return False

    def _at(self, place: str) -> list[Value]:
        found = [a.value for a in self.call.arguments if a.name == place]
        positional = [a for a in self.call.arguments if a.name is None]
        if place.isdigit() and int(place) < len(positional) and not any(a.spread for a in positional):
            found.append(positional[int(place)].value)
        return [self.evaluator.evaluate(expression, self.scope) for expression in found]
