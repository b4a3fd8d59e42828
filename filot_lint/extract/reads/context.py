"""How the value of an expression is used around it, and who is told what is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.facts import Access, Condition, EmptyText, Flow, Guard
from filot_lint.models import ReadModel
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Parameter, Ref, Value


class Demand(NamedTuple):
    """A variable, or what stands for one, whose absence decides a test; on which stage."""

    name: str
    guard: Guard = "always"


class Context(NamedTuple):
    """How the value of an expression is used."""

    default: Value | None = None
    usage: Access = "read"
    cast: str | None = None
    guard: Guard = "always"
    function: str | None = None
    deferred: bool = False
    asserted: bool = False
    claimed: bool = False
    raises: bool = False
    caught: bool = False
    returned: Access = "read"
    flow: Flow | None = None
    counted: bool = False
    present: frozenset[str] = frozenset()
    compared: bool = False
    checked: bool = False
    empty: EmptyText | None = None
    parsed: bool = False
    instead: tuple[str, ...] = ()
    condition: Condition | None = None

    def knowing(self, demands: list[Demand]) -> Context:
        """Return the context of what only runs when these variables are there."""
        names = {demand.name for demand in demands if demand.guard == "always"}
        return self._replace(present=self.present | names) if names else self

    def fresh(self) -> Context:
        """Return the context of a part whose value is used for itself."""
        return self._replace(default=None, usage="read", cast=None, asserted=False, claimed=False, raises=False,
                             compared=False, checked=False, empty=None, instead=())  # fmt: skip


Touched: TypeAlias = tuple[object, ...]
"""The touches of the environment that are the value of an expression."""


class Recorder(Protocol):
    """Who is told what the walk finds."""

    def read(  # the parts of one observation
        self, key: Value, environment: Environment, place: Span, context: Context, model: ReadModel | None = None,
        default: Value | None = None, *, direct: bool = True, access: Access | None = None,
    ) -> object:  # fmt: skip
        """One touch of one variable."""

    def whole(  # the parts of one observation
        self, value: Environment | Parameter, place: Span, context: Context, *, note: str = "", goal: str = "",
        home: object = None,
    ) -> object:  # fmt: skip
        """Remember that all variables are copied (`note` says how), or handed to `goal` by the name bound at `home`."""

    def assigned(self, name: str, scope: Scope, touched: object) -> None:
        """Remember that a touch is the value of a local name."""

    def replaced(self, name: str, scope: Scope, value: Value) -> None:
        """Remember what a local name is given when it holds nothing."""

    def used(self, name: str, scope: Scope, context: Context) -> None:
        """Remember how a local name is used."""

    def demanded(self, demands: Iterable[Demand], context: Context, place: Span) -> None:
        """Remember that the program stops when these variables are missing."""

    def either(self, names: tuple[str, ...], context: Context) -> None:
        """Remember that the program stops when all of these variables are missing."""

    def member(self, parameter: Parameter, key: Value, place: Span, context: Context, default: Value | None) -> None:
        """Remember that a parameter is used as if it were an environment."""

    def imported_member(self, target: Ref, name: str, place: x.Member, context: Context) -> None:
        """Take a member of something imported, which may be the environment."""

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Take a call, for all that is not the environment."""

    def class_(self, node: x.Class, scope: Scope, context: Context) -> None:
        """Take a class definition."""

    def mapping(self, mapping: x.Mapping, scope: Scope, context: Context) -> None:
        """Take an object or dictionary that is written out."""

    def branch(self, statement: x.Statement, guard: Guard) -> None:
        """Remember on which branch an assignment stands."""

    def compared(self, expression: x.Binary, scope: Scope, context: Context) -> None:
        """Take an `==` or `!=`."""

    def branched(
        self, statement: x.If, position: tuple[list[x.Statement], int], scope: Scope, context: Context
    ) -> None:
        """Take an `if`, with the statements it is one of, and the how many-th."""


class Visitor(Protocol):
    """Who visits the parts of what others take apart."""

    def expression(self, expression: x.Expression, scope: Scope, context: Context) -> Touched:
        """Visit an expression."""

    def function(
        self, function: x.Function, scope: Scope, context: Context, returned: Access = "read", *, inline: bool = False
    ) -> None:
        """Visit a function; an `inline` one runs where it stands."""
