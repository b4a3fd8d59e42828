"""Known findings: what the file says, how it merges, what a broken one gets told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from filot_lint.baseline import BaselineError, Entry, read_baseline, written
from filot_lint.cli import main

MakeWorkspace = Callable[[Mapping[str, str]], Path]
FILES = {
    ".env.example": "KNOWN=\n",
    "a.ts": "const a = process.env.OLD;\nconst k = process.env.KNOWN;\n",
    "b.ts": "const b = process.env.KNOWN || 'http://localhost:9/canary1';\n",
}


@pytest.fixture(autouse=True)
def _pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where nothing is written unasked."""
    monkeypatch.setenv("CI", "true")


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace with two findings in its baseline, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    assert check("--write-baseline", "known.json").exit_code == 0
    return root


def check(*args: str) -> Result:
    return CliRunner().invoke(main, ["check", *args])


def entries(path: Path = Path("known.json")) -> list[tuple[str, str, int]]:
    return [(entry.rule, entry.path, entry.count) for entry in read_baseline(path)]


@pytest.mark.usefixtures("root")
def test_known_findings_are_counted_not_shown() -> None:
    assert entries() == [("FIL101", "a.ts", 1), ("FIL110", "b.ts", 1)]
    result = check("--baseline", "known.json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Found nothing; checked 3 files, 1 of other kinds, 0 skipped, 2 known before (baseline).\n"
    summary = json.loads(check("--baseline", "known.json", "--output-format", "json").stdout)["summary"]
    assert (summary["known"], summary["warnings"]) == (2, 0)


def test_new_ones_are_shown_while_known_ones_move(root: Path) -> None:
    (root / "a.ts").write_text("\n\nconst n = process.env.NEW;\n" + FILES["a.ts"])
    result = check("--baseline", "known.json", "--output-format", "concise")
    assert result.exit_code == 1
    assert [line.split(" ")[0] for line in result.stdout.splitlines() if "FIL" in line] == ["a.ts:3:11:"]


def test_equal_findings_are_counted(root: Path) -> None:
    code = "export function f() { return process.env.KNOWN || 'http://localhost:1'; }\n"
    (root / "b.ts").write_text(code + code.replace("f()", "g()"))
    assert check("--write-baseline", "known.json").exit_code == 0
    numbers = [count for rule, _, count in entries() if rule == "FIL110"]
    assert sum(numbers) == check("--select", "FIL110").stdout.count("[FIL110]")
    (root / "b.ts").write_text("".join(code.replace("f()", name) for name in ("f()", "g()", "h()")))
    more = check("--select", "FIL110").stdout.count("[FIL110]") - sum(numbers)
    assert check("--baseline", "known.json", "--select", "FIL110").stdout.count("[FIL110]") == more


def test_what_is_gone_is_told_and_taken_out(root: Path) -> None:
    (root / "a.ts").write_text("const k = process.env.KNOWN;\n")
    loose, strict = check("--baseline", "known.json"), check("--baseline", "known.json", "--strict")
    assert (loose.exit_code, strict.exit_code) == (0, 1)
    assert "warning: known.json: no longer found: FIL101 in a.ts\n" in loose.stderr
    result = check("--baseline", "known.json", "--update-baseline", "--strict")
    assert (result.exit_code, result.stderr) == (0, "known.json: 1 finding gone, 1 left.\n")
    assert entries() == [("FIL110", "b.ts", 1)]
    assert check("--baseline", "known.json", "--strict").stderr == ""


def test_it_shrinks_by_itself_where_somebody_can_commit_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.ts").write_text("const k = process.env.KNOWN;\n")
    before = (root / "known.json").read_bytes()
    assert check("--baseline", "known.json").exit_code == 0
    assert (root / "known.json").read_bytes() == before
    monkeypatch.delenv("CI")
    assert check("--baseline", "known.json", "--strict").exit_code == 1
    assert (root / "known.json").read_bytes() == before
    result = check("--baseline", "known.json")
    assert (result.exit_code, result.stderr) == (0, "known.json: 1 finding gone, 1 left.\n")
    assert entries() == [("FIL110", "b.ts", 1)]


def test_a_baseline_that_cannot_be_written_is_a_warning_unless_asked(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.ts").write_text("const k = process.env.KNOWN;\n")
    monkeypatch.setattr("filot_lint.cli.running.replace", _refuse)
    monkeypatch.delenv("CI")
    assert "no longer found: FIL101 in a.ts" in check("--baseline", "known.json").stderr
    assert check("--baseline", "known.json", "--update-baseline").exit_code == 2


def _refuse(path: Path, data: bytes) -> None:
    raise PermissionError(13, "Permission denied", str(path), len(data))


def test_it_never_grows_by_itself(root: Path) -> None:
    before = (root / "known.json").read_bytes()
    (root / "a.ts").write_text("const n = process.env.NEW;\n" + FILES["a.ts"])
    assert check("--baseline", "known.json", "--update-baseline").exit_code == 1
    assert (root / "known.json").read_bytes() == before


@pytest.mark.parametrize("narrow", [("--select", "FIL110"), ("b.ts",)])
def test_what_a_run_cannot_find_is_neither_stale_nor_lost(root: Path, narrow: tuple[str, ...]) -> None:
    (root / "a.ts").write_text("const k = process.env.KNOWN;\n")
    result = check("--baseline", "known.json", "--update-baseline", *narrow)
    assert (result.exit_code, result.stderr) == (0, "")
    assert check("--write-baseline", "known.json", *narrow).exit_code == 0
    assert entries() == [("FIL101", "a.ts", 1), ("FIL110", "b.ts", 1)]


def test_a_file_that_cannot_be_read_keeps_its_entries(root: Path) -> None:
    (root / "a.ts").write_text("x" * 2_000_000)
    assert "no longer found" not in check("--baseline", "known.json").stderr


@pytest.mark.usefixtures("root")
def test_it_is_sorted_holds_no_text_and_is_written_the_same_again() -> None:
    text = Path("known.json").read_text("utf-8")
    assert "canary" not in text
    assert text.isascii()
    assert [set(entry) for entry in json.loads(text)["findings"][:-1]] == [{"rule", "path", "fingerprint", "count"}] * 2
    check("--write-baseline", "known.json")
    assert Path("known.json").read_text("utf-8") == text


@pytest.mark.usefixtures("root")
def test_the_fingerprints_are_those_of_sarif() -> None:
    log = json.loads(check("--output-format", "sarif").stdout)
    theirs = {result["partialFingerprints"]["filotLint/v1"] for result in log["runs"][0]["results"]}
    assert theirs == {entry.fingerprint for entry in read_baseline(Path("known.json"))}


def test_it_merges(tmp_path: Path) -> None:
    def side(name: str, *letters: str) -> None:
        (tmp_path / name).write_text(written(Entry(f"{x}.py", "FIL101", x * 32) for x in letters))

    side("old", "a", "b", "c")
    side("ours", "0", "a", "b", "c")
    side("theirs", "a", "b", "c", "d")
    done = subprocess.run(["git", "merge-file", "ours", "old", "theirs"], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert [entry.path[0] for entry in read_baseline(tmp_path / "ours")] == ["0", "a", "b", "c", "d"]


@pytest.mark.parametrize(("ours", "theirs", "attributes"), [("3", "7", ""), ("3", "4", "known.json merge=union\n")])
def test_branches_that_each_learn_one_merge(tmp_path: Path, ours: str, theirs: str, attributes: str) -> None:
    path = tmp_path / "known.json"

    def git(*args: str) -> None:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *who, *args], cwd=tmp_path, check=True, capture_output=True)

    def commit(*letters: str) -> None:
        path.write_text(written(Entry(f"{x}.py", "FIL101", x * 32) for x in letters))
        git("add", "-A")
        git("commit", "-qm", "known")

    git("init", "-q")
    (tmp_path / ".gitattributes").write_text(attributes)
    commit("1", "5", "9")
    git("checkout", "-qb", "theirs")
    commit(*sorted(("1", "5", "9", theirs)))
    git("checkout", "-qb", "ours", "HEAD~1")
    commit(*sorted(("1", "5", "9", ours)))
    git("merge", "-q", "theirs")
    assert {entry.path[0] for entry in read_baseline(path)} == {"1", "5", "9", ours, theirs}


GOOD = '{"rule": "FIL101", "path": "a.ts", "fingerprint": "%s", "count": 1}' % ("a" * 32)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "known.json:1:1: not valid JSON"),
        ('{"schema": "filot-lint/baseline/1", "findings": [\n' + GOOD + "\nnull]}", "known.json:3:1: not valid JSON"),
        ('{"findings": [\n<<<<<<< ours\n' + GOOD, "known.json:2: a merge left its marks"),
        ('{"schema": "filot-lint/baseline/0", "findings": []}', "known.json:1: not a baseline of filot-lint"),
        ('{"schema": "filot-lint/baseline/2", "new": []}', "known.json: written by a newer filot-lint (form 2"),
        ('{"schema": "filot-lint/baseline/1"}', "missing required field `findings`"),
        ("[]", "known.json:1: not a baseline"),
        ('{"schema": "filot-lint/baseline/1", "findings": [\n' + GOOD + ",\n\n" + GOOD.replace("FIL", "XIL") + "]}",
         "known.json:4: not a baseline of filot-lint: expected `str` matching regex"),
        ('{"schema": "filot-lint/baseline/1", "findings": [\n' + GOOD.replace("1}", "0}") + "]}",
         "known.json:2: not a baseline of filot-lint: expected `int` >= 1 (`count`)"),
        ('{"schema": "filot-lint/baseline/1", "findings": [' + "[" * 100_000, "known.json"),
    ],
)  # fmt: skip
def test_a_broken_one_is_told_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(text)
    with pytest.raises(BaselineError) as caught:
        read_baseline(path)
    assert message in str(caught.value)


