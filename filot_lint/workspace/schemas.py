"""Schemas of other files: what is read where the environment is parsed by one, and what that gives."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from filot_lint.facts import EnvRead, Fact, Schema, SchemaField, SchemaPart, SchemaUse
from filot_lint.values import Env, Environment, Record, Ref, Value
from filot_lint.workspace.origins import HOPS, Origins
from filot_lint.workspace.resolve import Resolver
from filot_lint.workspace.settings import Settings


class _Found(NamedTuple):
    field: SchemaField
    home: Schema


class Schemas:
    """Finds schemas over the files of a workspace."""

    def __init__(self, resolver: Resolver, facts_of: Function[[str], list[Fact]], settings: Settings) -> None:
        """No file is known yet."""
        self.settings = settings
        self.facts_of = facts_of
        self.origins = Origins(Schema, resolver, facts_of)

    def reads(self, files: Iterable[str]) -> Iterator[EnvRead]:
        """Yield what is read by schemas of other files, where their fields are written."""
        for file in files:
            for use in self.facts_of(file):
                if isinstance(use, SchemaUse) and isinstance(use.environment, Environment):
                    yield from self.given(file, use.schema, use.environment)

    def given(self, file: str, schema: SchemaPart, environment: Environment) -> list[EnvRead]:
        """Return what is read where a file parses the environment by a schema of another."""
        found = [_read(found, environment) for found in self._part(file, schema, HOPS)]
        if not found and isinstance(schema.ref, Ref):
            return self.settings.filled(file, schema.ref, environment)
        return found

    def record(self, file: str, schema: Ref, environment: Environment) -> Record | None:
        """Return what parsing the environment gives, None when the schema is not known."""
        found = self._part(file, SchemaPart(ref=schema), HOPS)
        entries = tuple((f.field.name, _prefixed(f.field.value, environment.prefix)) for f in found)
        return Record(entries, open=True) if entries else None

    def _part(self, file: str, part: SchemaPart, hops: int) -> list[_Found]:
        home = self.origins.find(file, part.ref, hops) if isinstance(part.ref, Ref) else None
        if home is None:
            return []
        inner = (found for other in home.parts for found in self._part(home.file, other, hops - 1))
        every = [*inner, *(_Found(field, home) for field in home.fields)]
        kept = [f for f in every if f.field.name not in part.dropped and (not part.kept or f.field.name in part.kept)]
        if not part.loose:
            return kept
        return [f._replace(field=msgspec.structs.replace(f.field, required=False)) for f in kept]


def _prefixed(value: Value, prefix: str) -> Value:
    return Env(prefix + value.name, value.default) if prefix and isinstance(value, Env) and value.name else value


def _read(found: _Found, environment: Environment) -> EnvRead:
    field, at = found.field, found.field.at
    return EnvRead(
        file=found.home.file,
        line=at.line,
        column=at.column,
        end_line=at.end_line,
        end_column=at.end_column,
        language=found.home.language,
        area=found.home.area,
        name=environment.prefix + field.name,
        access="read",
        via=environment.via,
        default=field.default,
        required=field.required,
        cast=field.cast,
        truth=field.truth,
        value=_prefixed(field.value, environment.prefix),
    )
