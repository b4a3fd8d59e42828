"""Reads through environments that other files export: the process environment, and those that libraries make."""

from __future__ import annotations

import re

from filot_lint.extract.redact import default_of, redact
from filot_lint.facts import CallSite, EnvRead, MemberUse
from filot_lint.models import ReadModel
from filot_lint.values import Env, Environment, Literal, Ref, Value, names_of
from filot_lint.workspace.exports import Exports
from filot_lint.workspace.sites import pick, read_at


class Environments:
    """Finds the reads of members and methods of environments of other files."""

    def __init__(self, exports: Exports) -> None:
        """Take what modules export."""
        self.exports = exports

    def member(self, use: MemberUse, environment: Environment) -> list[EnvRead]:
        """Return the read of a member of an environment that another file exports."""
        if not isinstance(use.key, Literal):
            return []
        required = False if use.default is not None else use.required
        name = environment.prefix + use.key.text
        return [
            read_at(
                use, use.location, name=name, via=environment.via, default=use.default, required=required,
                unchecked=use.unchecked and required is None, cast=use.cast, value=Env(name), tested=use.tested,
                truth=use.truth, empty=use.empty if use.default is not None else None,
            )
        ]  # fmt: skip

    def call(self, site: CallSite, callee: Ref, file: str) -> list[EnvRead]:
        """Return the read by an environment that a library makes in another file: `env.int("NAME")`, `env("NAME")`."""
        for owner, method in ((callee, "()"), (Ref(callee.module, callee.path[:-1]), callee.path[-1])):
            environment = self.exports.resolve(owner, file)
            if isinstance(environment, Environment):
                reader = self.exports.models.methods.get((environment.via, method))
                key = pick(site, reader.name) if reader is not None else None
                if reader is None or key is None:
                    return []
                given = pick(site, reader.default)
                prefix = environment.prefix + reader.prefix
                names = [name.text for name in names_of(self.exports.resolve(key, file)) if name is not None]
                return [_by(site, reader, prefix + name, given) for name in names if _fits(reader, name)]
        return []


def _by(site: CallSite, reader: ReadModel, name: str, given: Value | None) -> EnvRead:
    default = default_of(name, given) if given is not None else site.default
    return read_at(
        site, site.location, name=name, via=reader.via, default=default, access=reader.access,
        required=False if default is not None else reader.required, value=Env(name, redact(given, name)),
    )  # fmt: skip


def _fits(reader: ReadModel, name: str) -> bool:
    return not reader.only or re.fullmatch(reader.only, name) is not None
