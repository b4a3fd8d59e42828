"""Touches of the environment: recorded by the walk, settled by what is done with them, followed, made facts."""

from __future__ import annotations

from collections.abc import Iterable

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.reads.context import Context, Demand
from filot_lint.extract.reads.follow import Follow
from filot_lint.extract.reads.read_facts import ReadFacts, required_by
from filot_lint.extract.reads.settle import Uses
from filot_lint.extract.reads.touch import LocalCall, Touch, asked_for, owner_of
from filot_lint.facts import Access, CallSite, EnvRead, Fact, MemberUse
from filot_lint.models import ReadModel
from filot_lint.source import SourceFile, Span
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Environment, Parameter, Record, Ref, Value, constructor_of, with_default

__all__ = ["Reads", "Touch"]


class Reads:
    """Collects touches of one file and resolves what stays inside it."""

    def __init__(self, source: SourceFile, scopes: Scopes, evaluator: Evaluator) -> None:
        """Nothing is recorded yet."""
        self.source = source
        self.scopes = scopes
        self.evaluator = evaluator
        self.touches: list[Touch] = []
        self.uses = Uses()
        self.follow = Follow(source, scopes, evaluator, self.touches, self.uses)
        self.facts_of = ReadFacts(source, evaluator)
        self.assigned = self.uses.assigned
        self.replaced = self.uses.replaced
        self.used = self.uses.used
        self._links: list[tuple[CallSite | MemberUse, Value, Context]] = []

    def read(  # the parts of one observation
        self,
        key: Value,
        environment: Environment,
        place: Span,
        context: Context,
        model: ReadModel | None = None,
        default: Value | None = None,
        *,
        direct: bool = True,
        access: Access | None = None,
    ) -> Touch:
        """Record a touch."""
        own = default
        if own is not None and context.default is not None:
            own = with_default(own, context.default)
        touch = Touch(
            key=key,
            via=model.via if model is not None else environment.via,
            prefix=environment.prefix + (model.prefix if model is not None else ""),
            place=self.source.locate(place),
            context=context,
            access=access or context.usage,
            default=own if own is not None else context.default,
            direct=direct,
            required=required_by(context, model, own),
            truth=context.usage == "presence" and access is None and not (context.compared or context.parsed),
            tested=context.checked,
            empty=context.empty if own is None or context.empty == "replaced" else model.empty if model else "kept",
        )
        if touch.required is not False and touch.access == "read" and touch.default is None:
            names = asked_for(touch)
            if names and context.present.issuperset(names):
                touch.required = False
        self.touches.append(touch)
        return touch

    def whole(  # the parts of one observation
        self,
        value: Environment | Parameter,
        place: Span,
        context: Context,
        *,
        note: str = "",
        goal: str = "",
        home: object = None,
    ) -> Touch | None:
        """Record that all variables are taken at once."""
        location = self.source.locate(place)
        if isinstance(value, Parameter):
            self.follow.handed.setdefault((value.function, value.index), []).append((location, context, goal))
            return None
        touch = self.uses.copy_at(home)
        if touch is None:
            touch = Touch.whole(value, location, context, note)
            self.touches.append(touch)
        touch.goes_to(goal)
        return touch

    def member(self, parameter: Parameter, key: Value, place: Span, context: Context, default: Value | None) -> None:
        """Remember that a parameter is used as an environment may be."""
        if not parameter.path:
            record = (key, self.source.locate(place), context, default if default is not None else context.default)
            self.follow.members.setdefault((parameter.function, parameter.index), []).append(record)

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Remember a call of a function of this file, or of another file's."""
        made = constructor_of(callee) if isinstance(callee, Record) else callee
        if isinstance(made, Callable) and made.function in self.scopes.functions:
            self.follow.calls.append(LocalCall(made, call, scope, context))
        site = self.facts_of.call_site(call, callee, scope, context)
        if site is not None:
            self._links.append((site, self.evaluator.evaluate(call, scope), context))

    def imported_member(self, target: Ref, name: str, place: x.Member, context: Context) -> None:
        """Remember a member of something imported."""
        use = self.facts_of.member_use(target, name, place, context)
        if use is not None:
            self._links.append((use, self.evaluator.member(target, name), context))

    def demanded(self, demands: Iterable[Demand], context: Context, place: Span) -> None:
        """Remember that the program stops without these."""
        for demand in demands:
            self.uses.demanded(demand, context, self.source.locate(place))

    def either(self, names: tuple[str, ...], context: Context) -> None:
        """Remember that the program stops without all of these."""
        self.uses.either(names, context)

    def facts(self) -> list[Fact]:
        """Follow parameters to their callers and return all facts."""
        self.uses.settle(self.touches)
        self.touches.extend(self.uses.only_in_production(self.touches))
        self.follow.run()
        found: dict[tuple[object, ...], EnvRead] = {}
        for touch in (touch for touch in self.touches if not self.uses.stays(touch)):
            for fact in self.facts_of.of(touch, followed=owner_of(touch.key) in self.follow.followed):
                key = (fact.name, fact.pattern, fact.line, fact.column, fact.access)
                known = found.get(key)
                if known is None or (known.default is None and fact.default is not None):
                    found[key] = fact
        return [
            *_without_weaker(found.values()),
            *self.follow.wrappers.values(),
            *self.follow.environment_wrappers(),
            *(self.uses.demand_link(*link) for link in self._links),
        ]


def _without_weaker(reads: Iterable[EnvRead]) -> list[EnvRead]:
    """Drop a presence test that stands exactly where a read does."""
    kept = list(reads)
    real = {(r.name, r.line, r.column) for r in kept if r.access == "read"}
    return [r for r in kept if r.access != "presence" or (r.name, r.line, r.column) not in real]
