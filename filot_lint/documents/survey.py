"""What the report asks of the workspace beyond its facts: its name, its folders, its own papers."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path, PurePosixPath

import msgspec
import tomli

from filot_lint import facts as vocabulary
from filot_lint.config import Config
from filot_lint.documents.stamp import is_ours
from filot_lint.facts import EnvDeclaration, Fact
from filot_lint.secrets import may_show
from filot_lint.workspace.index import Index

_MANIFEST_LIMIT = 1_000_000
_NOBODYS_NAME = frozenset(
    {"workspace", "app", "my-app", "root", "monorepo", "package", "project", "rest-express", "nodejs"}
)
_HEAD = 20_000
_STEP = re.compile(r"(?i)T(?:RANCHE)?[_-]?T?(\d+)[._-]?([A-Z]?)(?![A-Za-z])")
_SENTENCE = re.compile(r"^.{0,280}?[.!?](?=\s|$)")
_NOT_PROSE = re.compile(r"^(?:[#>|`~=<!-]|\*\*[^*]+\*\*:?|[*+-]\s|\d+[.)]\s|\[|\*)")
_MIN_WORDS = 6
_PAPER = re.compile(r"(?i)(?:^|[_-])(?:tranche|T\d+[A-Z]?)(?:[_.-]|\d|$)")


class Paper(msgspec.Struct, frozen=True):
    """A document people wrote about a step of the work, with the first sentence of its prose."""

    file: str
    line: int
    title: str
    excerpt: str | None = None
    excerpt_line: int = 1

    @property
    def step(self) -> tuple[int, str, str]:
        """The number of the step and the letter behind it, for sorting."""
        found = _STEP.search(self.file.rpartition("/")[2])
        return (int(found[1]), found[2].upper(), self.file) if found else (0, "", self.file)


class ReportError(Exception):
    """The report cannot be planned; the message names the place and the remedy."""


def workspace_name(root: Path) -> str:
    """Return what the workspace calls itself, else the name of its folder."""
    places = (root, root / "backend")
    for path, read in ((p / name, read) for p in places for name, read in _MANIFESTS.items()):
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_size < _MANIFEST_LIMIT:
                name = read(path.read_text("utf-8"))
                own = name.rpartition("/")[2] if name else ""
                if own and own.lower() not in _NOBODYS_NAME:
                    return own
        except (OSError, ValueError):
            continue
    return root.resolve().name or "workspace"


def _package_json(text: str) -> str | None:
    data = json.loads(text)
    name = data.get("name") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def _pyproject(text: str) -> str | None:
    project = tomli.loads(text).get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return name if isinstance(name, str) else None


_MANIFESTS = {"package.json": _package_json, "pyproject.toml": _pyproject}


def choose_example(index: Index) -> str | None:
    """Return the example file that production documents stand beside: the outermost, then the fullest."""
    sizes = Counter(d.file for d in index.of(EnvDeclaration))
    return min(sizes, key=lambda f: (f.count("/"), -sizes[f], f), default=None)


def docs_folder(root: Path, config: Config) -> str:
    """Return the folder of the documents, relative to the workspace."""
    if config.docs_dir is None:
        return "backend/docs" if (root / "backend").is_dir() else "docs"
    path = PurePosixPath(config.docs_dir)
    if path.is_absolute() or ".." in path.parts:
        where = f"{config.origin}: " if config.origin else ""
        message = f"{where}`docs-dir` is `{config.docs_dir}`, outside the workspace; name a folder below it"
        raise ReportError(message)
    return "" if path == PurePosixPath() else path.as_posix()


def paper_folders(docs: str) -> tuple[str, ...]:
    """Return the folders searched for documents people wrote."""
    return tuple(dict.fromkeys((docs, "docs")))


def find_papers(root: Path, docs: str) -> tuple[Paper, ...]:
    """Return the workspace's own documents that are named after a step of its plan."""
    found = []
    for folder in paper_folders(docs):
        base = root / folder
        if base.is_symlink() or not base.is_dir():
            continue
        for path in sorted(base.glob("*.md")):
            if _PAPER.search(path.stem) and not path.is_symlink() and path.is_file():
                paper = _paper(path, f"{folder}/{path.name}".lstrip("/"))
                found += [paper] if paper else []
    return tuple(sorted(found, key=lambda paper: paper.step))


def _paper(path: Path, name: str) -> Paper | None:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return None
    if is_ours(head):
        return None
    lines = list(enumerate(head.decode("utf-8", "replace").splitlines(), 1))
    number, title = next(((n, text.strip("# \t")) for n, text in lines if text.startswith("#")), (1, path.stem))
    place, excerpt = next(((n, said) for n, text in lines if (said := _sentence(text))), (1, None))
    return Paper(name, number, title, excerpt, place)


def _sentence(line: str) -> str | None:
    """Return the first sentence of a line of prose that holds no long token."""
    text = line.strip()
    if _NOT_PROSE.match(text) or len(text.split()) < _MIN_WORDS or not all(may_show(None, w) for w in text.split()):
        return None
    found = _SENTENCE.match(text)
    return found[0] if found else None


def facts_called(index: Index, kind: str) -> tuple[Fact, ...]:
    """Return all facts of a class of the vocabulary, by its name."""
    found: type[Fact] = getattr(vocabulary, kind)
    return index.of(found)
