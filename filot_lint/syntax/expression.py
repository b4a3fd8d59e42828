"""The small syntax that Python, TypeScript and JavaScript lower into.

Only what can carry a value, a name or a guard is kept; types, comments and operators nobody asks about are not.
`await`, parentheses and type assertions disappear, except that `Assertion` remembers a non-null or `as` claim.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from filot_lint.source import Span


@dataclass(slots=True, eq=False)
class Node:
    """Anything with a place."""

    span: Span


@dataclass(slots=True, eq=False)
class Name(Node):
    """An identifier."""

    id: str


@dataclass(slots=True, eq=False)
class Text(Node):
    """A string constant, escapes decoded. `bytes` literals too."""

    text: str


@dataclass(slots=True, eq=False)
class Number(Node):
    """A number as written."""

    text: str


@dataclass(slots=True, eq=False)
class Constant(Node):
    """`true`, `false`, `null` (also None and undefined)."""

    kind: str


@dataclass(slots=True, eq=False)
class Template(Node):
    """An f-string or template literal: constant and computed parts."""

    parts: list[Expression]


@dataclass(slots=True, eq=False)
class Member(Node):
    """`object.name`."""

    object: Expression
    name: str
    name_span: Span


@dataclass(slots=True, eq=False)
class Index(Node):
    """`object[key]`."""

    object: Expression
    key: Expression


@dataclass(slots=True, eq=False)
class Argument(Node):
    """One argument; `name` for keywords, `spread` for `*x`, `**x` and `...x`."""

    value: Expression
    name: str | None = None
    spread: bool = False


@dataclass(slots=True, eq=False)
class Call(Node):
    """A call or, with `new`, a construction."""

    callee: Expression
    arguments: list[Argument]
    new: bool = False


@dataclass(slots=True, eq=False)
class Spread(Node):
    """`...x` or `*x` inside a literal."""

    value: Expression


@dataclass(slots=True, eq=False)
class Array(Node):
    """A list, tuple, set or array literal."""

    items: list[Expression]


@dataclass(slots=True, eq=False)
class Entry(Node):
    """One entry of a mapping; the key is None for a spread."""

    key: Expression | None
    value: Expression


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """A dict or object literal."""

    entries: list[Entry]


@dataclass(slots=True, eq=False)
class Binary(Node):
    """`or`, `coalesce` (`??`), `and`, `==`, `!=`, `in`, `not in`, `+`, or another operator as written."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True, eq=False)
class Unary(Node):
    """`not`, `typeof`, `delete`, or another operator as written."""

    operator: str
    operand: Expression


