"""Places in SARIF's words: where, with the text that stands there wherever it may be shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from filot_lint.reporters.frame import quotable
from filot_lint.source import Location, SourceFile

ROOT = "%SRCROOT%"


class Places:
    """Writes the places of one run. Paths are relative to the root of the repository, which `prefix` leads from."""

    def __init__(self, files: Mapping[str, SourceFile], names: Collection[str], prefix: str) -> None:
        """Remember what may be quoted: `names` are the variables of the workspace."""
        self.files = files
        self.names = names
        self.prefix = prefix

    def whole(self, file: str) -> dict[str, Any]:
        """Return a file as a place, without a region when it has gone."""
        if file not in self.files:
            return {"artifactLocation": self._artifact(file)}
        lines = self.files[file].lines
        return self.physical(Location(file, 1, 1, len(lines), len(lines[-1]) + 1))

    def _artifact(self, file: str) -> dict[str, Any]:
        from urllib.parse import quote  # noqa: PLC0415  # only for this form

        return {"uri": quote(f"{self.prefix}{file}".encode("utf-8", "surrogateescape")), "uriBaseId": ROOT}

    def physical(self, location: Location, concealed: Location | None = None) -> dict[str, Any]:
        """Return a place; its text and its line come along only where nothing on the line has to be hidden."""
        region: dict[str, Any] = {
            "startLine": location.line,
            "startColumn": location.column,
            "endLine": location.end_line,
            "endColumn": location.end_column,
        }
        place = {"artifactLocation": self._artifact(location.file), "region": region}
        line = quotable(location, self.files, self.names, concealed)
        if line is not None and (text := line[location.column - 1 : location.end_column - 1]):
            region["snippet"] = {"text": text}
            if text != line:
                place["contextRegion"] = {"startLine": location.line, "snippet": {"text": line}}
        return place
