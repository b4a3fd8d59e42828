"""One run of the rules as all forms of output see it, and the forms there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

import msgspec

from filot_lint.baseline import Entry
from filot_lint.findings import Finding, Severity
from filot_lint.fingerprints import fingerprints
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

    `findings` are those to show, `suppressed` those that comments silence, `known` those of the baseline, `hidden`
    those of low confidence. `gone` are entries of the baseline that hold for nothing any more, None without a baseline.
    `root` is the folder of the workspace, `workspace` its path from where the tool ran, `prefix` what leads from there
    to its files. `narrowed` when only some of them were asked for. `columns` are those of the terminal, if it is one.
    """

    findings: tuple[Finding, ...]
    index: Index
    files: int
    suppressed: tuple[Finding, ...] = ()
    hidden: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    gone: tuple[Entry, ...] | None = None
    narrowed: bool = False
    root: Path | None = None
    workspace: str = "."
    prefix: str = ""
    colour: bool = False
    columns: int | None = None

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings of each severity there are, the worst first."""
        return {s: sum(f.severity is s for f in self.findings) for s in sorted(Severity, reverse=True)}

    @property
    def worst_first(self) -> list[Finding]:
        """The findings to show, for readers who see only the first of them."""
        return sorted(self.findings, key=lambda f: (-f.severity, -f.confidence, f.rule.code, f.sort_key))

    def identified(self, findings: Iterable[Finding]) -> list[tuple[Finding, str]]:
        """Return some of the run's findings with their fingerprints: the same in every form, whatever it leaves out."""
        every = (*self.findings, *self.suppressed, *self.known, *self.hidden)
        known = dict(zip(map(id, every), fingerprints(every), strict=True))
        return [(finding, known[id(finding)]) for finding in findings]


def write(run: Run, form: str) -> Iterator[str]:
    """Yield a run in one of the forms, in lines."""
    module, _, function = FORMS[form].partition(".")
    writer: Callable[[Run], Iterator[str]] = getattr(import_module(f"filot_lint.reporters.{module}"), function)
    return writer(run)
