"""Shell scripts: which variables they take from the environment, which env files and images they handle."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.command import repository
from filot_lint.extract.place import place_at, plain, readable
from filot_lint.extract.shell_nodes import default_text
from filot_lint.extract.shell_script import Script
from filot_lint.facts import Default, EnvFile, EnvRead, ImageBuild
from filot_lint.secrets import may_show, shape_of
from filot_lint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from filot_lint.extract.place import Place
    from filot_lint.extract.shell_script import Run, Use
    from filot_lint.facts import Access, Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_NAME = re.compile(r"(?=[^A-Z]*[A-Z])[A-Z_][A-Z0-9_]*|(?:https?|no|all|ftp)_proxy")
_INTERNAL = re.compile(
    r"IFS|BASH\w*|RANDOM|SRANDOM|SECONDS|EPOCH\w+|LINENO|OPT(?:ARG|IND|ERR)|E?UID|PPID|FUNC(?:NAME|NEST)|PIPESTATUS|REPLY"
    r"|COLUMNS|LINES|COMP_\w+|DIRSTACK|GROUPS|HOSTTYPE|MACHTYPE|OSTYPE|SHLVL|SHELLOPTS|OLDPWD|MAPFILE|PS[0-4]|TIMEFORMAT"
)
_DEFAULTS = {":-", "-", ":=", "="}
_ENGINES = {"docker", "podman", "nerdctl"}
_BUILD_VALUES = {
    "--build-arg", "--platform", "--target", "--secret", "--ssh", "--cache-from", "--cache-to", "--label", "--network",
    "--progress", "-o", "--output", "--build-context", "--iidfile", "--builder", "--add-host", "-m", "--memory",
}  # fmt: skip


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of a script."""
    readable(source)
    return read(source, via="shell")


def read(source: SourceFile, *, via: str, known: frozenset[str] = frozenset()) -> list[Fact]:
    """Return the facts of shell code; names in `known` are set by whoever runs it."""
    script = Script(source.data)
    facts: list[Fact] = list(_reads(source, script, via, known))
    for run in script.runs:
        facts.extend(_commands(source, script, run, via, known))
    if via == "shell" and (broken := _first_error(script.root)) is not None:
        facts.append(problem(source, "a part of this script could not be parsed", broken.start_point.row + 1))
    if script.truncated:
        facts.append(problem(source, "is too long to be read completely"))
    return facts


def _place(source: SourceFile, node: Node) -> Place:
    start, end = node.start_point, node.end_point
    span = Span(node.start_byte, node.end_byte, start.row, start.column, end.row, end.column)
    return place_at(source, source.locate(span))


def _is_environment_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _INTERNAL.fullmatch(name) is None


def _reads(source: SourceFile, script: Script, via: str, known: frozenset[str]) -> Iterator[EnvRead]:
    stopped = {use.name for use in script.uses if use.stops}
    library = _sourced(script)
    for use in script.uses:
        if use.name in known or not _is_environment_name(use.name) or not script.is_inherited(use):
            continue
        access, default, required = _meaning(script, use, stopped)
        yield EnvRead(
            name=use.name,
            access=access,
            via=via,
            default=default,
            required=required,
            reason=f"{library} may set it" if library is not None and default is None else None,
            **_place(source, use.node),
        )
    for name, assignments in script.assignments.items():
        for assignment in assignments:
            if assignment.exported and not assignment.itself and _is_environment_name(name):
                at = assignment.node.child_by_field_name("name") or assignment.node
                yield EnvRead(name=name, access="write", via=via, **_place(source, at))


def _meaning(script: Script, use: Use, stopped: set[str]) -> tuple[Access, Default | None, bool | None]:
    """Return access, default and whether the script needs the variable."""
    presence = bool(use.test) or use.operator in {"+", ":+"}
    access: Access = "presence" if presence else "read"
    if use.operator in _DEFAULTS and use.expansion is not None:
        default = _default(script, use.name, default_text(use.expansion))
        return access, default, use.name in stopped and default.kind == "empty"
    if use.operator in {"?", ":?"}:
        return access, None, True
    if use.operator in {"+", ":+"}:
        return access, None, False
    return access, None, True if use.stops else None


