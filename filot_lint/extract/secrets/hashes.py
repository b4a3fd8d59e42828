"""Passwords that go into a plain hash."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.context import Context
from filot_lint.extract.secrets.words import last_word
from filot_lint.facts import SecretUse
from filot_lint.secrets import tokens
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Literal, Value

_PLAIN = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
_PASSWORDS = frozenset({"PASSWORD", "PASSWD", "PWD"})


class Hashes:
    """Collects the plain hashes of passwords of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Look-ups of leaked passwords hash them on purpose."""
        self.evaluator = evaluator
        self.asks_for_leaks = b"pwned" in evaluator.source.data.lower()
        self.facts: list[SecretUse] = []

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Take `hashlib.sha256(password)` and `createHash("sha256").update(password)`."""
        algorithm, hashed = self._plain(call, callee, scope)
        name = last_word(hashed) if hashed is not None else None
        if algorithm is None or name is None or tokens(name)[-1:] == () or self.asks_for_leaks:
            return
        if tokens(name)[-1] in _PASSWORDS:
            source = self.evaluator.source
            library = "hashlib" if self.evaluator.python else "node:crypto"
            self.facts.append(
                SecretUse(
                    **place_at(source, source.locate(call.span)), guard=context.guard, sink="hash", library=library,
                    secret=UNKNOWN, algorithm=Literal(algorithm),
                )
            )  # fmt: skip

    def _plain(self, call: x.Call, callee: Value, scope: Scope) -> tuple[str | None, x.Expression | None]:
        """Return the algorithm and what is hashed."""
        name = self.evaluator.qualified(callee) or ""
        if name.startswith("hashlib.") and call.arguments:
            algorithm = name.removeprefix("hashlib.")
            return (algorithm if algorithm in _PLAIN else None), call.arguments[0].value
        match call:
            case x.Call(
                callee=x.Member(object=x.Call(callee=made, arguments=[kind, *_]), name="update"), arguments=[only, *_]
            ):
                maker = self.evaluator.qualified(self.evaluator.evaluate(made, scope)) or ""
                text = kind.value.text.lower().replace("-", "") if isinstance(kind.value, x.Text) else ""
                known = maker.endswith("createHash") and "crypto" in maker and text in _PLAIN
                return (text if known else None), only.value
            case _:
                return None, None
