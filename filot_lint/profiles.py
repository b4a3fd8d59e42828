"""Which settings a deployment demands: profiles of the catalogue, or a team's own file."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec

from filot_lint.config import Config, ConfigError, GroupConfig, nearest, read_table
from filot_lint.resources import RULES

FOLDER = RULES / "profiles"
NONE, AUTO = "none", "auto"


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One demanded setting. `name` is how the demand spells it, `names` are globs of spellings that are as good.

    `at` are places of facts, `kind.field` or `kind:sink.field`: the variable that goes there is the setting, whatever
    it is called. `covered_by` are settings that make this one needless. `format` is for people.
    """

    name: str
    title: str
    group: str
    names: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    format: str = "text"
    secret: bool = False
    optional: bool = False
    covered_by: tuple[str, ...] = ()
    note: str | None = None

    def accepts(self, name: str) -> bool:
        """Whether a variable is this setting by its name."""
        return name == self.name or any(fnmatchcase(name, pattern) for pattern in self.names)


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a profile wants delivered: ids of documents, and the rules (first letters of codes) they answer for."""

    title: str
    documents: tuple[str, ...]
    rules: tuple[str, ...] = ()


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What one kind of deployment demands; applies by itself where production reads a variable like those of `when`.

    `document_prefix` starts the names of its documents; `groups` are variables of systems that it alone knows.
    """

    name: str
    title: str
    when: tuple[str, ...] = ()
    document_prefix: str | None = None
    groups: dict[str, GroupConfig] = msgspec.field(name="group", default_factory=dict)
    settings: tuple[Setting, ...] = msgspec.field(name="setting", default=())
    tasks: tuple[Task, ...] = msgspec.field(name="task", default=())


@cache
def profiles() -> dict[str, Profile]:
    """Return the profiles of the catalogue by name."""
    found = (read_table(path, Profile) for path in sorted(FOLDER.glob("*.toml")))
    return {profile.name: profile for profile in found}


def chosen_profile(config: Config, variables: set[str]) -> Profile | None:
    """Return the profile of a workspace whose production code reads `variables`.

    The settings name one of the catalogue, a file, or `none`; without a word it is the one that recognises itself.
    Raises `ConfigError` where the settings name what is neither.
    """
    if config.profile == NONE:
        return None
    if config.profile == AUTO:
        fitting = (p for p in profiles().values() if any(fnmatchcase(v, glob) for v in variables for glob in p.when))
        return next(fitting, None)
    if config.profile in profiles():
        return profiles()[config.profile]
    path = Path(config.origin).parent / config.profile if config.origin else Path(config.profile)
    if path.is_file():
        return read_table(path, Profile)
    hint = nearest(config.profile, [*profiles(), NONE, AUTO])
    advice = f"did you mean `{hint}`?" if hint else f"known are {', '.join(f'`{name}`' for name in profiles())}"
    message = f"{config.origin or 'settings'}: `profile`: there is no profile and no file `{config.profile}`; {advice}"
    raise ConfigError(message)
