"""Mocks, stubs and fakes by definition and by import."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from filot_lint.extract.place import place_at
from filot_lint.facts import TestDouble
from filot_lint.source import SourceFile, Span
from filot_lint.syntax import expression as x

_WORDS = frozenset({"mock", "fake", "stub", "dummy"})
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


_DEFINED = re.compile(
    rb"(?i)\b(?:class|function|def|const|interface)\s+\w{0,60}?(?:mock|fake|stub|dummy)\w{0,60}", re.ASCII
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
        """Record the import of a library that exists for tests."""
        top = module.split(".", 1)[0]
        if not type_only and (module in self.libraries or top in self.libraries):
            self._add(span, module, "import", (f"imports {module}, a library for tests",))

    def defined(self, body: list[x.Statement]) -> None:
        """Record classes and functions named as doubles."""
        for statement in body:
            match statement:
                case x.Class(name=str(name)):
                    self._named(statement, name, "class")
                case x.Function(name=str(name)) | x.Assign(target=x.Name(id=name), value=x.Lambda()):
                    self._named(statement, name, "function")
                case _:
                    pass

    def _named(self, node: x.Node, name: str, form: str) -> None:
        found = [word for word in words(name) if word in _WORDS]
        if found:
            evidence = [f"named {name}"]
            if self.module_evidence is not None:
                evidence.append(self.module_evidence)
            span = node.span._replace(end_row=node.span.row, end_column=node.span.column + 1)
            self._add(span, name, form, tuple(evidence))
