"""What the uses of a local name say about the variable it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.context import Context, Demand
from filot_lint.extract.reads.touch import Touch, asked_for, label, owner_of
from filot_lint.facts import CallSite, Guard, MemberUse
from filot_lint.source import Location
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, Parameter, Value, with_default


class Uses:
    """Collects how names are used and what is demanded; one per file."""

    def __init__(self) -> None:
        """Nothing is used yet."""
        self._uses: dict[int, set[str]] = {}
        self._assigned: list[tuple[int, Touch]] = []
        self._copies: dict[int, Touch] = {}
        self._casts: dict[int, set[str | None]] = {}
        self._truths: set[int] = set()
        self._held: dict[int, list[Touch]] = {}
        self._results: dict[int, int] = {}
        self._either: dict[tuple[str, str | None], tuple[str, ...]] = {}
        self._demanded: dict[tuple[str, str | None], dict[Guard, tuple[Location, Context]]] = {}

    def assigned(self, name: str, scope: Scope, touched: object) -> None:
        """Remember that a touch became the value of a local name."""
        bindings = scope.lookup(name)
        if bindings is not None and isinstance(touched, Touch):
            self._held.setdefault(id(bindings), []).append(touched)
        if bindings is not None and len(bindings) == 1 and isinstance(touched, Touch):
            self._assigned.append((id(bindings), touched))
            if touched.access == "copy":
                self._copies[id(bindings)] = touched
        elif bindings is not None and len(bindings) == 1 and isinstance(touched, x.Call):
            self._results[id(touched)] = id(bindings)

    def stays(self, touch: Touch) -> bool:
        """Return whether a copy of all variables is held by a name that nothing but its members is taken of."""
        homes = [home for home, copy in self._copies.items() if copy is touch] if touch.access == "copy" else []
        return bool(homes) and not touch.goals and not any(self._uses.get(home) for home in homes)

    def copy_at(self, bindings: object) -> Touch | None:
        """Return the copy of all variables that a local name holds."""
        return self._copies.get(id(bindings))

    def replaced(self, name: str, scope: Scope, value: Value) -> None:
        """Give the variables that a name holds so far what stands in for them."""
        for touch in self._held.get(id(scope.lookup(name)), ()):
            if touch.access == "read" and not touch.required:
                touch.default = value if touch.default is None else with_default(touch.default, value)
                touch.required = False

    def used(self, name: str, scope: Scope, context: Context) -> None:
        """Remember how a local name is used."""
        bindings = scope.lookup(name)
        if bindings is not None:
            self._uses.setdefault(id(bindings), set()).add(context.usage)
            if context.usage == "presence" and not context.compared:
                self._truths.add(id(bindings))
            if context.usage == "read":
                self._casts.setdefault(id(bindings), set()).add(context.cast)

    def demanded(self, demand: Demand, context: Context, place: Location) -> None:
        """Remember that the program stops without a variable, and on which stage."""
        guard = demand.guard if demand.guard != "always" else context.guard
        places = self._demanded.setdefault((demand.name, context.function), {})
        places.setdefault(guard, (place, context._replace(guard=guard)))

    def either(self, names: tuple[str, ...], context: Context) -> None:
        """Remember that the program stops where all of these are missing."""
        for name in names if len(names) > 1 else ():
            self._either.setdefault((name, context.function), tuple(other for other in names if other != name))

    def settle(self, touches: list[Touch]) -> None:
        """Turn reads whose local name is only ever tested into presence tests, demanded ones into required ones."""
        for bindings, touch in self._assigned:
            self._settle(touch, bindings)
        present = {_asked(touch) for touch in touches if touch.access == "presence"}
        for touch in (touch for touch in touches if touch.access != "copy"):
            if touch.context.raises and touch.access == "read" and _asked(touch) in present:
                touch.required = False
            self.demand(touch)
            asked = (self._either.get((name, touch.context.function)) for name in asked_for(touch))
            touch.one_of = next((others for others in asked if others), ())

    def of_result(self, touch: Touch, call: x.Call) -> None:
        """Apply how the name that holds the result of a call is used."""
        self._settle(touch, self._results.get(id(call)))

    def _settle(self, touch: Touch, bindings: int | None) -> None:
        if bindings is None:
            return
        uses, casts = self._uses.get(bindings, set()), self._casts.get(bindings, set())
        if touch.context.cast is None and len(casts) == 1:
            touch.context = touch.context._replace(cast=next(iter(casts)))
        touch.tested = touch.tested or "presence" in uses
        if uses == {"presence"} and touch.access == "read":
            touch.access = "presence"
            touch.truth = bindings in self._truths and not touch.context.parsed
        elif "presence" in uses and touch.required is None:
            touch.required = False

    def demand(self, touch: Touch) -> None:
        """Make a touch of something the program stops without a required one."""
        fallback = isinstance(touch.default, Parameter) and touch.default.function == owner_of(touch.key)
        empty = isinstance(touch.default, Literal) and touch.default.is_empty
        if touch.required or not (touch.default is None or fallback or empty):
            return
        guards = [self._guards(name, touch.context.function) for name in asked_for(touch)]
        common = set.intersection(*guards) if guards else set()
        if common & {"always", touch.context.guard}:
            touch.required = True
        elif common and touch.access == "presence" and touch.context.guard == "always":
            touch.required = True
            touch.context = touch.context._replace(guard=min(common))

    def demand_link(self, link: CallSite | MemberUse, value: Value, context: Context) -> CallSite | MemberUse:
        """Return a use of something imported, as a required one when the program stops without it."""
        demanded = self._guards(label(value), context.function) & {"always", link.guard}
        return msgspec.structs.replace(link, required=True) if demanded and link.default is None else link

    def _guards(self, name: str, function: str | None) -> set[Guard]:
        return {guard for place in (function, None) for guard in self._demanded.get((name, place), ())}

    def only_in_production(self, touches: list[Touch]) -> Iterator[Touch]:
        """Yield a test for each variable that is read on every stage and demanded in production."""
        known: dict[str, list[Touch]] = {}
        for touch in touches:
            for name in asked_for(touch):
                known.setdefault(name, []).append(touch)
        for (name, _), places in self._demanded.items():
            same = known.get(name, [])
            stated = any(t.required and t.context.guard in {"production", "always"} for t in same)
            if "production" not in places or not same or stated or name.startswith("\0"):
                continue
            place, context = places["production"]
            key = Literal(name.removeprefix(same[0].prefix))
            yield replace(same[0], key=key, place=place, context=context.fresh(), access="presence", default=None,
                          required=True, direct=True)  # fmt: skip


def _asked(touch: Touch) -> tuple[str | None, str]:
    """Return what tells touches of one variable in one function from others."""
    return touch.context.function, touch.key.text if isinstance(touch.key, Literal) else label(touch.key)
