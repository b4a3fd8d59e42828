"""Shell scripts: which variables they take from the environment, which env files and images they handle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from filot_lint.extract import extract as extract_any
from filot_lint.extract import problem
from filot_lint.extract.excerpt import Excerpt
from filot_lint.extract.place import place_at, plain, readable
from filot_lint.extract.shell.shell_commands import Commands, sourced
from filot_lint.extract.shell.shell_flow import Flow, Text
from filot_lint.extract.shell.shell_nodes import (
    DEFAULTS,
    DEMANDED,
    PRESENT,
    inside,
    is_environment_name,
    span_of,
    text,
)
from filot_lint.extract.shell.shell_programs import Program, Programs
from filot_lint.extract.shell.shell_script import Script, Use
from filot_lint.facts import Default, EnvRead, Problem
from filot_lint.secrets import may_show, shape_of
from filot_lint.source import Language
from filot_lint.traits import traits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from filot_lint.extract.place import Place
    from filot_lint.facts import Access, Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile, Span

_OTHER = re.compile(
    r'"?\$(?:\{(?P<braced>[A-Za-z_]\w*)(?P<rest>:?[-=][^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}|(?P<bare>[A-Za-z_]\w*))"?'
)
_EVALUATED = re.compile(rb"\\\$(?:\{)?(?=\$)")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the facts of a script."""
    readable(source)
    return read(source, models, via="shell")


class Setting(NamedTuple):
    """What whoever runs the code sets: names, and the constants among their values."""

    known: frozenset[str] = frozenset()
    given: Mapping[str, str] = {}


NOTHING = Setting()


def read(source: SourceFile, models: Models | None, *, via: str, setting: Setting = NOTHING) -> list[Fact]:
    """Return the facts of shell code."""
    script = Script(source.data)
    reader = _Reader(source, script, via, setting)
    commands = Commands(source, script, reader.flow, via, setting.known)
    facts = [*reader.facts(), *commands.facts()]
    inner = setting._replace(known=setting.known.union(script.assignments))
    for program in Programs(source, script).found():
        facts.extend(run_in(source, program, models, via, inner))
    if source.language is Language.SHELL and not isinstance(source, Excerpt):
        facts.extend(commands.starts())
    if via == "shell" and (broken := _first_error(script.root)) is not None:
        message = "a part of this script could not be parsed"
        facts.append(problem(source, message, broken.start_point.row + 1, partial=True))
    if script.truncated:
        facts.append(problem(source, "is too long to be read completely", partial=True))
    return facts


def run_in(
    source: SourceFile, program: Program, models: Models | None, via: str, setting: Setting = NOTHING
) -> Iterator[Fact]:
    """Yield what the code inside a file reads; the facts are those of the file."""
    code = Excerpt(source, program.lines, program.language)
    if program.language is Language.SHELL:
        code.language = source.language
        yield from (fact for fact in read(code, models, via=via, setting=setting) if not isinstance(fact, Problem))
    elif models is not None and models.triggered(program.language.value, code.data):
        for fact in extract_any(code, models):
            if isinstance(fact, EnvRead) and fact.name not in setting.known:
                yield replace(fact, language=source.language.published)


