"""Types as they are written beside the fields of a class."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.reads.casts import cast_of
from filot_lint.extract.schemas.entry import last_word
from filot_lint.syntax import expression as x

_SECRETS = frozenset({"SecretStr", "SecretBytes", "Secret"})
_ENDINGS = {"Int": "integer", "Float": "number", "Url": "url", "Dsn": "url", "Path": "path", "Bool": "boolean"}
_WRAPPERS = frozenset({"Optional", "Annotated", "Union", "Final", "Required"})


def cast_by(annotation: x.Expression) -> str | None:
    """Return what a type makes of the text of a variable."""
    word = last_word(annotation.object if isinstance(annotation, x.Index) else annotation)
    if word in _SECRETS:
        return "secret"
    return cast_of(word) or next((cast for end, cast in _ENDINGS.items() if word.endswith(end)), None)


def parts_of(node: x.Expression) -> list[x.Expression]:
    """Return what an annotation or a field is written with."""
    match node:
        case x.Call(arguments=arguments):
            return [a.value for a in arguments]
        case x.Array(items=parts) | x.Opaque(children=parts):
            return list(parts)
        case x.Index(object=owner, key=key):
            return [owner, key]
        case x.Binary(left=left, right=right):
            return [left, right]
        case _:
            return []


def calls_in(annotation: x.Expression) -> Iterator[x.Call]:
    """Yield the calls in `Annotated[str, Field(alias="X")]`."""
    stack = [annotation]
    while stack:
        node = stack.pop()
        if isinstance(node, x.Call):
            yield node
        else:
            stack.extend(parts_of(node))


def types_of(annotation: x.Expression) -> Iterator[x.Expression]:
    """Yield the types that an annotation allows, without `None`, what wraps them and what only describes them."""
    match annotation:
        case x.Constant() | x.Call():
            return
        case x.Index(object=owner, key=key):
            if last_word(owner) in _WRAPPERS:
                yield from types_of(key)
            else:
                yield annotation
        case x.Binary(operator="|", left=left, right=right):
            yield from types_of(left)
            yield from types_of(right)
        case x.Opaque(children=children) | x.Array(items=children):
            if children and last_word(children[0]) in _WRAPPERS:
                children = children[1:2] if last_word(children[0]) == "Annotated" else children[1:]
            for child in children:
                yield from types_of(child)
        case _:
            yield annotation


def may_be_none(annotation: x.Expression) -> bool:
    """Return whether an annotation allows `None`."""
    stack, first = [annotation], True
    while stack:
        node = stack.pop()
        if isinstance(node, x.Constant) or last_word(node) in {"Optional", "Any"}:
            return True
        stack.extend(parts_of(node) if first or not isinstance(node, x.Index) else [])
        first = False
    return False


def is_of_class(annotation: x.Expression) -> bool:
    """Return whether an annotation says that a name is no field: `ClassVar[str]`."""
    stack: list[x.Expression] = [annotation]
    while stack:
        node = stack.pop()
        if last_word(node) in {"ClassVar", "InitVar"}:
            return True
        if isinstance(node, x.Opaque):
            stack.extend(node.children[:1])
        elif isinstance(node, x.Index):
            stack.append(node.object)
    return False
