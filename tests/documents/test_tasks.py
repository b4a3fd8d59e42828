"""The summary answers the task of a profile: each thing it wants, what became of it, what was found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from samples import API, bare, fact

from filot_lint.catalogue import rules
from filot_lint.documents.manifest import load_manifest
from filot_lint.facts import EnvRead
from filot_lint.profiles import Profile, profiles

FOR_MACHINES = {"claims", "explorer"}


@pytest.mark.parametrize("profile", profiles().values(), ids=profiles().keys())
def test_every_rule_and_document_belongs_to_one_task(profile: Profile) -> None:
    families = {code[:4] for code in rules()} - {"FIL0"}
    documents = {d.id for d in load_manifest().documents} - FOR_MACHINES

    assert Counter(f for t in profile.tasks for f in t.rules) == Counter(families)
    assert Counter(d for t in profile.tasks for d in t.documents) == Counter(documents)


def test_the_summary_has_the_tasks_of_the_profile(tmp_path: Path) -> None:
    read = fact(EnvRead, "src/env.ts:4", API, name="BULI2_API_KEY", access="read", via="x")
    report = bare(tmp_path, read)
    report.run()
    text = report.text("docs/T8A_summary.md")

    assert "## What T8-A asks for" in text
    assert "## By topic" not in text
    assert "| GPU worker | written | none by `FIL801`" in text
    assert "| No mock in production | left out: no test double found in production code | none by `FIL701`" in text
    assert "of 37 items fail | [T8A_predeployment_checklist.md]" in text


def test_without_a_profile_the_summary_goes_by_topic(tmp_path: Path) -> None:
    report = bare(tmp_path)
    report.run()

    assert "## By topic" in report.text("docs/T8A_summary.md")
