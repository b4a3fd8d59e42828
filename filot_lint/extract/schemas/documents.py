"""Schemas that are plain objects: JSON Schema, and trees of settings whose leaves name their variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.reads.casts import cast_of
from filot_lint.extract.schemas.entry import At, Entry, Shape, defined, last_word
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, Record, Sequence, Value

if TYPE_CHECKING:
    from filot_lint.extract.schemas.objects import Objects

_DEEPEST = 8


def members(at: At) -> dict[str, At]:
    """Return what stands under each key of an object that is written out, spreads followed."""
    at = defined(at)
    found: dict[str, At] = {}
    if isinstance(at.node, x.Mapping):
        for entry in at.node.entries:
            if isinstance(entry.key, x.Text):
                found[entry.key.text] = At(entry.value, at.scope)
    return found


def document(objects: Objects, at: At) -> Shape:
    """Read a JSON Schema; one that a library makes is read as that library's."""
    inside = members(at)
    if "properties" not in inside:
        return Shape() if isinstance(defined(at).node, x.Mapping) else objects.shape(at)
    properties = defined(inside["properties"])
    if not isinstance(properties.node, x.Mapping):
        return objects.shape(properties)
    demanded = _demanded(objects, inside)
    shape = Shape()
    for entry in properties.node.entries:
        if entry.key is None:
            shape = shape.with_(document(objects, At(_as_schema(entry), properties.scope)))
            continue
        name = objects.evaluator.evaluate(entry.key, properties.scope)
        if not isinstance(name, Literal):
            continue
        field = objects.evaluator.evaluate(entry.value, properties.scope)
        default = field.get("default") if isinstance(field, Record) else None
        kind = field.get("type") if isinstance(field, Record) else None
        required = name.text in demanded and default is None
        place = defined(At(entry.key, properties.scope)).node.span
        shape = shape.with_(Shape((Entry(name.text, place, default, required, _cast(kind)),)))
    return shape


def _as_schema(spread: x.Entry) -> x.Expression:
    """Return properties that are spread into others as a schema of their own."""
    key = x.Text(spread.span, "properties")
    return x.Mapping(spread.span, [x.Entry(spread.span, key, spread.value)])


def _demanded(objects: Objects, inside: dict[str, At]) -> set[str]:
    at = inside.get("required")
    value = objects.evaluator.evaluate(at.node, at.scope) if at is not None else None
    return {item.text for item in value.items if isinstance(item, Literal)} if isinstance(value, Sequence) else set()


def _cast(kind: Value | None) -> str | None:
    return cast_of(kind.text) if isinstance(kind, Literal) else None


def settings_tree(objects: Objects, at: At) -> Shape:
    """Read a tree of settings: `{ redis: { url: { default: "", env: "REDIS_ADDRESS" } } }`."""
    shape = Shape()
    for _, leaf in leaves(objects, at):
        shape = shape.with_(leaf)
    return shape


def leaves(objects: Objects, at: At, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Shape]]:
    """Return the leaves of a tree that name a variable, each with its path, and the subtrees that other files hold."""
    at = defined(at)
    if len(path) > _DEEPEST:
        return []
    if isinstance(at.node, x.Name | x.Member | x.Call):
        return [(path, objects.elsewhere(at))]
    inside = members(at)
    if "env" in inside and inside.keys() & {"default", "format", "doc"}:
        leaf = _leaf(objects, inside)
        return [(path, Shape((leaf,)))] if leaf is not None else []
    return [leaf for key, child in inside.items() for leaf in leaves(objects, child, (*path, key))]


def _leaf(objects: Objects, inside: dict[str, At]) -> Entry | None:
    evaluate = objects.evaluator.evaluate
    name = evaluate(inside["env"].node, inside["env"].scope)
    if not isinstance(name, Literal) or not name.text:
        return None
    default = evaluate(inside["default"].node, inside["default"].scope) if "default" in inside else None
    given = default is not None and not (isinstance(default, Literal) and default.type == "null")
    secret = "sensitive" in inside and evaluate(inside["sensitive"].node, inside["sensitive"].scope) == Literal(
        "true", "boolean"
    )
    place = defined(inside["env"]).node.span
    kind = cast_of(_format(inside)) if "format" in inside else None
    return Entry(name.text, place, default, False if given else None, "secret" if secret else kind)


def _format(inside: dict[str, At]) -> str:
    """Return what `format: Number` and `format: "port"` name."""
    node = inside["format"].node
    return node.text if isinstance(node, x.Text) else last_word(node)
