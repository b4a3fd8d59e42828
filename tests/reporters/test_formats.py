"""Every form of output: well-formed for its readers, harmless, without secrets, and about the same findings."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from click.testing import CliRunner
from markdown_cells import cells

from filot_lint.cli import main
from filot_lint.reporters.run import FORMS
from filot_lint.reporters.safe_text import safe_text

SCHEMAS = Path(__file__).parent / "schemas"
JUNIT = xmlschema.XMLSchema(str(SCHEMAS / "junit.xsd"))

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
    places = [result["locations"][0]["physicalLocation"] for result in shown]
    paths = [unquote(place["artifactLocation"]["uri"]) for place in places]
    lines = [place["region"]["startLine"] for place in places]
    assert sorted(zip([r["ruleId"] for r in shown], paths, lines, strict=True)) == expected()
    assert [r["ruleId"] for r in run["results"]] == [rules[r["ruleIndex"]]["id"] for r in run["results"]]
    (silenced,) = (result for result in run["results"] if "suppressions" in result)
    assert silenced["suppressions"][0]["justification"] == "not | yet"


@pytest.mark.usefixtures("root")
def test_github() -> None:
    *lines, last = output("github").splitlines()
    assert last.startswith("Found ")
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
    jsonschema.validate(issues, json.loads((SCHEMAS / "gitlab-code-quality.json").read_text("utf-8")))
    found = [(i["check_name"][:6], i["location"]["path"], i["location"]["lines"]["begin"]) for i in issues]
    assert sorted(found) == [(code, safe_text(file), line) for code, file, line in expected()]


@pytest.mark.usefixtures("root")
def test_junit() -> None:
    text = output("junit")
    JUNIT.validate(text)
    suites = ET.fromstring(text)  # noqa: S314  # our own text
    cases = suites.findall("./testsuite/testcase/failure")
    assert int(suites.attrib["failures"]) == len(cases) == len(expected())


def test_junit_where_nothing_is_found(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_workspace({".env.example": "A=\n", "a.py": "import os\n\nprint(os.environ['A'])\n"}))
    result = CliRunner().invoke(main, ["check", "--select", "FIL1", "--output-format", "junit"])
    assert result.exit_code == 0
    JUNIT.validate(result.stdout)


@pytest.mark.usefixtures("root")
def test_markdown() -> None:
    text = output("markdown")
    rows = cells(text)
    assert [row[1] for row in rows[1:]] == [f["code"] for f in worst_first()]
    assert "1 suppressed" in text


def worst_first() -> list[dict[str, str]]:
    order = ["error", "warning", "info"]
    found = [json.loads(line) for line in output("json-lines").splitlines()]
    return sorted(found, key=lambda f: (order.index(f["severity"]), f["confidence"] != "high", f["code"], f["file"]))


def test_a_file_instead_of_the_terminal(root: Path) -> None:
    before = set(root.iterdir())
    for _ in range(2):
        result = CliRunner().invoke(main, ["check", "--select", "FIL1", "--output-format", "sarif", "-o", "out.sarif"])
        assert result.exit_code == 1
        assert json.loads((root / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"
        assert result.stdout.startswith("Found ")
    assert set(root.iterdir()) - before == {root / "out.sarif"}


@pytest.mark.parametrize(
    ("path", "flaw"),
    [
        ("no/such/folder/out.txt", "there is no folder no/such/folder"),
        ("src", "is not a regular file"),
        ("pipe", "is not a regular file"),
        ("link", "is a symbolic link"),
        ("src/../src/b.ts", "is a file that was read"),
        (".env.example", "is a file that was read"),
        ("known.json", "is a file that was read"),
    ],
)
def test_a_file_that_cannot_be_written(root: Path, path: str, flaw: str) -> None:
    os.mkfifo(root / "pipe")
    (root / "link").symlink_to("other")
    assert CliRunner().invoke(main, ["check", "--select", "FIL2", "--write-baseline", "known.json"]).exit_code == 0
    result = CliRunner().invoke(main, ["check", "--select", "FIL1", "--baseline", "known.json", "-o", path])
    assert result.exit_code == 2
    assert f"{path}: {flaw}" in result.stderr
    assert {name: (root / name).read_text("utf-8") for name in FILES} == FILES
    assert not (root / "other").exists()


def test_a_baseline_does_not_replace_a_source(root: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--select", "FIL1", "--write-baseline", "src/b.ts"])
    assert result.exit_code == 2
    assert (root / "src/b.ts").read_text("utf-8") == FILES["src/b.ts"]
