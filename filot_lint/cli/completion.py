"""`filot-lint completion`: what a shell needs to complete commands, options and rule codes."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from filot_lint.cli import main
from filot_lint.cli.words import Word

PROGRAM = "filot-lint"
VARIABLE = "_FILOT_LINT_COMPLETE"
SPLIT_ALL, SPLIT_ONCE = 'string split "," $completion', 'string split -m 1 "," $completion'
"""Click's script for fish cuts lists of codes at their first comma."""


@click.command()
@click.argument("shell", type=Word(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    For bash: `filot-lint completion bash >> ~/.bashrc`; for zsh the same with ~/.zshrc; for fish
    `filot-lint completion fish > ~/.config/fish/completions/filot-lint.fish`.
    """
    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(main, {}, PROGRAM, VARIABLE).source().replace(SPLIT_ALL, SPLIT_ONCE))
