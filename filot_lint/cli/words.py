"""Words of the command line: choices that offer the nearest one, and what a shell can complete."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from filot_lint.config import nearest


class Word(click.Choice[str]):
    """One of some words; for another the nearest is offered."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value not in self.choices:
            hint = nearest(value, self.choices)
            advice = f"did you mean `{hint}`?" if hint else f"there are {', '.join(self.choices)}"
            self.fail(f"`{value}` is none of the words; {advice}", param, ctx)
        return value


def complete_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  # click's signature
    """Return the codes that a list separated by commas may go on with."""
    from filot_lint.catalogue import rules  # noqa: PLC0415  # only when a shell asks

    before, comma, last = incomplete.rpartition(",")
    families = {code[:4]: f"all rules {code[:4]}xx" for code in rules()}
    known = {"ALL": "all rules", **families, **{rule.code: rule.name for rule in rules().values()}}
    return [
        CompletionItem(before + comma + code, help=about)
        for code, about in known.items()
        if code.startswith(last.upper())
    ]


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  # as above
    """Return the codes and names of rules that begin like this."""
    from filot_lint.catalogue import rules  # noqa: PLC0415  # as above

    pairs = [pair for rule in rules().values() for pair in ((rule.code, rule.name), (rule.name, rule.code))]
    return [CompletionItem(word, help=about) for word, about in pairs if word.lower().startswith(incomplete.lower())]
