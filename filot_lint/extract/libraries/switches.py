"""Which variables a condition asks: by themselves, or by a name or a function of the same file."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.reads.logs import dotted
from filot_lint.syntax import expression as x

_ENVIRONMENTS = frozenset({"process.env", "import.meta.env", "os.environ", "environ"})
_READERS = frozenset({"os.getenv", "getenv", "os.environ.get", "environ.get"})


class Switches:
    """Answers for one file."""

    def __init__(self, body: list[x.Statement]) -> None:
        """Collect what names and functions of the file read."""
        self._known: dict[str, dict[str, None]] = {}
        for part in _within(body):
            match part:
                case x.Function(name=str(name)):
                    self._known.setdefault(name, {}).update(dict.fromkeys(_read(part.body)))
                case x.Assign(target=x.Name(id=name), value=value) if value is not None:
                    self._known.setdefault(name, {}).update(dict.fromkeys(_read([value])))

    def of(self, test: x.Expression) -> tuple[str, ...]:
        """Return the variables that a condition asks."""
        found = dict.fromkeys(_read([test]))
        for part in _within([test]):
            if isinstance(part, x.Name | x.Member):
                found |= self._known.get(dotted(part).removeprefix("this.").removeprefix("self."), {})
        return tuple(found)


def _read(nodes: list[object] | list[x.Statement] | list[x.Expression]) -> Iterator[str]:
    for part in _within(nodes):
        match part:
            case x.Member(object=held, name=name) if dotted(held) in _ENVIRONMENTS and name.isupper():
                yield name
            case x.Index(object=held, key=x.Text(text=name)) if dotted(held) in _ENVIRONMENTS:
                yield name
            case x.Call(callee=callee, arguments=[first, *_]) if dotted(callee) in _READERS:
                if isinstance(first.value, x.Text):
                    yield first.value.text


def _within(nodes: list[object] | list[x.Statement] | list[x.Expression]) -> Iterator[object]:
    stack: list[object] = list(reversed(nodes))
    while stack:
        part = stack.pop()
        yield part
        stack.extend(reversed(list(parts(part))))
