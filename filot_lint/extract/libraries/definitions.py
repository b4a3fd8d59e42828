"""Functions of a file with every word they mention: enough to tell which of them no code of a deployable calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from filot_lint.extract.evaluation.guards import is_main
from filot_lint.extract.place import place_at
from filot_lint.facts import Definition
from filot_lint.source import SourceFile
from filot_lint.syntax import expression as x

_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_LONGEST = 200
_LISTS = frozenset({"__all__", "__slots__"})


def definitions(source: SourceFile, module: x.Module) -> list[Definition]:
    """Return one fact per function and method of the outermost level, and one for what runs at load."""
    return _Definitions(source, module).run()


class _Definitions:
    def __init__(self, source: SourceFile, module: x.Module) -> None:
        self.source = source
        self.module = module
        self.aliases: dict[str, set[str]] = {}
        for exported, local in module.exports.items():
            self.aliases.setdefault(local, set()).add(exported)
        self.found: list[Definition] = []
        self.loaded: set[str] = set()

    def run(self) -> list[Definition]:
        for statement in self.module.body:
            self._statement(statement)
        if self.loaded:
            place = place_at(self.source, self.source.at_line(1))
            self.found.append(Definition(**place, names=(), mentions=tuple(sorted(self.loaded))))
        return self.found

    def _statement(self, statement: x.Statement) -> None:
        match statement:
            case x.Function(name=str(name)):
                self._function(statement, name)
            case x.Class(name=str(name)):
                self._class(statement, name)
            case x.Assign(target=x.Name(id=name), value=x.Lambda(function=function)):
                self._function(function, name)
            case x.Assign(target=x.Name(id=name)) if name in _LISTS:
                pass
            case x.Assign(target=x.Member() as target, value=value) if _is_exports(target):
                self._exported(target.name, value)
            case x.If(then=then) if is_main(statement.test):
                place = place_at(self.source, self.source.locate(statement.span))
                words = set().union(*(_mentions(part) for part in then))
                self.found.append(Definition(**place, names=("__main__",), mentions=tuple(sorted(words))))
            case x.If(test=test, then=then, otherwise=otherwise):
                self.loaded.update(_mentions(test))
                for inner in (*then, *otherwise):
                    self._statement(inner)
            case x.Block(body=body):
                for inner in body:
                    self._statement(inner)
            case x.Import() | x.Export():
                pass
            case _:
                self.loaded.update(_mentions(statement))

    def _exported(self, name: str, value: x.Expression | None) -> None:
        """Take `module.exports = {...}` and `exports.name = ...`: to export a function is not to call it."""
        if isinstance(value, x.Lambda):
            self._function(value.function, name)
        elif isinstance(value, x.Mapping):
            for entry in value.entries:
                if not isinstance(entry.value, x.Name):
                    self.loaded.update(_mentions(entry.value))
        elif value is not None and not isinstance(value, x.Name):
            self.loaded.update(_mentions(value))

    def _function(self, function: x.Function, name: str, owner: x.Class | None = None) -> None:
        names = {name, *(self.aliases.get(name, ()) if owner is None else ())}
        for decorator in function.decorators:
            self.loaded.update(_mentions(decorator))
        for parameter in function.parameters:
            if parameter.default is not None and self.module.language == "python":
                self.loaded.update(_mentions(parameter.default))
        registered = "default" in names or _is_registered(function, name, owner)
        place = place_at(self.source, self.source.locate(function.span))
        words = set().union(*(_mentions(part) for part in (*function.parameters, *function.body)))
        self.found.append(
            Definition(
                **place,
                names=tuple(sorted(names)),
                owner=owner.name if owner is not None else None,
                mentions=tuple(sorted(words)),
                registered=registered,
            )
        )

    def _class(self, node: x.Class, name: str) -> None:
        for part in (*node.bases, *node.decorators):
            self.loaded.update(_mentions(part))
        if self.aliases.get(name, {name}) != {name} or node.decorators:
            self.loaded.add(name)
        for statement in node.body:
            if isinstance(statement, x.Function) and statement.name:
                self._function(statement, statement.name, node)
            elif isinstance(statement, x.Assign) and isinstance(statement.value, x.Lambda):
                target = statement.target.id if isinstance(statement.target, x.Name) else ""
                self._function(statement.value.function, target, node)
            else:
                self.loaded.update(_mentions(statement))


def _is_registered(function: x.Function, name: str, owner: x.Class | None) -> bool:
    """Return whether something else than a mention of its name may call a function: a framework, the language."""
    if function.decorators or not name or name.startswith("__") or name == "constructor":
        return True
    return owner is not None and bool(owner.bases or owner.decorators)


def _is_exports(target: x.Member) -> bool:
    owner = target.object
    if isinstance(owner, x.Member):
        owner = owner.object if owner.name == "exports" else owner
    return isinstance(owner, x.Name) and owner.id in {"module", "exports"}


def _mentions(node: x.Node) -> set[str]:
    """Return every identifier and every word of the texts in a part of a file; calls by name are among them."""
    found: set[str] = set()
    stack: list[object] = [node]
    while stack:
        part = stack.pop()
        match part:
            case x.Name(id=name):
                found.add(name)
            case x.Member(object=inner, name=name):
                found.add(name)
                stack.append(inner)
            case x.Text(text=text):
                if len(text) <= _LONGEST:
                    found.update(_WORD.findall(text))
            case _:
                stack.extend(parts(part))
    return found


_ATTRIBUTES: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if field.name not in {"span", "name_span", "annotation"})
    for kind in vars(x).values()
    if isinstance(kind, type) and is_dataclass(kind)
}
"""The attributes of each kind of node that may hold others."""


def parts(node: object) -> Iterator[object]:
    """Yield the parts of a node, names of types left out."""
    for name in _ATTRIBUTES.get(type(node), ()):
        value = getattr(node, name)
        if isinstance(value, list):
            yield from value
        elif value is not None:
            yield value
