"""Several processes find what one finds, and outlive a parser that crashes."""

from __future__ import annotations

import os
import sys

import pytest

from filot_lint.extract import extract
from filot_lint.facts import Fact, Problem
from filot_lint.models import Models, load_models
from filot_lint.source import Language, SourceFile
from filot_lint.workspace import crew

SOURCES = [
    SourceFile(f"jobs/a{i}.py", f"import os\n\nURL = os.environ['A{i}_URL']\n".encode(), Language.PYTHON)
    for i in range(40)
]
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="patches reach the children only by fork")


@pytest.fixture(autouse=True)
def _small_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "BATCH", 200)
    monkeypatch.setattr(crew, "_cores", lambda: 2)


def test_the_same_in_one_process_and_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = dict(crew.extract_all(SOURCES, load_models()))
    monkeypatch.setattr(crew, "ENOUGH", 0)
    assert dict(crew.extract_all(SOURCES, load_models())) == alone
    assert len(alone) == len(SOURCES)


@needs_fork
def test_a_crash_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    real = extract

    def crashing(source: SourceFile, models: Models) -> list[Fact]:
        if source.path == "jobs/a7.py":
            os._exit(11)
        return real(source, models)

    monkeypatch.setattr(crew, "ENOUGH", 0)
    monkeypatch.setattr(crew, "extract", crashing)
    found = dict(crew.extract_all(SOURCES, load_models()))
    assert found.keys() == {source.path for source in SOURCES}
    assert [path for path, facts in found.items() if any(isinstance(f, Problem) for f in facts)] == ["jobs/a7.py"]
