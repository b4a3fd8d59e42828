"""How many findings there are of each rule, and in each deployable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import closing
from filot_lint.workspace.components import Component

NOWHERE = "(in no deployable)"


def statistics(run: Run) -> Iterator[str]:
    """Yield two tables, the most first, and the closing line."""
    if run.findings:
        by_rule = Counter((finding.rule.code, finding.severity.word, finding.rule.name) for finding in run.findings)
        yield from _table("by rule", [(f"{c}  {word:<7}  {name}", n) for (c, word, name), n in by_rule.items()])
        yield ""
        by_name = Counter(name for finding in run.findings for name in _deployables(run, finding.location.file))
        yield from _table("by deployable; what several share counts in each", list(by_name.items()))
        yield ""
    yield closing(run)


def _table(title: str, rows: list[tuple[str, int]]) -> Iterator[str]:
    yield f"{title}:"
    for label, number in sorted(rows, key=lambda row: (-row[1], row[0])):
        yield f"{number:>6}  {safe_text(label)}"


def _deployables(run: Run, file: str) -> list[str]:
    return [c.name for c in run.index.components if file in _files(c)] or [NOWHERE]


def _files(component: Component) -> set[str]:
    manifests = {source.rpartition(":")[0] for source in component.sources}
    return {*component.entries, *component.modules, *component.dockerfiles, *component.scripts, *manifests}
