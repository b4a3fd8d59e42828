"""Why a variable must be there, in words: who relies on it, and where an example file says so."""

from __future__ import annotations

from collections.abc import Iterable

from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.source import Location


def reliance(claimed: Iterable[EnvRead], reads: Iterable[EnvRead]) -> str:
    """Say how far anything looks whether a variable is there that `claimed` reads rely on."""
    looked = [r for r in reads if (r.tested or r.access == "presence") and not r.unchecked]
    if not looked:
        return "the code relies on it, and nothing checks that it is there"
    seen = {name for r in looked for name in r.components}
    blind = sorted({name for r in claimed for name in r.components} - seen)
    if not seen or not blind:
        return f"the code relies on it; {looked[0].file}:{looked[0].line} looks whether it is there"
    return f"the code relies on it, and nothing in {' and '.join(blind)} checks that it is there"


def on_condition(read: EnvRead) -> str:
    """Say on which other variable a demand depends."""
    asked = read.condition
    if asked is None:
        return "always"
    state = "set" if asked.text is None else f"`{asked.text}`"
    return f"where `{asked.name}` is {'' if asked.holds else 'not '}{state} ({asked.at.file}:{asked.at.line})"


def one_of(name: str, mates: Iterable[str]) -> str:
    """Say that a variable or another one must be there."""
    others = sorted(set(mates) - {name})
    several = "the two" if len(others) == 1 else "these"
    return f"one of {several} is required, this or {' or '.join(f'`{other}`' for other in others)}"


def mark(declaration: EnvDeclaration) -> str:
    """Say where an example file marks a variable as required or optional, and on which condition."""
    by = " by the heading of its section" if declaration.heading is not None else ""
    condition = f", on the condition `{declaration.condition}`" if declaration.condition else ""
    return f"marked in the example file{by}{condition}"


def place_of_mark(declaration: EnvDeclaration) -> Location:
    """Return where the marker stands: at the variable, or in the heading above it."""
    if declaration.heading is None:
        return declaration.location
    return Location(declaration.file, declaration.heading, 1, declaration.heading, 1)
