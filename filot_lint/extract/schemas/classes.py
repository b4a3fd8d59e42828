"""Classes with annotated fields, as they are written: pydantic-settings and what works like it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at, plain
from filot_lint.extract.redact import redact
from filot_lint.extract.schemas.entry import Entry
from filot_lint.extract.schemas.model_fields import ModelFields
from filot_lint.extract.schemas.model_options import GROUP, ModelOptions
from filot_lint.extract.schemas.settings import Hierarchy, Variable, chained, local
from filot_lint.facts import EnvFile, ModelClass, ModelField
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Environment, Literal, Ref, Sequence, Value, options

SETTINGS = "<settings>"
"""The path of what a class of settings comes to, once the classes it builds on in other files are known."""

_FOREIGN = frozenset({"abc", "enum", "typing", "typing_extensions", "pydantic", "pydantic_settings", "collections", ""})
"""Modules whose classes hold no fields of ours."""

_TALLEST = 40


class Classes:
    """Reads the settings classes of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is read yet."""
        self.evaluator = evaluator
        self.models = evaluator.models
        self.fields = ModelFields(evaluator)
        self.options = ModelOptions(evaluator)
        self.hierarchy = Hierarchy(self._find)
        self._heirs: dict[str | None, list[ModelClass]] | None = None
        self._depth = 0
        self._read: dict[int, ModelClass] = {}
        self._nodes: dict[str, x.Class] = {}

    def of_class(self, node: x.Class, scope: Scope) -> Iterator[tuple[Environment, Entry]]:
        """Yield the variables that a settings class reads, unless other files decide what they are."""
        model = self.model(node, scope) if self.evaluator.python else None
        if model is None or not model.whole:
            return
        via = self.hierarchy.family(model).via
        if via is None or self._is_base(model) or self._is_group(model, scope):
            return
        bases = [found for base in model.bases if (found := self._find(model, base)) is not None]
        telling = [base for base in bases if not self._is_base(base)]
        told = {variable.names for base in telling for variable in self.hierarchy.variables(base)}
        for variable in self.hierarchy.variables(model):
            if variable.names not in told:
                for entry in self._entries(variable):
                    yield Environment(via), entry

    def of_fields(self, node: x.Class) -> dict[str, Value]:
        """Return each field of a settings class as the variable it is read from, nested settings as records."""
        parent = self.evaluator.scopes.of(node).parent
        model = self.model(node, parent) if self.evaluator.python and parent is not None else None
        if model is None:
            return {}
        found = dict(self.hierarchy.members(model).entries)
        if not model.whole and parent is self.evaluator.scopes.module:
            found["..."] = Sequence((Ref("", (SETTINGS, model.name)),))
        return found

    def exactly(self, node: x.Class, scope: Scope, prefix: str | None = None) -> list[Entry]:
        """Return the variables of a class that is filled from the environment as it is, or with names of its own."""
        model = self.model(node, scope)
        if model is None:
            return []
        found = self.hierarchy.exact(model) if prefix is None else self.hierarchy.named(model, prefix)
        return [entry for variable in found for entry in self._entries(variable)]

    def env_files(self) -> Iterator[EnvFile]:
        """Yield the files of variables that classes of settings load."""
        for model in self._read.values():
            for key, value in model.options:
                items = value.items if isinstance(value, Sequence) else (value,)
                names = [item for item in items if isinstance(item, Literal) and item.type == "string" and item.text]
                for name in names if key == "env_file" else ():
                    at = place_at(self.evaluator.source, name.at or model.location)
                    yield EnvFile(**at, path=plain(name.text), channel="code", required=False)

    def facts(self) -> Iterator[ModelClass]:
        """Yield the classes of the file for others to build on, without anything secret."""
        for statement in self._outer(self.evaluator.scopes.module):
            model = self.model(statement, self.evaluator.scopes.module)
            if model is not None and (model.fields or model.bases or model.via):
                fields = tuple(_shown(field) for field in model.fields)
                kept = tuple((key, redact(value, None) or UNKNOWN) for key, value in model.options)
                yield msgspec.structs.replace(model, fields=fields, options=kept)

    def _outer(self, scope: Scope) -> list[x.Class]:
        found = [b.node for bindings in scope.bindings.values() for b in bindings if isinstance(b.node, x.Class)]
        return found if self.evaluator.python else []

    # One class ------------------------------------------------------------------------------------------------------

    def model(self, node: x.Class, scope: Scope) -> ModelClass | None:
        """Return a class as it is written, read once."""
        if node.name is None:
            return None
        if id(node) not in self._read:
            self._nodes[node.name] = node
            via, bases = self._bases(node, scope)
            options = self.options.of(node, scope, via)
            via = via or self.options.decorated(node, scope, options)
            fields = tuple(self.fields.of(node, options))
            reads = via if self.options.reads_environment(node) else None
            place = place_at(self.evaluator.source, self.evaluator.source.locate(node.span))
            whole = all(self._is_here(base) for base in bases) and all(self._is_here(f.type) for f in fields)
            model = ModelClass(
                **place, name=node.name, bases=tuple(bases), via=reads, options=tuple(options.items()), fields=fields,
                whole=whole,
            )  # fmt: skip
            self._read[id(node)] = model
            if not all(self._is_whole(base, scope, node) for base in bases):
                self._read[id(node)] = msgspec.structs.replace(model, whole=False)
        return self._read[id(node)]

    def _bases(self, node: x.Class, scope: Scope) -> tuple[str | None, list[Value]]:
        """Return the library whose class of settings a class extends directly, and what else it extends."""
        via: str | None = None
        bases: list[Value] = []
        for base in node.bases:
            if base.name is not None:
                continue
            named = base.value.object if isinstance(base.value, x.Index) else base.value
            here = self._here(named, scope)
            if here is not None and here is not node:
                bases.append(Ref("", (here.name or "",)))
                continue
            for option in options(self.evaluator.evaluate(named, scope)):
                known = self.models.classes.get(self.evaluator.qualified(option) or "")
                via = via or (known.via if known is not None else None)
                if known is None and isinstance(option, Ref):
                    bases.append(option)
        return via, bases

    @staticmethod
    def _here(expression: x.Expression, scope: Scope) -> x.Class | None:
        bindings = scope.lookup(expression.id) if isinstance(expression, x.Name) else None
        node = bindings[-1].node if bindings else None
        return node if isinstance(node, x.Class) else None

    @staticmethod
    def _is_here(base: Value | None) -> bool:
        return not isinstance(base, Ref) or base.module.partition(".")[0] in _FOREIGN

    def _is_whole(self, base: Value, scope: Scope, child: x.Class) -> bool:
        name = local(base)
        node = self._here(x.Name(child.span, name), scope) if name is not None else None
        if node is None or node is child or self._depth == _TALLEST:
            return True
        self._depth += 1
        model = self.model(node, scope)
        self._depth -= 1
        return model is None or model.whole

    def _find(self, model: ModelClass, ref: Value) -> ModelClass | None:
        name = local(ref)
        if name is None or name == model.name:
            return None
        home = self._nodes.get(model.name)
        if home is None:
            return None
        scope = self.evaluator.scopes.of(home)
        node = self._here(x.Name(home.span, name), scope)
        return self.model(node, scope) if node is not None else None

    def _is_base(self, model: ModelClass) -> bool:
        """Return whether other classes give the fields of this one other names, and nothing makes an object of it."""
        if self._heirs is None:
            self._heirs = {}
            module = self.evaluator.scopes.module
            for heir in filter(None, [self.model(node, module) for node in self._outer(module)]):
                for base in heir.bases if heir.whole else ():
                    self._heirs.setdefault(local(base), []).append(heir)
        heirs = self._heirs.get(model.name, ())
        if not heirs:
            return False
        own = {name for variable in self.hierarchy.variables(model) for name, _ in variable.names}
        if any(own <= {name for v in self.hierarchy.variables(heir) for name, _ in v.names} for heir in heirs):
            return False
        made = f"{model.name}(".encode()
        text = self.evaluator.source.data
        return text.count(made) == text.count(b"class " + made)

    def _is_group(self, model: ModelClass, scope: Scope) -> bool:
        """Return whether a class that may be part of another one is."""
        if not any(key == GROUP for key, _ in model.options):
            return False
        outer = self._outer(self.evaluator.scopes.module) if scope.owner is None else [scope.owner]
        known = [self.model(node, scope.parent or scope if node is scope.owner else scope) for node in outer]
        types = [field.type for other in filter(None, known) for field in other.fields]
        return any(local(held) == model.name for held in types if held is not None)

    def _entries(self, variable: Variable) -> Iterator[Entry]:
        spans = self.fields.spans
        for name, at, default, required in chained(variable):
            shown = None if default is not None and _is_null(default) else default
            if at in spans:
                yield Entry(name, spans[at], shown, required, variable.cast)


def _is_null(value: Value) -> bool:
    return getattr(value, "type", None) == "null"


def _shown(field: ModelField) -> ModelField:
    """Return a field without anything secret."""
    given = tuple((key, redact(value, key.upper()) or UNKNOWN) for key, value in field.given)
    return msgspec.structs.replace(field, default=redact(field.default, field.name.upper()), given=given)
