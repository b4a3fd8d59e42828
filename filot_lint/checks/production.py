"""The reads that decide what production needs."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.facts import EnvRead, Fact
from filot_lint.source import CODE, Language
from filot_lint.workspace.index import Index

ELSEWHERE = frozenset({"non-production", "test", "main"})
PROGRAMS = frozenset(language.value for language in {*CODE, Language.SHELL, Language.PRISMA})


def production_reads(index: Index) -> Iterator[EnvRead]:
    """Yield reads and presence tests of known names that production may run, by place."""
    for read in index.of(EnvRead):
        if is_production(read) and read.name is not None:
            yield read


def deciding_reads(index: Index) -> Iterator[EnvRead]:
    """Yield the production reads whose default decides something; what only goes into a message does not."""
    return (read for read in production_reads(index) if read.flow is None)


def may_run(fact: Fact) -> bool:
    """Whether production may reach the place of a fact."""
    return fact.area == "production" and fact.guard not in ELSEWHERE


def is_production(read: EnvRead) -> bool:
    """Whether a program reads it in production; what compose substitutes is read where compose runs."""
    return read.access in {"read", "presence"} and read.language in PROGRAMS and may_run(read)


def is_provided(index: Index, name: str) -> bool:
    """Whether the platform or the runtime sets a variable, or the settings say that it is dealt with elsewhere."""
    consumer = index.consumer_of(name)
    return (consumer is not None and consumer.kind != "library") or index.config.is_external(name)


def is_consumed(index: Index, name: str) -> bool:
    """Whether something other than the workspace's own code reads a variable."""
    return index.consumer_of(name) is not None or index.config.is_external(name)
