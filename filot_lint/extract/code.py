"""Python, TypeScript and JavaScript: one analysis for all, driven by the models."""

from __future__ import annotations

from collections.abc import Iterable

from filot_lint.extract import problem
from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.libraries.definitions import definitions
from filot_lint.extract.libraries.doubles import Doubles
from filot_lint.extract.libraries.durations import durations
from filot_lint.extract.libraries.factories import Factories
from filot_lint.extract.libraries.framework_settings import FrameworkSettings
from filot_lint.extract.libraries.gpu_branches import gpu_branches
from filot_lint.extract.libraries.gpus import gpu_uses
from filot_lint.extract.libraries.library import Library
from filot_lint.extract.libraries.metric_formats import MetricFormats
from filot_lint.extract.libraries.registered import temporal_types
from filot_lint.extract.libraries.starting import effects
from filot_lint.extract.libraries.substitutes import Substitutes
from filot_lint.extract.libraries.tls_options import TlsOptions
from filot_lint.extract.place import place_at, readable
from filot_lint.extract.reads.reads import Reads, Touch
from filot_lint.extract.reads.walk import Context, Walk
from filot_lint.extract.redact import redact
from filot_lint.extract.schemas import Entry, Schemas
from filot_lint.extract.secrets.secrets import Secrets
from filot_lint.facts import Exported, Fact, Guard, Imports, Summary
from filot_lint.models import Models
from filot_lint.source import Language, SourceFile, Span
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Callable, Environment, Literal, Parameter, Record, Unknown, Value