class _Reader:
    """Turns the uses of one script into reads."""

    def __init__(self, source: SourceFile, script: Script, via: str, setting: Setting) -> None:
        self.source = source
        self.script = script
        self.via = via
        self.known = setting.known
        self.flow = Flow(script, setting.given)
        self.stopped: set[str] = set()

    def facts(self) -> Iterator[EnvRead]:
        uses = [use for use in (*self.script.uses, *self._evaluated()) if not use.indirect]
        indirect = [use for use in (*self.script.uses, *self._evaluated()) if use.indirect]
        pointed, computed = self._pointed(indirect)
        uses += pointed
        self.stopped = {use.name for use in uses if use.stops}
        library = sourced(self.script, self.flow)
        best: dict[tuple[str, Span], EnvRead] = {}
        for use in uses:
            if use.name in self.known or not is_environment_name(use.name) or not self.script.is_inherited(use):
                continue
            access, default, required = self._meaning(use)
            read = EnvRead(
                name=use.name,
                access=access,
                via=self.via,
                default=default,
                required=required,
                reason=f"{library} may set it" if library is not None and default is None else None,
                **self._place(use.at),
            )
            best[use.name, use.at] = _better(best.get((use.name, use.at)), read)
        yield from best.values()
        yield from self._computed(computed)
        yield from self._writes()

    def _place(self, at: Span) -> Place:
        return place_at(self.source, self.source.locate(at))

    def _evaluated(self) -> Iterator[Use]:
        r"""Yield the variables whose value `eval "x=\$$name"` takes for a name."""
        for run in self.script.runs:
            for argument in run.arguments if run.name == "eval" else ():
                raw = argument.text or b""
                for found in _EVALUATED.finditer(raw):
                    name = re.match(rb"\$\{?(\w+)", raw[found.end() :])
                    if name is not None:
                        at = inside(argument, found.end(), found.end() + name.end())
                        yield Use(name[1].decode("utf-8", "replace"), at, run.where, indirect=True)

    def _pointed(self, indirect: list[Use]) -> tuple[list[Use], list[tuple[Use, str | None]]]:
        """Return the uses that indirect ones stand for, and the ones whose name stays unknown."""
        found: list[Use] = []
        computed: list[tuple[Use, str | None]] = []
        for use in indirect:
            if use.expansion is not None and text(use.expansion)[-2:-1] in {"*", "@"}:
                computed.append((use, use.name + ".*"))
                continue
            for each in self.flow.named(use.name, use.where) or [Text(None, None)]:
                if each.text is None or ".*" in each.text:
                    computed.append((use, each.text))
                else:
                    found.append(use._replace(name=each.text, at=each.at or use.at))
        return found, computed

    def _computed(self, computed: list[tuple[Use, str | None]]) -> Iterator[EnvRead]:
        for at, pattern in dict.fromkeys((use.at, pattern) for use, pattern in computed):
            yield EnvRead(
                name=None,
                access="read",
                via=self.via,
                pattern=pattern,
                reason="the name is computed while the script runs",
                **self._place(at),
            )

    def _writes(self) -> Iterator[EnvRead]:
        """Yield what the script sets for the programs it runs."""
        for name, assignments in self.script.assignments.items():
            for assignment in assignments:
                if assignment.exported and not assignment.itself and is_environment_name(name):
                    at = assignment.node.child_by_field_name("name") or assignment.node
                    traits = traits_of(text(assignment.node.child_by_field_name("value")).strip("\"'"))
                    yield EnvRead(name=name, access="write", via=self.via, traits=traits, **self._place(span_of(at)))

    def _meaning(self, use: Use) -> tuple[Access, Default | None, bool | None]:
        """Return access, default and whether the script needs the variable."""
        if use.instead is not None:
            return "read", self._default(use.name, text(use.instead)), False
        presence = use.tested or use.operator in PRESENT
        access: Access = "presence" if presence else "read"
        if use.operator in DEFAULTS:
            default = self._default(use.name, use.written)
            if use.indirect and default.kind != "literal":
                return access, None, use.stops or None
            return access, default, use.name in self.stopped and default.kind == "empty"
        if use.operator in DEMANDED:
            return access, None, True
        optional = use.operator in PRESENT or (use.compared and not use.tested)
        return access, None, True if use.stops else False if optional else None

    def _default(self, name: str, written: str) -> Default:
        written = written.strip()
        if written in {"", '""', "''"}:
            return Default("empty", "")
        other = _OTHER.fullmatch(written)
        if other is not None:
            variable = other["braced"] or other["bare"]
            if is_environment_name(variable) and variable not in self.script.assignments:
                return Default("env", variable)
        if re.search(r"(?<!\\)[$`]", written):
            return Default("expression")
        literal = written[1:-1] if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'" else written
        if may_show(name, literal):
            return Default("literal", plain(literal))
        return Default("redacted", None, shape_of(literal))


def _better(known: EnvRead | None, other: EnvRead) -> EnvRead:
    """Return which of two facts about one name at one place says more."""
    if known is None:
        return other
    ranks = [(read.access == "read", read.default is not None, read.required is True) for read in (known, other)]
    return other if ranks[1] > ranks[0] else known


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
