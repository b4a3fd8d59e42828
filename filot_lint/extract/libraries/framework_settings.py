"""Settings that a framework reads by name: `DATABASES = {...}`, `app.conf.broker_url = x`, `class WorkerSettings`.

To the models each is a call whose first argument is the value; the other names assigned beside it are its keywords.
"""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.facts import TlsSetting
from filot_lint.models import CallModel
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Instance, Ref, options

_MAX_KEYWORDS = 200


class FrameworkSettings:
    """Finds the settings of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values of what is assigned."""
        self.evaluator = evaluator
        self.family = "python" if evaluator.python else "typescript"
        self.known = evaluator.models.settings

    def of(self, body: list[x.Statement], scope: Scope) -> Iterator[tuple[x.Call, list[CallModel], Scope]]:
        """Yield each setting as a call, with what it means; functions are looked into, too."""
        seen: set[str] = set()
        keywords: list[x.Argument] | None = None
        for statement, inner in self._statements(body, scope):
            if isinstance(statement, x.Assign) and statement.value is None:
                continue
            name = self._name(statement, inner)
            models = self.known.get((self.family, name), []) if name is not None else []
            if name is None or not models or (name in seen and not all(m.fact is TlsSetting for m in models)):
                continue
            seen.add(name)
            if keywords is None:
                keywords = [x.Argument(n.span, n, n.id) for n in _names(body)][:_MAX_KEYWORDS]
            value = _value(statement)
            call = x.Call(statement.span, value, [x.Argument(value.span, value), *keywords])
            fitting = [model for model in models if not model.beside or _beside(model, keywords)]
            yield call, fitting, inner

    def _statements(self, body: list[x.Statement], scope: Scope) -> Iterator[tuple[x.Statement, Scope]]:
        stack: list[tuple[list[x.Statement], Scope]] = [(body, scope)]
        while stack:
            statements, inner = stack.pop()
            for statement in statements:
                match statement:
                    case x.Assign():
                        yield statement, inner
                    case x.Class(body=nested):
                        yield statement, inner
                        stack.append((nested, self.evaluator.scopes.of(statement)))
                    case x.Function(body=nested):
                        stack.append((nested, self.evaluator.scopes.of(statement)))
                    case x.If(then=then, otherwise=otherwise):
                        stack.append((then, self.evaluator.scopes.opens(statement, 0, inner)))
                        stack.append((otherwise, self.evaluator.scopes.opens(statement, 1, inner)))
                    case x.Block(body=nested) | x.Loop(body=nested):
                        stack.append((nested, self.evaluator.scopes.opens(statement, 0, inner)))
                    case _:
                        pass

    def _name(self, statement: x.Statement, scope: Scope) -> str | None:
        """Return the name a setting is known by: its own, or that of an attribute of a labelled object."""
        if isinstance(statement, x.Class):
            return statement.name
        target = statement.target if isinstance(statement, x.Assign) else None
        match target:
            case x.Name(id=name) if scope.function is None:
                return None if self._is_variable(name, scope) else name
            case x.Member(object=owner, name=name):
                return self._of(owner, name, scope)
            case x.Index(object=owner, key=x.Text(text=name)):
                return self._of(owner, name, scope)
            case _:
                return None

    def _is_variable(self, name: str, scope: Scope) -> bool:
        """Return whether a name is a field that a settings class fills from the environment: no framework sees it."""
        owner, known = scope.enclosing_class(), self.evaluator.settings
        return owner is not None and known is not None and name in known.of_fields(owner)

    def _of(self, owner: x.Expression, name: str, scope: Scope) -> str | None:
        if not any(known.endswith("." + name) for family, known in self.known if family == self.family):
            return None
        found = list(options(self.evaluator.evaluate(owner, scope)))
        if any(isinstance(kind, Environment) for kind in found):
            return f"environment.{name}"
        made = next((f"{kind.type}.{name}" for kind in found if isinstance(kind, Instance)), None)
        module = self.evaluator.qualified(found[0]) if made is None and isinstance(found[0], Ref) else None
        return made if module is None else f"{module}.{name}"


def _value(statement: x.Statement) -> x.Expression:
    """Return what stands for the value: the name, so that what is put into it later counts, or what is assigned."""
    if isinstance(statement, x.Class):
        return x.ClassValue(statement.span, statement)
    if isinstance(statement, x.Assign) and isinstance(statement.target, x.Name):
        return statement.target
    if isinstance(statement, x.Assign) and statement.value is not None:
        return statement.value
    return x.Constant(statement.span, "null")


def _names(body: list[x.Statement]) -> Iterator[x.Name]:
    """Yield the names assigned in a body, each once."""
    found: dict[str, x.Name] = {}
    for statement in body:
        if isinstance(statement, x.Assign) and isinstance(statement.target, x.Name) and statement.value is not None:
            found.setdefault(statement.target.id, statement.target)
    yield from found.values()


def _beside(model: CallModel, keywords: list[x.Argument]) -> bool:
    return any(keyword.name in model.beside for keyword in keywords)