def _default(script: Script, name: str, written: str) -> Default:
    written = written.strip()
    if written in {"", '""', "''"}:
        return Default("empty", "")
    other = re.fullmatch(r'"?\$\{?([A-Za-z_]\w*)\}?"?', written)
    if other is not None and _is_environment_name(other[1]) and other[1] not in script.assignments:
        return Default("env", other[1])
    if re.search(r"(?<!\\)[$`]", written):
        return Default("expression")
    literal = written[1:-1] if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'" else written
    if may_show(name, literal):
        return Default("literal", plain(literal))
    return Default("redacted", None, shape_of(literal))


def _sourced(script: Script) -> str | None:
    """Return a script that is read in and may set variables; env files do so by design and are told separately."""
    for run in script.runs:
        if run.name in {"source", "."} and run.arguments:
            path = script.resolve(run.arguments[0])
            if not _is_env_file(path):
                return plain(path)
    return None


def _is_env_file(path: str) -> bool:
    name = posixpath.basename(path)
    return name.startswith(".env") or name.endswith(".env") or name == "env"


def _commands(source: SourceFile, script: Script, run: Run, via: str, known: frozenset[str]) -> Iterator[Fact]:
    name = posixpath.basename(run.name)
    words = [script.resolve(argument) for argument in run.arguments]
    if name == "printenv":
        for word, node in zip(words, run.arguments, strict=True):
            if word not in known and _is_environment_name(word):
                yield EnvRead(name=word, access="read", via=via, **_place(source, node))
    elif name in {"source", "."} and words and _is_env_file(words[0]):
        yield EnvFile(path=plain(words[0]), channel="shell", **_place(source, run.arguments[0]))
    elif name in {"cat", "grep", "sed"} and run.exporting:
        for word, node in zip(words, run.arguments, strict=True):
            if _is_env_file(word):
                yield EnvFile(path=plain(word), channel="shell", **_place(source, node))
    elif name in _ENGINES or name == "docker-compose":
        yield from _engine(source, run, words, via, known)
        yield from _image_builds(source, script, run)


def _engine(source: SourceFile, run: Run, words: list[str], via: str, known: frozenset[str]) -> Iterator[Fact]:
    """Yield what a `docker` command line says."""
    verb = next((word for word in words if word in {"run", "create", "exec", "build"}), None)
    for index, (word, node) in enumerate(zip(words, run.arguments, strict=True)):
        flag, equals, value = word.partition("=")
        at = node if equals else run.arguments[min(index + 1, len(words) - 1)]
        if not equals:
            value = words[index + 1] if index + 1 < len(words) else ""
        if flag == "--env-file" and value:
            yield EnvFile(path=plain(value), channel="docker", **_place(source, at))
        elif flag in {"-e", "--env"} and verb != "build" and _is_environment_name(value) and value not in known:
            yield EnvRead(name=value, access="read", via=via, **_place(source, at))


def _image_builds(source: SourceFile, script: Script, run: Run) -> Iterator[ImageBuild]:
    """Yield which Dockerfile becomes which image; inside a function, for each of its calls."""
    found: dict[tuple[str, str], None] = {}
    for call in script.calls(run.function):
        words = [script.resolve(argument, dict(call) or None) for argument in run.arguments]
        if words[:1] in (["build"], ["buildx"], ["image"]) and "build" in words:
            found |= dict.fromkeys(_built(words[words.index("build") + 1 :]))
    for path, image in found:
        at = run.node.child_by_field_name("name") or run.node
        yield ImageBuild(dockerfile=plain(path), image=plain(image), **_place(source, at))


def _built(rest: list[str]) -> list[tuple[str, str]]:
    """Return path and image of every tag on a build command."""
    dockerfile, context = "", "."
    tags: list[str] = []
    while rest:
        flag, equals, value = rest.pop(0).partition("=")
        if not flag.startswith("-"):
            context = flag
        elif flag in {"-f", "--file", "-t", "--tag"} | _BUILD_VALUES:
            value = value if equals else (rest.pop(0) if rest else "")
            if flag in {"-f", "--file"}:
                dockerfile = value
            elif flag in {"-t", "--tag"}:
                tags.append(repository(value))
    path = posixpath.normpath(dockerfile or posixpath.join(context, "Dockerfile"))
    return [(path, image) for image in tags if image and "$" not in image + path]


def _first_error(root: Node) -> Node | None:
    """Return the first node the parser could not make sense of."""
    node = root
    while node.has_error:
        if node.is_error or node.is_missing:
            return node
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            return node
        node = inner
    return node if node.is_missing else None
