"""Every setting with its value and where that comes from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from filot_lint.config import FILE, SECTION, Config, place_of
from filot_lint.reporters.safe_text import safe_text

UNSET = "(none)"


def settings_lines(config: Config, options: Mapping[str, str]) -> Iterator[str]:
    """Yield a line per setting; `options` says which settings an option of the command line replaced, and which."""
    source = _Source(config)
    yield f"# settings: {safe_text(source.shown) if config.origin else f'no {FILE} and no [tool.filot-lint]'}"
    for field in msgspec.structs.fields(config):
        if field.name == "origin":
            continue
        name = field.encode_name
        origin = f"command line, {options[name]}" if name in options else None
        yield from _lines((name,), getattr(config, field.name), source, origin)


def _lines(keys: tuple[str, ...], value: object, source: _Source, origin: str | None = None) -> Iterator[str]:
    """Yield a line for a setting, for each of them in a table."""
    if isinstance(value, msgspec.Struct):
        inside = {field.encode_name: getattr(value, field.name) for field in msgspec.structs.fields(value)}
    else:
        inside = value if isinstance(value, dict) else {}
    if not inside:
        yield _line(".".join(keys), value, origin or source.of(*keys))
    for name, setting in inside.items():
        yield from _lines((*keys, name), setting, source)


def _line(name: str, value: object, origin: str) -> str:
    shown = UNSET if value is None else json.dumps(value, ensure_ascii=False)
    return safe_text(f"{name} = {shown}  # {origin}")


class _Source:
    """The file the settings come from."""

    def __init__(self, config: Config) -> None:
        self.path = Path(config.origin or FILE)
        self.text = self.path.read_text("utf-8") if config.origin else ""
        self.section = SECTION if self.path.name == "pyproject.toml" else ()
        self.shown = Path(os.path.relpath(self.path)).as_posix()

    def of(self, *keys: str) -> str:
        """Return where a setting is written, `default` when it is not."""
        import tomli  # noqa: PLC0415  # only for this

        table: Any = tomli.loads(self.text)
        for key in (*self.section, *keys):
            if not isinstance(table, dict) or key not in table:
                return "default"
            table = table[key]
        line = place_of(self.path, self.text, (*self.section, *keys)).rsplit(":", 2)[1]
        return f"{self.shown}:{line}"
