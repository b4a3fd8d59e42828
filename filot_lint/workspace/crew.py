"""Extraction in several processes, where there is enough of it to pay for them.

What comes out of a file depends on its bytes and the models alone, so it does not matter who reads it. A parser that
crashes takes its process with it, not the run: the file that did it becomes a problem.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from filot_lint.extract import extract, problem
from filot_lint.facts import Fact
from filot_lint.models import Models, load_models
from filot_lint.source import SourceFile
from filot_lint.workspace.garbage import settle

ENOUGH = 400_000
"""Bytes of code from which on a second process pays, measured: they take about two seconds."""

MOST = 8
BATCH = 60_000
CRASHED = "could not be analysed (the parser crashed); this is a defect of filot-lint"


def extract_all(sources: Sequence[SourceFile], models: Models) -> Iterator[tuple[str, list[Fact]]]:
    """Yield the facts of each file, in no particular order."""
    code = sum(len(source.data) for source in sources if source.language.is_code)
    workers = min(_cores(), MOST)
    if workers < 2 or code < ENOUGH or models is not load_models():  # noqa: PLR2004  # alone there is nobody to share with
        yield from _extracted(sources, models)
        return
    left = list(_batches(sources))
    try:
        with ProcessPoolExecutor(workers, mp_context=_context(), initializer=settle) as pool:
            for done in pool.map(_work, tuple(left)):
                left.pop(0)
                yield from done
    except BrokenProcessPool:
        for batch in left:
            for source in batch:
                yield from _guarded(source)


def _extracted(sources: Iterable[SourceFile], models: Models) -> list[tuple[str, list[Fact]]]:
    return [(source.path, extract(source, models)) for source in sources]


def _work(sources: list[SourceFile]) -> list[tuple[str, list[Fact]]]:
    return _extracted(sources, load_models())


def _guarded(source: SourceFile) -> list[tuple[str, list[Fact]]]:
    """Return the facts of one file, read in a process of its own."""
    try:
        with ProcessPoolExecutor(1, mp_context=_context()) as pool:
            return pool.submit(_work, [source]).result()
    except BrokenProcessPool:
        return [(source.path, [problem(source, CRASHED)])]


def _batches(sources: Sequence[SourceFile]) -> Iterator[list[SourceFile]]:
    """Yield the files in batches of about one size, the largest files first."""
    batch: list[SourceFile] = []
    size = 0
    for source in sorted(sources, key=lambda s: -len(s.data)):
        batch.append(source)
        size += len(source.data)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> multiprocessing.context.BaseContext:
    """Fork where that is safe: the children have the models already."""
    alone = threading.active_count() == 1
    forks = "fork" in multiprocessing.get_all_start_methods() and os.uname().sysname == "Linux"
    return multiprocessing.get_context("fork" if forks and alone else "spawn")