def lower(source: SourceFile) -> x.Module:
    """Lower a code file."""
    if source.language is Language.PYTHON:
        from filot_lint.syntax import python  # noqa: PLC0415  # grammars load only when needed

        return python.lower(source)
    from filot_lint.syntax import typescript  # noqa: PLC0415

    return typescript.lower(source)


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the facts of a code file; what the grammar does not understand becomes a `Problem` beside them."""
    readable(source)
    module = lower(source)
    analysis = _Analysis(source, module, models)
    facts = analysis.run()
    for span in module.errors[:1]:
        facts.append(
            problem(source, "the syntax is not understood here; facts around it are kept", span.row + 1, partial=True)
        )
    for span in module.truncated[:1]:
        facts.append(problem(source, "nested too deeply here; this part was not analysed", span.row + 1, partial=True))
    return facts


class _Analysis:
    """Records what the walk finds; the collectors turn it into facts."""

    def __init__(self, source: SourceFile, module: x.Module, models: Models) -> None:
        self.source = source
        self.module = module
        self.scopes = Scopes(module)
        self.evaluator = Evaluator(source, self.scopes, models)
        self.reads = Reads(source, self.scopes, self.evaluator)
        self.read = self.reads.read
        self.whole = self.reads.whole
        self.assigned = self.reads.assigned
        self.replaced = self.reads.replaced
        self.used = self.reads.used
        self.demanded = self.reads.demanded
        self.either = self.reads.either
        self.member = self.reads.member
        self.imported_member = self.reads.imported_member
        self.schemas = Schemas(self.evaluator)
        self.library = Library(source, self.evaluator)
        self.secrets = Secrets(self.evaluator)
        self.compared = self.secrets.comparisons.operator
        self.branched = self.secrets.absences.branch
        self.tls = TlsOptions(self.evaluator)
        self.metrics = MetricFormats(self.evaluator)
        self.branches: dict[Span, Guard] = {}
        self.factories = Factories(self.evaluator)
        family = "python" if source.language is Language.PYTHON else "typescript"
        self.doubles = Doubles(source, models.doubles.get(family, set()))
        self.gpu_libraries = models.gpu_libraries.get(family, set())

    def run(self) -> list[Fact]:
        walk = Walk(self.evaluator, self.scopes, self)
        walk.statements(self.module.body, self.scopes.module, Context())
        for call, models, scope in FrameworkSettings(self.evaluator).of(self.module.body, self.scopes.module):
            self.library.setting(call, models, scope, self.branches.get(call.span, "always"))
        self.doubles.defined(self.module.body)
        self.schemas.settle(self.reads.touches)
        imports = self._imports()
        secrets = list(self.secrets.facts(self.module.body))
        return [
            *self.reads.facts(),
            *self.library.facts,
            *self.library.elsewhere,
            *self.tls.facts,
            *self.metrics.facts(self.module.body),
            *self.factories.facts([*self.library.facts, *self.library.elsewhere, *secrets]),
            *self.doubles.facts,
            *Substitutes(self.evaluator, walk.demands).facts(self.module.body),
            *secrets,
            *imports,
            *self._exports(),
            *self.schemas.linked(self.module),
            *definitions(self.source, self.module),
            *effects(self.source, self.module),
            *gpu_uses(self.source, self.module, [f for f in imports if isinstance(f, Imports)], self.gpu_libraries),
            *gpu_branches(self.source, self.module),
            *durations(self.evaluator, self.module.body),
            *temporal_types(self.evaluator, self.module.body),
        ]

    # What the walk tells --------------------------------------------------------------------------------------------

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        self.library.call(call, callee, scope, context.guard)
        callee = self.library.injected.callee(callee)
        self.factories.call(call, callee, scope, context.guard)
        self.secrets.call(call, callee, scope, context)
        self.reads.call(call, callee, scope, context)
        for read_from, entry in self.schemas.of_call(call, callee, scope):
            self._entry(read_from, entry, context)
        for handed, function in self.schemas.callbacks(call, callee, scope):
            self.reads.call(handed, function, scope, context.fresh())

    def mapping(self, mapping: x.Mapping, scope: Scope, context: Context) -> None:
        self.tls.mapping(mapping, scope, context.guard)
        self.metrics.mapping(mapping, scope, context.guard)

    def branch(self, statement: x.Statement, guard: Guard) -> None:
        if guard != "always":
            self.branches[statement.span] = guard

    def class_(self, node: x.Class, scope: Scope, context: Context) -> None:
        for environment, entry in self.schemas.of_class(node, scope):
            self._entry(environment, entry, context)

    def _entry(self, read_from: Environment | Parameter, entry: Entry, context: Context) -> None:
        location = self.source.locate(entry.place)
        inner = context.fresh()._replace(cast=entry.cast)
        key = Literal(entry.name, "string", location)
        if isinstance(read_from, Parameter):
            asked = inner._replace(asserted=bool(entry.required))
            self.reads.member(read_from, key, entry.place, asked, entry.default)
            return
        touch = Touch(key, read_from.via, read_from.prefix, location, inner, "read", entry.default,
                      direct=True, required=entry.required, truth=entry.truth)  # fmt: skip
        self.reads.touches.append(touch)

    # Links ----------------------------------------------------------------------------------------------------------

    def _imports(self) -> list[Fact]:
        found: list[Fact] = []
        for statement, scope in self.scopes.imports:
            self.doubles.imported(statement.module, statement.span, type_only=statement.type_only)
            names = tuple((exported, local) for exported, local, _ in statement.names)
            found.append(
                Imports(
                    **place_at(self.source, self.source.locate(statement.span)),
                    module=statement.module,
                    names=names,
                    lazy=scope.function is not None,
                    type_only=statement.type_only,
                )
            )
        for export in self.module.body:
            if isinstance(export, x.Export) and export.module is not None:
                place = place_at(self.source, self.source.locate(export.span))
                names = tuple(export.names)
                found.append(Imports(**place, module=export.module, names=names, reexport=True))
        found.extend(self._required())
        return found

    def _required(self) -> list[Fact]:
        """Return the modules loaded by `require` and `import()`."""
        found: list[Fact] = []
        for call, scope, deferred in _calls(self.module.body, self.scopes):
            if isinstance(call.callee, x.Name) and call.callee.id in {"require", "import"} and call.arguments:
                module = self.evaluator.evaluate(call.arguments[0].value, scope)
                if isinstance(module, Literal):
                    place = place_at(self.source, self.source.locate(call.span))
                    found.append(Imports(**place, module=module.text, lazy=deferred))
        return found

    def _exports(self) -> list[Fact]:
        found: list[Fact] = []
        scope = self.scopes.module
        for exported, local in self.module.exports.items():
            for binding in (scope.bindings.get(local) or [])[:1]:
                span = (binding.expression or binding.node or self.module.body[0]).span
                value = self.evaluator.named(local, scope)
                if not isinstance(value, Unknown):
                    found.append(self._exported(exported, value, span))
        for value, span, name in self._module_exports():
            found.append(self._exported(name, value, span))
        found.extend(self._summaries(found))
        return found

    def _exported(self, name: str, value: Value, span: Span) -> Exported:
        place = place_at(self.source, self.source.locate(span))
        return Exported(**place, name=name, value=redact(value, None) or UNKNOWN)

    def _module_exports(self) -> list[tuple[Value, Span, str]]:
        """Return CommonJS exports: `module.exports = {...}` and `exports.x = ...`."""
        found: list[tuple[Value, Span, str]] = []
        for statement in self.module.body:
            if not isinstance(statement, x.Assign) or not isinstance(statement.target, x.Member):
                continue
            target = statement.target
            value = self.evaluator.evaluate(statement.value, self.scopes.module)
            owner = target.object
            if isinstance(owner, x.Name) and owner.id == "module" and target.name == "exports":
                found.append((value, statement.span, "default"))
                if isinstance(value, Record):
                    found.extend((entry, statement.span, key) for key, entry in value.entries)
            elif (isinstance(owner, x.Name) and owner.id == "exports") or (
                isinstance(owner, x.Member) and owner.name == "exports"
            ):
                found.append((value, statement.span, target.name))
        return found

    def _summaries(self, exported: list[Fact]) -> list[Fact]:
        """Return what the exported functions return, and the functions that those return."""
        waiting = {key for fact in exported if isinstance(fact, Exported) for key in _functions(fact.value)}
        found: dict[str, Summary] = {}
        while waiting:
            key = min(waiting)
            function, returned = self.scopes.functions[key], self.evaluator.returned(key)
            scope = self.scopes.of(function)
            defaults = (None if p.default is None else self.evaluator.evaluate(p.default, scope)
                        for p in function.parameters)  # fmt: skip
            found[key] = Summary(
                **place_at(self.source, self.source.locate(function.span)),
                function=key,
                parameters=tuple(p.target.id if isinstance(p.target, x.Name) else "" for p in function.parameters),
                returned=redact(returned, None) or UNKNOWN,
                defaults=tuple(redact(value, None) for value in defaults),
            )
            waiting = (waiting | _functions(returned)) - found.keys()
        return [summary for _, summary in sorted(found.items()) if not isinstance(summary.returned, Unknown)]


def _functions(value: Value) -> set[str]:
    if isinstance(value, Callable):
        return {value.function}
    if isinstance(value, Record):
        return {function for _, entry in value.entries for function in _functions(entry)}
    return set()


def _calls(body: list[x.Statement], scopes: Scopes) -> Iterable[tuple[x.Call, Scope, bool]]:
    """Yield `require` and `import()` calls: as statements or as the value of a declaration, wherever they stand."""
    stack: list[tuple[list[x.Statement], Scope, bool]] = [(body, scopes.module, False)]
    while stack:
        statements, scope, deferred = stack.pop()
        for statement in statements:
            match statement:
                case x.Assign(value=value) | x.Evaluate(value=value) | x.Return(value=value):
                    for call in _heads(value):
                        yield call, scope, deferred
                    if isinstance(value, x.Lambda):
                        stack.append((value.function.body, scopes.of(value.function), True))
                case x.Function(body=inner):
                    stack.append((inner, scopes.of(statement), True))
                case x.Class(body=inner):
                    stack.append((inner, scopes.of(statement), deferred))
                case x.If(then=then, otherwise=otherwise):
                    stack.append((then, scopes.opens(statement, 0, scope), deferred))
                    stack.append((otherwise, scopes.opens(statement, 1, scope), deferred))
                case x.Loop(body=inner) | x.Block(body=inner):
                    stack.append((inner, scopes.opens(statement, 0, scope), deferred))
                case _:
                    pass


def _heads(value: x.Expression | None) -> Iterable[x.Call]:
    """Yield the calls down the left side of an expression: `require("x").y()`."""
    while value is not None:
        if isinstance(value, x.Call):
            yield value
            value = value.callee
        elif isinstance(value, x.Member | x.Index):
            value = value.object
        else:
            return
