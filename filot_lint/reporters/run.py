"""One run of the rules as all forms of output see it, and the forms there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import msgspec

from filot_lint.findings import Finding, Severity
from filot_lint.workspace.index import Index

FORMS = {
    "full": "text.full",
    "concise": "text.concise",
    "json": "json.findings",
    "json-lines": "json.finding_lines",
    "sarif": "sarif.sarif",
    "github": "github.commands",
    "gitlab": "gitlab.code_quality",
    "junit": "junit.suites",
    "markdown": "markdown.summary",
}
"""Form -> module of this package and its function, which yields lines."""

FOR_PEOPLE = ("full", "concise")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What was found and looked at.

    `findings` are those to show, `suppressed` those that comments silence, `known` counts those of the baseline and
    `hidden` those of low confidence; neither are shown. `workspace` is its path from where the tool ran, `prefix` what
    leads from there to its files.
    """

    findings: tuple[Finding, ...]
    index: Index
    files: int
    suppressed: tuple[Finding, ...] = ()
    hidden: int = 0
    known: int = 0
    workspace: str = "."
    prefix: str = ""
    colour: bool = False

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings of each severity there are, the worst first."""
        return {s: sum(f.severity is s for f in self.findings) for s in sorted(Severity, reverse=True)}


def write(run: Run, form: str) -> Iterator[str]:
    """Yield a run in one of the forms, in lines."""
    module, _, function = FORMS[form].partition(".")
    writer: Callable[[Run], Iterator[str]] = getattr(import_module(f"filot_lint.reporters.{module}"), function)
    return writer(run)
