"""What a profile demands, against what the workspace reads: the same name, another one, or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal as Choice

import msgspec

from filot_lint.facts import EnvDeclaration, EnvRead, Fact, SecretUse, kebab
from filot_lint.profiles import Profile, Setting
from filot_lint.source import Location
from filot_lint.values import Value, env_names

Status = Choice["as demanded", "other name", "covered", "only declared", "absent"]


class Answer(msgspec.Struct, frozen=True):
    """What answers one demand. `names` are the variables, the first of them the closest; `places` where they stand.

    `as demanded`: production reads it by the name of the demand, and others that go to the same place; `other name`:
    by another; `covered`: another setting makes it needless; `only declared`: an example file names it and production
    does not read it.
    """

    setting: Setting
    status: Status
    names: tuple[str, ...] = ()
    places: tuple[Location, ...] = ()


def answers(
    profile: Profile,
    reads: Sequence[EnvRead],
    declarations: Mapping[str, Sequence[EnvDeclaration]],
    facts: Iterable[Fact],
) -> list[Answer]:
    """Return one answer for each demand, in the order of the profile; `reads` are those of production."""
    first: dict[str, EnvRead] = {}
    for read in sorted(reads, key=lambda read: (read.access == "presence", not read.components)):
        if read.name is not None:
            first.setdefault(read.name, read)
    used = _used(profile, facts)
    found = {
        setting.name: _answer(setting, first, declarations, used.get(setting.name, [])) for setting in profile.settings
    }
    return [_covered(answer, found) for answer in found.values()]


def _answer(
    setting: Setting, reads: Mapping[str, EnvRead], declared: Mapping[str, Sequence[EnvDeclaration]], used: list[str]
) -> Answer:
    names = list(dict.fromkeys(n for n in [*used, *reads] if n in reads and (n in used or setting.accepts(n))))
    if setting.name in reads:
        names = list(dict.fromkeys([setting.name, *(n for n in names if n in used)]))
        return Answer(setting, "as demanded", tuple(names), tuple(reads[n].location for n in names))
    if names:
        return Answer(setting, "other name", tuple(names), tuple(reads[n].location for n in names))
    named = [n for n in declared if setting.accepts(n)]
    places = tuple(declared[n][0].location for n in named)
    return Answer(setting, "only declared" if named else "absent", tuple(named), places)


def _covered(answer: Answer, found: Mapping[str, Answer]) -> Answer:
    """Return the answer to a demand that another setting makes needless, if production reads that one."""
    if answer.status not in {"absent", "only declared"}:
        return answer
    for name in answer.setting.covered_by:
        other = found.get(name)
        if other is not None and other.status in {"as demanded", "other name"}:
            return Answer(answer.setting, "covered", other.names, other.places)
    return answer


def _used(profile: Profile, facts: Iterable[Fact]) -> dict[str, list[str]]:
    """Return, by demand, the variables that go where only that setting goes."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for setting in profile.settings:
        for place in setting.at:
            kind, _, field = place.rpartition(".")
            wanted.setdefault((kind, field), []).append(setting.name)
    kinds = {kind.partition(":")[0] for kind, _ in wanted}
    found: dict[str, list[str]] = {}
    for fact in facts:
        kind = kebab(type(fact).__name__)
        if kind not in kinds or fact.area != "production":
            continue
        kind = f"{kind}:{fact.sink}" if isinstance(fact, SecretUse) else kind
        for field in fact.__struct_fields__:
            value = getattr(fact, field)
            for name in wanted.get((kind, field), ()) if isinstance(value, Value) else ():
                found.setdefault(name, []).extend(env_names(value))
    return found
