"""The last gate before facts are published: each setting is redacted by its own name and by its use.

The literal at `password` is a password, whatever way it came and whatever it looks like; so is the default of the
variable that is read for it, whatever that is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from filot_lint.extract.redact import default_of, redact_all, variable_name
from filot_lint.facts import EnvRead, Fact
from filot_lint.secrets import is_secret
from filot_lint.values import Env, Unknown, Value, env_names, is_value

USED = "SECRET"


def seal(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts without any literal that their settings or their uses show to be a secret."""
    known = list(facts)
    used = {
        name
        for fact in known
        for field, value in _settings(fact)
        if is_secret(variable_name(field))
        for name in env_names(value)
    }
    return [_sealed(fact, used) for fact in known]


def _sealed(fact: Fact, used: set[str]) -> Fact:
    changes: dict[str, object] = {}
    secret = isinstance(fact, EnvRead) and fact.name in used
    for field, value in _settings(fact):
        hidden = redact_all(value, USED if secret else variable_name(field))
        if hidden != value:
            changes[field] = hidden
    if secret and isinstance(fact, EnvRead) and isinstance(fact.value, Env) and _is_written(fact):
        changes["default"] = default_of(USED, fact.value.default)
    return msgspec.structs.replace(fact, **changes) if changes else fact


def _is_written(read: EnvRead) -> bool:
    return read.default is not None and read.default.kind == "literal"


def _settings(fact: Fact) -> Iterator[tuple[str, Value]]:
    for field in fact.__struct_fields__:
        value = getattr(fact, field)
        if is_value(value) and not isinstance(value, Unknown):
            yield field, value
