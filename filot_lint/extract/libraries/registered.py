"""What Temporal knows workflows and activities by: names of classes and functions, lists of them, whole modules."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.arguments import Arguments, Path
from filot_lint.extract.libraries.selection import select
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.logs import dotted
from filot_lint.facts import TemporalType
from filot_lint.models import Selector
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Callable, Coalesce, Literal, Record, Ref, Sequence, Value, constant

_HERE = frozenset({"__dirname", "import.meta.dirname"})


def temporal_types(evaluator: Evaluator, body: list[x.Statement]) -> Iterator[TemporalType]:
    """Yield the classes, functions and methods that are decorated as workflows or activities."""
    if not evaluator.models.temporal_types or not evaluator.python:
        return
    scope = evaluator.scopes.module
    for node in body:
        if isinstance(node, x.Class | x.Function) and node.name:
            yield from _decorated(evaluator, node, node.name, scope)
        if isinstance(node, x.Class):
            for method in node.body:
                if isinstance(method, x.Function) and method.name:
                    yield from _decorated(evaluator, method, f"{node.name}.{method.name}", scope)


def _decorated(evaluator: Evaluator, node: x.Class | x.Function, name: str, scope: Scope) -> Iterator[TemporalType]:
    for decorator in node.decorators:
        called = decorator if isinstance(decorator, x.Call) else None
        value = evaluator.evaluate(called.callee if called else decorator, scope)
        keyword = evaluator.models.temporal_types.get(evaluator.qualified(value) or "")
        if keyword is None:
            continue
        given = select(called, keyword) if called else None
        word = name.rpartition(".")[2] if given is None else constant(evaluator.evaluate(given, scope))
        place = place_at(evaluator.source, evaluator.source.locate(node.span))
        yield TemporalType(**place, name=name, called=word)


def registered_name(arguments: Arguments, selector: Selector) -> Value | None:
    """Return the workflow that a call names: a text, or a class or function of this file or another one."""
    for path in selector:
        expression = _written(arguments, path)
        if expression is not None:
            return _symbol(expression, arguments)
    return arguments.value(selector, set())


def registered_names(arguments: Arguments, selector: Selector) -> Value | None:
    """Return what a worker is given to run: a list, the keys of an object, or a module with all its functions."""
    for path in selector:
        expression = _written(arguments, path)
        if expression is not None:
            return _several(expression, arguments)
    return None if arguments.value(selector, set()) is None else UNKNOWN


def _written(arguments: Arguments, path: Path) -> x.Expression | None:
    """Return the expression at a path, where it and the objects around it are written out."""
    expression = select(arguments.call, path[0])
    for step in path[1:]:
        expression = _behind(expression, arguments.scope)
        entries = expression.entries if isinstance(expression, x.Mapping) else []
        found = [e.value for e in entries if isinstance(e.key, x.Text) and e.key.text == step]
        expression = found[-1] if found else None
    return expression


def _behind(expression: x.Expression | None, scope: Scope) -> x.Expression | None:
    """Return what a name is bound to once, in this file."""
    if isinstance(expression, x.Assertion):
        return _behind(expression.value, scope)
    if isinstance(expression, x.Name):
        found = scope.lookup(expression.id) or []
        if len(found) == 1 and found[0].kind == "value" and not found[0].path and found[0].expression is not None:
            return found[0].expression
    return expression


def _symbol(expression: x.Expression, arguments: Arguments) -> Value:
    value = arguments.evaluator.evaluate(expression, arguments.scope)
    if isinstance(value, Ref):
        return value if value.module and "()" not in value.path else UNKNOWN
    steps = dotted(expression).split(".")
    bound = arguments.scope.lookup(steps[0]) or []
    if steps[0] and (isinstance(value, Callable) or any(b.kind in {"class", "function"} for b in bound)):
        return Ref(_own(arguments), tuple(steps))
    return UNKNOWN if isinstance(value, Callable | Record | Sequence) else value


def _several(expression: x.Expression, arguments: Arguments) -> Value:
    behind = _behind(expression, arguments.scope)
    match behind:
        case x.Array(items=items):
            return _joined(
                _several(item.value, arguments) if isinstance(item, x.Spread) else _symbol(item, arguments)
                for item in items
            )
        case x.Mapping(entries=entries):
            return _joined(
                Literal(e.key.text) if isinstance(e.key, x.Text) else UNKNOWN if e.key else _several(e.value, arguments)
                for e in entries
            )
    module = _module(behind, arguments)
    if module is not None:
        return Ref(module, ())
    value = arguments.evaluator.evaluate(expression, arguments.scope)
    if isinstance(value, Record):
        return Sequence(tuple(Literal(key) for key, _ in value.entries if key != "..."), value.open)
    return value if isinstance(value, Ref) else UNKNOWN


def _joined(values: Iterator[Value]) -> Sequence:
    """Put names and lists of names into one list; it is open where one of them is not known."""
    items: list[Value] = []
    opened = False
    for value in values:
        if isinstance(value, Sequence):
            items.extend(value.items)
            opened = opened or value.open
        elif isinstance(value, Literal | Ref | Coalesce):
            items.append(value)
        else:
            opened = True
    return Sequence(tuple(items), opened)


def _module(expression: x.Expression | None, arguments: Arguments) -> str | None:
    """Return the module at `require.resolve("./a")`, `path.join(__dirname, "a")`, `new URL("./a", import.meta.url)`."""
    if isinstance(expression, x.Name) and expression.id == "__filename":
        return _own(arguments)
    if isinstance(expression, x.Member) and expression.name == "pathname":
        return _module(_behind(expression.object, arguments.scope), arguments)
    if not isinstance(expression, x.Call) or not expression.arguments:
        return None
    given = [a.value for a in expression.arguments]
    texts = [part.text if isinstance(part, x.Text) else None for part in given]
    name = dotted(expression.callee)
    if name in {"require.resolve", "URL"}:
        return texts[0]
    if name.rpartition(".")[2] == "fileURLToPath":
        return _module(_behind(given[0], arguments.scope), arguments)
    if name.rpartition(".")[2] in {"join", "resolve"} and dotted(given[0]) in _HERE and None not in texts[1:]:
        path = posixpath.normpath("/".join(text for text in texts[1:] if text is not None))
        return path if path.startswith(".") else f"./{path}"
    return None


def _own(arguments: Arguments) -> str:
    """Return what a file of the same folder would call this one."""
    stem = posixpath.splitext(posixpath.basename(arguments.evaluator.source.path))[0]
    return f".{stem}" if arguments.evaluator.python else f"./{stem}"
