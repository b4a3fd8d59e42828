"""Time what the plugin adds to flake8: `python bench/flake8_start.py [runs]`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Both sides run through the same wrapper; only one of them hides our entry point.
_FLAKE8 = """
import importlib.metadata as metadata, sys
hidden, every = sys.argv.pop(1), metadata.distributions
metadata.distributions = lambda **kw: (d for d in every(**kw) if d.metadata["Name"] != hidden)
from flake8.main.cli import main
sys.exit(main(sys.argv[1:]))
"""
_MANY = 5000
_FILES = {
    "empty file": "",
    "file without configuration": "def double(x: int) -> int:\n    return 2 * x\n",
    "file that reads a variable": 'import os\n\nURL = os.environ["DATABASE_URL"]\n',
}


def _run(hidden: str, *arguments: str, cwd: str) -> float:
    command = [sys.executable, "-c", _FLAKE8, hidden, "--isolated", "--jobs", "1", *arguments]
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=False, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def _compare(label: str, *arguments: str, cwd: str, runs: int) -> None:
    with_plugin, without = [], []
    for _ in range(runs):  # in turns, so that a busy moment hits both
        without.append(_run("filot-lint", *arguments, cwd=cwd))
        with_plugin.append(_run("", *arguments, cwd=cwd))
    best = min(with_plugin) - min(without)
    median = statistics.median(with_plugin) - statistics.median(without)
    print(f"{label:28} {min(without):8.0f} {min(with_plugin):8.0f} {best:+8.0f} {median:+8.0f}")


def _fill(folder: Path) -> None:
    """Make it a workspace whose example file has to be looked for."""
    (folder / ".env.example").write_text("DATABASE_URL=\n", encoding="utf-8")
    for number in range(_MANY):
        place = folder / f"package{number % 50}"
        place.mkdir(exist_ok=True)
        (place / f"module{number}.py").touch()


def _heaviest_imports(count: int = 8) -> list[tuple[int, str]]:
    """Return self times in µs of what importing the plugin loads, msgspec and ourselves included."""
    command = [sys.executable, "-X", "importtime", "-c", "import filot_lint.integrations.flake8"]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    rows = [line.removeprefix("import time:").split("|") for line in log.splitlines() if "|" in line]
    times = [(int(own), name.strip()) for own, _, name in rows if own.strip().isdigit()]
    return sorted(times, reverse=True)[:count]


def main() -> None:
    """Print one table of wall times and one of imports."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print(f"{'ms, best of ' + str(runs):28} {'without':>8} {'with':>8} {'best':>8} {'median':>8}")
    with tempfile.TemporaryDirectory() as folder:
        _compare("flake8 --version", "--version", cwd=folder, runs=runs)
        for label, text in _FILES.items():
            Path(folder, "sample.py").write_text(text, encoding="utf-8")
            _compare(label, "--select=FIL", "sample.py", cwd=folder, runs=runs)
        _fill(Path(folder))
        _compare(f"the same among {_MANY} files", "--select=FIL", "sample.py", cwd=folder, runs=runs)
    print("\nheaviest imports (ms, without their own imports)")
    for own, name in _heaviest_imports():
        print(f"{own / 1000:8.1f}  {name}")


if __name__ == "__main__":
    main()
