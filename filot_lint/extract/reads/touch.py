"""One touch of one variable, and one call of a function of the file, while the file is still being walked."""

from __future__ import annotations

from dataclasses import dataclass, field

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.context import Context
from filot_lint.facts import Access, Default, EmptyText
from filot_lint.source import Location
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Callable, Environment, Join, Literal, Value, names_of, parameter_of

_GOALS = 4


@dataclass(slots=True, eq=False)
class Touch:
    """One touch of one variable, while the file is still being walked."""

    key: Value
    via: str
    prefix: str
    place: Location
    context: Context
    access: Access
    default: Value | None
    direct: bool
    required: bool | None
    note: str | None = None
    fixed: Default | None = None
    cut: bool = False
    tested: bool = False
    truth: bool = False
    empty: EmptyText | None = None
    one_of: tuple[str, ...] = ()
    goals: list[str] = field(default_factory=list)

    @classmethod
    def whole(cls, environment: Environment, place: Location, context: Context, note: str = "") -> Touch:
        """Return a touch of all variables at once."""
        return cls(UNKNOWN, environment.via, environment.prefix, place, context, "copy", None, direct=True,
                   required=None, note=note or None)  # fmt: skip

    def goes_to(self, goal: str) -> None:
        """Remember where all variables go."""
        if goal and goal not in self.goals and len(self.goals) < _GOALS:
            self.goals.append(goal)

    @property
    def reason(self) -> str | None:
        """What happens to all variables, for people."""
        return f"the whole environment goes to {' and '.join(self.goals)}" if self.goals else self.note

    @property
    def unchecked(self) -> bool:
        """Whether the code claims that the variable is there and nothing tests it."""
        said = self.required is not None or self.default is not None or self.fixed is not None
        return self.context.claimed and self.access == "read" and not said


@dataclass(slots=True)
class LocalCall:
    """A call of a function of this file."""

    function: Callable
    call: x.Call
    scope: Scope
    context: Context


def owner_of(key: Value) -> str | None:
    """Return the function whose parameter a key depends on."""
    found = parameter_of(key)
    return None if found is None else found.function


def label(key: Value) -> str:
    """Return what stands for a name that is not known yet, wherever it is written."""
    parts = key.parts if isinstance(key, Join) else (key,)
    return "\0" + repr([Literal(part.text, part.type) if isinstance(part, Literal) else part for part in parts])


def asked_for(touch: Touch) -> list[str]:
    """Return the names of a touch, and what stands for those not known yet."""
    return [touch.prefix + n.text if n is not None else label(touch.key) for n in names_of(touch.key)]
