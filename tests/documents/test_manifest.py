"""The data files of the report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from filot_lint.documents.manifest import ManifestError, load_manifest
from filot_lint.resources import REPORT

GOOD = """[[document]]
id = "a"
file = "a.md"
place = "docs"
kind = "markdown"
title = "A"
purpose = "p"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + '\n[[document]]\nid = "b"\nfile = "b.md"\nplace = "elsewhere"\n', r"documents\.toml:12: .*elsewhere"),
        (GOOD + '\n[[document]]\nid = "b"\ntittle = "B"\n', r"documents\.toml:9: .*tittle"),
        (GOOD + "x = \n", r"documents\.toml:8: "),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str, message: str) -> None:
    for name in ("groups.toml", "checklist.toml"):
        shutil.copy(REPORT / name, tmp_path)
    (tmp_path / "documents.toml").write_text(text)

    with pytest.raises(ManifestError, match=message):
        load_manifest(tmp_path)
