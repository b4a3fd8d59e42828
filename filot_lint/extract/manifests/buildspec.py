"""`buildspec.yml`: what AWS CodeBuild runs, and which variables it gives to that. Nothing of it runs in production."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import safe_text
from filot_lint.extract.manifests.pipeline import Lines, code_of, given
from filot_lint.extract.place import readable
from filot_lint.extract.shell import shell
from filot_lint.extract.shell.shell_programs import Program
from filot_lint.extract.trees.tree import Mapping, Scalar, entries_of, items_of, text_of
from filot_lint.extract.trees.tree_yaml import Reader
from filot_lint.source import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.trees.tree import Node
    from filot_lint.facts import EnvProvision, Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_STORES = ("parameter-store", "secrets-manager")
_NAME = re.compile(r"[A-Za-z_]\w*")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the facts of a build specification."""
    reader = Reader(readable(source))
    facts: list[Fact] = []
    for root in reader.read()[:1]:
        if isinstance(root, Mapping):
            facts.extend(_variables(source, root.get("env")))
            facts.extend(_commands(source, root, models))
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


def _entries(env: Node | None, kind: str) -> list[tuple[Scalar, Node]]:
    found = entries_of(env.get(kind)) if isinstance(env, Mapping) else []
    return [(key, value) for key, value in found if _NAME.fullmatch(key.text)]


def _variables(source: SourceFile, env: Node | None) -> Iterator[EnvProvision]:
    for key, value in _entries(env, "variables"):
        yield given(source, key, value.text if isinstance(value, Scalar) else None, "env.variables")
    for store in _STORES:
        for key, value in _entries(env, store):
            text = text_of(value)
            yield given(source, key, None, f"env.{store}", reference=None if text is None else safe_text(text))


def _commands(source: SourceFile, root: Mapping, models: Models) -> Iterator[Fact]:
    """Yield what the commands of all phases say; they run in one shell, so one sets what a later one reads."""
    env = root.get("env")
    names = {key.text for kind in ("variables", *_STORES) for key, _ in _entries(env, kind)}
    constants = {key.text: value.text for key, value in _entries(env, "variables") if isinstance(value, Scalar)}
    wanted = text_of(env.get("shell")) if isinstance(env, Mapping) else None
    if wanted is not None and "powershell" in wanted:
        return
    lines: Lines = []
    for _, phase in entries_of(root.get("phases")):
        for key in ("commands", "finally"):
            for item in items_of(phase.get(key)) if isinstance(phase, Mapping) else ():
                if isinstance(item, Scalar):
                    lines.extend(code_of(source, item))
    lines.sort(key=lambda line: line[0])
    setting = shell.Setting(frozenset(names), constants)
    yield from shell.run_in(source, Program(lines, Language.SHELL), models, "buildspec", setting)
