"""The report about a small system."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import configuration, settings
from samples import Report, sample

configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")
settings.register_profile("same-every-time", derandomize=True, database=None, deadline=None)
settings.load_profile("same-every-time")


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Return a report about a small system, not yet written."""
    return sample(tmp_path)
