"""A default that a script hands on to the program behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from filot_lint.checks.secrets.insecure_secret_default import insecure_secret_default
from filot_lint.workspace.index import Index

START = """#!/bin/sh
export SECRET_KEY="${SECRET_KEY:-60gp0byfz2dvffa45cxl20p1scy9xbpf6d8c5y0geejgkyp1b5}"
exec python main.py
"""


def test_a_program_that_stops_is_no_excuse_for_the_script_before_it(
    make_index: Callable[[Mapping[str, str]], Index],
) -> None:
    index = make_index({
        "Dockerfile": 'FROM python\nWORKDIR /srv\nCOPY . .\nCMD ["/srv/start.sh"]\n',
        "start.sh": START,
        "main.py": 'import os\nimport jwt\njwt.encode({}, os.environ["SECRET_KEY"], algorithm="HS256")\n',
    })  # fmt: skip

    [hit] = insecure_secret_default(index)
    assert (hit.location.file, hit.severity, hit.confidence) == ("start.sh", None, None)
