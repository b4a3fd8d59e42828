"""What users get: the wheel, installed in an environment that has never seen the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

import filot_lint

_ROOT = Path(__file__).parent.parent
_DATA = ("rules", "report")


class Installed(NamedTuple):
    """A clean environment with our wheel in it."""

    bin: Path
    workspace: Path

    def run(
        self, program: str, *arguments: str, cwd: Path | None = None, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment inside the workspace."""
        command = [str(self.bin / program), *arguments]
        where, environment = cwd or self.workspace, _environment()
        return subprocess.run(
            command, cwd=where, env=environment, input=stdin, capture_output=True, text=True, check=False
        )


def _environment() -> dict[str, str]:
    """Return our environment without what would lead Python back to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _call(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it, as a release does."""
    out = tmp_path_factory.mktemp("dist")
    _call(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, _ROOT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def contents(wheel: Path) -> list[str]:
    """Return the names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel, flake8 and pylint into a new environment, next to a tiny workspace."""
    home = tmp_path_factory.mktemp("clean")
    workspace = home / "workspace"
    workspace.mkdir()
    (workspace / "app.py").write_text(
        'import os\n\nREDIS = os.environ.get("REDIS_URL", "redis://localhost:6379")\n', encoding="utf-8"
    )
    (workspace / ".env.example").write_text("REDIS_URL=\n", encoding="utf-8")
    venv.create(home / "venv", with_pip=False, symlinks=os.name != "nt")
    python_bin = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", python_bin / "python", "--disable-pip-version-check")
    _call(*pip, "install", "--quiet", f"{wheel}[flake8,pylint]", cwd=home)
    return Installed(python_bin, workspace)


def test_wheel_puts_nothing_beside_the_package(contents: list[str]) -> None:
    top = {name.partition("/")[0] for name in contents}

    assert top == {"filot_lint", f"filot_lint-{filot_lint.__version__}.dist-info"}


@pytest.mark.parametrize("folder", _DATA)
def test_wheel_holds_every_data_file(folder: str, contents: list[str]) -> None:
    expected = {
        f"filot_lint/_data/{path.relative_to(_ROOT).as_posix()}"
        for path in (_ROOT / folder).rglob("*")
        if path.is_file()
    }

    assert expected
    assert expected <= set(contents)


def test_wheel_holds_every_module_and_the_type_marker(contents: list[str]) -> None:
    package = _ROOT / "filot_lint"
    modules = {path.relative_to(_ROOT).as_posix() for path in package.rglob("*.py")}

    assert modules | {"filot_lint/py.typed"} <= set(contents)


@pytest.mark.parametrize("folder", _DATA)
def test_data_folders_hold_no_python(folder: str) -> None:
    """One module there and hatchling refuses editable installs."""
    assert not list((_ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("command", [("filot-lint",), ("python", "-m", "filot_lint")])
def test_installed_command_tells_its_version(command: tuple[str, ...], installed: Installed) -> None:
    done = installed.run(*command, "--version")

    assert (done.returncode, done.stderr) == (0, "")
    assert filot_lint.__version__ in done.stdout


def test_installed_command_finds_the_localhost_default(installed: Installed) -> None:
    done = installed.run("filot-lint", "check")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "app.py:3" in done.stdout
    assert "REDIS_URL" in done.stdout


def test_installed_flake8_plugin_finds_it_too(installed: Installed) -> None:
    done = installed.run("flake8", "--select=FIL", "app.py")

    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("app.py:3:")
    assert " FIL" in done.stdout


def test_installed_package_runs_from_the_wheel(installed: Installed) -> None:
    done = installed.run("python", "-c", "import filot_lint.resources as r; print(r.RULES, r.REPORT)")

    assert [Path(path).parts[-2:] for path in done.stdout.split()] == [("_data", "rules"), ("_data", "report")]


def test_installed_hosts_agree(installed: Installed, tmp_path: Path) -> None:
    files = {
        ".env.example": "KNOWN=\n",
        "filot-lint.toml": 'baseline = "known.json"\nselect = ["FIL101"]\n',
        "old.py": "import os\nA = os.environ['OLD']\n",
        "new.py": "import os\nA = os.environ['NEW']\n",
        "a.py": "import os\nA = os.environ['A']  # filot-lint: ignore[FIL101] why\n",
        "b.py": "import os\n# filot-lint: ignore-next-line[FIL101] why\nA = os.environ['B']\n",
        "c.py": "# filot-lint: ignore-file[FIL101] why\nimport os\nA = os.environ['C']\n",
        "d.py": "import os\nA = os.environ['D']  # noqa: FIL101\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / ".git").mkdir()
    assert (
        installed.run("filot-lint", "check", "--write-baseline", "known.json", "old.py", cwd=tmp_path).returncode == 0
    )

    hook = yaml.safe_load((_ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]["entry"].split()
    asked = {
        "json": installed.run("filot-lint", "check", "--output-format", "json", cwd=tmp_path),
        "hook": installed.run(*hook, cwd=tmp_path),
        "flake8": installed.run("flake8", "--isolated", "--select", "FIL", ".", cwd=tmp_path),
        "editor": installed.run(
            "flake8", "--isolated", "--select=FIL", "--stdin-display-name=new.py", "-",
            cwd=tmp_path, stdin=files["new.py"],
        ),
        "pylint": installed.run(
            "pylint", "--rcfile=/dev/null", "--load-plugins=filot_lint.integrations.pylint", "--disable=all",
            "--enable=filot-undocumented-variable", *(name for name in files if name.endswith(".py")), cwd=tmp_path,
        ),
    }  # fmt: skip
    assert {name: done.stderr for name, done in asked.items()} == dict.fromkeys(asked, "")
    found = {name: set(re.findall(r"\b(\w+\.py)\b(?=\W+\d|\W+line)", done.stdout)) for name, done in asked.items()}
    assert found == {name: {"new.py"} for name in asked}
    for name, text in files.items():
        if name.endswith(".py") and name != "new.py":
            told = installed.run(
                "flake8", "--isolated", "--select=FIL", f"--stdin-display-name={name}", "-", cwd=tmp_path, stdin=text
            )
            assert (name, told.stdout) == (name, "")
