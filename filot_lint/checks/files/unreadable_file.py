"""FIL001: a file, or a part of it, could not be used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.facts import Problem
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

BEHIND = frozenset({"typescript", "tsx", "javascript", "shell"})
LAGS = "the grammar lags behind the language, which may well accept it"
TEMPLATE = "it is a template, which may become readable when it is filled in"
TAG = re.compile(rb"(?m)^[ \t]*\{%-?[ \t]*[a-z]")
MANY = 3


@check("FIL001")
def unreadable_file(index: Index) -> Iterator[Hit]:
    """Report what was tried and failed, once per file and reason; the rest of a file that was read in part is known."""
    found: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in index.problems:
        if problem.problem != "skipped":
            found.setdefault((problem.file, problem.problem, problem.message), []).append(problem)
    for problems in found.values():
        problem = problems[0]
        partial = problem.problem == "partial"
        source = index.files.get(problem.file)
        template = source is not None and TAG.search(source.data) is not None
        behind = partial and problem.language in BEHIND
        yield Hit(
            problem.location,
            {"file": problem.file, "reason": problem.message},
            related=tuple(Related(other.location, "and here") for other in problems[1:MANY]),
            severity=Severity.WARNING if partial or template or problem.area != "production" else None,
            confidence=Confidence.LOW if behind or template else None,
            reason=TEMPLATE if template else LAGS if behind else None,
            label=problem.problem,
        )
