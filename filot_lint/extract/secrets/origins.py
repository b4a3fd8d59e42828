"""Where the operand of a comparison comes from: the request, a caller, a keyed digest; what that is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as Choice

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Binding, Scope, children
from filot_lint.extract.reads.logs import dotted
from filot_lint.extract.secrets.requests import PARTS, is_injected, is_of_request, is_request
from filot_lint.syntax import expression as x
from filot_lint.values import Callable

Sender = Choice["request", "caller"]

_HOPS = 10
_STEPS = 300
_BINDINGS = 20
_BODIES = frozenset({"body", "json", "get_json", "data"})
_HANDS_ON = frozenset({
    "Buffer.from", "String", "str", "bytes", "bytearray", "decodeURIComponent", "encodeURIComponent", "cast", "unquote",
    "Buffer.concat", "force_bytes", "force_str", "smart_str", "typing.cast", "urllib.parse.unquote", "isinstance",
})  # fmt: skip
_OF_TEXT = frozenset({
    "trim", "toLowerCase", "toUpperCase", "toString", "strip", "rstrip", "lstrip", "lower", "upper", "encode", "decode",
    "split", "slice", "substring", "replace", "replaceAll", "removeprefix", "removesuffix", "at", "pop", "concat",
    "padEnd", "get", "partition", "rpartition", "get_secret_value", "digest", "hexdigest", "update", "join",
})  # fmt: skip
_DIGESTS = frozenset({"digest", "hexdigest"})
_MACS = frozenset({"createHmac", "hmac.new", "hmac.HMAC", "hmac.digest", "HMAC.new"})
_SERIALISERS = frozenset(
    {"JSON.stringify", "json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps", "stringify"}
)


@dataclass(slots=True)
class Origin:
    """What is known of an expression: who sends it, whose digest it is."""

    senders: set[str] = field(default_factory=set)
    macs: list[Mac] = field(default_factory=list)

    @property
    def sender(self) -> Sender | None:
        """Who decides it: a request says more than a caller."""
        return "request" if "request" in self.senders else "caller" if "caller" in self.senders else None


@dataclass(slots=True)
class Mac:
    """A keyed digest, with the expressions that it is made of."""

    call: x.Call
    messages: list[tuple[x.Expression, Scope]]


@dataclass(slots=True)
class Serialised:
    """A parsed body that is turned into text again."""

    call: x.Call
    body: Sender


class Origins:
    """Follows expressions back through the names, texts and functions of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is followed yet; `updates` are the messages given to a digest that has a name."""
        self.evaluator = evaluator
        self.scopes = evaluator.scopes
        self.updates: dict[int, list[tuple[x.Expression, Scope]]] = {}
        self._steps = 0

    def of(self, expression: x.Expression, scope: Scope) -> Origin:
        """Return where an expression comes from."""
        self._steps = _STEPS
        found = Origin()
        self._follow(expression, scope, found, _HOPS)
        return found

    def serialised(self, expression: x.Expression, scope: Scope, hops: int = _HOPS) -> Serialised | None:
        """Return the place where a message is made of a parsed body, None where it is not."""
        if hops == 0:
            return None
        match expression:
            case x.Call(callee=callee, arguments=[first, *_]) if _name(callee) in _SERIALISERS:
                return self._of_body(expression, first.value, scope)
            case x.Name(id=name):
                for binding in (scope.lookup(name) or [])[:_BINDINGS]:
                    if binding.expression is not None and binding.kind == "value" and not binding.path:
                        found = self.serialised(binding.expression, binding.scope, hops - 1)
                        if found is not None:
                            return found
                return None
            case x.Call(callee=x.Member(object=inner, name=name)) if name in _OF_TEXT:
                return self.serialised(inner, scope, hops - 1)
            case x.Call(callee=callee, arguments=[first, *_]) if dotted(callee) in _HANDS_ON:
                return self.serialised(first.value, scope, hops - 1)
            case x.Choice(yes=yes, no=no):
                return self.serialised(yes, scope, hops - 1) or self.serialised(no, scope, hops - 1)
            case x.Binary(left=left, right=right):
                return self.serialised(left, scope, hops - 1) or self.serialised(right, scope, hops - 1)
            case x.Template(parts=parts):
                return next((s for part in parts if (s := self.serialised(part, scope, hops - 1))), None)
            case x.Assertion(value=value):
                return self.serialised(value, scope, hops - 1)
            case _:
                return None

    def _of_body(self, call: x.Call, body: x.Expression, scope: Scope) -> Serialised | None:
        origin = self.of(body, scope)
        if origin.sender == "request" and self._is_body(body, scope):
            return Serialised(call, "request")
        whole = isinstance(body, x.Name) and any(b.kind == "parameter" for b in scope.lookup(body.id) or [])
        return Serialised(call, "caller") if whole and origin.sender == "caller" else None

    def _is_body(self, expression: x.Expression, scope: Scope, hops: int = _HOPS) -> bool:
        """Return whether an expression is the body of a request as a whole, not fields picked from it."""
        match expression:
            case x.Name(id=name) if hops:
                bindings = [b for b in scope.lookup(name) or [] if b.expression is not None]
                return any((b.path[-1:] in {(), ("body",)} and self._is_body(b.expression, b.scope, hops - 1))
                           or b.path[-1:] == ("body",) for b in bindings if b.expression is not None)  # fmt: skip
            case x.Member(name=name) | x.Call(callee=x.Member(name=name)):
                return name in _BODIES or name == "parse"
            case x.Call(arguments=[only]):
                return hops > 0 and self._is_body(only.value, scope, hops - 1)
            case x.Assertion(value=value):
                return self._is_body(value, scope, hops)
            case x.Binary(left=left):
                return hops > 0 and self._is_body(left, scope, hops - 1)
            case _:
                return False

    # Following ------------------------------------------------------------------------------------------------------

    def _follow(self, expression: x.Expression, scope: Scope, found: Origin, hops: int) -> None:
        self._steps -= 1
        if hops == 0 or self._steps <= 0:
            return
        match expression:
            case x.Name(id="self" | "cls"):
                pass  # what an object holds is its own, whoever calls it
            case x.Name(id=name):
                for binding in (scope.lookup(name) or [])[:_BINDINGS]:
                    self._binding(binding, found, hops)
            case x.Member(object=inner, name=name) if self._sent(inner, name, scope):
                found.senders.add("request")
            case x.Member(object=inner) | x.Index(object=inner):
                self._follow(inner, scope, found, hops - 1)
            case x.Call():
                self._call(expression, scope, found, hops)
            case x.Template(parts=parts):
                for part in parts:
                    self._follow(part, scope, found, hops - 1)
            case x.Assertion() | x.Binary() | x.Choice() | x.Spread() | x.Array():
                for part in children(expression):
                    self._follow(part, scope, found, hops - 1)
            case x.Inline(statement=x.Assign(value=value)) if value is not None:
                self._follow(value, scope, found, hops - 1)
            case _:
                pass

    def _sent(self, inner: x.Expression, name: str, scope: Scope) -> bool:
        return name in PARTS and is_request(inner, scope)

    def _binding(self, binding: Binding, found: Origin, hops: int) -> None:
        match binding.kind:
            case "value" | "element" if binding.expression is not None:
                if binding.path and is_request(binding.expression, binding.scope):
                    found.senders.add("request")
                self._follow(binding.expression, binding.scope, found, hops - 1)
            case "parameter":
                sent = is_of_request(binding.annotation) or is_injected(binding.expression)
                holder = bool(binding.path) and str(binding.path[0]) in PARTS
                found.senders.add("request" if sent or holder else "caller")
            case _:
                pass

    def _call(self, call: x.Call, scope: Scope, found: Origin, hops: int) -> None:
        callee = call.callee
        if isinstance(callee, x.Member) and callee.name in _DIGESTS | {"update"}:
            mac = self._mac(call, scope)
            if mac is not None:
                found.macs.append(mac)
                return
        if _name(callee) == "hmac.digest" and len(call.arguments) > 1:
            found.macs.append(Mac(call, [(call.arguments[1].value, scope)]))
            return
        if isinstance(callee, x.Member) and self._sent(callee.object, callee.name, scope):
            found.senders.add("request")
            return
        if isinstance(callee, x.Name) and callee.id in {"headers", "cookies", "getHeader", "getHeaders"}:
            if all(b.kind == "import" for b in scope.lookup(callee.id) or []):
                found.senders.add("request")
            return
        if dotted(callee) in _HANDS_ON:
            for argument in call.arguments[:2]:
                self._follow(argument.value, scope, found, hops - 1)
            return
        if isinstance(callee, x.Member) and callee.name in _OF_TEXT:
            self._follow(callee.object, scope, found, hops - 1)
            return
        self._own(call, scope, found, hops)

    def _own(self, call: x.Call, scope: Scope, found: Origin, hops: int) -> None:
        """Follow what a function of this file returns; its parameters are what the call gives."""
        function = self.evaluator.evaluate(call.callee, scope)
        node = self.scopes.functions.get(function.function) if isinstance(function, Callable) else None
        if node is None or not isinstance(function, Callable):
            if any(is_request(argument.value, scope) for argument in call.arguments):
                found.senders.add("request")
            return
        inner = Origin()
        for statement, home in self.evaluator.return_statements(node.body, self.scopes.of(node)):
            if statement.value is not None:
                self._follow(statement.value, home, inner, hops - 1)
        shift = 1 if function.bound else 0
        found.macs.extend(self._with_arguments(mac, call, node, shift, scope) for mac in inner.macs)
        found.senders.update(inner.senders - {"caller"})
        if "caller" in inner.senders:
            for argument in call.arguments:
                self._follow(argument.value, scope, found, hops - 1)

    def _with_arguments(self, mac: Mac, call: x.Call, node: x.Function, shift: int, scope: Scope) -> Mac:
        """Return a digest that a function makes, with what a call gives it for its parameters."""
        messages: list[tuple[x.Expression, Scope]] = []
        for message, home in mac.messages:
            names = home.lookup(message.id) or [] if isinstance(message, x.Name) else []
            index = next(
                (b.index for b in names if b.kind == "parameter" and b.function == self.scopes.key(node)), None
            )
            given = self.evaluator.pick(call, node, index, shift) if index is not None else None
            messages.append((given, scope) if given is not None else (message, home))
        return Mac(mac.call, messages)

    def _mac(self, call: x.Call, scope: Scope) -> Mac | None:
        """Return the keyed digest that ends in a call, with all that was put into it."""
        messages: list[tuple[x.Expression, Scope]] = []
        current: x.Expression = call
        for _ in range(_STEPS):
            match current:
                case x.Call(callee=callee, arguments=arguments) if _name(callee) in _MACS:
                    python = _name(callee) != "createHmac"
                    messages += [(a.value, scope) for a in arguments[1:2] if python and a.name in {None, "msg"}]
                    messages += [(a.value, scope) for a in arguments[2:] if a.name == "msg"]
                    return Mac(current, messages)
                case x.Call(callee=x.Member(object=inner, name=name), arguments=arguments):
                    if name == "update":
                        messages += [(a.value, scope) for a in arguments[:1]]
                    current = inner
                case x.Name(id=name):
                    bindings = scope.lookup(name) or []
                    messages += self.updates.get(id(bindings), [])
                    value = next((b for b in bindings if b.kind == "value" and b.expression is not None), None)
                    if value is None or value.expression is None:
                        return None
                    current, scope = value.expression, value.scope
                case _:
                    return None
        return None


def _name(callee: x.Expression) -> str:
    """Return the name of a function, without the module it is imported from in TypeScript."""
    name = dotted(callee)
    return name if name in _SERIALISERS | _MACS else name.rpartition(".")[2]
