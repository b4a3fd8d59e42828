"""FIL610: a secret has the prefix by which a bundler gives it to every browser."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import published_by, unpublished
from filot_lint.workspace.index import Index

NAME = "a key or token that is made for browsers may have such a name, too"


@check("FIL610")
def published_secret(index: Index) -> Iterator[Hit]:
    """Look at the names behind public prefixes, where they are read and where they are declared."""
    seen: set[str] = set()
    facts: list[EnvRead | EnvDeclaration] = [
        *(read for read in index.of(EnvRead) if read.name and read.access == "read" and read.area == "production"),
        *(d for d in index.of(EnvDeclaration) if not d.commented_out),
    ]
    for fact in facts:
        name = fact.name or ""
        prefix = published_by(name) if name not in seen else None
        if prefix is None or (prefix == "PUBLIC_" and not _of_a_bundler(fact)):
            continue
        verdict = unpublished(name)
        declared = index.declarations.get(name, [])
        if verdict.kind != "secret" or any(d.shape == "publishable" for d in declared):
            continue
        seen.add(name)
        certain = verdict.score > 2  # noqa: PLR2004  # more than a key or token
        yield Hit(
            fact.location,
            {"name": name, "prefix": prefix},
            related=tuple(Related(d.location, "declared here") for d in declared[:1] if d.location != fact.location),
            confidence=None if certain else Confidence.LOW,
            reason=None if certain else NAME,
            label="becomes part of what browsers load",
        )


def _of_a_bundler(fact: EnvRead | EnvDeclaration) -> bool:
    """Whether a variable is read in a framework for which `PUBLIC_` means something."""
    return isinstance(fact, EnvRead) and (fact.via.startswith("$env") or "import.meta" in fact.via)