@dataclass(slots=True, eq=False)
class Choice(Node):
    """`test ? yes : no`."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(slots=True, eq=False)
class Assertion(Node):
    """`x!` or `x as T`: a claim nothing checks."""

    value: Expression


@dataclass(slots=True, eq=False)
class Lambda(Node):
    """A function as a value."""

    function: Function


@dataclass(slots=True, eq=False)
class Clause(Node):
    """`for target in iterable if tests` of a comprehension."""

    target: Pattern
    iterable: Expression
    tests: list[Expression]


@dataclass(slots=True, eq=False)
class Comprehension(Node):
    """A comprehension or generator; `key` for dicts."""

    element: Expression
    key: Expression | None
    clauses: list[Clause]


@dataclass(slots=True, eq=False)
class Inline(Node):
    """An assignment used as an expression."""

    statement: Assign


@dataclass(slots=True, eq=False)
class ClassValue(Node):
    """A class as a value."""

    body: Class


@dataclass(slots=True, eq=False)
class Opaque(Node):
    """Anything else; the children still matter."""

    children: list[Expression]


@dataclass(slots=True, eq=False)
class Yield(Opaque):
    """One value that a generator gives out; what a context manager enters with."""


Expression: TypeAlias = (
    Name
    | Text
    | Number
    | Constant
    | Template
    | Member
    | Index
    | Call
    | Spread
    | Array
    | Mapping
    | Binary
    | Unary
    | Choice
    | Assertion
    | Lambda
    | Comprehension
    | Inline
    | ClassValue
    | Opaque
)


@dataclass(slots=True, eq=False)
class PatternEntry(Node):
    """`key: target = default` of a destructuring; `key` is None for the rest."""

    key: Expression | None
    target: Pattern
    default: Expression | None


@dataclass(slots=True, eq=False)
class ObjectPattern(Node):
    """`{ a, b: c = d, ...rest }`."""

    entries: list[PatternEntry]


@dataclass(slots=True, eq=False)
class ArrayPattern(Node):
    """`[a, b]` or `a, b`."""

    items: list[Pattern | None]


Pattern: TypeAlias = Name | Member | Index | ObjectPattern | ArrayPattern


@dataclass(slots=True, eq=False)
class Assign(Node):
    """`target = value`; the operator is `=`, `or=`, `coalesce=`, `+=`, …; value is None for bare declarations."""

    target: Pattern
    value: Expression | None
    operator: str = "="
    declares: bool = False
    annotation: Expression | None = None
    decorators: list[Expression] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """One parameter of a function; `annotation` is the name of its type, `attribute` that it becomes a member.

    `rest` takes all further arguments, `keywords` all further keywords.
    """

    target: Pattern
    default: Expression | None = None
    rest: bool = False
    annotation: Expression | None = None
    attribute: bool = False
    keywords: bool = False


@dataclass(slots=True, eq=False)
class Function(Node):
    """A function or method, named or not."""

    name: str | None
    parameters: list[Parameter]
    body: list[Statement]
    decorators: list[Expression] = field(default_factory=list)
    method: bool = False


@dataclass(slots=True, eq=False)
class Class(Node):
    """A class; its body holds `Assign` and `Function` statements, `interfaces` are the names it says to implement."""

    name: str | None
    bases: list[Argument]
    body: list[Statement]
    decorators: list[Expression] = field(default_factory=list)
    interfaces: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Evaluate(Node):
    """An expression for its effect."""

    value: Expression


@dataclass(slots=True, eq=False)
class Return(Node):
    """`return`, also the body of an arrow function."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class Raise(Node):
    """`raise` or `throw`."""

    value: Expression | None


@dataclass(slots=True, eq=False)
class Delete(Node):
    """`del x` or `delete x`."""

    targets: list[Expression]


@dataclass(slots=True, eq=False)
class Assert(Node):
    """`assert test`."""

    test: Expression


@dataclass(slots=True, eq=False)
class Outer(Node):
    """Python's `global` and `nonlocal`: assignments in this function go to an outer scope."""

    names: list[str]


@dataclass(slots=True, eq=False)
class If(Node):
    """`if test: then else: otherwise`."""

    test: Expression
    then: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True, eq=False)
class Loop(Node):
    """`for target in iterable`; while loops have no target and their test as iterable."""

    target: Pattern | None
    iterable: Expression | None
    body: list[Statement]
    keys: bool = False


@dataclass(slots=True, eq=False)
class Block(Node):
    """A scope of its own where the language has them; also try, with, switch, and `catch`: what handles an error.

    `caught`: a missing key is no end.
    """

    body: list[Statement]
    kind: str = "block"


@dataclass(slots=True, eq=False)
class Import(Node):
    """An import; `names` are (exported, local, span); exported `*` is the module itself."""

    module: str
    names: list[tuple[str, str, Span]]
    type_only: bool = False


@dataclass(slots=True, eq=False)
class Export(Node):
    """`export { local as exported }`, or a re-export when `module` is set; (`*`, `*`) for everything."""

    names: list[tuple[str, str]]
    module: str | None = None


Statement: TypeAlias = (
    Assign
    | Function
    | Class
    | Evaluate
    | Return
    | Raise
    | Delete
    | Assert
    | Outer
    | If
    | Loop
    | Block
    | Import
    | Export
)


@dataclass(slots=True, eq=False)
class Module:
    """A file: its statements, its exports (exported name -> local name), what was not understood or nested too deep."""

    language: str
    body: list[Statement]
    exports: dict[str, str]
    errors: list[Span]
    truncated: list[Span]
    entered: list[tuple[Expression, Span]] = field(default_factory=list)
    """What Python's `with` enters, each with the block it holds for."""
