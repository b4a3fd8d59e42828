"""One finding has one fingerprint: in every form, on every machine, wherever its line goes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from filot_lint.baseline import read_baseline
from filot_lint.catalogue import rules
from filot_lint.cli import main
from filot_lint.findings import Finding, Related
from filot_lint.fingerprints import fingerprints
from filot_lint.source import Location

MakeWorkspace = Callable[[Mapping[str, str]], Path]
Marks = dict[tuple[str, str, int], str]
FILES = {
    ".env.example": "PRICE_URL=\nPRICE_URL=canary1\n# filot-lint: ignore-next-line[FIL161] for now\nPRICE_URL=canary2\n"
    "PRICE_URL=canary3\nUNUSED=\n",
    "src/a.ts": "export const a = process.env.PRICE_A;\nexport const t = process.env.PRICE_T || '1';\n",
    "src/b.ts": "export const b = process.env.PRICE_B;\nexport const t = process.env.PRICE_T || '2';\n",
    "src/c.ts": "// filot-lint: ignore-next-line[FIL101] here only\nexport const c = process.env.PRICE_C;\n",
}


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace with findings, some silenced, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["check", *arguments])
    assert result.exit_code in {0, 1}, result.output
    return result.stdout


def in_json(*arguments: str) -> Marks:
    found = json.loads(run("--output-format", "json", *arguments))["findings"]
    return {(f["code"], f["file"], f["line"]): f["fingerprint"] for f in found}


def in_gitlab(*arguments: str) -> Marks:
    found = json.loads(run("--output-format", "gitlab", *arguments))
    return {
        (f["check_name"][:6], f["location"]["path"], f["location"]["lines"]["begin"]): f["fingerprint"] for f in found
    }


def in_sarif(*arguments: str) -> Marks:
    """Return what is neither silenced nor known."""
    marks: Marks = {}
    for result in json.loads(run("--output-format", "sarif", *arguments))["runs"][0]["results"]:
        if "suppressions" not in result and result.get("baselineState", "new") == "new":
            where = result["locations"][0]["physicalLocation"]
            place = (result["ruleId"], where["artifactLocation"]["uri"], where["region"]["startLine"])
            marks[place] = result["partialFingerprints"]["filotLint/v1"]
    return marks


@pytest.mark.usefixtures("root")
def test_all_forms_agree() -> None:
    marks = in_json()
    assert len(set(marks.values())) == len(marks) > 5
    assert in_gitlab() == in_sarif() == marks
    run("--write-baseline", "known.json")
    assert {entry.fingerprint for entry in read_baseline(Path("known.json"))} <= set(marks.values())
    assert len([place for place in marks if place[0] == "FIL161"]) == 2
    assert "canary" not in Path("known.json").read_text("utf-8")


def test_all_forms_agree_beside_a_baseline(root: Path) -> None:
    run("--write-baseline", "known.json")
    before = in_json()
    path = root / ".env.example"
    path.write_text(f"{path.read_text('utf-8')}PRICE_URL=canary4\n", "utf-8")
    fresh = in_json("--baseline", "known.json")
    assert list(fresh) == [("FIL161", ".env.example", 7)]
    assert in_gitlab("--baseline", "known.json") == in_sarif("--baseline", "known.json") == fresh
    assert not set(fresh.values()) & set(before.values())


def test_lines_may_move(root: Path) -> None:
    before = in_json()
    for path in (root / name for name in FILES):
        mark = "//" if path.suffix == ".ts" else "#"
        path.write_text(f"{mark} moved\n{mark} down\n{path.read_text('utf-8')}", "utf-8")
    assert sorted(in_json().values()) == sorted(before.values())


def test_other_files_may_be_renamed(root: Path) -> None:
    def about(code: str) -> list[str]:
        return [mark for place, mark in in_json().items() if place[0] == code]

    before = about("FIL104")
    assert len(before) == 1
    (root / "src/a.ts").rename(root / "src/aa.ts")
    assert about("FIL104") == before


def test_another_checkout_is_the_same(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = in_json()
    other = tmp_path_factory.mktemp("elsewhere") / "checkout"
    shutil.copytree(root, other)
    assert in_json(str(other)) == before
    monkeypatch.chdir(other / "src")
    assert in_json("--workspace", "..") == before


def test_broken_characters_have_fingerprints() -> None:
    rule = next(iter(rules().values()))
    place = Location("a\udcff.ts", 1, 1, 1, 2)
    findings = [
        Finding(rule, place, f"\ud800{text}", "", rule.severity, rule.confidence, related=(Related(place, "here"),))
        for text in ("a", "b", "a")
    ]
    assert len(set(fingerprints(findings))) == 3
