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
    seen: Counter[str] = Counter()
    found = {}
    for place in sorted(range(len(findings)), key=lambda i: findings[i].sort_key):
        finding = findings[place]
        same = "\0".join((finding.rule.code, finding.location.file, _LINE.sub("", finding.message)))
        found[place] = sha256(f"{same}\0{seen[same]}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
        seen[same] += 1
    return [found[place] for place in range(len(findings))]
