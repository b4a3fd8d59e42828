"""Touches to facts."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.context import Context
from filot_lint.extract.reads.touch import Touch, owner_of
from filot_lint.extract.redact import default_of, redact
from filot_lint.facts import CallSite, Default, EnvRead, MemberUse
from filot_lint.models import ReadModel
from filot_lint.source import Location, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Join,
    Literal,
    Lookup,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    names_of,
    options,
    pattern,
)


class ReadFacts:
    """Says what is known of a touch; one per file."""

    def __init__(self, source: SourceFile, evaluator: Evaluator) -> None:
        """Take the file the facts are of."""
        self.source = source
        self.evaluator = evaluator

    def of(self, touch: Touch, *, followed: bool) -> list[EnvRead]:
        """Return the facts of a touch; one in a function that callers were found for says nothing itself."""
        if touch.access == "copy":
            return [self._fact(touch, touch.place, name=None, default=None, value=None, reason=touch.reason)]
        if touch.cut and all(owner_of(option) for option in options(touch.key)):
            return [self._dynamic(touch)] if not followed else []
        found: list[EnvRead] = []
        for name in names_of(touch.key):
            if name is not None:
                found.append(self._env_read(touch, touch.prefix + name.text, name.at))
            elif not touch.cut:
                found.append(self._dynamic(touch))
        constants = self.evaluator.models.builtins.get(touch.via, set())
        return [read for read in found if read.name is None or (_is_name(read.name) and read.name not in constants)]

    def _env_read(self, touch: Touch, name: str, at: Location | None) -> EnvRead:
        place = touch.place if touch.direct or at is None else at
        default = touch.fixed or default_of(name, touch.default)
        value = Env(name, redact(touch.default, name)) if touch.default is not None else Env(name)
        return self._fact(touch, place, name=name, default=default, value=value)

    def _dynamic(self, touch: Touch) -> EnvRead:
        unresolved = next((o for o in options(touch.key) if not isinstance(o, Literal)), touch.key)
        known = pattern(unresolved)
        value = Env(None, None, known, redact(touch.key, None))
        reason = "the name is computed"
        return self._fact(touch, touch.place, name=None, pattern=known, value=value, reason=reason,
                          default=touch.fixed or default_of(None, touch.default))  # fmt: skip

    def _fact(  # the fields of one fact
        self,
        touch: Touch,
        place: Location,
        *,
        name: str | None,
        default: Default | None,
        value: Value | None,
        pattern: str | None = None,
        reason: str | None = None,
    ) -> EnvRead:
        others = tuple(other for other in touch.context.instead if other != name)
        relied = others and touch.access == "read" and default is None and (touch.required or touch.unchecked)
        condition = touch.context.condition
        return EnvRead(
            **place_at(self.source, place),
            name=name,
            pattern=pattern,
            access=touch.access,
            via=touch.via,
            default=default if touch.access == "read" else None,
            required=touch.required if touch.access == "read" else (True if touch.required else None),
            unchecked=touch.unchecked,
            cast=touch.context.cast,
            tested=touch.tested,
            truth=touch.truth,
            empty=touch.empty if touch.access == "read" and default is not None else None,
            guard=touch.context.guard,
            deferred=touch.context.deferred,
            flow=touch.context.flow,
            value=value,
            reason=reason,
            one_of=others if relied else touch.one_of,
            condition=condition if condition is not None and condition.name != name else None,
        )

    def call_site(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> CallSite | None:
        """Return the call of an imported function, when an argument may name a variable or is the environment."""
        local = isinstance(callee, Callable)
        if not local and not (isinstance(callee, Ref) and callee.module):
            return None
        arguments: list[tuple[str | None, Value, Location]] = []
        for argument in call.arguments[:6]:
            value = self.evaluator.evaluate(argument.value, scope)
            arguments.append((argument.name, redact(value, None) or UNKNOWN, self.source.locate(argument.value.span)))
        if not any(_may_name(value) for _, value, _ in arguments):
            return None
        return CallSite(
            **place_at(self.source, self.source.locate(call.span)),
            callee=callee,
            arguments=tuple(arguments),
            access=context.usage,
            default=default_of(None, context.default),
            guard=context.guard,
            deferred=context.deferred,
            required=True if context.asserted else None,
            unchecked=context.claimed and context.default is None,
        )

    def member_use(self, target: Ref, name: str, place: x.Member, context: Context) -> MemberUse | None:
        """Return the use of an imported object's member whose name may be a variable's."""
        usual = name.isupper() or ("_" in name and not self.evaluator.python)
        if not usual or len(name) < 2 or len(target.path) > 2:  # noqa: PLR2004
            return None
        return MemberUse(
            **place_at(self.source, self.source.locate(place.span)),
            target=target,
            key=Literal(name, "string", self.source.locate(place.name_span)),
            access=context.usage,
            default=default_of(name, context.default),
            guard=context.guard,
            deferred=context.deferred,
            cast=context.cast,
            tested=context.checked,
            truth=context.usage == "presence" and not context.compared,
            empty=context.empty,
            required=required_by(context),
            unchecked=context.claimed and context.default is None,
        )


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 200 and "".join(c for c in name if c not in "_.-()").isalnum()  # noqa: PLR2004


def _may_name(value: Value) -> bool:
    if isinstance(value, Environment | Parameter):
        return True
    if isinstance(value, Literal):
        text = value.text
        return value.type == "string" and text.isidentifier() and ("_" in text or text.isupper()) and len(text) > 1
    if isinstance(value, Join):
        texts = [part.text for part in value.parts if isinstance(part, Literal)]
        return bool(texts) and all(text.replace("_", "A").isalnum() and text.upper() == text for text in texts)
    if isinstance(value, Record):
        return any(_may_name(entry) for _, entry in value.entries)
    if isinstance(value, Sequence):
        return any(_may_name(item) for item in value.items)
    if isinstance(value, Coalesce | Lookup):
        return any(_may_name(option) for option in options(value))
    return False


def required_by(context: Context, model: ReadModel | None = None, default: Value | None = None) -> bool | None:
    """Return what the site alone says about absence."""
    if context.raises and default is None and context.default is None:
        return not context.caught
    if context.usage == "presence":
        return None
    if default is not None:
        return False
    if model is not None and model.required is not None:
        return model.required
    if context.default is not None:
        return False
    if context.asserted:
        return True
    return None
