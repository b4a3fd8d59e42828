"""Which variables a filter over the whole environment keeps: an allowlist, a prefix, a regular expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.evaluation.key_tests import Key, KeyTests
from filot_lint.extract.evaluation.scope import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Ref, Value, coalesce, copied

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_VIEWS = {"items": True, "entries": True, "keys": False}
"""Views of an object, and whether they give pairs."""

_WRAPPERS = frozenset({"list", "sorted", "dict", "tuple", "set", "iter", "from"})
_PREDICATES = frozenset({"filter", "find", "some", "every", "findIndex"})
_ROUNDS = {"map": 0, "flatMap": 0, "forEach": 0, "reduce": 1}
_SAME = frozenset({"filter", "sort", "toSorted", "slice", "reverse"})


class _Source(NamedTuple):
    environment: Environment
    pairs: bool
    filtered: bool


class Kept:
    """Finds the tests on names in loops, comprehensions and callbacks over the environment."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values that names are compared with."""
        self.evaluator = evaluator
        self.tests = KeyTests(evaluator)

    def keys(self, node: x.Expression | x.Loop, scope: Scope) -> Value | None:
        """Return the names of the variables that a filter lets through; None for what is none, or keeps anything.

        Asked at the node that decides: a comprehension, a loop statement, a call of `filter`, `find`, `some`, `every`,
        `forEach`, `map` or `reduce`, `pick` or `pickBy`. The answer is a key as `names_of` takes it: a `Sequence` of
        literals (an allowlist, or `==`), a `Join` with an unknown part (a prefix or suffix, perhaps of a parameter), or
        a `Coalesce` of several of these. `environment` says of which environment.
        """
        match node:
            case x.Comprehension(clauses=[x.Clause(target=target, iterable=iterable, tests=tests)]):
                inner = self.evaluator.scopes.of(node)
                return self._tested(self._key(target, iterable, inner), tests, inner)
            case x.Loop(target=target, iterable=iterable, body=body) if target is not None and iterable is not None:
                key = self._key(target, iterable, scope)
                return None if key is None else self._body(body, key, self.evaluator.scopes.opens(node, 0, scope))
            case x.Call(callee=x.Member(name=name), arguments=[x.Argument(value=x.Lambda(function=function)), *_]):
                return self._callback(node, name, function, scope)
            case x.Call(callee=x.Member(name=name) | x.Name(id=name)):
                return self._function(node, name, scope)
            case _:
                return None

    def environment(self, node: x.Expression | x.Loop, scope: Scope) -> Environment | None:
        """Return the environment that a comprehension, loop or call runs over."""
        match node:
            case x.Comprehension(clauses=[x.Clause(iterable=iterable), *_]):
                found = self._source(iterable, self.evaluator.scopes.of(node))
            case x.Loop(iterable=iterable) if iterable is not None:
                found = self._source(iterable, scope)
            case x.Call(callee=callee, arguments=arguments):
                over = [callee.object] if isinstance(callee, x.Member) else []
                sources = (self._source(e, scope) for e in (*over, *(a.value for a in arguments)))
                found = next((source for source in sources if source is not None), None)
            case _:
                found = None
        return None if found is None else found.environment

    def copy(self, node: x.Expression, scope: Scope) -> Environment | None:
        """Return the copy that a filter makes of the environment: `{k: v for k, v in os.environ.items() if ...}`."""
        if isinstance(node, x.Comprehension):
            clause = node.clauses[0]
            made = [node.key, node.element] if node.key is not None else []
            made = made or (list(node.element.items) if isinstance(node.element, x.Array) else [])
            pair = clause.target.items if isinstance(clause.target, x.ArrayPattern) else []
            if len(node.clauses) > 1 or len(pair) != 2 or _ids(made) != _ids(pair):  # noqa: PLR2004
                return None
            node, scope = clause.iterable, self.evaluator.scopes.of(node)
        found = self._source(node, scope, mapped=True)
        return copied(found.environment) if found is not None and found.pairs else None

    def _source(self, node: x.Expression, scope: Scope, *, mapped: bool = False) -> _Source | None:
        """Return what something runs over; `mapped` allows for elements that are no longer the same."""
        pairs = filtered = False
        while isinstance(node, x.Call):
            callee = node.callee
            name = callee.name if isinstance(callee, x.Member) else callee.id if isinstance(callee, x.Name) else ""
            if isinstance(callee, x.Member) and (name in _SAME or (mapped and name == "map")):
                filtered = filtered or name == "filter"
                node = callee.object
            elif name in _VIEWS and isinstance(callee, x.Member):
                pairs = _VIEWS[name]
                node = node.arguments[0].value if node.arguments else callee.object
                break
            elif name in _WRAPPERS and node.arguments:
                node = node.arguments[0].value
            else:
                break
        value = self.evaluator.evaluate(node, scope)
        return _Source(value, pairs, filtered) if isinstance(value, Environment) else None

    def _key(self, target: x.Pattern | None, iterable: x.Expression, scope: Scope) -> Key | None:
        """Return how the name of a variable is written where a pattern runs over the environment."""
        found = self._source(iterable, scope)
        return None if found is None or found.filtered else _named(target, pairs=found.pairs)

    def _tested(self, key: Key | None, tests: list[x.Expression], scope: Scope) -> Value | None:
        return None if key is None else self.tests.every([self.tests.of(test, key, scope) for test in tests])

    def _callback(self, call: x.Call, name: str, function: x.Function, scope: Scope) -> Value | None:
        index = _ROUNDS.get(name, 0)
        if not isinstance(call.callee, x.Member) or index >= len(function.parameters):
            return None
        key = self._key(function.parameters[index].target, call.callee.object, scope)
        if key is None:
            return None
        inner = self.evaluator.scopes.of(function)
        if name in _PREDICATES and len(function.body) == 1:
            return self._returned(function, key)
        return self._body(function.body, key, inner) if name in _ROUNDS else None

    def _returned(self, function: x.Function, key: Key) -> Value | None:
        """Return what a predicate that is one expression lets through."""
        only = function.body[0] if len(function.body) == 1 else None
        if not isinstance(only, x.Return) or only.value is None:
            return None
        return self.tests.of(only.value, key, self.evaluator.scopes.of(function))

    def _function(self, call: x.Call, name: str, scope: Scope) -> Value | None:
        """Return what `pick(process.env, names)`, `pickBy(process.env, test)` and `filter(test, os.environ)` keep."""
        values = [self.evaluator.evaluate(argument.value, scope) for argument in call.arguments[:4]]
        if not any(isinstance(value, Environment) for value in values) or len(values) < 2:  # noqa: PLR2004
            return None
        tests = [a.value.function for a in call.arguments if isinstance(a.value, x.Lambda)]
        index = {"pickBy": 1, "filter": 0}.get(name)
        if index is not None and tests and index < len(tests[0].parameters):
            key = _named(tests[0].parameters[index].target, pairs=False)
            return None if key is None else self._returned(tests[0], key)
        if name != "pick" or not isinstance(self.evaluator.evaluate(call.callee, scope), Ref):
            return None
        found = [self.tests.listed(value) for value in values if not isinstance(value, Environment)]
        return coalesce([value for value in found if value is not None]) if any(found) else None

    def _body(self, body: list[x.Statement], key: Key, scope: Scope) -> Value | None:
        """Return the names for which a body does anything: all of it stands behind tests of the name."""
        if not body:
            return None
        first = body[0]
        if isinstance(first, x.If) and len(body) > 1 and not first.otherwise and _skips(first.then):
            return self.tests.of_opposite(first.test, key, scope)
        found: list[Value] = []
        last = body[-1]
        if isinstance(last, x.Return) and isinstance(last.value, x.Name) and last.value.id != key.name:
            body = body[:-1]
        for statement in body:
            kept = self._branch(statement, key, scope) if isinstance(statement, x.If) else None
            if kept is None:
                return None
            found.append(kept)
        return coalesce(found) if found else None

    def _branch(self, statement: x.If, key: Key, scope: Scope) -> Value | None:
        inner = self.evaluator.scopes.opens(statement, 0, scope)
        kept = self.tests.of(statement.test, key, scope) or self._body(statement.then, key, inner)
        if kept is None or not statement.otherwise:
            return kept
        other = self._body(statement.otherwise, key, self.evaluator.scopes.opens(statement, 1, scope))
        return None if other is None else coalesce([kept, other])


def _named(target: x.Pattern | None, *, pairs: bool) -> Key | None:
    if isinstance(target, x.Name):
        return Key(target.id, of_pair=pairs)
    if pairs and isinstance(target, x.ArrayPattern) and target.items and isinstance(target.items[0], x.Name):
        return Key(target.items[0].id, of_pair=False)
    return None


def _skips(body: list[x.Statement]) -> bool:
    """Return whether a branch goes on with the next variable; `continue` leaves no statement behind."""
    return not body or (len(body) == 1 and isinstance(body[0], x.Return) and body[0].value is None)


def _ids(parts: list[x.Expression | None] | list[x.Pattern | None] | list[x.Expression]) -> list[str]:
    return [part.id if isinstance(part, x.Name) else "" for part in parts]