def test_a_broken_one_is_wrong_usage_and_never_overwritten(root: Path) -> None:
    (root / "known.json").write_text('{"name": "something else"}')
    for option in ("--baseline", "--write-baseline"):
        result = check(option, "known.json")
        assert result.exit_code == 2
        assert "known.json:1: not a baseline of filot-lint" in result.output
    assert (root / "known.json").read_text() == '{"name": "something else"}'
    assert "--write-baseline makes one" in check("--baseline", "missing.json").output


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    "args",
    [
        ("--baseline", "known.json", "--write-baseline", "x.json"),
        ("-o", "y.json", "--write-baseline", "x.json"),
        ("--output-format", "json", "--write-baseline", "x.json"),
        ("--statistics", "--write-baseline", "x.json"),
        ("--update-baseline", "--write-baseline", "x.json"),
        ("--show-settings", "--write-baseline", "x.json"),
        ("--no-baseline", "--baseline", "known.json"),
        ("--no-baseline", "--update-baseline"),
    ],
)
def test_options_that_make_no_sense_together(args: tuple[str, ...]) -> None:
    result = check(*args)
    assert result.exit_code == 2
    assert "exclude each other" in result.output
    assert not Path("x.json").exists()
    assert not Path("y.json").exists()


@pytest.mark.usefixtures("root")
def test_there_must_be_something_to_shrink() -> None:
    assert "needs --baseline, or `baseline` in the settings" in check("--update-baseline").output


