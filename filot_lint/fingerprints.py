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

    They come from rule, file and message without its line numbers; findings that share these are counted by place.
    No line of the file goes in, so a secret on it cannot be guessed from them.
    """
    return [_digest(finding, number) for finding, number in zip(findings, numbers(findings), strict=True)]


def first_fingerprint(finding: Finding) -> str:
    """Return the fingerprint of the first among the findings that differ in nothing but their lines."""
    return _digest(finding, 0)


def numbers(findings: Sequence[Finding]) -> list[int]:
    """Return how many findings that differ in nothing but their lines stand before each."""
    seen: Counter[str] = Counter()
    found = {}
    for place in sorted(range(len(findings)), key=lambda i: findings[i].sort_key):
        found[place] = seen[_same(findings[place])]
        seen[_same(findings[place])] += 1
    return [found[place] for place in range(len(findings))]


def _same(finding: Finding) -> str:
    return "\0".join((finding.rule.code, finding.location.file, _LINE.sub("", finding.message)))


def _digest(finding: Finding, number: int) -> str:
    return sha256(f"{_same(finding)}\0{number}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
