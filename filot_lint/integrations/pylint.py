"""The plugin of pylint: `load-plugins = filot_lint.integrations.pylint`. The findings of flake8, as messages.

The one difference is what astroid adds: names of variables that the workspace does not tell, such as constants of an
installed library. They are judged as if they were written where they are read.

`FIL101` is `W6601` there, and `filot-undocumented-variable`: a letter for the severity, 66 for the first family. Pylint
wants one checker for each family, and all imports done before it puts what it reads at the head of `sys.path`.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from pylint.checkers import BaseRawFileChecker

from filot_lint.catalogue import rules
from filot_lint.config import ConfigError
from filot_lint.engine import UnknownRuleError
from filot_lint.findings import Finding, Rule, Scope, Severity
from filot_lint.integrations.pylint_inference import Inference
from filot_lint.integrations.single_file import check_text
from filot_lint.models import load_models
from filot_lint.source import Language, readable
from filot_lint.syntax.grammar import parser

if TYPE_CHECKING:
    from astroid import nodes  # type: ignore[import-untyped]  # it ships no types
    from pylint.lint import PyLinter

LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.INFO: "R"}
FIRST = 66
"""The number of the family FIL1xx; FIL0xx comes after FIL9xx."""

_SEARCHED = ("filot_lint.checks", "filot_lint.extract", "filot_lint.syntax")


def message_id(rule: Rule) -> str:
    """Return the id of a rule in pylint: a letter, two digits of its family, two of the rule."""
    family = (int(rule.code[3]) - 1) % 10
    return f"{LETTERS[rule.severity]}{FIRST + family}{rule.code[4:]}"


def symbol(rule: Rule) -> str:
    """Return the name of a rule in pylint."""
    return f"filot-{rule.name}"


def families() -> dict[str, list[Rule]]:
    """Return the rules that one file decides, by the digit of their family."""
    found: dict[str, list[Rule]] = {}
    for rule in rules().values():
        if rule.scope is Scope.FILE:
            found.setdefault(rule.code[3], []).append(rule)
    return found


class FamilyChecker(BaseRawFileChecker):
    """Adds the messages of one family; all families of a file share one look at it."""

    family = ""
    _last: tuple[tuple[str | None, bytes], list[Finding]] | None = None

    def process_module(self, node: nodes.Module) -> None:
        """Judge the bytes of the module, as a part of the workspace around its file."""
        with node.stream() as stream:
            data = stream.read()
        for finding in self._findings(node, data):
            if finding.rule.code[3] == self.family:
                place = finding.location
                self.add_message(
                    symbol(finding.rule),
                    line=place.line,
                    col_offset=place.column - 1,
                    end_lineno=place.end_line,
                    end_col_offset=place.end_column - 1,
                    args=(finding.message,),
                )

    def _findings(self, node: nodes.Module, data: bytes) -> list[Finding]:
        key = (node.file, data)
        if FamilyChecker._last is None or FamilyChecker._last[0] != key:
            settings = self.linter.config.filot_config or None
            try:
                text = readable(data, Language.PYTHON).decode("utf-8", "surrogateescape")
                oracle = Inference(text, node.name, node.file)
                FamilyChecker._last = (key, check_text(text, node.file, settings, noqa=True, oracle=oracle))
            except (ConfigError, UnknownRuleError) as error:
                message = f"filot-lint: {error}"
                raise SystemExit(message) from None
        return FamilyChecker._last[1]


def _checker(family: str, members: list[Rule]) -> type[FamilyChecker]:
    messages = {message_id(rule): ("%s", symbol(rule), f"{rule.code}: {rule.help}") for rule in members}
    return type(f"Filot{family}xx", (FamilyChecker,), {"name": f"filot-{family}", "family": family, "msgs": messages})


def register(linter: PyLinter) -> None:
    """Register the checkers; pylint calls this once in each process."""
    _import_everything()
    FamilyChecker.options = (
        (
            "filot-config",
            {"type": "string", "default": "", "metavar": "<path>", "help": "Settings of filot-lint, where not found."},
        ),
    )
    for number, (family, members) in enumerate(families().items()):
        kind = _checker(family, members)
        if number:
            kind.options = ()
        linter.register_checker(kind(linter))


def _import_everything() -> None:
    for name in _SEARCHED:
        package = import_module(name)
        for module in pkgutil.walk_packages(package.__path__, prefix=f"{name}."):
            import_module(module.name)
    load_models()
    parser("python")
