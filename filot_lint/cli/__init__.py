"""The command line. Commands are loaded when they are called, so that starting is quick."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import IntEnum
from importlib import import_module
from io import TextIOWrapper

import click

from filot_lint import __version__

COMMANDS: Mapping[str, str] = {
    "check": "check",
    "completion": "completion",
    "explain": "explain",
    "facts": "facts",
    "report": "report",
    "rule": "rule",
    "suppress": "suppress",
}
"""Command -> module of this package; the command is the function of the same name."""


class Exit(IntEnum):
    """What the exit code says."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    INTERRUPTED = 130


class Failure(click.ClickException):
    """An error a person can act upon: one message, no traceback."""

    exit_code = Exit.USAGE

    def __init__(self, message: str) -> None:
        """Make the message harmless; it may quote the repository."""
        from filot_lint.reporters.safe_text import safe_text  # noqa: PLC0415  # only on the way to an error

        super().__init__("\n".join(safe_text(line) for line in message.split("\n")))


class Defect(Failure):
    """An error of the tool itself."""

    exit_code = Exit.INTERNAL


class Main(click.Group):
    """The commands, loaded on demand, and the translation of errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        """Import the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest command for one that does not exist."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from filot_lint.config import nearest  # noqa: PLC0415  # only on the way to an error

            hint = nearest(args[0], COMMANDS)
            advice = f"did you mean `{hint}`?" if hint else f"there are {', '.join(sorted(COMMANDS))}"
            message = f"no command is called `{args[0]}`; {advice}"
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run; expected errors become one line, unexpected ones too unless `FILOT_LINT_DEBUG` is set."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        ctx.color = bool(os.environ.get("FORCE_COLOR")) or None
        from filot_lint.workspace.garbage import seldom  # noqa: PLC0415  # not for `--help`

        try:
            with seldom():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            raise click.exceptions.Exit(Exit.INTERRUPTED) from None
        except Exception as error:  # noqa: BLE001  # the last resort, so that nobody sees a traceback
            raise _failure(error) from None


def _failure(error: Exception) -> Failure:
    from filot_lint.baseline import BaselineError  # noqa: PLC0415  # only on the way to an error
    from filot_lint.config import ConfigError  # noqa: PLC0415  # as above
    from filot_lint.engine import UnknownRuleError, origin  # noqa: PLC0415  # as above

    if isinstance(error, (BaselineError, ConfigError, UnknownRuleError)):
        return Failure(str(error))
    if os.environ.get("FILOT_LINT_DEBUG"):
        raise error
    message = f"internal error: {origin(error)}; this is a defect of filot-lint (FILOT_LINT_DEBUG=1 shows more)"
    return Defect(message)


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def main() -> None:
    """Tell the truth about a service's production configuration, from its source."""
