"""GitLab's Code Quality report: a JSON list of issues."""

from __future__ import annotations

import json
from collections.abc import Iterator

from filot_lint.findings import Severity
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def code_quality(run: Run) -> Iterator[str]:
    """Yield one list; its paths lead from where the tool ran, which is the checkout."""
    issues = [
        {
            "description": safe_text(f"{finding.rule.code} {finding.message}"),
            "check_name": f"{finding.rule.code} {finding.rule.name}",
            "fingerprint": fingerprint,
            "severity": SEVERITIES[finding.severity],
            "location": {
                "path": safe_text(run.prefix + finding.location.file),
                "lines": {"begin": finding.location.line, "end": finding.location.end_line},
            },
        }
        for finding, fingerprint in run.identified(run.findings)
    ]
    yield json.dumps(issues, indent=2)
