"""What names are bound to, and in which region of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from filot_lint.source import Span
from filot_lint.syntax import expression as x

Step = str | int


@dataclass(slots=True, eq=False)
class Binding:
    """One way a name gets its value.

    `kind`: `value` (expression, then the destructuring path), `element` (of an iterable), `keys` (of an object),
    `import`, `parameter`, `function`, `class` or `unknown`.
    """

    kind: str
    scope: Scope
    expression: x.Expression | None = None
    path: tuple[Step, ...] = ()
    default: x.Expression | None = None
    node: x.Function | x.Class | None = None
    module: str = ""
    exported: str = ""
    function: str = ""
    index: int = 0
    annotation: x.Expression | None = None


class Part(NamedTuple):
    """A stretch of the file that does not simply run: a branch, a function, or the body of a loop over something."""

    span: Span
    loop: x.Expression | None = None
    scope: Scope | None = None

    @classmethod
    def of(cls, body: list[x.Statement]) -> Part:
        """Return the stretch of some statements."""
        if not body:
            return cls(Span(0, 0, 0, 0, 0, 0))
        first, last = body[0].span, body[-1].span
        return cls(Span(first.start, last.end, first.row, first.column, last.end_row, last.end_column))


@dataclass(slots=True, eq=False)
class Change:
    """What is put into an object or list after it was made: `o.a.b = value`, `o.update(...)`, `names.push(...)`.

    `value` is merged into (a mapping) or added to (a list) what stands at `path`. `at` is where the change is complete,
    `around` what it stands in; a `weak` one leaves alone what is there already, a `rebuilt` object is a new one.
    """

    path: tuple[x.Expression, ...]
    value: x.Mapping | x.Array
    at: int
    scope: Scope
    weak: bool = False
    rebuilt: bool = False
    around: tuple[Part, ...] = ()


@dataclass(slots=True, eq=False)
class Scope:
    """A region in which names are bound."""

    kind: str
    parent: Scope | None
    function: str | None = None
    owner: x.Class | None = None
    around: tuple[Part, ...] = ()
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)

    def lookup(self, name: str) -> list[Binding] | None:
        """Return the bindings of a name, innermost scope first; class bodies do not reach into methods."""
        home = self.home(name)
        return home.bindings[name] if home is not None else None

    def home(self, name: str) -> Scope | None:
        """Return the scope in which a name is bound."""
        scope: Scope | None = self
        first = True
        while scope is not None:
            if (first or scope.kind != "class") and name in scope.bindings:
                return scope
            first = False
            scope = scope.parent
        return None

    def within(self, outer: Scope) -> bool:
        """Return whether this is a scope or stands in it."""
        scope: Scope | None = self
        while scope is not None and scope is not outer:
            scope = scope.parent
        return scope is outer

    def bind(self, name: str, binding: Binding) -> None:
        """Add a binding here."""
        self.bindings.setdefault(name, []).append(binding)

    def enclosing_class(self) -> x.Class | None:
        """Return the class whose method we are in."""
        scope = self.class_scope()
        return scope.owner if scope is not None else None

    def class_scope(self) -> Scope | None:
        """Return the scope of the class whose method we are in."""
        scope: Scope | None = self
        while scope is not None and scope.owner is None:
            scope = scope.parent
        return scope
