"""JUnit XML: a suite per file, a failed case per finding; one passed case where nothing was found.

Only what Jenkins' schema knows: it refuses a report in which a case has a file or a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from filot_lint.findings import Finding
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suites(run: Run) -> Iterator[str]:
    """Yield one document, in lines."""
    total = len(run.findings)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="filot-lint" tests="{total or 1}" failures="{total}" errors="0">'
    if not total:
        yield '  <testsuite name="filot-lint" tests="1" failures="0" errors="0">'
        yield f'    <testcase name="{run.files} files checked" classname="filot-lint"/>'
        yield "  </testsuite>"
    for file, group in groupby(run.findings, key=lambda f: f.location.file):
        found = list(group)
        counts = f'tests="{len(found)}" failures="{len(found)}" errors="0"'
        path = _attribute(run.prefix + file)
        yield f"  <testsuite name={path} file={path} {counts}>"
        for finding in found:
            yield from _case(finding, run.prefix + file)
        yield "  </testsuite>"
    yield "</testsuites>"


def _case(finding: Finding, path: str) -> Iterator[str]:
    place = finding.location
    name = f"{finding.rule.code} {finding.rule.name} at line {place.line}"
    yield f"    <testcase name={_attribute(name)} classname={_attribute(path)}>"
    text = f"{path}:{place.line}:{place.column}: {finding.message}. {finding.help}."
    yield f'      <failure type="{finding.severity.word}" message={_attribute(finding.message)}>{_text(text)}</failure>'
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("", safe_text(text)))


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("", safe_text(text)))
