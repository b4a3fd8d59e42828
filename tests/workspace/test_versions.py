"""Which version a file gets, and what that implies (`versions.md`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from filot_lint.config import Config
from filot_lint.facts import Fact, RedisConnection
from filot_lint.models import load_models
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import load_workspace

MakeIndex = Callable[[Mapping[str, str]], Index]
MakeWorkspace = Callable[[Mapping[str, str]], Path]

_CASE = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
_FILE = re.compile(r"^`(?P<path>[^`]+)`:\n\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_IMPLIED = re.compile(r"^```implied\n(?P<lines>.*?)^```$", re.MULTILINE | re.DOTALL)


def _cases() -> list[object]:
    _, *parts = _CASE.split(Path(__file__).with_name("versions.md").read_text("utf-8"))
    return [pytest.param(text, id=title) for title, text in zip(parts[::2], parts[1::2], strict=True)]


def lines(facts: list[Fact]) -> list[str]:
    return [
        f"{fact.location} {i.field}: {i.text} ({i.value}, {i.certainty}: {i.version}, {i.because})"
        for fact in facts
        for i in fact.implied
    ]


@pytest.mark.parametrize("case", _cases())
def test_what_a_version_implies(case: str, make_index: MakeIndex) -> None:
    index = make_index({found["path"]: found["text"] for found in _FILE.finditer(case)})
    expected = _IMPLIED.search(case)
    assert expected is not None
    assert lines(index.all()) == expected["lines"].splitlines()


def test_the_question_checks_ask(make_index: MakeIndex) -> None:
    files = {
        "a.py": "import redis\nclient = redis.Redis(host='h', socket_timeout=3)\n",
        "requirements.txt": "redis==8.0.0\n",
    }
    (connection,) = make_index(files).of(RedisConnection)
    assert connection.by_default("timeout") is None
    wait = connection.by_default("connect_timeout")
    assert wait is not None
    assert (wait.value, wait.certainty) == (5, "certain")


def test_a_lock_file_is_read_however_long(make_workspace: MakeWorkspace) -> None:
    lock = LOCK.format("other") * 100 + LOCK.format("redis")
    root = make_workspace({"a.py": "import redis\nclient = redis.Redis()\n", "poetry.lock": lock})
    index = load_workspace(root, Config(max_file_size=1_000), load_models())
    assert index.problems == ()
    (connection,) = index.of(RedisConnection)
    resolution = index.resolution_of(connection)
    assert resolution is not None
    assert resolution.label == "redis 1.0"


LOCK = '[[package]]\nname = "{}"\nversion = "1.0"\n'


@pytest.mark.parametrize(
    ("files", "reads"),
    [
        ({}, True),
        ({"requirements.txt": "attrs\n"}, True),
        ({"poetry.lock": LOCK.format("celery")}, True),
        ({"poetry.lock": LOCK.format("attrs")}, False),
        ({"poetry.lock": LOCK.format("attrs"), "worker/requirements.txt": "attrs\n"}, True),
        ({"package.json": '{"dependencies": {}}', "a.ts": ""}, False),
        ({"package.json": '{"dependencies": {}}', "a.py": ""}, True),
    ],
)
def test_a_library_that_no_lock_file_has_reads_nothing(
    files: dict[str, str],
    make_index: MakeIndex,
    reads: bool,  # noqa: FBT001
) -> None:
    index = make_index({"README.md": "", **files})
    assert (index.consumer_of("CELERY_BROKER_URL") is not None) is reads
    assert index.consumer_of("AWS_REGION") is not None


def test_packages_of_a_scope(make_index: MakeIndex) -> None:
    def lock(name: str) -> Mapping[str, str]:
        return {"package-lock.json": f'{{"packages": {{"node_modules/{name}": {{"version": "1.0.0"}}}}}}', "a.ts": ""}

    assert make_index(lock("@auth/core")).consumer_of("AUTH_SECRET") is not None
    assert make_index(lock("express")).consumer_of("AUTH_SECRET") is None


def test_the_rows_of_a_default_do_not_overlap() -> None:
    for rows in load_models().defaults.values():
        periods = [(row.fact, row.field, row.needs, row.lacks, row.since, row.before) for row in rows]
        assert len(set(periods)) == len(periods)
