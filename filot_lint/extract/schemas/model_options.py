"""What a class of settings configures: `model_config`, an inner `Config`, keywords of the class, a decorator."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope, children
from filot_lint.extract.schemas.entry import last_word
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, Record, Value, options

_KNOWN = ("env_prefix", "env_nested_delimiter", "env_prefix_target", "case_sensitive", "populate_by_name",
          "validate_by_name", "env_nested_max_split", "alias_generator", "fields", "env_file", "optional")  # fmt: skip
GROUP = "group"
"""The option of a class that is read by itself unless another one holds it."""

_SOURCES = frozenset({"settings_customise_sources", "customise_sources"})


class ModelOptions:
    """Reads the configuration of settings classes of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Options are evaluated with the file's values."""
        self.evaluator = evaluator

    def of(self, node: x.Class, scope: Scope, via: str | None) -> dict[str, Value]:
        """Return the options that decide names and files."""
        found: dict[str, Value] = {}
        if via is not None and any(self._is_old(base.value, scope) for base in node.bases):
            found["optional"] = Literal("true", "boolean")
        for base in node.bases:
            if base.name is not None:
                found[base.name] = self.evaluator.evaluate(base.value, scope)
        for statement in node.body:
            if isinstance(statement, x.Class) and statement.name == "Config":
                found.update(self._record(self.evaluator.class_record(statement)))
            elif isinstance(statement, x.Assign) and _is_named(statement.target, "model_config"):
                found.update(self._configured(statement.value, self.evaluator.scopes.of(node)))
        return {key: value for key, value in found.items() if key in _KNOWN}

    def decorated(self, node: x.Class, scope: Scope, found: dict[str, Value]) -> str | None:
        """Return the library whose decorator makes a class one of settings; its prefix is added to the options."""
        for decorator in node.decorators:
            call = decorator if isinstance(decorator, x.Call) else x.Call(decorator.span, decorator, [])
            name = self.evaluator.qualified(self.evaluator.evaluate(call.callee, scope))
            model = self.evaluator.models.class_decorators.get(name or "")
            if model is not None:
                prefix = self.evaluator.argument(call, model.prefix, scope)
                text = prefix.text if isinstance(prefix, Literal) else ""
                found["env_prefix"] = Literal(f"{text}_" if text else "")
                found["env_nested_delimiter"] = Literal("_")
                found["absolute_aliases"] = Literal("true", "boolean")
                found.update({GROUP: Literal("true", "boolean")} if prefix is None else {})
                return model.via
        return None

    def _is_old(self, base: x.Expression, scope: Scope) -> bool:
        """Return whether a class is one of pydantic 1, where what may be None may be left out."""
        found = [self.evaluator.qualified(option) or "" for option in options(self.evaluator.evaluate(base, scope))]
        return bool(found) and all(name in {"pydantic.BaseSettings", "pydantic.v1.BaseSettings"} for name in found)

    def _configured(self, value: x.Expression | None, scope: Scope) -> dict[str, Value]:
        if isinstance(value, x.Binary):
            return {**self._configured(value.left, scope), **self._configured(value.right, scope)}
        if not isinstance(value, x.Call):
            return self._record(self.evaluator.evaluate(value, scope))
        found: dict[str, Value] = {}
        for argument in value.arguments:
            if argument.spread:
                found.update(self._record(self.evaluator.evaluate(argument.value, scope)))
            elif argument.name is not None:
                found[argument.name] = self.evaluator.evaluate(argument.value, scope)
        return found

    @staticmethod
    def _record(value: Value) -> dict[str, Value]:
        return dict(value.entries) if isinstance(value, Record) else {}

    @staticmethod
    def reads_environment(node: x.Class) -> bool:
        """Return whether a class that chooses its sources keeps the environment among them."""
        method = next((s for s in node.body if isinstance(s, x.Function) and s.name in _SOURCES), None)
        returns = [s.value for s in method.body if isinstance(s, x.Return)] if method is not None else []
        return not returns or any(_mentions_environment(value) for value in returns)


def _mentions_environment(value: x.Expression | None) -> bool:
    stack = [value] if value is not None else []
    while stack:
        node = stack.pop()
        if isinstance(node, x.Name | x.Member) and "env" in last_word(node).lower():
            return True
        stack.extend(children(node))
    return False


def _is_named(target: x.Pattern, name: str) -> bool:
    return isinstance(target, x.Name) and target.id == name
