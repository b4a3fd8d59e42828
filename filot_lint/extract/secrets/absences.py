"""What a function does that checks something with a secret, where the secret is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.context import Context
from filot_lint.extract.redact import redact
from filot_lint.extract.secrets.origins import Origins
from filot_lint.extract.secrets.outcomes import Outcomes
from filot_lint.extract.secrets.parts import bodies, within
from filot_lint.extract.secrets.verifications import Verifications, check_in
from filot_lint.extract.secrets.words import last_word, may_be_secret
from filot_lint.facts import SecretAbsence
from filot_lint.secrets import suggests_secret, tokens
from filot_lint.syntax import expression as x
from filot_lint.values import Join, Parameter, Value

_KEYED = re.compile(rb"(?i)hmac|timingSafeEqual|compare_digest|signature")


class Absences:
    """Collects the tests of one file; they are looked at when all of it is known."""

    def __init__(self, evaluator: Evaluator, origins: Origins, guards: Guards) -> None:
        """Nothing is tested yet."""
        self.evaluator = evaluator
        self.origins = origins
        self.guards = guards
        self.outcomes = Outcomes(evaluator)
        self.verifications = Verifications(evaluator)
        self._found: list[tuple[x.If, tuple[list[x.Statement], int], Scope, Context]] = []

    def branch(self, statement: x.If, position: tuple[list[x.Statement], int], scope: Scope, context: Context) -> None:
        """Remember a test in a function, with where it stands among other statements."""
        if context.function is not None:
            self._found.append((statement, position, scope, context))

    def facts(self) -> Iterator[SecretAbsence]:
        """Yield what happens where a secret is missing."""
        yield from self._failures()
        for statement, position, scope, context in self._found:
            yield from self._missing(statement, scope, context)
            yield from self._present(statement, position, scope, context)

    def _missing(self, statement: x.If, scope: Scope, context: Context) -> Iterator[SecretAbsence]:
        """Look at a branch for a missing secret: `if (!secret) ...`."""
        function = self.origins.scopes.functions.get(context.function or "")
        subjects = list(_subjects(statement.test, "or"))
        if function is None or not subjects or self.guards.of(statement.test, scope) != "always":
            return
        for subject in subjects:
            value = self.evaluator.evaluate(subject, scope)
            if not _may_be_missing(subject, value):
                continue
            end = statement.then[-1].span.end if statement.then else statement.test.span.end
            check = self.verifications.between(function, (end, function.span.end), subject, value, scope)
            found = self.outcomes.of(statement.then, function) if check is not None else None
            if check is not None and found is not None:
                yield self._fact("branch", statement.test, subject, value, found, check, context)
                return

    def _present(
        self, statement: x.If, position: tuple[list[x.Statement], int], scope: Scope, context: Context
    ) -> Iterator[SecretAbsence]:
        """Look at a check that only runs where the secret is there: `if (secret && given !== secret) refuse()`."""
        function = self.origins.scopes.functions.get(context.function or "")
        if statement.otherwise or self.guards.of(statement.test, scope) != "always":
            return
        for subject in _subjects(statement.test, "and"):
            value = self.evaluator.evaluate(subject, scope)
            if not _may_be_missing(subject, value) or not self.outcomes.refuses_inside(statement.then):
                continue
            if function is None or self.outcomes.ends_in_refusal(*position):
                return
            stretch = (statement.test.span.start, statement.span.end)
            check = self.verifications.between(function, stretch, subject, value, scope)
            if check is not None:
                yield self._fact("condition", statement.test, subject, value, ("accepted", None), check, context)
                return

    def _failures(self) -> Iterator[SecretAbsence]:
        """Look at errors of a check that are taken for success."""
        source = self.evaluator.source
        if not _KEYED.search(source.data):
            return
        for function in self.origins.scopes.functions.values():
            for tried, handler in _attempts(function):
                check = check_in(list(within(tried)))
                found = self.outcomes.of(handler.body, function) if check is not None else None
                if check is not None and found is not None and found[0] == "accepted" and found[1] is not None:
                    place = source.locate(found[1].span)
                    yield SecretAbsence(
                        **place_at(source, place),
                        form="failure",
                        outcome="accepted",
                        check_at=source.locate(check.span),
                    )

    def _fact(  # the parts of one observation
        self, form: str, test: x.Expression, subject: x.Expression, value: Value, outcome: tuple[str, x.Node | None],
        check: x.Node, context: Context,
    ) -> SecretAbsence:  # fmt: skip
        source = self.evaluator.source
        return SecretAbsence(
            **place_at(source, source.locate(test.span)),
            guard=context.guard,
            form=form,  # type: ignore[arg-type]
            outcome=outcome[0],  # type: ignore[arg-type]
            check_at=source.locate(check.span),
            name=last_word(subject),
            secret=redact(value, None),
            outcome_at=source.locate(outcome[1].span) if outcome[1] is not None else None,
        )


def _attempts(function: x.Function) -> Iterator[tuple[list[x.Statement], x.Block]]:
    """Yield what a function tries, each with what it does about an error."""
    before: x.Block | None = None
    for statement in bodies(function):
        inside = statement.body if isinstance(statement, x.Block) and statement.kind == "try" else []
        for part in inside:
            if isinstance(part, x.Block) and part.kind == "catch":
                yield [other for other in inside if other is not part], part
        if not isinstance(statement, x.Block):
            continue
        if statement.kind == "catch" and before is not None and before.span.end <= statement.span.start:
            yield [before], statement
        before = statement if statement.kind == "try" else before


def _subjects(test: x.Expression, operator: str) -> Iterator[x.Expression]:
    """Yield what is missing (`or`) or there (`and`) when a test holds."""
    match test:
        case x.Binary(operator=found, left=left, right=right) if found == operator:
            yield from _subjects(left, operator)
            yield from _subjects(right, operator)
        case x.Unary(operator="not", operand=operand) if operator == "or":
            yield from _plain(operand)
        case x.Binary(operator="==" | "!=" as found, left=left, right=x.Constant(kind="null") | x.Text(text="")):
            if (found == "==") == (operator == "or"):
                yield from _plain(left)
        case x.Name() | x.Member() | x.Index() | x.Call() if operator == "and":
            yield from _plain(test)
        case _:
            pass


def _plain(operand: x.Expression) -> Iterator[x.Expression]:
    match operand:
        case x.Name() | x.Member() | x.Index():
            yield operand
        case x.Call(callee=x.Member(object=inner, name="trim" | "strip")):
            yield from _plain(inner)
        case x.Call(callee=x.Name(id="Boolean" | "bool"), arguments=[only]):
            yield from _plain(only.value)
        case x.Call(arguments=[] | [_]):
            yield operand
        case x.Assertion(value=value):
            yield from _plain(value)
        case _:
            pass


def _may_be_missing(subject: x.Expression, value: Value) -> bool:
    """Return whether a value is a secret that may be missing: of a variable, of another file, of a caller."""
    name = last_word(subject)
    if isinstance(value, Parameter):
        return not value.path and name is not None and suggests_secret(name) and "TOKEN" not in tokens(name)
    return not isinstance(value, Join) and may_be_secret(value, name)
