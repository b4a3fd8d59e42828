"""The plugin in the real flake8."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from filot_lint.catalogue import rules
from filot_lint.findings import Rule, Scope
from filot_lint.integrations.flake8 import triggers
from filot_lint.models import load_models

MakeWorkspace = Callable[[Mapping[str, str]], Path]
CODE = "import os\n\nA = os.environ['PRICE_A']\nB = os.getenv('PRICE_URL', 'http://localhost:9')\n"
FILES = {
    ".env.example": "PRICE_URL=canary\n",
    "jobs/a.py": CODE,
    "jobs/b.py": "import os\n\nURL = os.environ['PRICE_URL']\n",
    "tests/test_a.py": CODE,
}
LINES = [
    "3:5: FIL101 `PRICE_A` is read here, but `.env.example` does not declare it",
    "4:5: FIL110 `PRICE_URL` falls back to `http://localhost:9`, where nothing answers in production",
]
HEAVY = {
    "click",
    "libcst",
    "jinja2",
    "rich",
    "pylint",
    "astroid",
    "yaml",
    "dotenv",
    "tree_sitter",
    "msgspec",
    "pathspec",
}


def flake8(*args: str, cwd: Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "FIL", *args]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, text=True, check=False)


@pytest.fixture
def root(make_workspace: MakeWorkspace) -> Path:
    """Return a repository."""
    return make_workspace(FILES)


def test_it_reports_the_file_scope_rules(root: Path) -> None:
    done = flake8(".", cwd=root)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [f"./jobs/a.py:{line}" for line in LINES]


def test_it_agrees_with_our_own_command(root: Path) -> None:
    command = [sys.executable, "-m", "filot_lint", "check", ".", "--output-format", "json"]
    own = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    found = [f for f in json.loads(own.stdout)["findings"] if f["file"].endswith(".py")]
    assert [f"{f['line']}:{f['column']}: {f['code']} {f['message']}" for f in found] == LINES


@pytest.mark.parametrize("name", ["jobs/a.py", "jobs/new.py"])
def test_editors_hand_over_the_text(root: Path, name: str) -> None:
    done = flake8("-", "--stdin-display-name", name, cwd=root, stdin="# changed\n" + CODE)
    assert [line.partition(" ")[2] for line in done.stdout.splitlines()] == [line.partition(" ")[2] for line in LINES]
    assert done.stdout.startswith(f"{name}:4:5: FIL101")


def test_a_text_without_a_name(root: Path) -> None:
    done = flake8("-", cwd=root, stdin=CODE)
    assert done.stdout.splitlines() == [f"stdin:{line}" for line in LINES]


def test_several_processes_agree(root: Path) -> None:
    for number in range(6):
        (root / f"jobs/c{number}.py").write_text(CODE)
    single = flake8("-j", "1", ".", cwd=root)
    assert sorted(flake8("-j", "3", ".", cwd=root).stdout.splitlines()) == sorted(single.stdout.splitlines())
    assert len(single.stdout.splitlines()) == 14


def test_noqa_is_honoured(root: Path) -> None:
    text = CODE.replace("['PRICE_A']", "['PRICE_A']  # noqa: FIL101")
    assert flake8("-", cwd=root, stdin=text).stdout.splitlines() == [f"stdin:{LINES[1]}"]


def test_our_settings_are_found(root: Path) -> None:
    (root / "filot-lint.toml").write_text('ignore = ["FIL101"]\n')
    assert flake8("jobs", cwd=root).stdout.splitlines() == [f"jobs/a.py:{LINES[1]}"]
    (root / "other.toml").write_text('ignore = ["FIL110"]\nexclude = ["jobs/c.py"]\n')
    (root / "jobs/c.py").write_text(CODE)
    done = flake8("--filot-config", "other.toml", "jobs", cwd=root)
    assert done.stdout.splitlines() == [f"jobs/a.py:{LINES[0]}"]


def test_wrong_settings_are_one_clear_message(root: Path) -> None:
    (root / "filot-lint.toml").write_text("selekt = []\n")
    done = flake8("-j", "1", "jobs/a.py", cwd=root)
    assert done.returncode == 1
    assert "filot-lint.toml:1:1: unknown key `selekt`; did you mean `select`?" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


SPAWN = """
import multiprocessing
from flake8.main.cli import main
if __name__ == "__main__":
    multiprocessing.set_start_method("{method}")
    raise SystemExit(main(["--isolated", "--select", "FIL", "-j", "2", "."]))
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_may_start_in_either_way(root: Path, tmp_path_factory: pytest.TempPathFactory, method: str) -> None:
    driver = tmp_path_factory.mktemp("driver") / "driver.py"
    driver.write_text(SPAWN.format(method=method))
    done = subprocess.run([sys.executable, str(driver)], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [f"./jobs/a.py:{line}" for line in LINES]


def test_flake8_chooses_as_usual(root: Path) -> None:
    assert flake8("--extend-ignore", "FIL1", ".", cwd=root).stdout == ""
    assert flake8("--extend-ignore", "FIL101", ".", cwd=root).stdout.splitlines() == [f"./jobs/a.py:{LINES[1]}"]
    assert flake8("--per-file-ignores", "jobs/a.py:FIL110", ".", cwd=root).stdout.splitlines() == [
        f"./jobs/a.py:{LINES[0]}"
    ]
    command = [sys.executable, "-m", "flake8", "--isolated", "jobs/a.py"]
    every = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert [line for line in every.stdout.splitlines() if "FIL" in line] == [f"jobs/a.py:{line}" for line in LINES]


def test_a_comment_to_flake8_turns_it_off_for_a_file(root: Path) -> None:
    assert flake8("-", cwd=root, stdin=f"# flake8: noqa\n{CODE}").stdout == ""
    assert flake8("--disable-noqa", "-", cwd=root, stdin=f"# flake8: noqa\n{CODE}").stdout.count("FIL") == 2


def test_where_it_is_called_does_not_matter(root: Path) -> None:
    folder, file = root / "jobs", root / "jobs/a.py"
    assert flake8("a.py", cwd=folder).stdout.splitlines() == [f"a.py:{line}" for line in LINES]
    assert flake8(str(file), cwd=root.parent).stdout.splitlines() == [f"{file}:{line}" for line in LINES]
    assert flake8("../jobs/a.py", cwd=root / "tests").stdout.splitlines() == [f"../jobs/a.py:{line}" for line in LINES]


def test_a_package_with_settings_of_its_own(root: Path) -> None:
    (root / "jobs/filot-lint.toml").write_text('ignore = ["FIL107", "FIL110"]\nexample-files = ["names"]\n')
    (root / "jobs/names").write_text("PRICE_URL=\n")
    assert flake8(".", cwd=root).stdout.splitlines() == [f"./jobs/a.py:{LINES[0].replace('.env.example', 'names')}"]


def test_what_is_left_out_is_not_looked_at(root: Path) -> None:
    (root / "filot-lint.toml").write_text('exclude = ["jobs/"]\n')
    assert flake8(".", cwd=root).stdout == ""
    (root / "filot-lint.toml").write_text('test-paths = ["jobs/"]\n')
    assert flake8(".", cwd=root).stdout == ""


def test_a_baseline_that_is_broken_is_one_clear_message(root: Path) -> None:
    (root / "filot-lint.toml").write_text('baseline = "known.json"\n')
    assert len(flake8("jobs", cwd=root).stdout.splitlines()) == 2
    (root / "known.json").write_text("{")
    done = flake8("-j", "1", "jobs", cwd=root)
    assert done.returncode == 1
    assert "known.json:1:2: not valid JSON" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_an_example_file_that_is_too_large_declares_nothing(root: Path) -> None:
    (root / "filot-lint.toml").write_text("max-file-size = 5\n")
    assert "FIL101" not in flake8("jobs", cwd=root).stdout


def test_a_file_that_does_not_parse_is_for_others_to_tell_of(root: Path) -> None:
    done = flake8("-", cwd=root, stdin=CODE + "def (:\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def loaded_by(code: str, cwd: Path) -> set[str]:
    """Return the modules that are there after flake8 ran with some arguments."""
    script = f"""
import sys
from flake8.main.cli import main
main(["--isolated", "--select", "FIL", "-j", "1", *{code}])
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("text", ["", "A = 1\n", "import os\nprint(os.sep)\n", '"""Nothing."""\n'])
def test_starting_costs_next_to_nothing(root: Path, text: str) -> None:
    (root / "plain.py").write_text(text)
    loaded = loaded_by("['plain.py']", root)
    own = {
        "filot_lint",
        "filot_lint.integrations",
        "filot_lint.integrations.flake8",
        "filot_lint.resources",
        "filot_lint.suspicion",
    }
    assert {module for module in loaded if module.partition(".")[0] == "filot_lint"} == own
    assert not loaded & HEAVY


def test_the_words_to_look_for_are_those_of_the_models() -> None:
    models = load_models().triggers["python"]
    assert {tuple(word.encode() for word in words) for words in triggers()} == set(models)


def test_files_that_read_something_need_no_other_linter(root: Path) -> None:
    loaded = loaded_by("['jobs/b.py']", root)
    assert "tree_sitter" in loaded
    assert not loaded & {"click", "libcst", "jinja2", "rich", "pylint", "astroid", "yaml"}
    checks = {rule.scope for rule in rules().values() if _module_of(rule) in loaded}
    assert checks == {Scope.FILE}


def _module_of(rule: Rule) -> str:
    return f"filot_lint.checks.{rule.family}.{rule.name.replace('-', '_')}"


def test_a_file_without_any_library_is_looked_at_for_secrets_and_suppressions(make_workspace: MakeWorkspace) -> None:
    token = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dcABCDEF"
    text = f'API_KEY = "{token}"\n# filot-lint: ignore[FIL999]\n'
    done = flake8(".", cwd=make_workspace({"a.py": text}))
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["FIL601", "FIL004"]
    assert token not in done.stdout
