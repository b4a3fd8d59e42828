"""Time `filot-lint check`: `python bench/check_trees.py [folder...]`, or trees of our own that grow twofold.

CPU seconds count, of all processes: other work on the machine changes them little. A tree that is twice as large may
take twice as long.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

_SIZES = (500, 1000, 2000)
_SERVICE = """import os
from {package}.module{other} import need as other

class Store(object):
    def save(self):
        raise NotImplementedError

def need(name):
    return os.environ[name]

URL = need("SERVICE_{number}_URL")
LIMIT = other("SERVICE_{number}_LIMIT")
"""
_HANDED_ON = """export * from "./part{other}";
export const need{number} = (name: string) => process.env[name];
export const url{number} = need{number}("PART_{number}_URL");
"""


class _Spent(NamedTuple):
    cpu: float
    wall: float
    memory: int


def _check(folder: Path) -> _Spent:
    command = [sys.executable, "-P", "-m", "filot_lint", "check", ".", "--output-format", "json-lines", "--exit-zero"]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return _Spent(cpu, wall, after.ru_maxrss // 1024)


def _python(folder: Path, count: int) -> None:
    """Write modules that each use the wrapper of another, in a ring."""
    package = folder / "service"
    package.mkdir()
    (package / "__init__.py").touch()
    for number in range(count):
        text = _SERVICE.format(package="service", number=number, other=(number + 1) % count)
        (package / f"module{number}.py").write_text(text, encoding="utf-8")


def _typescript(folder: Path, count: int) -> None:
    """Write modules that each hand on all of the next."""
    for number in range(count):
        text = _HANDED_ON.format(number=number, other=(number + 1) % count)
        (folder / f"part{number}.ts").write_text(text, encoding="utf-8")


def main() -> None:
    """Print one line for each tree."""
    print(f"{'':32} {'CPU s':>8} {'wall s':>8} {'MB':>6}")
    for folder in map(Path, sys.argv[1:]):
        _print(folder.name, _check(folder))
    for label, write in () if sys.argv[1:] else (("python", _python), ("typescript", _typescript)):
        for count in _SIZES:
            with tempfile.TemporaryDirectory() as made:
                write(Path(made), count)
                _print(f"{label}, {count} files", _check(Path(made)))


def _print(label: str, spent: _Spent) -> None:
    print(f"{label:32} {spent.cpu:8.1f} {spent.wall:8.1f} {spent.memory:6}", flush=True)


if __name__ == "__main__":
    main()
