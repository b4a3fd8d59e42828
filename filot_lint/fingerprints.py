"""What stays the same of a finding while lines move: the identity that code hosts and baselines compare."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from filot_lint.findings import Finding

_LINE = re.compile(r":\d+\b|\blines? \d+\b")


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return 32 hexadecimal digits for each finding, no two alike.

    They come from rule, file and message without line numbers and without the files it is about, which may be renamed;
    findings that share these are counted by place, silenced ones last. No line of the file goes in, so a secret on it
    cannot be guessed from them.
    """
    return [_digest(finding, number) for finding, number in zip(findings, numbers(findings), strict=True)]


def first_fingerprint(finding: Finding, file: str | None = None) -> str:
    """Return the fingerprint of the first among the findings that differ in nothing but their lines.

    With `file`, the one it would have there.
    """
    return _digest(finding, 0, file)


def numbers(findings: Sequence[Finding]) -> list[int]:
    """Return how many findings that differ in nothing but their lines stand before each."""
    seen: Counter[str] = Counter()
    found = {}
    for place in sorted(range(len(findings)), key=lambda i: (findings[i].suppressed is not None, findings[i].sort_key)):
        found[place] = seen[_same(findings[place])]
        seen[_same(findings[place])] += 1
    return [found[place] for place in range(len(findings))]


def _same(finding: Finding, file: str | None = None) -> str:
    message = finding.message
    for path in sorted({finding.location.file, *(r.location.file for r in finding.related)}, key=len, reverse=True):
        message = message.replace(path, "")
    return "\0".join((finding.rule.code, file or finding.location.file, _LINE.sub("", message)))


def _digest(finding: Finding, number: int, file: str | None = None) -> str:
    return sha256(f"{_same(finding, file)}\0{number}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
