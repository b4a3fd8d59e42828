"""Questions that the template and the documents about secrets ask of the shared context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.answers import StoreEntry, store_entries
from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.secrets_map import Gap, SecretEntry
from filot_lint.facts import EnvProvision, EnvRead
from filot_lint.workspace.demands import Answer

_OPEN = frozenset({"absent", "only declared", "covered"})
_LACKING = frozenset({"absent", "only declared"})


class Case(msgspec.Struct, frozen=True):
    """A secret of one deployable with all places where a mapping is missing, or may be."""

    variable: Variable
    component: str
    gaps: tuple[Gap, ...]
    entry: SecretEntry

    @property
    def elsewhere(self) -> tuple[EnvProvision, ...]:
        """What other files give to the deployable under this name, such as compose files; pipelines give to nobody."""
        given = (p for p in self.variable.provisions if p.channel != "ci" and p.language != "ecs")
        return tuple(p for p in given if not self.component or p.container is None or self.component in p.components)


def cases(context: Context, *, missing: bool) -> tuple[Case, ...]:
    """Return the secrets without a mapping, known to be `missing` or not decided, once for each deployable."""
    entries = {entry.variable.name: entry for entry in context.entries}
    found: dict[tuple[str, str], list[Gap]] = {}
    for gap in context.missing if missing else context.undecided:
        found.setdefault((gap.variable.name, gap.component), []).append(gap)
    return tuple(
        Case(gaps[0].variable, component, tuple(gaps), entries[name]) for (name, component), gaps in found.items()
    )


def planned_entries(context: Context) -> tuple[StoreEntry, ...]:
    """Return the entries of the secret store: those that manifests name, then those that code cannot do without."""
    return tuple(sorted(store_entries(context), key=lambda e: (not e.references, not needs_entry(context, e), e.name)))


def needs_entry(_context: Context, entry: StoreEntry) -> bool:
    """Whether some variable that it feeds is not optional."""
    return any(member.variable.requirement.verdict != "optional" for member in entry.members)


def absent_entries(context: Context) -> tuple[StoreEntry, ...]:
    """Return the entries that the inventory does not name and that something needs."""
    planned = planned_entries(context)
    return tuple(
        e for e in planned if context.status_of(e.members[0]) == "missing" and (e.references or needs_entry(context, e))
    )


def unset_secrets(context: Context) -> tuple[Variable, ...]:
    """Return the required secrets that the file of values leaves empty or out."""
    values = context.env_values
    if values is None:
        return ()
    required = (v for v in context.secrets if v.requirement.verdict == "required")
    return tuple(v for v in required if values.of(v.name) != "set")


def unanswered(context: Context, group: str) -> tuple[Answer, ...]:
    """Return the demands of one group that no variable of production answers by itself."""
    return tuple(a for a in context.demands if a.setting.group == group and a.status in _OPEN)


def unread_demands(context: Context) -> tuple[Answer, ...]:
    """Return the secrets that the profile demands and that nothing reads."""
    return tuple(a for a in context.demands if a.setting.secret and a.status in _LACKING)


def asked_as(context: Context, variable: Variable) -> tuple[str, ...]:
    """Return the other names by which the profile asks for a variable."""
    return tuple(a.setting.name for a in context.demands if a.status == "other name" and variable.name in a.names)


def stands_in_for(context: Context, variable: Variable) -> tuple[tuple[str, EnvRead], ...]:
    """Return the variables that another one replaces where they are missing, each with a place."""
    found: dict[str, EnvRead] = {}
    for other in context.needed:
        for read in other.deciding:
            if read.default is not None and read.default.kind == "env" and read.default.text == variable.name:
                found.setdefault(other.name, read)
    return tuple(found.items())


def entry_of(context: Context, variable: Variable) -> SecretEntry | None:
    """Return the place of a variable in the secret store."""
    return next((e for e in context.entries if e.variable.name == variable.name), None)


def givers(_context: Context, variable: Variable) -> tuple[EnvProvision, ...]:
    """Return the places that give a variable to a container or an image."""
    return tuple(p for p in variable.provisions if p.channel != "ci")


SECRET_VIEWS: tuple[Callable[..., Any], ...] = (
    cases,
    planned_entries,
    needs_entry,
    absent_entries,
    unset_secrets,
    unanswered,
    unread_demands,
    asked_as,
    stands_in_for,
    entry_of,
    givers,
)
