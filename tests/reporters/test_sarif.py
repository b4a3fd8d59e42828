"""SARIF as its official validator and as code hosts read it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from node_packages import node_packages

from filot_lint.catalogue import rules
from filot_lint.cli import main
from filot_lint.config import Config
from filot_lint.findings import Finding
from filot_lint.models import load_models
from filot_lint.reporters.run import Run
from filot_lint.reporters.sarif import sarif
from filot_lint.source import Language, Location, SourceFile
from filot_lint.workspace.index import Index

MakeWorkspace = Callable[[Mapping[str, str]], Path]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONFIG = """\
[remote "fork"]
\turl = https://example.com/fork
[remote "origin"]
\turl = https://me:{}@example.com/a/b.git
"""
PAGES = "https://example.com/filot-lint/rules"
FILES = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/packed-refs": f"{COMMIT} refs/heads/main\n",
    ".git/config": CONFIG.format("canarycanary1"),
    ".env.example": "PRICE_URL=\nPRICE_URL=canarycanary2\n",
    "src/a.ts": "export const a = process.env.PRICE_A;\nexport const b = process.env.PRICE_B || 'http://localhost:1';\n",
    "src/b.ts": "// filot-lint: ignore-next-line[FIL101] known\nexport const c = process.env.PRICE_C;\n",
    "src/c d\u202e.ts": "import Redis from 'ioredis';\nnew Redis({ host: 'h', password: 'canarycanary3' });\n",
    "src/d.ts": "export const d = process.env.JWT_SECRET || 'canarycanary4';\n",
}
LEFT = {
    "SARIF2002": "code hosts read `text` and nothing else of a message",
    "SARIF2006": "the test asks no server whether an address exists",
}
UNQUOTED = {"SARIF2010", "SARIF2011"}
"""What says that a line is not quoted."""
UNADDRESSED = {"SARIF2005", "SARIF2012"}
"""What says that there is no address to read about the tool and its rules."""


class Note(NamedTuple):
    """One thing the validator says, and about which result."""

    rule: str
    result: int | None
    text: str


def notes(text: str, folder: Path) -> list[Note]:
    """Return all that the official validator says of a log, with the rules of GitHub."""
    program = node_packages() / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    program.chmod(0o755)
    given, said = folder / "given.sarif", folder / "said.sarif"
    given.write_text(text, "utf-8")
    command = [
        *(str(program), "validate", str(given), "--output", str(said), "--log", "ForceOverwrite"),
        *("--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note", "--kind", "Fail;Open;Review;Informational"),
    ]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert "1 files scanned" in done.stdout, done.stdout + done.stderr
    (run,) = json.loads(said.read_text("utf-8-sig"))["runs"]
    assert run["invocations"][0]["executionSuccessful"], done.stdout
    return list(_notes(run["results"]))


def _notes(results: list[dict[str, Any]]) -> Iterator[Note]:
    for result in results:
        words = result["message"].get("arguments", [])
        inside = words[0].partition(".results[")[2].partition("]")[0] if words else ""
        yield Note(result["ruleId"], int(inside) if inside else None, " ".join(words))


def check(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["check", "--output-format", "sarif", *arguments])
    assert result.exit_code in {0, 1}, result.output
    return result.stdout


def results(text: str) -> list[dict[str, Any]]:
    (run,) = json.loads(text)["runs"]
    return run["results"]  # type: ignore[no-any-return]  # as JSON is


def place(result: dict[str, Any]) -> tuple[str, int]:
    where = result["locations"][0]["physicalLocation"]
    return where["artifactLocation"]["uri"], where.get("region", {}).get("startLine", 0)


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with findings, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


def test_the_validator_is_content(root: Path) -> None:
    (root / "filot-lint.toml").write_text(f'rule-pages = "{PAGES}"\n', "utf-8")
    text = check()
    said = [note for note in notes(text, root) if note.rule not in LEFT]
    assert [note for note in said if note.rule not in UNQUOTED] == []
    found = [place(result) for result in results(text)]
    assert {found[note.result] for note in said if note.result is not None} <= {
        (".env.example", 2), ("src/c%20d%E2%80%AE.ts", 2), ("src/d.ts", 1)}  # fmt: skip


def test_without_an_address_only_that_is_missing(root: Path) -> None:
    assert {note.rule for note in notes(check(), root)} - set(LEFT) - UNQUOTED == UNADDRESSED


def test_the_validator_is_content_beside_a_baseline(root: Path) -> None:
    (root / "filot-lint.toml").write_text(f'rule-pages = "{PAGES}"\n', "utf-8")
    assert CliRunner().invoke(main, ["check", "--write-baseline", "known.json"]).exit_code == 0
    (root / "src/a.ts").write_text("export const a = process.env.PRICE_X;\n", "utf-8")
    text = check("--baseline", "known.json")
    states = {(place(result)[0], result["ruleId"], result["baselineState"]) for result in results(text)}
    assert states >= {
        ("src/a.ts", "FIL101", "new"),
        ("src/a.ts", "FIL101", "absent"),
        ("src/a.ts", "FIL110", "absent"),
        ("src/d.ts", "FIL602", "unchanged"),
        ("src/b.ts", "FIL101", "new"),
    }
    said = {note.rule for note in notes(text, root)} - set(LEFT) - UNQUOTED
    assert said == set()


def test_the_validator_is_content_with_every_rule(tmp_path: Path) -> None:
    source = SourceFile("a.ts", b"const a = 1;\n", Language.TYPESCRIPT)
    index = Index([], config=Config(rule_pages=f"{PAGES}/"), models=load_models(), files={"a.ts": source})
    findings = tuple(
        Finding(rule, Location("a.ts", 1, 7, 1, 8), "something is wrong", "do it", rule.severity, rule.confidence)
        for rule in rules().values()
    )
    (text,) = sarif(Run(findings=findings, index=index, files=1))
    assert {note.rule for note in notes(text, tmp_path)} - set(LEFT) == {"SARIF2003"}
    driver = json.loads(text)["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == list(rules())
    assert driver["rules"][0]["helpUri"] == f"{PAGES}/{next(iter(rules().values())).page}"


def test_findings_keep_their_line_where_nothing_is_hidden(root: Path) -> None:
    regions = {}
    for result in results(check()):
        where = result["locations"][0]["physicalLocation"]
        regions[result["ruleId"], *place(result)] = (where["region"].get("snippet"), where.get("contextRegion"))
    line = FILES["src/a.ts"].splitlines()[0]
    assert regions["FIL101", "src/a.ts", 1] == (
        {"text": "process.env.PRICE_A"},
        {"startLine": 1, "snippet": {"text": line}},
    )
    assert regions["FIL602", "src/d.ts", 1] == (None, None)
    assert "canarycanary" not in check()
    assert root.as_posix() not in check()


def test_where_the_files_come_from(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (run,) = json.loads(check())["runs"]
    origin = {"repositoryUri": "https://example.com/a/b.git", "revisionId": COMMIT, "branch": "main"}
    assert run["versionControlProvenance"] == [origin | {"mappedTo": {"uriBaseId": "%SRCROOT%"}}]
    monkeypatch.chdir(root / "src")
    (below,) = json.loads(check("."))["runs"]
    assert below["versionControlProvenance"] == run["versionControlProvenance"]
    assert {place(result)[0].split("/")[0] for result in below["results"]} == {"src"}


def test_a_silenced_finding_of_the_baseline_is_there_once(root: Path) -> None:
    assert CliRunner().invoke(main, ["check", "--write-baseline", "known.json"]).exit_code == 0
    path = root / "src/d.ts"
    path.write_text(f"// filot-lint: ignore-next-line[FIL602] for a while\n{path.read_text('utf-8')}", "utf-8")
    found = [result for result in results(check("--baseline", "known.json")) if result["ruleId"] == "FIL602"]
    assert ["suppressions" in result for result in found] == [True]
