"""Files that no deployable loads, and what they call."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from filot_lint.facts import QueueUse
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]

_SHOP = {
    "Procfile": "web: node src/main.js\n",
    "src/main.js": 'import { push } from "./jobs.js";\npush(1);\n',
    "src/jobs.js": (
        'import Redis from "ioredis";\n'
        "const redis = new Redis(process.env.REDIS_URL);\n"
        'export const push = (id) => redis.rpush("jobs", id);\n'
        'const take = () => redis.lpop("jobs");\n'
        "export function drain() { return take(); }\n"
    ),
}


def taken(index: Index) -> QueueUse:
    """Return what takes from the queue."""
    return next(use for use in index.of(QueueUse) if use.role == "consumer")


def test_what_no_file_names_is_idle(make_index: MakeIndex) -> None:
    index = make_index(_SHOP)
    assert index.is_idle(taken(index))
    assert [index.is_idle(use) for use in index.of(QueueUse)] == [False, True]


@pytest.mark.parametrize("caller", ["src/worker.js", "scripts/drain.js"])
def test_another_file_calls_it_through_a_second_function(make_index: MakeIndex, caller: str) -> None:
    index = make_index({**_SHOP, caller: 'import { drain } from "../src/jobs.js";\ndrain();\n'})
    assert taken(index).uncalled == ("web",)
    assert not index.is_idle(taken(index))


def test_neither_a_test_nor_another_language_calls_it(make_index: MakeIndex) -> None:
    index = make_index({
        **_SHOP,
        "tests/jobs.test.js": 'import { drain } from "../src/jobs.js";\ndrain();\n',
        "tools/main.py": "drain()\n",
    })  # fmt: skip
    assert index.is_idle(taken(index))


def test_names_in_other_files_make_a_function_public(make_index: MakeIndex) -> None:
    index = make_index(_SHOP)
    push, take = sorted(index.of(QueueUse), key=lambda use: use.line)
    assert not index.callers.is_private(push)
    assert index.callers.is_private(take)
    assert not index.callers.is_orphan(take)
