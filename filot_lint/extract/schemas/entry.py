"""What every kind of schema comes down to: variables with default and required-ness."""

from __future__ import annotations

from typing import NamedTuple

from filot_lint.extract.evaluation.scopes import Scope, Step
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Record, Ref, Value

PARSERS = frozenset({"parse", "safeParse", "parseAsync", "safeParseAsync", "decode", "validate", "validateAsync",
                     "validateSync", "cast", "attempt", "create", "assert", "mask", "is", "check", "Parse", "Decode",
                     "Convert", "Cast", "Default", "Check", "Assert", "plainToInstance", "plainToClass",
                     "transformAndValidate", "transformAndValidateSync", "model_validate", "parse_obj", "convert",
                     "validate_python", "structure", "from_dict", "allows", "from"})  # fmt: skip
"""Words of calls that take what they are given by a schema or class."""

SAFE = frozenset({"safeParse", "safeParseAsync", "validate", "validateAsync"})
_RESULTS = ("data", "value", "output")
"""Members of what a parser gives that does not throw."""

_STEPS = 24
HOPS = 40
"""How many steps from one definition to the next are followed."""


class Entry(NamedTuple):
    """One variable of a schema."""

    name: str
    place: Span
    default: Value | None
    required: bool | None
    cast: str | None = None
    truth: bool = False


class Field(NamedTuple):
    """What a field says of its variable; its `truth` is that of a text: all but the empty one are true."""

    default: Value | None = None
    required: bool | None = None
    cast: str | None = None
    truth: bool = False

    def either(self, other: Field) -> Field:
        """Return what is known where the field is one of two."""
        same = self.required if self.required is other.required else None
        return Field(self.default or other.default, same, self.cast or other.cast)


class Dialect(NamedTuple):
    """The library that the fields of an object are written with.

    Its style is `strict`, `lax` where a field asks for nothing unless told to, or `options` where the call that makes a
    field takes its default.
    """

    module: str = ""
    style: str = "strict"

    @property
    def lax(self) -> bool:
        """Whether a field that says nothing may be left out."""
        return self.style == "lax"


class At(NamedTuple):
    """An expression and where its names are looked up."""

    node: x.Expression
    scope: Scope


class Part(NamedTuple):
    """A part of a schema that another file holds, and what is taken of it."""

    ref: Ref
    span: Span
    kept: frozenset[str] | None = None
    dropped: frozenset[str] = frozenset()
    loose: bool = False


class Shape(NamedTuple):
    """The variables of a schema: those written in this file, and what other files add."""

    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()

    def with_(self, other: Shape) -> Shape:
        """Return both together; the other one's fields replace those of the same name."""
        names = {entry.name for entry in other.entries}
        kept = tuple(entry for entry in self.entries if entry.name not in names)
        return Shape((*kept, *other.entries), (*self.parts, *other.parts))

    def either(self, other: Shape) -> Shape:
        """Return what is read where one of both applies: what only one of them asks for may be left out."""
        mine, theirs = ({e.name: e.required for e in shape.entries} for shape in (self, other))
        sure = {name for name in mine if mine[name] and theirs.get(name)}
        every = self.with_(Shape(tuple(e for e in other.entries if e.name not in mine), other.parts))
        return every._replace(
            entries=tuple(e._replace(required=None) if e.required and e.name not in sure else e for e in every.entries)
        )

    def picked(self, names: frozenset[str]) -> Shape:
        """Return the fields of these names alone."""
        parts = tuple(p._replace(kept=names if p.kept is None else p.kept & names) for p in self.parts)
        return Shape(tuple(e for e in self.entries if e.name in names), parts)

    def omitted(self, names: frozenset[str]) -> Shape:
        """Return the fields of other names."""
        parts = tuple(p._replace(dropped=p.dropped | names) for p in self.parts)
        return Shape(tuple(e for e in self.entries if e.name not in names), parts)

    def loosened(self, names: frozenset[str] | None) -> Shape:
        """Return the shape with these fields, or all of them, optional."""
        entries = tuple(e._replace(required=False) if names is None or e.name in names else e for e in self.entries)
        return Shape(entries, self.parts if names is not None else tuple(p._replace(loose=True) for p in self.parts))


def defined(at: At, hops: int = _STEPS) -> At:
    """Follow names, and members of objects written out, to the expression they are bound to once."""
    for _ in range(hops):
        found = _one_step(at, hops // 2)
        if found is None:
            break
        at = found
    return at


def _one_step(at: At, hops: int) -> At | None:
    match at.node:
        case x.Assertion(value=inner):
            return At(inner, at.scope)
        case x.Name(id=name):
            bindings = at.scope.lookup(name)
            if bindings is None or len(bindings) != 1 or bindings[0].kind != "value":
                return None
            expression = bindings[0].expression
            return None if expression is None else _inside(At(expression, bindings[0].scope), bindings[0].path, hops)
        case x.Member(object=x.Name(id="this" | "self" | "cls"), name=name):
            return _attribute(at.scope, name)
        case x.Member(object=owner, name=name):
            return _inside(At(owner, at.scope), (name,), hops)
        case x.Call(callee=x.Member(object=x.Name(id="Object"), name="freeze"), arguments=[x.Argument(value=inner)]):
            return At(inner, at.scope)
        case _:
            return None


def _attribute(scope: Scope, name: str) -> At | None:
    """Return what an attribute of the class around is bound to."""
    outer: Scope | None = scope
    while outer is not None and outer.owner is None:
        outer = outer.parent
    bindings = outer.bindings.get(name, []) if outer is not None else []
    expression = bindings[0].expression if len(bindings) == 1 and bindings[0].kind == "value" else None
    return At(expression, bindings[0].scope) if expression is not None else None


def _inside(at: At, path: tuple[Step, ...], hops: int) -> At | None:
    """Return what stands at a path in an object that is written out; a nested question may take half the steps."""
    for step in path:
        owner = defined(at, hops)
        if not isinstance(owner.node, x.Mapping):
            return None
        found = next((e.value for e in owner.node.entries if isinstance(e.key, x.Text) and e.key.text == step), None)
        if found is None:
            return None
        at = At(found, owner.scope)
    return at


def parsed(record: Record, word: str) -> Record:
    """Return what a parser of this name makes of a record."""
    if word not in SAFE:
        return record
    return Record((*record.entries, *((name, record) for name in _RESULTS)), open=True)


def last_word(callee: x.Expression) -> str:
    """Return the last word of what is called."""
    return callee.id if isinstance(callee, x.Name) else callee.name if isinstance(callee, x.Member) else ""