@pytest.fixture
def settled(root: Path) -> Path:
    """Return the workspace with its baseline in the settings."""
    (root / "filot-lint.toml").write_text('baseline = "known.json"\n')
    return root


def test_the_settings_name_it(settled: Path) -> None:
    assert "2 known before (baseline)" in check().stdout
    assert check("--no-baseline").stdout.count("[FIL1") == 2
    assert check("--write-baseline", "known.json").stdout == "known.json: 2 findings known from now on.\n"
    (settled / "a.ts").write_text("const k = process.env.KNOWN;\n")
    assert "known.json: no longer found: FIL101 in a.ts" in check().stderr
    assert check("--update-baseline").stderr == "known.json: 1 finding gone, 1 left.\n"
    assert check("--strict").stderr == ""


def test_it_is_found_from_any_folder(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (settled / "sub").mkdir()
    monkeypatch.chdir(settled / "sub")
    assert "2 known before (baseline)" in check().stdout


def test_before_there_is_one_all_is_shown_and_said(settled: Path) -> None:
    (settled / "known.json").unlink()
    result = check()
    assert result.exit_code == 1
    assert "warning: known.json: the settings name this baseline, and it is not there" in result.stderr


def test_it_stays_inside_the_workspace(settled: Path) -> None:
    (settled / "filot-lint.toml").write_text('baseline = "../known.json"\n')
    result = check("--update-baseline")
    assert result.exit_code == 2
    assert "`baseline`: ../known.json is not inside the workspace" in result.output


def test_a_renamed_file_takes_its_entries_along(root: Path) -> None:
    (root / "src").mkdir()
    (root / "a.ts").rename(root / "src/z.ts")
    result = check("--baseline", "known.json")
    assert result.exit_code == 0
    assert "warning: known.json: moved: FIL101 from a.ts to src/z.ts\n" in result.stderr
    assert check("--baseline", "known.json", "--strict").exit_code == 1
    result = check("--baseline", "known.json", "--update-baseline")
    assert result.stderr == "known.json: 1 finding moved, 2 left.\n"
    assert entries() == [("FIL110", "b.ts", 1), ("FIL101", "src/z.ts", 1)]
    assert check("--baseline", "known.json", "--strict").stderr == ""


def test_a_copy_is_new(root: Path) -> None:
    (root / "c.ts").write_text(FILES["a.ts"])
    assert check("--baseline", "known.json").stdout.count("[FIL101]") == 1
    (root / "a.ts").rename(root / "d.ts")
    assert check("--baseline", "known.json").stdout.count("[FIL101]") == 1


def test_a_broken_check_leaves_it_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filot_lint.checks import load_checks  # noqa: PLC0415  # patched here only

    def broken(_: object) -> None:
        raise KeyError

    before = (root / "known.json").read_bytes()
    monkeypatch.setitem(load_checks(), "FIL101", broken)
    assert check("--write-baseline", "known.json").exit_code == 3
    assert check("--baseline", "known.json", "--update-baseline").exit_code == 3
    assert (root / "known.json").read_bytes() == before
