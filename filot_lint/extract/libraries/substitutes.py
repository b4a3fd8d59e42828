"""Fakes and made-up values that take the place of the real thing where something is missing or has failed."""

from __future__ import annotations

import re
from typing import NamedTuple

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.answers import lacking, made_from, operands
from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.libraries.doubles import WORDS, is_about_mocks, is_double, words
from filot_lint.extract.libraries.mock_flags import on_unless_told
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.demands import Demands
from filot_lint.extract.reads.logs import dotted
from filot_lint.facts import Guard, Substitute, TestDouble
from filot_lint.syntax import expression as x

_HINT = re.compile(rb"(?i)mock|fake|stub|dummy|\bsample\b|lorem ipsum|\.json\(\)|\baxios\b")
_SAMPLE = re.compile(r"(?i)\b(sample|dummy|fake|mock(ed)?|lorem ipsum|simulated)\b")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_LONGEST = 60


class _Case(NamedTuple):
    """When the code under way runs: where something is missing, or an error is handled."""

    where: str | None = None
    names: tuple[str, ...] = ()
    test: x.Expression | None = None
    guard: Guard = "always"


class Substitutes:
    """Reads one file."""

    def __init__(self, evaluator: Evaluator, demands: Demands) -> None:
        """Take what knows the values and the tests of the file."""
        self.evaluator = evaluator
        self.source = evaluator.source
        self.scopes = evaluator.scopes
        self.demands = demands
        self.found: list[Substitute] = []
        self.flags: list[TestDouble] = []

    def facts(self, body: list[x.Statement]) -> list[Substitute | TestDouble]:
        """Return what is swapped in anywhere in the file; one that is called after mocks is about them."""
        if not is_about_mocks(self.source.path) and _HINT.search(self.source.data):
            self._statements(body, self.scopes.module, _Case())
        return [*self.found, *self.flags]

    def _statements(self, body: list[x.Statement], scope: Scope, case: _Case) -> None:
        for statement in body:
            self._statement(statement, scope, case)
            if isinstance(statement, x.If) and not statement.otherwise:
                inner = self.scopes.opens(statement, 0, scope)
                if self.demands.stops.leaves(statement.then, inner):
                    case = self._tested(statement.test, scope, case, missing=False)

    def _statement(self, statement: x.Statement, scope: Scope, case: _Case) -> None:
        match statement:
            case x.If(test=test, then=then, otherwise=otherwise):
                self._visit(test, scope, case)
                for part, inner in enumerate((then, otherwise)):
                    known = self._tested(test, scope, case, missing=part == 0)
                    self._statements(inner, self.scopes.opens(statement, part, scope), known)
            case x.Block(body=inner, kind=kind):
                known = case._replace(where="error", names=(), test=None) if kind == "catch" else case
                self._statements(inner, self.scopes.opens(statement, 0, scope), known)
            case x.Loop(body=inner):
                self._statements(inner, self.scopes.opens(statement, 0, scope), case)
            case x.Function(name=name) | x.Assign(target=x.Name(id=name), value=x.Lambda()) if _admits(name):
                pass
            case x.Function(body=inner):
                self._statements(inner, self.scopes.of(statement), _Case(guard=case.guard))
            case x.Class(body=inner):
                self._statements(inner, self.scopes.of(statement), _Case(guard=case.guard))
            case x.Return(value=value) | x.Assign(value=value) if value is not None:
                self._value(value, scope, case)
            case x.Evaluate(value=value):
                self._visit(value, scope, case)
            case _:
                pass

    def _tested(self, test: x.Expression, scope: Scope, case: _Case, *, missing: bool) -> _Case:
        """Return the case of a branch that is taken where variables are missing; of others on which stage."""
        guards = self.demands.guards
        guard = guards.of(test, scope) if missing else guards.otherwise(test, scope)
        case = case._replace(guard=guard) if guard != "always" else case
        demands = self.demands.tested(test, scope, missing=missing)
        if not demands:
            return case
        names = tuple(dict.fromkeys(d.name for d in demands if _VARIABLE.fullmatch(d.name)))
        return case._replace(where="missing", names=names, test=test)

    def _visit(self, node: object, scope: Scope, case: _Case) -> None:
        """Look for choices and functions inside an expression."""
        stack: list[object] = [node]
        while stack:
            part = stack.pop()
            match part:
                case x.Lambda(function=function):
                    self._statements(function.body, self.scopes.of(function), _Case(guard=case.guard))
                case x.ClassValue(body=inner):
                    self._statements(inner.body, self.scopes.of(inner), _Case(guard=case.guard))
                case x.Choice() | x.Binary(operator="or" | "coalesce"):
                    self._value(part, scope, case)
                case x.Comprehension():
                    continue
                case _:
                    self._default(part, scope, case)
                    self._flag(part, scope, case)
                    stack.extend(parts(part))

    def _value(self, value: x.Expression, scope: Scope, case: _Case) -> None:
        """Take what a name is given or a function returns."""
        match value:
            case x.Choice(test=test, yes=yes, no=no):
                self._visit(test, scope, case)
                self._value(yes, scope, self._tested(test, scope, case, missing=True))
                self._value(no, scope, self._tested(test, scope, case, missing=False))
            case x.Binary(operator="or" | "coalesce", left=left, right=right):
                if not self._answer(value, scope, case):
                    self._value(left, scope, _Case(guard=case.guard))
                    known = self._tested(left, scope, case, missing=False)
                    self._value(right, scope, known if known.where else known._replace(where="missing"))
            case x.Assertion(value=inner):
                self._value(inner, scope, case)
            case _:
                symbol, form = _stand_in(value, case.where)
                if symbol and (case.where == "error" or (case.where and (case.names or _makes(value)))):
                    self._add(value, symbol, form, case)
                self._visit(value, scope, case)

    def _add(self, node: x.Node, symbol: str, form: str, case: _Case) -> None:
        place = place_at(self.source, self.source.locate(node.span))
        test = self.source.locate(case.test.span) if case.test is not None else None
        fact = Substitute(**place, symbol=symbol[:_LONGEST], form=form, where=case.where or "missing",  # type: ignore[arg-type]
                          names=case.names, test_at=test, guard=case.guard)  # fmt: skip
        self.found.append(fact)

    def _flag(self, node: object, scope: Scope, case: _Case) -> None:
        """Record a switch for fakes that is on where nobody says no."""
        name = on_unless_told(node, scope, self.evaluator)
        if name is not None and isinstance(node, x.Node):
            place = place_at(self.source, self.source.locate(node.span))
            why = ("on unless told otherwise",)
            self.flags.append(TestDouble(**place, symbol=name, form="flag", evidence=why, guard=case.guard))

    # Answers --------------------------------------------------------------------------------------------------------

    def _answer(self, chain: x.Binary, scope: Scope, case: _Case) -> bool:
        """Record an identity that is made up where the answer of a service has none."""
        *given, last = operands(chain)
        form = made_from(last)
        names = [name for part in given if (name := lacking(part, scope)) is not None]
        if form is None or not names:
            return False
        self._add(last, "an identity", form, _Case("answer", tuple(names), chain, case.guard))
        return True

    def _default(self, node: object, scope: Scope, case: _Case) -> None:
        """Read `answer.get("id", made up)`."""
        match node:
            case x.Call(callee=x.Member(name="get"), arguments=[first, x.Argument(value=last)]):
                form = made_from(last)
                name = lacking(x.Call(node.span, node.callee, [first]), scope) if form is not None else None
                if form is not None and name is not None:
                    self._add(last, "an identity", form, _Case("answer", (name,), node, case.guard))
            case _:
                pass


def _admits(name: str | None) -> bool:
    """Return whether a function says that it makes doubles: `createFakeStore`."""
    return name is not None and any(word in WORDS for word in words(name))


def _makes(value: x.Expression) -> bool:
    """Return whether an object of a class that is called a double is made."""
    name = dotted(value.callee).rpartition(".")[2] if isinstance(value, x.Call) else ""
    return name[:1].isupper() and is_double(name)


def _stand_in(value: x.Expression, where: str | None) -> tuple[str, str]:
    """Return what stands in and its form: an object or value that is called a double, a sample text."""
    match value:
        case x.Call(callee=callee):
            name = dotted(callee).rpartition(".")[2]
        case x.Name() | x.Member():
            name = dotted(value).rpartition(".")[2]
        case x.Text(text=text) if where == "error" and _SAMPLE.search(text):
            return "a sample text", "sample"
        case x.Mapping(entries=entries) if where == "error":
            return next((found for e in entries if (found := _stand_in(e.value, where))[1] == "sample"), ("", ""))
        case _:
            return "", ""
    return (name, "double") if any(word in WORDS for word in words(name)) else ("", "")
