"""Commands of a shell script that say something: env files, images, what it starts."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from filot_lint.extract.manifests.command import repository, safe, unwrapped
from filot_lint.extract.manifests.command_env import env_files, is_env_file, reader_of
from filot_lint.extract.manifests.programs import is_start
from filot_lint.extract.place import place_at, plain
from filot_lint.extract.shell.shell_nodes import inside, is_environment_name, span_of, text
from filot_lint.facts import EntryPoint, EnvFile, EnvRead, ImageBuild, TlsSetting
from filot_lint.secrets import may_show
from filot_lint.traits import traits_of
from filot_lint.values import Literal as Constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from filot_lint.extract.place import Place
    from filot_lint.extract.shell.shell_flow import Flow
    from filot_lint.extract.shell.shell_nodes import Branch
    from filot_lint.extract.shell.shell_script import Run, Script
    from filot_lint.facts import Fact
    from filot_lint.source import SourceFile, Span

_ENGINES = {"docker", "podman", "nerdctl"}
_BUILD_VALUES = {
    "--build-arg", "--platform", "--target", "--secret", "--ssh", "--cache-from", "--cache-to", "--label", "--network",
    "--progress", "-o", "--output", "--build-context", "--iidfile", "--builder", "--add-host", "-m", "--memory",
}  # fmt: skip
_UNCHECKED = {"curl": re.compile(r"--insecure|-[sSfLgvIiNnOJR#046]*k[sSfLgvIiNnOJR#046]*"),
              "wget": re.compile(r"--no-check-certificate")}  # fmt: skip
_REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_STARTS = re.compile(r"\^(?P<name>[A-Z][A-Z0-9_]{2,})")


class Commands:
    """Looks at the commands of one script."""

    def __init__(self, source: SourceFile, script: Script, flow: Flow, via: str, known: frozenset[str]) -> None:
        """Names in `known` are set by whoever runs the script."""
        self.source = source
        self.script = script
        self.flow = flow
        self.via = via
        self.known = known

    def facts(self) -> Iterator[Fact]:
        """Yield what the commands say."""
        for run in self.script.runs:
            yield from self._command(run)
        for path in self.script.inputs:
            if is_env_file(self.flow.resolve(path)):
                yield self._env_file(self.flow.resolve(path), path)

    def _place(self, node: Node | Span) -> Place:
        return place_at(self.source, self.source.locate(node if isinstance(node, tuple) else span_of(node)))

    def _read(self, name: str, node: Node | Span) -> Iterator[EnvRead]:
        if name not in self.known and is_environment_name(name):
            yield EnvRead(name=name, access="read", via=self.via, **self._place(node))

    def _env_file(self, path: str, node: Node, reader: Literal["shell", "xargs"] | None = None) -> EnvFile:
        return EnvFile(path=plain(path), channel="shell", reader=reader, **self._place(node))

    def _command(self, run: Run) -> Iterator[Fact]:
        name = posixpath.basename(run.name)
        words = [self.flow.resolve(argument) for argument in run.arguments]
        match name:
            case "printenv":
                for argument in run.arguments:
                    for found in self.flow.word(argument, run.where):
                        yield from self._read(found.text or "", found.at or argument)
            case "source" | "." if words and is_env_file(words[0]):
                yield self._env_file(words[0], run.arguments[0], "shell")
            case "cat" | "grep" | "sed" | "xargs" if run.exporting:
                for word, node in zip(words, run.arguments, strict=True):
                    if is_env_file(word):
                        yield self._env_file(word, node, "xargs")
            case "envsubst":
                yield from self._substituted(run)
            case "curl" | "wget":
                yield from self._downloaded(run, name, words)
            case _:
                pass
        yield from self._listed(run, name)
        yield from self._handed(run, name)
        engine = name in _ENGINES or name == "docker-compose"
        if engine:
            yield from self._engine(run, words)
            yield from self._image_builds(run)
        for index, path in env_files((name, *words)):
            at = run.arguments[index - 1] if index else run.node
            reader = reader_of((name, *words))
            yield EnvFile(path=plain(path), channel="docker" if engine else "shell", reader=reader, **self._place(at))

    def _substituted(self, run: Run) -> Iterator[EnvRead]:
        """Yield what `envsubst '$A $B'` puts in; without a list it puts in everything."""
        lists = [node for node in run.arguments if "$" in text(node)]
        for node in lists:
            for found in _REFERENCE.finditer(text(node)):
                group = 1 if found[1] else 2
                if any(set_.node.end_byte <= node.start_byte for set_ in self.script.assignments.get(found[group], ())):
                    continue
                at = inside(node, *(len(text(node)[:offset].encode()) for offset in found.span(group)))
                yield from self._read(found[group], at)
        if not lists and not any(text(node).startswith("-") for node in run.arguments):
            reason = "envsubst puts in every variable that its input names"
            yield EnvRead(name=None, access="copy", via=self.via, reason=reason, **self._place(run.node))

    def _downloaded(self, run: Run, name: str, words: list[str]) -> Iterator[TlsSetting]:
        """Yield the flag with which a download goes on whatever certificate there is."""
        address = next((Constant(word) for word in words if "://" in word and may_show(None, word)), None)
        for word, node in zip(words, run.arguments, strict=True):
            if _UNCHECKED[name].fullmatch(word):
                off = Constant("false", "boolean")
                yield TlsSetting(library=name, argument=plain(word), verify=off, address=address, **self._place(node))

    def _listed(self, run: Run, name: str) -> Iterator[EnvRead]:
        """Yield `env | grep ^NAME_`, which looks at all variables with a prefix."""
        pipe = run.node.parent
        if name not in {"env", "printenv"} or run.arguments or pipe is None or pipe.type != "pipeline":
            return
        later = [child for child in pipe.children if child.start_byte > run.node.end_byte and child.type == "command"]
        found = _STARTS.search(text(later[0])) if later and text(later[0]).startswith(("grep", "egrep")) else None
        if found is not None:
            reason = "the script goes through all variables with this prefix"
            pattern = found["name"] + ".*"
            yield EnvRead(
                name=None, access="read", via=self.via, pattern=pattern, reason=reason, **self._place(later[0])
            )

    def _handed(self, run: Run, name: str) -> Iterator[EnvRead]:
        """Yield what `X=1 command` and `env X=1 command` set for the command."""
        given = [child for child in run.node.children if child.type == "variable_assignment"] if run.name else []
        for child in given:
            node, traits = child.children[0], traits_of(text(child.child_by_field_name("value")).strip("\"'"))
            if is_environment_name(text(node)):
                yield EnvRead(name=text(node), access="write", via=self.via, traits=traits, **self._place(node))
        for node in run.arguments if name in {"env", "cross-env"} else ():
            variable, equals, value = text(node).strip("\"'").partition("=")
            if not equals:
                if not variable.startswith("-"):
                    break
            elif is_environment_name(variable):
                place, traits = self._place(inside(node, 0, len(variable))), traits_of(value)
                yield EnvRead(name=variable, access="write", via=self.via, traits=traits, **place)

    def _engine(self, run: Run, words: list[str]) -> Iterator[Fact]:
        """Yield what a `docker` command line takes over from the environment."""
        verb = next((word for word in words if word in {"run", "create", "exec", "build"}), None)
        for index, (word, node) in enumerate(zip(words, run.arguments, strict=True)):
            flag, equals, value = word.partition("=")
            at = node if equals else run.arguments[min(index + 1, len(words) - 1)]
            if not equals:
                value = words[index + 1] if index + 1 < len(words) else ""
            if (flag in {"-e", "--env"} and verb != "build") or flag == "--build-arg":
                yield from self._read(value, at)
            elif flag == "--secret":
                for part in value.split(","):
                    yield from self._read(part.removeprefix("env="), at) if part.startswith("env=") else ()

    def _image_builds(self, run: Run) -> Iterator[ImageBuild]:
        """Yield which Dockerfile becomes which image; inside a function, for each of its calls."""
        found: dict[tuple[str, str], None] = {}
        for call in self.flow.calls(run.where.function):
            known = {**self.flow.given, **call} if call else None
            words = [self.flow.resolve(argument, known) for argument in run.arguments]
            if words[:1] in (["build"], ["buildx"], ["image"]) and "build" in words:
                found |= dict.fromkeys(_built(words[words.index("build") + 1 :]))
        for path, image in found:
            at = run.node.child_by_field_name("name") or run.node
            yield ImageBuild(dockerfile=plain(path), image=plain(image), **self._place(at))

    def starts(self) -> Iterator[EntryPoint]:
        """Yield the programs of the workspace that the script may start."""
        for run in self.script.runs:
            words = unwrapped((run.name, *(self.flow.resolve(argument) for argument in run.arguments)))
            around = self._branches(run)
            if around is not None and is_start(words):
                after = run.node.next_sibling
                choices = [word for branch in around if branch.positional for word in branch.patterns]
                yield EntryPoint(
                    component=posixpath.basename(self.source.path),
                    command=safe(words),
                    origin="shell",
                    workdir=self._folder(run),
                    role="script",
                    choices=tuple(plain(choice) for choice in dict.fromkeys(choices)),
                    beside=after is not None and after.type == "&",
                    alternative=next((branch.lines for branch in around if not branch.positional), None),
                    **self._place(run.node),
                )

    def _folder(self, run: Run) -> str | None:
        """Return the folder that the last `cd` before a command goes to, when it is written here."""
        before = [
            other for other in self.script.runs if other.name == "cd" and other.node.end_byte <= run.node.start_byte
        ]
        near = [other for other in before if other.arguments and other.where.function == run.where.function]
        folder = self.flow.resolve(near[-1].arguments[0]) if near else "$"
        return None if "$" in folder or "`" in folder or folder.startswith("-") else plain(folder)

    def _branches(self, run: Run) -> list[Branch] | None:
        """Return the branches that lead to a command; None where it stands in a function that nothing calls."""
        if run.where.function is None:
            return [run.where.branch] if run.where.branch is not None else []
        return self._called.get(self.script.functions.get(run.where.function, ""))

    @cached_property
    def _called(self) -> dict[str, list[Branch]]:
        """The branches that functions are called in, by name; a call that is in none adds nothing."""
        found: dict[str, list[Branch]] = {}
        for run in self.script.runs:
            if run.where.function is None:
                found.setdefault(run.name, []).extend([run.where.branch] if run.where.branch is not None else [])
        return found


def sourced(script: Script, flow: Flow) -> str | None:
    """Return a script that is read in and may set variables; env files do so by design and are told separately."""
    for run in script.runs:
        if run.name in {"source", "."} and run.arguments:
            path = flow.resolve(run.arguments[0])
            if not is_env_file(path):
                return plain(path)
    return None


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
