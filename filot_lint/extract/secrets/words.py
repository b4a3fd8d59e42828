"""What things are called where they are used."""

from __future__ import annotations

from filot_lint.secrets import suggests_secret
from filot_lint.syntax import expression as x
from filot_lint.values import Join, Ref, Value, env_names, options


def last_word(expression: x.Expression) -> str | None:
    """Return the name of what an expression stands for: `key` for `config.key`, `settings["key"]`, `key!`."""
    match expression:
        case x.Name(id=name) | x.Member(name=name) | x.Index(key=x.Text(text=name)):
            return name[:80]
        case x.Assertion(value=value) | x.Unary(operand=value):
            return last_word(value)
        case x.Call(callee=x.Member(object=inner, name=name), arguments=arguments):
            first = arguments[0].value if arguments else None
            if name in {"get", "header"} and isinstance(first, x.Text):
                return first.text[:80]
            return last_word(inner)
        case x.Call(callee=x.Name(id=name)):
            return name[:80]
        case _:
            return None


def may_be_secret(value: Value, name: str | None) -> bool:
    """Return whether a value is that of a secret variable, or something of another file that is called like one."""
    names = env_names(value)
    if names:
        return any(suggests_secret(known) for known in names)
    parts = value.parts if isinstance(value, Join) else tuple(options(value))
    found = [part for part in parts if isinstance(part, Ref) and part.module and part.path]
    return any(suggests_secret(part.path[-1]) or (name is not None and suggests_secret(name)) for part in found)
