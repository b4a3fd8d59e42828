"""Mocks, stubs and fakes by definition and by import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from filot_lint.extract.evaluation.scopes import children
from filot_lint.extract.libraries.pretence import is_idle, is_made_up, says_so
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.logs import dotted
from filot_lint.facts import Sign, TestDouble
from filot_lint.source import Area, SourceFile, Span
from filot_lint.syntax import expression as x

WORDS = frozenset({"mock", "fake", "stub", "dummy"})
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_DEFINED = re.compile(
    rb"(?i)\b(?:class|function|def|const|interface)\s+\w{0,60}?(?:mock|fake|stub|dummy)\w{0,60}"
    rb"|\bstub\b|\bnot (?:yet )?implemented",
    re.ASCII,
)
_SWAPPED = re.compile(
    rb"\b(?:Mock|Fake|Stub)[A-Z]\w{0,60}|[=:?|]\s{0,9}mock[A-Z]\w{0,60}|\breturn\s+(?:mock|fake)[A-Z_]\w{0,60}"
    rb"|(?:\|\||\?\?|\bor\b|\.get\()[^\n]{0,80}(?:Date\.now|Math\.random|time\.time|uuid4|randomUUID)\("
    rb"|(?i:\bsample text\b|lorem ipsum)"
)
_UNFINISHED = re.compile(r"(?i)\b(?:not (?:yet |currently )?implemented|unimplemented)\b")
_YET = re.compile(r"(?i)\b(?:yet|will be|todo|future|currently|coming)\b")
_ABSTRACT = frozenset({"ABC", "ABCMeta", "Protocol", "Interface"})
_GENERATED = re.compile(r"_pb2(_grpc)?\.pyi?$|_(grpc_)?pb\.[jt]s$|\.pb\.[jt]s$|[._]generated\.")


def suspected(path: str, data: bytes) -> bool:
    """Return whether a file may define a double: by its name, or by the name of a definition in it."""
    parts = PurePosixPath(path).parts
    stem = parts[-1].split(".")[0]
    return "__mocks__" in parts or any(w in WORDS for w in words(stem)) or _DEFINED.search(data) is not None


def swaps(data: bytes) -> bool:
    """Return whether a file outside tests may put a double or a made-up value in the place of something."""
    return _SWAPPED.search(data) is not None


def words(name: str) -> list[str]:
    """Split an identifier or file stem into its lower-case words."""
    return [word.lower() for word in _SPLIT.findall(name)]


def is_about_mocks(path: str) -> bool:
    """Return whether a file or a folder around it is called after mocks, so that they are its subject."""
    return any(word.removesuffix("s") in WORDS for word in words(path))


def is_double(name: str) -> bool:
    """Return whether a name is that of a double: `MockClient`, `ClientMock`; `create_dummy_data` is none."""
    found = words(name)
    return bool(found) and (found[0] in WORDS or (found[-1] in WORDS and name[:1].isupper()))


class Doubles:
    """Collects test doubles of one file."""

    def __init__(self, source: SourceFile, libraries: set[str]) -> None:
        """`libraries` are the modules that exist only for tests."""
        self.source = source
        self.libraries = libraries
        self.facts: list[TestDouble] = []
        path = PurePosixPath(source.path)
        self.generated = _GENERATED.search(path.name) is not None
        marked = [w for w in words(path.name.split(".")[0]) if w in WORDS]
        self.module: list[tuple[str, Sign]] = [(f"file is called {path.name}", "file")] if marked else []
        if "__mocks__" in path.parts:
            self.module = [("file stands in __mocks__", "folder")]
        if self.module:
            self._add(Span(0, 0, 0, 0, 0, 0), path.name, "module")

    def _add(self, span: Span, symbol: str, form: str, evidence: tuple[str, ...] = (), *signs: Sign) -> None:
        place = place_at(self.source, self.source.locate(span))
        why = (*evidence, *(text for text, _ in self.module if form != "import"))
        every = (*signs, *(sign for _, sign in self.module if form != "import"))
        self.facts.append(TestDouble(**place, symbol=symbol, form=form, evidence=why, signs=every))  # type: ignore[arg-type]

    def imported(self, module: str, span: Span, *, type_only: bool) -> None:
        """Record the import of a library that exists for tests, where no test does it."""
        top = module.split(".", 1)[0]
        if self.source.area is not Area.TEST and not type_only and (module in self.libraries or top in self.libraries):
            self._add(span, module, "import", (f"imports {module}, a library for tests",), "import")

    def defined(self, body: list[x.Statement]) -> None:
        """Record classes and functions that are named as doubles, or that only say that they do nothing."""
        for statement in body:
            match statement:
                case x.Class(name=str(name)):
                    self._class(statement, name)
                case x.Function(name=str(name)):
                    self._function(statement, name)
                case x.Assign(target=x.Name(id=name), value=x.Lambda(function=function)):
                    self._function(function, name, statement)
                case x.Assign(target=x.Name(id=name), value=x.Mapping(entries=entries)):
                    for entry in entries:
                        if isinstance(entry.key, x.Text) and isinstance(entry.value, x.Lambda):
                            self._unfinished(entry.value.function, f"{name}.{entry.key.text}", entry)
                case _:
                    pass

    def _class(self, node: x.Class, name: str) -> None:
        methods = [s for s in node.body if isinstance(s, x.Function) and s.name not in {"constructor", "__init__"}]
        if any(word in WORDS for word in words(name)):
            signs: list[Sign] = ["name" if is_double(name) and not self.generated else "word"]
            if any(_is_named_after(name, base) for base in _bases(node)):
                signs.append("stands-for")
            if methods and all(is_made_up(method) for method in methods):
                signs.append("made-up")
            self._add(_head(node), name, "class", (f"named {name}",), *signs)
        if not _is_interface(node, methods):
            for statement in node.body:
                if isinstance(statement, x.Function) and statement.name:
                    self._unfinished(statement, f"{name}.{statement.name}", statement)

    def _function(self, function: x.Function, name: str, at: x.Node | None = None) -> None:
        if any(word in WORDS for word in words(name)):
            signs: tuple[Sign, ...] = ("name" if words(name)[0] in WORDS and not self.generated else "word",)
            signs = (*signs, "made-up") if is_made_up(function) else signs
            self._add(_head(at or function), name, "function", (f"named {name}",), *signs)
        else:
            self._unfinished(function, name, at or function)

    def _unfinished(self, function: x.Function, symbol: str, at: x.Node) -> None:
        """Record a function that does nothing but say so; abstract methods raise a bare error and are none."""
        if any(dotted(decorator).endswith("abstractmethod") for decorator in function.decorators):
            return
        if _is_unfinished(function) and "implemented" not in symbol.lower():
            said: Sign = "unfinished" if any(_YET.search(text) for text in _texts(_last(function))) else "refuses"
            self._add(_head(at), symbol, "function", ("always ends by raising that it is not implemented",), said)
        elif is_idle(function) and any(says_so(statement) for statement in function.body):
            self._add(_head(at), symbol, "function", ("does nothing but log that it is a stand-in",), "idle")


def _is_unfinished(function: x.Function) -> bool:
    """Return whether a function ends by raising so, and never gives anything before that."""
    said = any(_UNFINISHED.search(text) for text in _texts(_last(function)))
    return said and not any(isinstance(s, x.Return) and s.value is not None for s in _inside(function.body))


def _last(function: x.Function) -> x.Expression | None:
    """Return what a function raises at its end."""
    last = function.body[-1] if function.body else None
    return last.value if isinstance(last, x.Raise) else None


def _inside(body: list[x.Statement]) -> Iterator[x.Statement]:
    for statement in body:
        yield statement
        match statement:
            case x.If(then=then, otherwise=otherwise):
                yield from _inside([*then, *otherwise])
            case x.Loop(body=inner) | x.Block(body=inner):
                yield from _inside(inner)
            case _:
                pass


def _bases(node: x.Class) -> list[str]:
    return [*(dotted(base.value).rpartition(".")[2] for base in node.bases), *node.interfaces]


def _is_named_after(name: str, base: str) -> bool:
    """Return whether a class has the name of its base and a word for doubles: `FakeMailer`, `BaseMailer`."""
    kept = [word for word in words(base) if word not in {"base", "abstract", "i", "interface"}]
    return bool(kept) and set(kept) <= set(words(name)) - WORDS


def _is_interface(node: x.Class, methods: list[x.Function]) -> bool:
    """Return whether a class only says what others are to implement."""
    if not _ABSTRACT.isdisjoint(_bases(node)):
        return True
    return bool(methods) and not node.bases and all(_is_unfinished(m) and len(m.body) == 1 for m in methods)


def _head(node: x.Node) -> Span:
    return node.span._replace(end_row=node.span.row, end_column=node.span.column + 1)


def _texts(expression: x.Expression | None) -> Iterator[str]:
    """Yield the texts an expression is made of."""
    stack = [expression] if expression is not None else []
    while stack:
        part = stack.pop()
        if isinstance(part, x.Text):
            yield part.text
        stack.extend(children(part))
