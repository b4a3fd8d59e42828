"""Mocks, stubs and fakes by definition and by import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from filot_lint.extract.evaluation.scopes import children
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.logs import is_log
from filot_lint.facts import TestDouble
from filot_lint.source import Area, SourceFile, Span
from filot_lint.syntax import expression as x

_WORDS = frozenset({"mock", "fake", "stub", "dummy"})
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


_DEFINED = re.compile(
    rb"(?i)\b(?:class|function|def|const|interface)\s+\w{0,60}?(?:mock|fake|stub|dummy)\w{0,60}"
    rb"|\bstub\b|\bnot (?:yet )?implemented",
    re.ASCII,
)
_UNFINISHED = re.compile(r"(?i)\b(?:not (?:yet |currently )?implemented|unimplemented)\b")
_PRETENDS = re.compile(
    r"(?i)\b(?:stub(?:bed)?|mock(?:ed)?|fake|dummy|simulat(?:ed|ing|ion)|not (?:yet )?implemented)\b"
)


def suspected(path: str, data: bytes) -> bool:
    """Return whether a file may define a double: by its name, or by the name of a definition in it."""
    parts = PurePosixPath(path).parts
    stem = parts[-1].split(".")[0]
    return "__mocks__" in parts or any(w in _WORDS for w in words(stem)) or _DEFINED.search(data) is not None


def words(name: str) -> list[str]:
    """Split an identifier or file stem into its lower-case words."""
    return [word.lower() for word in _SPLIT.findall(name)]


class Doubles:
    """Collects test doubles of one file."""

    def __init__(self, source: SourceFile, libraries: set[str]) -> None:
        """`libraries` are the modules that exist only for tests."""
        self.source = source
        self.libraries = libraries
        self.facts: list[TestDouble] = []
        path = PurePosixPath(source.path)
        stem = path.name.split(".")[0]
        marked = [w for w in words(stem) if w in _WORDS]
        self.module_evidence = f"file is called {path.name}" if marked else None
        if "__mocks__" in path.parts:
            self.module_evidence = "file stands in __mocks__"
        if self.module_evidence is not None:
            self._add(Span(0, 0, 0, 0, 0, 0), path.name, "module", (self.module_evidence,))

    def _add(self, span: Span, symbol: str, form: str, evidence: tuple[str, ...]) -> None:
        place = place_at(self.source, self.source.locate(span))
        self.facts.append(TestDouble(**place, symbol=symbol, form=form, evidence=evidence))  # type: ignore[arg-type]

    def imported(self, module: str, span: Span, *, type_only: bool) -> None:
        """Record the import of a library that exists for tests, where no test does it."""
        top = module.split(".", 1)[0]
        if self.source.area is not Area.TEST and not type_only and (module in self.libraries or top in self.libraries):
            self._add(span, module, "import", (f"imports {module}, a library for tests",))

    def defined(self, body: list[x.Statement], owner: str = "") -> None:
        """Record classes and functions that are named as doubles, or that only say that they do nothing."""
        for statement in body:
            match statement:
                case x.Class(name=str(name), body=inner):
                    self._named(statement, name, "class")
                    if not _is_interface(statement):
                        self.defined(inner, f"{name}.")
                case x.Function(name=str(name)):
                    self._function(statement, name, owner)
                case x.Assign(target=x.Name(id=name), value=x.Lambda(function=function)):
                    self._function(function, name, owner, statement)
                case x.Assign(target=x.Name(id=name), value=x.Mapping(entries=entries)):
                    for entry in entries:
                        if isinstance(entry.key, x.Text) and isinstance(entry.value, x.Lambda):
                            self._unfinished(entry.value.function, f"{name}.{entry.key.text}", entry)
                case _:
                    pass

    def _function(self, function: x.Function, name: str, owner: str, at: x.Node | None = None) -> None:
        if not owner and any(word in _WORDS for word in words(name)):
            self._named(at or function, name, "function")
        else:
            self._unfinished(function, owner + name, at or function)

    def _named(self, node: x.Node, name: str, form: str) -> None:
        found = [word for word in words(name) if word in _WORDS]
        if found:
            evidence = [f"named {name}"]
            if self.module_evidence is not None:
                evidence.append(self.module_evidence)
            self._add(_head(node), name, form, tuple(evidence))

    def _unfinished(self, function: x.Function, symbol: str, at: x.Node) -> None:
        """Record a function that does nothing but say so; abstract methods raise a bare error and are none."""
        body = function.body
        if _is_unfinished(function) and "implemented" not in symbol.lower():
            evidence = "always ends by raising that it is not implemented"
        elif body and all(_is_idle(statement) for statement in body) and any(_says_so(s) for s in body):
            evidence = "does nothing but log that it is a stand-in"
        else:
            return
        more = (self.module_evidence,) if self.module_evidence is not None else ()
        self._add(_head(at), symbol, "function", (evidence, *more))


def _is_unfinished(function: x.Function) -> bool:
    last = function.body[-1] if function.body else None
    return isinstance(last, x.Raise) and any(_UNFINISHED.search(text) for text in _texts(last.value))


def _is_interface(node: x.Class) -> bool:
    """Return whether a class only says what others are to implement."""
    methods = [s for s in node.body if isinstance(s, x.Function) and s.name not in {"constructor", "__init__"}]
    return bool(methods) and not node.bases and all(_is_unfinished(m) and len(m.body) == 1 for m in methods)


def _head(node: x.Node) -> Span:
    return node.span._replace(end_row=node.span.row, end_column=node.span.column + 1)


def _is_idle(statement: x.Statement) -> bool:
    """Return whether a statement only writes a message, returns a constant or keeps one."""
    match statement:
        case x.Evaluate(value=value):
            return isinstance(value, x.Text) or (isinstance(value, x.Call) and is_log(value.callee))
        case x.Return(value=value):
            return value is None or _is_fixed(value)
        case x.Assign(target=x.Member(object=x.Name(id="this" | "self")), value=value):
            return value is not None and _is_fixed(value)
        case _:
            return False


def _is_fixed(value: x.Expression) -> bool:
    match value:
        case x.Text() | x.Number() | x.Constant():
            return True
        case x.Array(items=items):
            return all(_is_fixed(item) for item in items)
        case x.Mapping(entries=entries):
            return all(entry.key is not None and _is_fixed(entry.value) for entry in entries)
        case x.Call(callee=callee):
            return is_log(callee)
        case _:
            return False


def _says_so(statement: x.Statement) -> bool:
    value = statement.value if isinstance(statement, x.Evaluate | x.Return) else None
    if not isinstance(value, x.Call) or not is_log(value.callee):
        return False
    return any(_PRETENDS.search(text) for argument in value.arguments for text in _texts(argument.value))


def _texts(expression: x.Expression | None) -> Iterator[str]:
    """Yield the texts an expression is made of."""
    stack = [expression] if expression is not None else []
    while stack:
        part = stack.pop()
        if isinstance(part, x.Text):
            yield part.text
        stack.extend(children(part))
