"""Every form of output: well-formed for its readers, harmless, without secrets, and about the same findings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from filot_lint.cli import main
from filot_lint.reporters.run import FORMS

MakeWorkspace = Callable[[Mapping[str, str]], Path]
EVIL = "src/a%0A,b:c\u202e.ts"
FILES = {
    ".env.example": "PRICE_URL=\nPRICE_URL=CANARYCANARY1\n",
    EVIL: "export const a = process.env.PRICE_A;\nexport const b = process.env.PRICE_B || 'http://localhost:1/<x>&\"';\n",
    "src/b.ts": "// filot-lint: ignore-next-line[FIL101] not | yet\nexport const c = process.env.PRICE_C;\n",
    "src/c.ts": "import Redis from 'ioredis';\nnew Redis({ host: 'h', password: 'CANARYCANARY2' });\n",
}


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with findings and hostile names, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


def output(form: str) -> str:
    result = CliRunner().invoke(main, ["check", "--select", "FIL1", "--output-format", form])
    assert result.exit_code == 1, result.output
    return result.stdout


def expected() -> list[tuple[str, str, int]]:
    found = [json.loads(line) for line in output("json-lines").splitlines()]
    assert len(found) > 3
    return sorted((f["code"], f["file"], f["line"]) for f in found)


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("form", FORMS)
def test_harmless(form: str) -> None:
    text = output(form)
    assert "CANARYCANARY" not in text
    assert "\u202e" not in text
    assert "PRICE_A" in text


@pytest.mark.usefixtures("root")
def test_sarif() -> None:
    (run,) = json.loads(output("sarif"))["runs"]
    rules = run["tool"]["driver"]["rules"]
    shown = [result for result in run["results"] if "suppressions" not in result]
    assert sorted(
        (r["ruleId"], _path(r["locations"][0]), r["locations"][0]["physicalLocation"]["region"]["startLine"])
        for r in shown
    ) == [(code, file, line) for code, file, line in expected()]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert all(not _path(place).startswith("/") for place in result["locations"])
    (silenced,) = (result for result in run["results"] if "suppressions" in result)
    assert silenced["suppressions"][0]["justification"] == "not | yet"
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]+", rule["name"]) for rule in rules)


def _path(place: dict[str, dict[str, dict[str, str]]]) -> str:
    from urllib.parse import unquote  # noqa: PLC0415  # only here

    return unquote(place["physicalLocation"]["artifactLocation"]["uri"])


@pytest.mark.usefixtures("root")
def test_github() -> None:
    lines = output("github").splitlines()
    assert len(lines) == len(expected())
    form = re.compile(
        r"::(error|warning|notice) title=[^,:]+,file=[^,:]+,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?::.+"
    )
    assert [line for line in lines if form.fullmatch(line) is None] == []
    order = ["error", "warning", "notice"]
    ranks = [order.index(line[2:].partition(" ")[0]) for line in lines]
    assert ranks == sorted(ranks)


@pytest.mark.usefixtures("root")
def test_gitlab() -> None:
    issues = json.loads(output("gitlab"))
    assert [(i["check_name"][:6], i["location"]["path"], i["location"]["lines"]["begin"]) for i in issues] != []
    assert len({i["fingerprint"] for i in issues}) == len(issues) == len(expected())
    assert {i["severity"] for i in issues} <= {"info", "minor", "major", "critical", "blocker"}


@pytest.mark.usefixtures("root")
def test_junit() -> None:
    suites = ET.fromstring(output("junit"))  # noqa: S314  # our own text
    cases = suites.findall("./testsuite/testcase/failure")
    assert int(suites.attrib["failures"]) == len(cases) == len(expected())


@pytest.mark.usefixtures("root")
def test_markdown() -> None:
    text = output("markdown")
    rows = [line for line in text.splitlines() if re.match(r"\| (error|warning|info) ", line)]
    assert len(rows) == len(expected())
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}
    assert "1 suppressed" in text


def test_fingerprints_survive_moved_lines(root: Path) -> None:
    def prints() -> set[str]:
        return {json.loads(line)["fingerprint"] for line in output("json-lines").splitlines()}

    before = prints()
    for path in (root / EVIL, root / ".env.example"):
        mark = "//" if path.suffix == ".ts" else "#"
        path.write_text(f"{mark} moved\n{mark} down\n{path.read_text('utf-8')}", "utf-8")
    assert prints() == before


def test_a_file_instead_of_the_terminal(root: Path) -> None:
    arguments = ["check", "--select", "FIL1", "--output-format", "sarif", "-o", "out.sarif"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert json.loads((root / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert result.stdout.startswith("Found ")
    assert list(root.glob(".*.part")) == []


@pytest.mark.usefixtures("root")
def test_a_file_that_cannot_be_written() -> None:
    result = CliRunner().invoke(main, ["check", "--select", "FIL1", "-o", "no/such/folder/out.txt"])
    assert result.exit_code == 2
    assert "no/such/folder/out.txt: cannot be written: No such file or directory" in result.stderr
