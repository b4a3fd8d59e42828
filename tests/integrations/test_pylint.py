"""The plugin in the real pylint."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pylint.lint import Run
from pylint.reporters import CollectingReporter

from cases import Case, read_cases
from filot_lint.catalogue import rules
from filot_lint.findings import Scope
from filot_lint.integrations.pylint import families, message_id, symbol
from filot_lint.integrations.single_file import check_text, surroundings
from filot_lint.resources import RULES

MakeWorkspace = Callable[[Mapping[str, str]], Path]
TESTS = Path(__file__).parents[1]
PLUGIN = "--load-plugins=filot_lint.integrations.pylint"
FILES = {
    ".env.example": "PRICE_URL=canary\n",
    "jobs/a.py": "import os\n\nA = os.environ['PRICE_A']\nB = os.getenv('PRICE_URL', 'http://localhost:9')\n",
    "jobs/b.py": "import os\n\nURL = os.environ['PRICE_B']  # pylint: disable=filot-undocumented-variable\n",
}
CASES = [
    pytest.param(case, id=f"{rule.code}-{case.title}")
    for rule in rules().values()
    if rule.scope is Scope.FILE
    for folder in (RULES, TESTS / "rules")
    for case in read_cases(folder / rule.page)
    if any(path.endswith(".py") for path in case.files)
]


def pylint(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pylint", "--rcfile=/dev/null", PLUGIN, "--disable=all", *args]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def enabled() -> str:
    return "--enable=" + ",".join(symbol(rule) for members in families().values() for rule in members)


def test_it_reports_the_file_scope_rules(make_workspace: MakeWorkspace) -> None:
    done = pylint(enabled(), "--output-format=json", "-j2", "jobs/a.py", "jobs/b.py", cwd=make_workspace(FILES))
    assert done.stderr == ""
    found = sorted((m["path"], m["line"], m["column"], m["message-id"], m["symbol"]) for m in json.loads(done.stdout))
    assert found == [
        ("jobs/a.py", 3, 4, "W6601", "filot-undocumented-variable"),
        ("jobs/a.py", 4, 4, "W6610", "filot-localhost-default"),
    ]
    assert "canary" not in done.stdout


def test_settings_that_cannot_be_used_are_a_clear_error(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({**FILES, "filot-lint.toml": "exclud = []\n"})
    done = pylint(enabled(), "jobs/a.py", cwd=root)
    assert done.returncode != 0
    assert "filot-lint.toml:1:1: unknown key `exclud`; did you mean `exclude`?" in done.stderr


def test_ids_and_symbols_are_one_each() -> None:
    known = [rule for members in families().values() for rule in members]
    assert len({message_id(rule) for rule in known}) == len({symbol(rule) for rule in known}) == len(known)
    for family, members in families().items():
        assert len({message_id(rule)[1:3] for rule in members}) == 1, family


@pytest.mark.parametrize("case", CASES)
def test_it_agrees_with_flake8(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = case.write(tmp_path)
    monkeypatch.chdir(root)
    surroundings.cache_clear()
    reporter = CollectingReporter()
    paths = sorted(path for path in case.files if path.endswith(".py"))
    Run(["--rcfile=/dev/null", PLUGIN, "--disable=all", enabled(), *paths], reporter=reporter, exit=False)
    found = sorted((m.path, m.line, m.column, m.symbol) for m in reporter.messages)
    wanted = [(path, f) for path in paths for f in check_text((root / path).read_text("utf-8"), path, noqa=True)]
    assert found == sorted((p, f.location.line, f.location.column - 1, symbol(f.rule)) for p, f in wanted)
