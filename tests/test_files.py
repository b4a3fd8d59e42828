"""Whatever is named as a file: read to its end, refused with a reason, never waited for in vain."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from filot_lint.cli import main
from filot_lint.files import read_named, read_regular

LIMIT = 1_000_000
Make = Callable[[Path], object]


def huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


MAKERS: dict[str, Make] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a device without end": lambda path: path.symlink_to("/dev/zero"),
    "a device that says nothing": lambda path: path.symlink_to(os.ttyname(os.openpty()[1])),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 64),
    "a huge file": huge,
    "deep JSON": lambda path: path.write_text("[" * 200_000),
    "deep TOML": lambda path: path.write_text("a = " + "[" * 200_000),
}
OPTIONS = {
    "--baseline": "check",
    "--write-baseline": "check",
    "--config": "check",
    "--inventory": "report",
    "--env-file": "report",
}


LINES_OF_AN_ENV_FILE = {("--env-file", "deep JSON"), ("--env-file", "deep TOML")}


@pytest.mark.parametrize(
    ("option", "kind"), [pair for pair in product(OPTIONS, MAKERS) if pair not in LINES_OF_AN_ENV_FILE]
)
def test_what_is_no_such_file_is_refused(
    option: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    MAKERS[kind](tmp_path / "given")
    result = CliRunner().invoke(main, [OPTIONS[option], option, "given"])
    assert result.exit_code == 2, result.output
    assert re.match(r"Error: (given|\./given|/dev/[\w/]+):", result.output.splitlines()[-1])


@pytest.mark.parametrize("once", [True, False])
def test_a_pipe_is_read_where_one_look_is_enough(tmp_path: Path, *, once: bool) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    keep = os.open(path, os.O_RDWR)
    writer = os.open(path, os.O_WRONLY)

    def write() -> None:
        os.write(writer, b"x" * 50_000)
        os.close(writer)

    thread = threading.Timer(0.2, write)
    thread.start()
    threading.Timer(0.4, os.close, [keep]).start()
    if once:
        assert read_named(path, LIMIT, once=True) == b"x" * 50_000
    else:
        with pytest.raises(OSError, match="read more than once"):
            read_named(path, LIMIT)
    thread.join()


def test_limits(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * LIMIT)
    assert len(read_named(path, LIMIT)) == LIMIT
    assert len(read_regular(path, LIMIT) or b"") == LIMIT
    path.write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(OSError, match="larger than 1 MB"):
        read_named(path, LIMIT)
    assert read_regular(path, LIMIT) is None


def test_nothing_is_a_file_with_nothing_in_it() -> None:
    assert read_named(Path(os.devnull), LIMIT) == b""
