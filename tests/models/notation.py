"""Facts as one line of text: the kind, then what is known, `redis-connection url=$REDIS_URL|"redis://x:6379" tls={}`.

Values are written as `filot_lint.reporters.notation` does. An `env-read` names its variable first; `!` stands for
required.
"""

from __future__ import annotations

import msgspec

from filot_lint.facts import LINKER_ONLY, EnvRead, Fact, Imports, Problem, kebab
from filot_lint.reporters.notation import written

_PLACE = {f.name for f in msgspec.structs.fields(Fact)}
_HIDDEN = {"value", "reason", "deferred", "guard", "evidence", "client"}


def lines(facts: list[Fact]) -> list[str]:
    """Return what models find; links between files belong to other tests."""
    kept = [f for f in facts if not isinstance(f, (*LINKER_ONLY, Imports))]
    return [line(f) for f in sorted(kept, key=lambda f: (f.line, f.column, kebab(type(f).__name__)))]


def line(fact: Fact) -> str:
    """Return one fact."""
    kind = kebab(type(fact).__name__)
    if isinstance(fact, Problem):
        return f"{kind} {fact.message}"
    if isinstance(fact, EnvRead):
        return _env_read(fact)
    parts = [kind]
    for field in msgspec.structs.fields(type(fact)):
        if field.name in _PLACE | _HIDDEN:
            continue
        content = getattr(fact, field.name)
        if content is None or content is False:
            continue
        parts.append(f"{field.name}={_content(content)}")
    return " ".join(parts)


def _env_read(fact: EnvRead) -> str:
    name = fact.name if fact.name is not None else f"~{fact.pattern or '?'}"
    if fact.default is not None:
        text = fact.default.text
        name += f"|{fact.default.kind}" if fact.default.kind != "literal" else f'|"{text}"'
    parts = [f"env-read {name}{'!' if fact.required else ''}"]
    if fact.access != "read":
        parts.append(fact.access)
    if fact.unchecked:
        parts.append("unchecked")
    if fact.cast is not None:
        parts.append(f"cast={fact.cast}")
    return " ".join([*parts, f"via={fact.via}"])


def _content(content: object) -> str:
    if content is True:
        return "yes"
    if isinstance(content, tuple):
        return ",".join(str(part) for part in content)
    return content if isinstance(content, str) else written(content)  # type: ignore[arg-type]
