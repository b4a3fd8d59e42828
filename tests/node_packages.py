"""Programs of npm at the versions of `node/package-lock.json`, installed once on a machine."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

_LISTS = Path(__file__).parent / "node"
_FILES = ("package.json", "package-lock.json")


@cache
def node_packages() -> Path:
    """Return the `node_modules` folder; npm fetches it from its registry the first time."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed")
    state = hashlib.sha256(b"".join((_LISTS / name).read_bytes() for name in _FILES)).hexdigest()[:16]
    home = Path(tempfile.gettempdir()) / f"filot-lint-node-{os.getuid()}-{state}"
    if not home.is_dir():
        fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}-", dir=home.parent))
        for name in _FILES:
            shutil.copy(_LISTS / name, fresh)
        done = subprocess.run([npm, "ci", "--silent"], cwd=fresh, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"npm ci: {done.stdout}{done.stderr}"
        try:
            fresh.rename(home)
        except OSError:  # another worker was faster
            shutil.rmtree(fresh)
    return home / "node_modules"
