"""Source files, the languages they are written in, and places in them."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol

import msgspec


class Language(StrEnum):
    """What a file is written in; decides who extracts its facts."""

    PYTHON = "python"
    TYPESCRIPT = "typescript"
    TSX = "tsx"
    JAVASCRIPT = "javascript"
    SHELL = "shell"
    DOTENV = "dotenv"
    ENV_FILE = "env-file"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCKERFILE = "dockerfile"
    COMPOSE = "compose"
    ECS = "ecs"
    PACKAGE_JSON = "package-json"
    PYPROJECT = "pyproject"
    PROCFILE = "procfile"
    SUPERVISOR = "supervisor"
    REPLIT = "replit"
    GITHUB_ACTIONS = "github-actions"
    BUILDSPEC = "buildspec"
    KUBERNETES = "kubernetes"
    HOSTING = "hosting"
    PRISMA = "prisma"
    TSCONFIG = "tsconfig"
    REQUIREMENTS = "requirements"
    PIPFILE = "pipfile"
    SETUP_CFG = "setup-cfg"
    PYTHON_LOCK = "python-lock"
    PIPFILE_LOCK = "pipfile-lock"
    PACKAGE_LOCK = "package-lock"
    PNPM_LOCK = "pnpm-lock"
    YARN_LOCK = "yarn-lock"
    BUN_LOCK = "bun-lock"

    @property
    def published(self) -> str:
        """The name facts carry: how a file is parsed does not matter to readers."""
        return Language.TYPESCRIPT.value if self is Language.TSX else self.value

    @property
    def is_code(self) -> bool:
        """Whether the shared code front end reads it."""
        return self in CODE

    @property
    def is_lock(self) -> bool:
        """Whether a package manager writes it, however long it gets."""
        return self in LOCKS


CODE = frozenset({Language.PYTHON, Language.TYPESCRIPT, Language.TSX, Language.JAVASCRIPT})
_ASCII = bytes(range(32, 127)) + rb"+AGE- \n \u0041 xn--a"
LOCKS = frozenset({Language.PYTHON_LOCK, Language.PIPFILE_LOCK, Language.PACKAGE_LOCK, Language.PNPM_LOCK,
                   Language.YARN_LOCK, Language.BUN_LOCK})  # fmt: skip


class Area(StrEnum):
    """Which part of the work a file belongs to."""

    PRODUCTION = "production"
    TEST = "test"
    TOOLING = "tooling"


class Location(msgspec.Struct, frozen=True, order=True):
    """A stretch of one file; lines and columns count characters from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        """Return ``file:line``, the form used in every document."""
        return f"{self.file}:{self.line}"


class Span(NamedTuple):
    """A stretch of bytes with its 0-based start and end rows and byte columns."""

    start: int
    end: int
    row: int
    column: int
    end_row: int
    end_column: int


class SourceError(Exception):
    """A file that cannot be used; the message says why, in words for a person."""


class Oracle(Protocol):
    """A host that may know more of a file than the file shows by itself."""

    def texts(self, place: Location) -> tuple[str, ...] | None:
        """Return all texts that the expression at a place can be, None where that is not known."""


class Doubt(NamedTuple):
    """Where a file reads variables whose names cannot be told, and who may be asked for them."""

    oracle: Oracle
    places: tuple[Location, ...]

    def holds(self, place: Location) -> bool:
        """Whether something stands in one of these places."""
        start, end = (place.line, place.column), (place.end_line, place.end_column)
        return any((p.line, p.column) <= start and end <= (p.end_line, p.end_column) for p in self.places)


def readable(data: bytes, language: Language) -> bytes:
    """Return code as everything after reads it: in UTF-8, no line ended by CR alone."""
    if language not in CODE:
        return data
    if b"\r" in data:
        data = re.sub(rb"\r(?!\n)", b"\n", data)
    return _in_utf8(data) if language is Language.PYTHON and b"coding" in b"".join(data.split(b"\n", 2)[:2]) else data


def _in_utf8(data: bytes) -> bytes:
    """Return a Python file in UTF-8 when its first lines name another encoding, one in which ASCII is ASCII."""
    from io import BytesIO  # noqa: PLC0415  # few files say so
    from tokenize import detect_encoding  # noqa: PLC0415  # as above

    try:
        encoding = detect_encoding(BytesIO(data).readline)[0]
        plain = _ASCII.decode(encoding) == _ASCII.decode("ascii")
        return data.decode(encoding).encode() if plain and not encoding.startswith("utf-8") else data
    except (SyntaxError, LookupError, UnicodeError):
        return data


class SourceFile:
    """One file: its path below the workspace root (POSIX), its bytes and its language."""

    def __init__(
        self, path: str, data: bytes, language: Language, area: Area = Area.PRODUCTION, doubt: Doubt | None = None
    ) -> None:
        """Keep path and bytes; nothing is decoded until asked for. What a `doubt` led to is never kept in a cache."""
        self.path = path
        self.data = data
        self.language = language
        self.area = area
        self.doubt = doubt

    @cached_property
    def text(self) -> str:
        """The text, with undecodable bytes kept as lone surrogates so that offsets survive."""
        return self.data.decode("utf-8-sig", "surrogateescape")

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; universal newlines."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    @cached_property
    def _byte_lines(self) -> list[bytes]:
        return self.data.split(b"\n")

    def column_of(self, row: int, byte_column: int) -> int:
        """Turn a 0-based byte column of a 0-based row into a 1-based character column."""
        prefix = self._byte_lines[row][:byte_column] if row < len(self._byte_lines) else b""
        if row == 0 and prefix.startswith(b"\xef\xbb\xbf"):
            prefix = prefix[3:]
            byte_column -= 3
        return (byte_column if prefix.isascii() else len(prefix.decode("utf-8", "replace"))) + 1

    def locate(self, span: Span) -> Location:
        """Return the place of a byte span."""
        return Location(
            self.path,
            span.row + 1,
            self.column_of(span.row, span.column),
            span.end_row + 1,
            self.column_of(span.end_row, span.end_column),
        )

    def at_line(self, line: int, column: int = 1, length: int | None = None) -> Location:
        """Return a place on one 1-based line, to its end unless a length is given."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        end = column + length if length is not None else len(text) + 1
        return Location(self.path, line, column, line, max(end, column))
