"""The `FIL` plugin of flake8: the file-scope rules, on the text that flake8 hands over.

Loading this module and starting flake8 must cost next to nothing: whatever is heavy is imported when the first file
that may read the environment comes along. So a file without any word of a library is not looked at, even if it reads
variables through a wrapper that it imports: between a fifth and three quarters of such files import a module that does
have such words, and each would have to wait for all of this. The command line reports those reads.
"""

from __future__ import annotations

import re
from functools import cache

from filot_lint import __version__
from filot_lint.resources import RULES
from filot_lint.suspicion import suspected

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    import ast
    from collections.abc import Iterator, Sequence

    from flake8.options.manager import OptionManager  # type: ignore[import-untyped]  # flake8 ships no types

    from filot_lint.findings import Finding

STDIN = frozenset({"-", "stdin", "/dev/stdin"})


class Plugin:
    """What flake8 makes for each file. It asks for `tree` only to be called once per file."""

    name = "filot-lint"
    version = __version__
    settings: str | None = None

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        """Keep what flake8 gives; the file itself may hold something else by now."""
        del tree
        self.filename = filename
        self.lines = lines

    @staticmethod
    def add_options(parser: OptionManager) -> None:
        """Declare the one option: where our own settings are, when not where they are looked for."""
        parser.add_option(
            "--filot-config",
            default=None,
            parse_from_config=True,
            normalize_paths=True,
            help="Settings of filot-lint: a filot-lint.toml or pyproject.toml.",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take the option."""
        cls.settings = options.filot_config

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield line, 0-based column and message of each finding."""
        text = "".join(self.lines)
        if not _worth_a_look(text):
            return
        for finding in self._findings(text):
            message = f"{finding.rule.code} {_flat(finding.message)}"
            yield finding.location.line, finding.location.column - 1, message, type(self)

    def _findings(self, text: str) -> list[Finding]:
        from filot_lint.config import ConfigError  # noqa: PLC0415  # msgspec costs more than flake8 may wait
        from filot_lint.engine import UnknownRuleError  # noqa: PLC0415  # as above
        from filot_lint.integrations.single_file import check_text  # noqa: PLC0415  # as above

        try:
            return check_text(text, None if self.filename in STDIN else self.filename, self.settings)
        except (ConfigError, UnknownRuleError) as error:
            from flake8.exceptions import ExecutionError  # type: ignore[import-untyped]  # noqa: PLC0415

            raise ExecutionError(str(error)) from None


def _worth_a_look(text: str) -> bool:
    """Whether a file may read the environment, hold a secret or a suppression of ours."""
    if "import" in text and any(all(word in text for word in words) for words in triggers()):
        return True
    return "filot-lint" in text or suspected(text.encode("utf-8", "surrogateescape"))


@cache
def triggers() -> tuple[tuple[str, ...], ...]:
    """Return the words without which a Python file holds no fact.

    They stand in the models, whose parsing costs more than a file without any of them is worth.
    """
    found: list[tuple[str, ...]] = []
    for path in sorted((RULES / "models" / "python").glob("*.toml")):
        block = path.read_text("utf-8").partition("\ntriggers = [")[2].partition("]")[0]
        texts = (text.replace('\\"', '"') for text in re.findall(r'"((?:[^"\\]|\\.)*)"', block))
        found += [tuple(words.split(" & ")) for words in texts]
    return tuple(found)


def _flat(message: str) -> str:
    """Return a message that flake8 can print: one line, nothing a terminal obeys, every character encodable."""
    return message if message.isprintable() else message.encode("unicode_escape").decode("ascii")
