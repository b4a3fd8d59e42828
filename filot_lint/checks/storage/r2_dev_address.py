"""FIL406: production links to the `r2.dev` address of a bucket, which is for development."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import deciding_reads
from filot_lint.findings import Hit, Severity
from filot_lint.traits import traits_of
from filot_lint.workspace.index import Index

TRAIT = "r2.dev"


@check("FIL406")
def r2_dev_address(index: Index) -> Iterator[Hit]:
    """Look at the defaults of variables, and at what may be told of their values in manifests and examples."""
    for read in deciding_reads(index):
        if read.default is not None and TRAIT in traits_of(read.default.text):
            yield Hit(read.location, {"name": read.name or ""}, label="the default is such an address")
    for name, provisions in index.provisions.items():
        for given in provisions:
            if TRAIT in given.traits and given.channel not in {"ci", "image-arg"}:
                yield Hit(given.location, {"name": name}, label="given here")
    for name, declarations in index.declarations.items():
        for declared in declarations:
            if TRAIT in declared.traits and not declared.commented_out:
                yield Hit(declared.location, {"name": name}, severity=Severity.INFO, label="a sample that people copy")
