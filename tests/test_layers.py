"""The layers hold, and what editors load at every keystroke stays light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_NEW_MODULES = """
import sys
before = set(sys.modules)
import filot_lint.integrations.flake8
print(*sorted(set(sys.modules) - before))
"""
# Third parties the flake8 integration may load at import; everything else waits until a file needs it.
_ALLOWED = {"filot_lint", "msgspec", "typing_extensions"}  # the last by msgspec, where it is installed
_SLOW_PARTS_OF_STDLIB = {"asyncio", "concurrent", "email", "http", "multiprocessing", "ssl", "tomllib", "xml"}


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=False)


def test_import_contracts_are_kept() -> None:
    done = _run("from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """Return the modules that importing the flake8 integration loads."""
    done = _run(_NEW_MODULES)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_flake8_integration_loads_only_allowed_packages(loaded: set[str]) -> None:
    third_parties = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names

    assert third_parties <= _ALLOWED


def test_flake8_integration_loads_no_slow_part_of_the_standard_library(loaded: set[str]) -> None:
    assert not {name.partition(".")[0] for name in loaded} & _SLOW_PARTS_OF_STDLIB


def test_flake8_integration_loads_neither_front_ends_nor_checks(loaded: set[str]) -> None:
    late = ("filot_lint.checks.", "filot_lint.cli", "filot_lint.documents", "filot_lint.syntax.")

    assert not [name for name in loaded if name.startswith(late)]
