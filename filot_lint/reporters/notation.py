"""Values in one line for people: `$REDIS_URL|"redis://x:6379"`.

`$NAME` is an environment variable, `|` separates what is taken in order, `+` joins texts, `<shape>` is a value that is
not shown, `module#name` something of another module, `parameter 1` what a caller gives, `?` unknown.
"""

from __future__ import annotations

from filot_lint.values import (
    Callable,
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
)


def written(value: Value) -> str:  # noqa: PLR0911  # one arm per kind
    """Return a value as one line."""
    match value:
        case Literal(text=text, type="string"):
            return f'"{text}"'
        case Literal(text=text, type="redacted"):
            return f"<{text}>"
        case Literal(text=text):
            return text
        case Env(name=name, default=default, pattern=known):
            own = f"${name}" if name is not None else f"~{known or '?'}"
            return own if default is None else f"{own}|{written(default)}"
        case Coalesce(options=parts):
            return "|".join(written(part) for part in parts)
        case Join(parts=parts):
            return "+".join(written(part) for part in parts)
        case Ref(module=module, path=path):
            return f"{module}#{'.'.join(path)}"
        case Parameter(index=index, path=path):
            return ".".join([f"parameter {index + 1}", *path])
        case Sequence(items=items, open=opened):
            return f"[{', '.join([*(written(item) for item in items), *(['…'] if opened else [])])}]"
        case Record(entries=entries, open=opened):
            inner = [f"{key}: {written(entry)}" for key, entry in entries]
            return "{" + ", ".join([*inner, *(["…"] if opened else [])]) + "}"
        case Environment(prefix=prefix):
            return f"${prefix}*" if prefix else "$*"
        case Instance(type=label):
            return f"a {label}"
        case Callable(function=function):
            return f"{function.partition('@')[0]}()"
        case _:
            return "?"
