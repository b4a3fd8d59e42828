"""`filot-lint rule`: what a rule means."""

from __future__ import annotations

import sys

import click

from filot_lint.catalogue import body, rules
from filot_lint.cli import Failure
from filot_lint.config import nearest
from filot_lint.findings import Rule


@click.command()
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="List all rules.")
def rule(code: str | None, *, every: bool) -> None:
    """Print the page of a rule, by code or name."""
    if every or code is None:
        for known in rules().values():
            click.echo(f"{known.code}  {known.severity.word:<7}  {known.scope.value:<9}  {known.name}")
        return
    found = _find(code)
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415  # only for people
        from rich.markdown import Markdown  # noqa: PLC0415  # as above

        Console().print(Markdown(body(found)))
    else:
        click.echo(body(found), nl=False)


def _find(word: str) -> Rule:
    known = rules()
    by_word = {**{r.name: r for r in known.values()}, **known, **{code.lower(): r for code, r in known.items()}}
    if word in by_word:
        return by_word[word]
    hint = nearest(word, [*known, *(r.name for r in known.values())])
    advice = f"did you mean `{hint}`?" if hint else "`filot-lint rule --all` lists them"
    message = f"no rule is called `{word}`; {advice}"
    raise Failure(message)
