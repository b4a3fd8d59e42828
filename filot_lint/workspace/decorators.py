"""Fields whose decorator, written in the workspace, makes them variables: its file reads what it is told to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from filot_lint.facts import DecoratedField, EnvRead, Exported, Fact, Wrapper
from filot_lint.source import Language, SourceFile
from filot_lint.values import Callable
from filot_lint.workspace.exports import Exports


class Decorators:
    """Finds out which decorators name variables."""

    def __init__(self, exports: Exports) -> None:
        """Nothing is known yet."""
        self.exports = exports
        self._reading: dict[str, bool] = {}

    def reads(self, files: Iterable[str]) -> Iterator[EnvRead]:
        """Yield the fields of these files that are variables."""
        for file in files:
            for field in self.exports.facts_of(file):
                if isinstance(field, DecoratedField) and self._names_variables(field, file):
                    yield _read(field)

    def _names_variables(self, field: DecoratedField, file: str) -> bool:
        decorator = self.exports.resolve(field.decorator, file)
        if not isinstance(decorator, Callable):
            return False
        home = decorator.function.partition("::")[0] if "::" in decorator.function else file
        if home not in self._reading:
            self._reading[home] = _reads_any(self.exports.facts_of(home))
        return self._reading[home]


def _reads_any(facts: Iterable[Fact]) -> bool:
    """Return whether a file reads variables whose names it is told."""
    return any(
        (isinstance(fact, EnvRead) and fact.name is None and fact.access in {"read", "presence"})
        or (isinstance(fact, Wrapper) and fact.key is not None)
        for fact in facts
    )


def _read(field: DecoratedField) -> EnvRead:
    return EnvRead(
        file=field.file,
        line=field.line,
        column=field.column,
        end_line=field.end_line,
        end_column=field.end_column,
        language=field.language,
        area=field.area,
        name=field.name,
        access="read",
        via="process.env",
        default=field.default,
        required=False if field.default is not None else None,
        cast=field.cast,
        value=field.value,
    )


def decorated(facts: Mapping[str, list[Fact]], sources: Mapping[str, SourceFile]) -> list[str]:
    """Return the unread files with fields whose decorator may come from a file that reads what it is told to."""
    names = {
        fact.name
        for found in facts.values()
        if _reads_any(found)
        for fact in found
        if isinstance(fact, Exported) and isinstance(fact.value, Callable)
    }
    if not names:
        return []
    words = b"|".join(re.escape(name.encode()) for name in sorted(names))
    wanted = re.compile(rb"@(?:" + words + rb""")\(\s*['"][A-Z]""")
    return [
        path
        for path, source in sources.items()
        if source.language in {Language.TYPESCRIPT, Language.TSX} and path not in facts and wanted.search(source.data)
    ]
