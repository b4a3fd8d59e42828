"""`filot-lint rule`: what a rule means."""

from __future__ import annotations

import sys

import click

from filot_lint.catalogue import body, rules
from filot_lint.cli import Failure
from filot_lint.cli.words import Word, complete_rule
from filot_lint.config import nearest
from filot_lint.findings import Rule

FORMATS = ("text", "json", "markdown")


@click.command()
@click.argument("code", required=False, shell_complete=complete_rule)
@click.option("--all", "every", is_flag=True, help="List all rules.")
@click.option("--output-format", "form", type=Word(FORMATS), default="text", show_default=True, help="The form.")
def rule(code: str | None, *, every: bool, form: str) -> None:
    """Print the page of a rule, or the list of all.

    CODE is a code or a name; without one all rules are listed.
    """
    if every or code is None:
        click.echo(_listed(list(rules().values()), form))
        return
    found = _find(code)
    if form == "json":
        from filot_lint.reporters import json  # noqa: PLC0415  # only for this form

        click.echo(json.rules([found]))
    elif form == "text" and sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415  # only for people
        from rich.markdown import Markdown  # noqa: PLC0415  # as above

        Console().print(Markdown(body(found)))
    else:
        click.echo(body(found), nl=False)


def _listed(known: list[Rule], form: str) -> str:
    if form == "json":
        from filot_lint.reporters import json  # noqa: PLC0415  # only for this form

        return json.rules(known)
    if form == "markdown":
        rows = (f"| [{r.code}](rules/{r.page}) | {r.name} | {r.severity.word} | {r.scope.value} |" for r in known)
        return "\n".join(["| code | name | severity | scope |", "| --- | --- | --- | --- |", *rows])
    width = max(len(r.name) for r in known)
    return "\n".join(
        f"{r.code}  {r.severity.word:<7}  {r.scope.value:<9}  {r.name:<{width}}  {r.family}" for r in known
    )


def _find(word: str) -> Rule:
    known = rules()
    by_word = {**{r.name: r for r in known.values()}, **known, **{code.lower(): r for code, r in known.items()}}
    if word in by_word:
        return by_word[word]
    hint = nearest(word, [*known, *(r.name for r in known.values())])
    advice = f"did you mean `{hint}`?" if hint else "`filot-lint rule --all` lists them"
    message = f"no rule is called `{word}`; {advice}"
    raise Failure(message)
