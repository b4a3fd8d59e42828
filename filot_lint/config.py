"""The project's own settings: `filot-lint.toml` or `[tool.filot-lint]` in `pyproject.toml`. Data only, never code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec

from filot_lint.files import read_named

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = "filot-lint.toml"
SECTION = ("tool", "filot-lint")
LARGEST = 4_000_000

EXAMPLE_FILES = (
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env.schema",
    ".env.example.*",
    ".env.*.example",
    ".env.*.sample",
    ".env.*.template",
    ".example.env",
    "env.example",
    "env.sample",
    "env.template",
    "example.env",
    "sample.env",
    "template.env",
    "*.env.example",
    "*.env.sample",
)


SCHEME = r"^(?:[\w/+=.@-]|\{workspace\})*\{system\}(?:[\w/+=.@-]|\{workspace\})*$"

T = TypeVar("T", bound=msgspec.Struct)


class ConfigError(Exception):
    """Settings that cannot be used; the message names the place, the flaw and the remedy."""


class ComponentConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A deployable described by hand, where manifests do not tell."""

    entry: tuple[str, ...] = ()
    dockerfile: str | None = None
    containers: tuple[str, ...] = ()


def _about(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class DocumentConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What `report` writes, and under which names; documents by their id, sections as `readme/monitoring`."""

    prefix: Annotated[
        Annotated[str, msgspec.Meta(pattern=r"^(?:\w[\w.-]*)?$")] | None,
        _about("Starts the names of the files that have a prefix."),
    ] = None
    leave_out: Annotated[tuple[str, ...], _about("Documents and sections that are not written.")] = ()
    files: Annotated[dict[str, Annotated[str, msgspec.Meta(pattern=r"^\w[\w.-]*$")]], _about("File names, by id.")] = {}
    titles: Annotated[dict[str, str], _about("Titles of documents and headings of sections, by id.")] = {}


class GroupConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Variables that belong to one system: a group of one's own, or more about a known one."""

    title: str | None = None
    variables: Annotated[tuple[str, ...], _about("Names of variables, or globs of them.")] = ()
    rotation: Annotated[str | None, _about("How its secrets are changed while everything runs.")] = None


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """All settings. Paths are relative to the workspace; `exclude` and `test-paths` read as `.gitignore` lines do."""

    docs_dir: Annotated[str | None, _about("Where `report` puts its documents.")] = None
    example_files: Annotated[tuple[str, ...], _about("Globs of names of files like `.env.example`.")] = EXAMPLE_FILES
    exclude: Annotated[tuple[str, ...], _about("What is not read, as lines of `.gitignore`.")] = ()
    select: Annotated[tuple[str, ...], _about("Only these rules: `FIL101`, `FIL1`, `ALL`.")] = ()
    ignore: Annotated[tuple[str, ...], _about("Not these rules.")] = ()
    external_variables: Annotated[
        tuple[str, ...], _about("Variables, or globs of them, that something outside the repository reads.")
    ] = ()
    external_queues: Annotated[tuple[str, ...], _about("Queues whose other end is in another repository.")] = ()
    external_task_queues: Annotated[
        tuple[str, ...], _about("Task queues of Temporal whose other end is in another repository.")
    ] = ()
    components: Annotated[dict[str, ComponentConfig], _about("Deployables described by hand, by name.")] = (
        msgspec.field(default_factory=dict)
    )
    documents: Annotated[DocumentConfig, _about("What `report` writes, and under which names.")] = DocumentConfig()
    variable_groups: Annotated[dict[str, GroupConfig], _about("Variables that belong to one system, by id.")] = (
        msgspec.field(default_factory=dict)
    )
    test_paths: Annotated[tuple[str, ...], _about("What is test code, as lines of `.gitignore`.")] = ()
    baseline: Annotated[str | None, _about("The file of findings that are known and not shown again.")] = None
    require_reason: Annotated[bool, _about("A suppression must say why.")] = False
    profile: Annotated[str, _about("Which settings a deployment demands: a profile, a file, `auto` or `none`.")] = (
        "auto"
    )
    secret_names: Annotated[
        Annotated[str, msgspec.Meta(pattern=SCHEME)] | None,
        _about("How new entries of the secret store are called, like `{workspace}/prod/{system}`."),
    ] = None
    rule_pages: Annotated[
        Annotated[str, msgspec.Meta(pattern=r"^https://[^\s<>\"\\^`{|}?#]+$")] | None,
        _about("Where a copy of `rules/` can be read, like `https://example.com/filot-lint/rules`; SARIF links to it."),
    ] = None
    max_file_size: Annotated[int, msgspec.Meta(gt=0, description="Larger files are skipped; in bytes.")] = 1_000_000
    origin: str | None = None
    """The file the settings come from; it cannot be written there."""

    def is_external(self, name: str) -> bool:
        """Whether the settings say that something outside the repository reads a variable."""
        from fnmatch import fnmatchcase  # noqa: PLC0415  # only with settings; editors start without

        return any(fnmatchcase(name, pattern) for pattern in self.external_variables)


def load_config(start: Path, explicit: Path | None = None) -> Config:
    """Return the settings for a workspace: the named file, else the nearest one at or above `start`, else defaults."""
    if explicit is not None:
        section = SECTION if explicit.name == "pyproject.toml" else ()
        config = _read(explicit, section)
        if config is None:
            message = f"{explicit}: has no [tool.filot-lint] section"
            raise ConfigError(message)
        return config
    for folder in upwards(start):
        for name, section in ((FILE, ()), ("pyproject.toml", SECTION)):
            path = folder / name
            if path.is_file() and (config := _read(path, section)) is not None:
                return config
    return Config()


def upwards(start: Path) -> Iterable[Path]:
    """Yield a folder and its parents, ending with the repository's root when there is one."""
    start = start.resolve()
    for folder in (start, *start.parents):
        yield folder
        if (folder / ".git").exists():
            return


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` with settings or a repository, else `start` itself."""
    for folder in upwards(start):
        if (folder / ".git").exists() or (folder / FILE).is_file() or _has_section(folder / "pyproject.toml"):
            return folder
    return start.resolve()


def _has_section(path: Path) -> bool:
    try:
        return path.is_file() and b"[tool.filot-lint" in read_named(path, LARGEST)
    except OSError:
        return False


def _read(path: Path, section: tuple[str, ...]) -> Config | None:
    """Return the settings in one file, None when it has no section of ours."""
    text = _text_of(path)
    if section and "filot-lint" not in text:
        return None
    data = _parsed(path, text)
    for key in section:
        data = data.get(key) if isinstance(data, dict) else None
        if data is None:
            return None
    return _convert(data, path, text, section)


def read_table(path: Path, kind: type[T]) -> T:
    """Return what another file of settings holds, as a struct of `kind`; the same errors, with their places."""
    text = _text_of(path)
    return _convert_table(_parsed(path, text), kind, path, text, ())


def _text_of(path: Path) -> str:
    try:
        return read_named(path, LARGEST).decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        message = f"{path}: cannot be read: {reason}"
        raise ConfigError(message) from None


def _parsed(path: Path, text: str) -> Any:  # noqa: ANN401  # TOML is any
    import tomli  # noqa: PLC0415  # only where there are settings

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        message = f"{path}:{error.lineno}:{error.colno}: not valid TOML: {error.msg}"
        raise ConfigError(message) from None
    except RecursionError:
        message = f"{path}: not valid TOML: it is nested too deeply"
        raise ConfigError(message) from None


def _convert(data: Any, path: Path, text: str, section: tuple[str, ...]) -> Config:  # noqa: ANN401  # TOML is any
    """Check and convert a table; the tables in it one by one, so that errors can name them."""
    known = data if isinstance(data, dict) else {}
    for key, kind in (("components", ComponentConfig), ("variable-groups", GroupConfig)):
        tables = known.get(key)
        for name, table in tables.items() if isinstance(tables, dict) else ():
            _convert_table(table, kind, path, text, (*section, key, name))
    if "documents" in known:
        _convert_table(known["documents"], DocumentConfig, path, text, (*section, "documents"))
    config = _convert_table(data, Config, path, text, section)
    return msgspec.structs.replace(config, origin=path.as_posix())


def _convert_table(data: Any, kind: type[T], path: Path, text: str, at: tuple[str, ...]) -> T:  # noqa: ANN401  # as above
    """Convert a table; every error gets the place of its key."""
    _check_keys(data, [f.encode_name for f in msgspec.structs.fields(kind) if f.name != "origin"], at, path, text)
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        flaw, _, where = str(error).partition(" - at `$")
        keys = (*at, *(key.partition("[")[0] for key in where.rstrip("`").split(".") if key.partition("[")[0]))
        message = f"{place_of(path, text, keys)}: `{'.'.join(keys) or path.name}`: {_plain(flaw)}"
        raise ConfigError(message) from None


def _check_keys(table: Any, known: list[str], at: tuple[str, ...], path: Path, text: str) -> None:  # noqa: ANN401
    if not isinstance(table, dict):
        return
    for key in table:
        if key not in known:
            hint = nearest(key, known)
            advice = f"did you mean `{hint}`?" if hint else f"known keys are {', '.join(f'`{k}`' for k in known)}"
            message = f"{place_of(path, text, (*at, key))}: unknown key `{key}`; {advice}"
            raise ConfigError(message)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415  # only on the way to an error

    by_lower = {k.lower(): k for k in known}
    found = get_close_matches(word.lower().replace("_", "-"), by_lower, 1, 0.6)
    found = found or get_close_matches(word.lower(), by_lower, 1, 0.6)
    return by_lower[found[0]] if found else None


def _plain(flaw: str) -> str:
    """Put msgspec's words into those of TOML."""
    words = {
        "`array`": "a list",
        "`str`": "text",
        "`int`": "a whole number",
        "`object`": "a table",
        "`bool`": "a boolean",
    }
    words["`str | null`"] = "text"
    for theirs, ours in words.items():
        flaw = flaw.replace(theirs, ours)
    return flaw[:1].lower() + flaw[1:]


def place_of(path: Path, text: str, keys: tuple[str, ...]) -> str:
    """Return `path:line:column` of a key; the deepest part that is written, the top of the file when none is."""
    table: tuple[str, ...] = ()
    best = (0, 1, 1)
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            table = _dotted(bare.strip("[]").partition("]")[0])
            here = table
        elif "=" in bare and not bare.startswith("#"):
            here = (*table, *_dotted(bare.partition("=")[0]))
        else:
            continue
        depth = next((i for i, (a, b) in enumerate(zip(here, keys, strict=False)) if a != b), min(len(here), len(keys)))
        if depth == len(here) and depth > best[0]:
            best = (depth, number, len(line) - len(line.lstrip()) + 1)
    return f"{path}:{best[1]}:{best[2]}"


def _dotted(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in text.strip().split("."))
