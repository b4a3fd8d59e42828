"""What may be written, where, and how."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from samples import Report

from filot_lint.config import Config
from filot_lint.documents.survey import ReportError
from filot_lint.documents.write import diff
from filot_lint.files import replace

SUMMARY = "docs/T8A_summary.md"


def test_a_foreign_file_is_refused_and_the_rest_is_written(report: Report) -> None:
    target = report.root / SUMMARY
    target.parent.mkdir()
    target.write_text("by hand\n")
    changes = report.run()

    assert changes[SUMMARY].state == "refused"
    assert "--force" in str(changes[SUMMARY].reason)
    assert target.read_text() == "by hand\n"
    assert changes["README.md"].state == "written"


@pytest.mark.parametrize("name", ["production_secrets_required.json", "missing_required_secrets.txt", SUMMARY])
def test_force_replaces_a_foreign_file_and_our_own_needs_no_force(report: Report, name: str) -> None:
    (report.root / "docs").mkdir()
    (report.root / name).write_text("by hand\n")

    assert report.run()[name].state == "refused"
    assert report.run(force=True)[name].state == "changed"
    report.facts.pop()
    assert report.run()[name].state != "refused"


def test_a_picture_of_others_is_refused(report: Report) -> None:
    (report.root / "docs").mkdir()
    (report.root / "docs/T8A_env_diagram.png").write_bytes(b"\x89PNG\r\n\x1a\nsomebody's")

    assert report.run()["docs/T8A_env_diagram.png"].state == "refused"


def test_symbolic_links_are_refused(report: Report, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "README.md").write_text("theirs\n")
    (report.root / "README.md").symlink_to(outside / "README.md")
    (report.root / "docs").symlink_to(outside)
    changes = report.run()

    assert changes["README.md"].state == "refused"
    assert changes[SUMMARY].state == "refused"
    assert "symbolic link" in str(changes[SUMMARY].reason)
    assert [p.name for p in outside.iterdir()] == ["README.md"]
    assert (outside / "README.md").read_text() == "theirs\n"


@pytest.mark.parametrize("folder", ["../elsewhere", "/tmp/elsewhere", "docs/../../x"])  # noqa: S108  # refused
def test_a_documents_folder_outside_is_refused(report: Report, folder: str) -> None:
    report.config = Config(docs_dir=folder)

    with pytest.raises(ReportError, match="outside the workspace"):
        report.run()


def test_broken_markers_refuse_their_file_only(report: Report) -> None:
    readme = report.root / "README.md"
    readme.write_text("# Shop\n\n<!-- filot-lint:begin architecture -->\ntext\n")
    changes = report.run()

    assert changes["README.md"].state == "refused"
    assert "README.md:3" in str(changes["README.md"].reason)
    assert readme.read_text().endswith("text\n")
    assert changes["REPLIT.md"].state == "written"


def test_an_existing_replit_file_keeps_its_name(report: Report) -> None:
    (report.root / "replit.md").write_text("mine")
    changes = report.run()

    assert "REPLIT.md" not in changes
    assert changes["replit.md"].state == "changed"
    assert report.text("replit.md").startswith("mine\n\n<!-- filot-lint:begin run-on-replit -->")


def test_a_stale_document_shows_as_a_diff(report: Report) -> None:
    report.run()
    (report.root / SUMMARY).write_text(report.text(SUMMARY).replace("## Next", "## Later"))
    (change,) = (c for c in report.compare() if c.state != "unchanged")

    assert change.state == "changed"
    assert "-## Later\n+## Next\n" in diff(change)
    assert diff(change).startswith(f"--- a/{SUMMARY}\n+++ b/{SUMMARY}\n")


def test_only_chosen_documents_are_planned(report: Report) -> None:
    assert [c.id for c in report.compare(only=frozenset({"redis", "readme"}))] == ["redis", "readme"]


def test_replacing_keeps_the_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_text("old")
    target.chmod(0o640)
    replace(target, b"new")

    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "x"
    target.write_text("old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        replace(target, b"new")

    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_where_a_document_belongs_is_refused(report: Report) -> None:
    (report.root / SUMMARY).mkdir(parents=True)

    assert report.run()[SUMMARY].reason == "not a regular file"
