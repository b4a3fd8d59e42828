"""The report as data: which documents, sections, variable groups and checklist items there are."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal as Choice
from typing import TypeVar

import msgspec
import tomli

from filot_lint.resources import REPORT

T = TypeVar("T")

Place = Choice["example-dir", "docs"]
Kind = Choice["markdown", "env", "text", "json", "svg", "png", "html"]
Condition = Choice["mocks", "html"]


class ManifestError(Exception):
    """A data file of the report that cannot be used; names the file and the line."""


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One generated file. `template` is null for what is drawn or encoded."""

    id: str
    file: str
    place: Place
    kind: Kind
    title: str
    purpose: str
    template: str | None = None
    when: Condition | None = None


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One managed part of a file that people own: a block of a template.

    `source` is the id of the document that says more; `when` what there must be for it to be written.
    """

    file: str
    name: str
    title: str
    template: str
    when: str
    source: str | None = None

    @property
    def page(self) -> str:
        """The id of its file: all sections of one stand in one template."""
        return self.template.partition(".")[0]

    @property
    def id(self) -> str:
        """What settings call it."""
        return f"{self.page}/{self.name}"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Variables that belong to one system, and what rotating its secrets takes.

    `names` are globs and come before all else; `tokens` are words of a variable's name; `family` groups are listed even
    when empty; `together` says that the secrets of the group rotate as one, so they share one entry; `secrets_only`
    that no plain setting belongs to it.
    """

    id: str
    title: str
    names: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    family: bool = False
    together: bool = True
    secrets_only: bool = False
    rotation: str = "No rotation procedure is known for this kind of value."
    url_format: str | None = None

    def claims(self, name: str) -> bool:
        """Whether the group names a variable outright."""
        return any(fnmatchcase(name, pattern) for pattern in self.names)

    @property
    def words(self) -> frozenset[str]:
        """The words of a variable's name that only say which group it is of."""
        return frozenset(self.tokens).union(*(re.findall(r"[A-Z0-9]+", pattern) for pattern in self.names))


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the pre-deployment checklist.

    `rules` decide it together; `needs` names the kind of fact without which it does not apply; `human` is what a
    person must look at, and where, when source cannot decide it alone.
    """

    id: str
    area: str
    check: str
    rules: tuple[str, ...] = ()
    needs: str | None = None
    human: str | None = None


class _Documents(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prefix: str
    document: tuple[Document, ...]
    section: tuple[Section, ...] = ()


class _Groups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: tuple[Group, ...]
    withheld: dict[str, str] = {}


class _Checklist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: tuple[Item, ...]


class Manifest(msgspec.Struct, frozen=True):
    """Everything the report knows before it sees a workspace.

    `withheld`: names never to set, and why. `dropped`: ids of documents and sections that the settings leave out.
    """

    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    groups: tuple[Group, ...]
    checklist: tuple[Item, ...]
    withheld: dict[str, str]
    prefix: str = ""
    dropped: frozenset[str] = frozenset()

    def document(self, key: str) -> Document:
        """Return a document by its id."""
        return next(d for d in self.documents if d.id == key)


@cache
def load_manifest(folder: Path = REPORT) -> Manifest:
    """Read the data files once."""
    documents = _load(folder / "documents.toml", _Documents)
    groups = _load(folder / "groups.toml", _Groups)
    return Manifest(
        prefix=documents.prefix,
        documents=documents.document,
        sections=documents.section,
        groups=groups.group,
        withheld=groups.withheld,
        checklist=_load(folder / "checklist.toml", _Checklist).item,
    )


def _load(path: Path, kind: type[T]) -> T:
    text = path.read_text(encoding="utf-8")
    try:
        return msgspec.convert(tomli.loads(text), kind)
    except tomli.TOMLDecodeError as error:
        message = f"{path.name}:{error.lineno}: {error.msg}"
        raise ManifestError(message) from error
    except msgspec.ValidationError as error:
        message = f"{path.name}:{_line_of(text, str(error))}: {error}"
        raise ManifestError(message) from error


def _line_of(text: str, error: str) -> int:
    """Return the line of the table a validation error like ``… - at `$.document[3].kind``` speaks of."""
    place = error.rpartition("$.")[2]
    table, _, rest = place.partition("[")
    number, _, field = rest.partition("]")
    if not number.isdigit():
        return 1
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines, 1) if line.strip() == f"[[{table}]]"]
    if int(number) >= len(starts):
        return 1
    start = starts[int(number)]
    key = field.strip(".`")
    end = starts[int(number) + 1] - 1 if int(number) + 1 < len(starts) else len(lines)
    written = (n for n in range(start, end) if lines[n].startswith(f"{key} ="))
    return next((n + 1 for n in written), start) if key else start
