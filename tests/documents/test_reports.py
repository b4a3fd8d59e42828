"""The reports on single parts tell what the newer facts know: dead ends, keys, times, permissions, stand-ins."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from samples import API, WORKER, Report, bare, components, fact

from filot_lint.facts import (
    DatabaseConnection,
    Duration,
    Implied,
    ObjectStoreOperation,
    QueueUse,
    RedisConnection,
    RedisKey,
    Substitute,
    TemporalConnection,
    TestDouble,
)
from filot_lint.source import Location
from filot_lint.values import Env, Join, Literal, Unknown
from filot_lint.workspace.inert import Inert

LOCK = Location("package-lock.json", 7, 1, 7, 9)


def _page(report: Report, name: str) -> str:
    report.run()
    return report.text(f"docs/{name}.md")


def _use(place: str, role: str, *owners: str, uncalled: tuple[str, ...] = (), command: str = "lpop") -> object:
    return fact(QueueUse, place, *owners, framework="redis", role=role, name=Literal("jobs"), command=command,
                uncalled=uncalled)  # fmt: skip


def test_code_that_nothing_calls_is_no_consumer(tmp_path: Path) -> None:
    uses = (_use("a.ts:1", "producer", API, command="rpush"), _use("a.ts:9", "consumer", API, uncalled=(API,)))
    report = bare(tmp_path, *uses, components=components())  # type: ignore[arg-type]
    redis = _page(report, "redis_validation_report")

    assert "only code that nothing calls takes from it ([a.ts:9](../a.ts#L9))" in redis
    assert "| `jobs` (only code that nothing calls takes from it, [a.ts:9]" in report.text("docs/T8A_summary.md")
    assert "consume" not in report.text("docs/T8A_env_diagram.md").partition("```mermaid")[2].replace("no consumer", "")


def test_a_consumer_whose_command_starts_nothing_is_told(tmp_path: Path) -> None:
    place = Location("Dockerfile", 3, 1, 3, 9)
    idle = Inert((place,), "worker/main.py", (("work", Location("worker/main.py", 5, 1, 5, 9)),))
    api, worker = components()
    uses = (
        _use("src/index.ts:1", "producer", API, command="rpush"),
        _use("worker/main.py:9", "consumer", WORKER),
    )
    report = bare(tmp_path, *uses, components=(api, replace(worker, inert=idle)))  # type: ignore[arg-type]

    assert "**Its consumer never starts: `jobs`.**" in _page(report, "redis_validation_report")
    assert "its command starts no work ([Dockerfile:3]" in report.text("docs/T8A_summary.md")
    assert "| Starts work | **no**: `worker/main.py` only defines" in report.text("docs/gpu_worker_env_validation.md")


def test_keys_and_times_have_their_tables(tmp_path: Path) -> None:
    name = Join((Literal("lock:"), Unknown("computed")))
    report = bare(
        tmp_path,
        fact(
            RedisKey, "a.ts:4", API, library="ioredis", command="set", access="write", name=name, expires=Literal("60")
        ),
        fact(RedisKey, "a.ts:5", API, library="ioredis", command="del", access="delete", name=Literal("jobs")),
        _use("a.ts:9", "producer", API, command="rpush"),  # type: ignore[arg-type]
        fact(Duration, "a.ts:7", API, name="STUCK_MS", role="stuck", length=Literal("9"), unit="ms"),
    )
    text = _page(report, "redis_validation_report")

    assert "| `lock:*` | `set` ([a.ts:4](../a.ts#L4)) | `60` s ([a.ts:4](../a.ts#L4)) | literal |" in text
    assert "Commands for keys that are given a queue: `del` ([a.ts:5]" in text
    assert "| a job is taken for lost after (`STUCK_MS`) | `9` ms | [a.ts:7]" in text


def test_what_a_library_does_by_itself_is_told_with_its_version(tmp_path: Path) -> None:
    implied = (
        Implied(field="timeout", value=None, text="none", certainty="certain", version="ioredis 5", because=LOCK),
        Implied(field="verify", value=True, text="it checks", certainty="possible", version="ioredis 5", because=LOCK),
    )
    report = bare(
        tmp_path, fact(RedisConnection, "a.ts:1", API, library="ioredis", url=Env("REDIS_URL"), implied=implied)
    )
    text = _page(report, "redis_validation_report")

    assert "no limit, by default: none (`ioredis 5`, [package-lock.json:7]" in text
    assert "in the versions known: it checks (`ioredis 5`" in text


@pytest.mark.parametrize(
    ("operations", "permission"),
    [
        (("GetObject", "ListObjectsV2"), "*Object Read only*"),
        (("GetObject", "PutObject"), "*Object Read & Write*"),
        (("PutBucketCors",), "*Admin Read & Write*"),
        (("GetObject", "Whatever"), "not determined: an operation is not known"),
    ],
)
def test_a_token_needs_what_the_operations_of_its_deployable_need(
    tmp_path: Path, operations: tuple[str, ...], permission: str
) -> None:
    facts = [
        fact(ObjectStoreOperation, f"a.ts:{n}", API, library="s3", operation=operation)
        for n, operation in enumerate(operations, 1)
    ]
    never = fact(ObjectStoreOperation, "a.ts:9", API, library="s3", operation="PutBucketCors", uncalled=(API,))
    text = _page(bare(tmp_path, *facts, never, components=components()), "r2_config_validation")

    assert f"| `api` | {permission} |" in text
    assert "| in code that nothing calls |" in text


def test_what_only_a_value_decides_does_not_hold(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(RedisConnection, "a.ts:1", API, library="ioredis", url=Env("REDIS_URL")),
        fact(DatabaseConnection, "a.ts:2", API, library="pg", url=Env("DATABASE_URL")),
    )
    found = {r.item.id: r for r in report.context.checklist}

    assert {found[i].verdict for i in ("RED-1", "DB-1")} == {"not determined"}
    assert "`REDIS_URL` begins with `rediss://`" in (found["RED-1"].human or "")


def test_real_code_and_stand_ins_stand_side_by_side(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(TemporalConnection, "t.ts:1", API, library="temporalio", address=Env("TEMPORAL_ADDRESS")),
        fact(TestDouble, "temporal/stub.ts:3", symbol="start", form="function", evidence=("idle",), signs=("idle",)),
        fact(Substitute, "b.ts:5", API, symbol="an identity", form="clock", where="answer", names=("id",)),
        components=components(),
    )
    text = _page(report, "mock_cleanup_report")

    assert "| Temporal client | real | connects here ([t.ts:1](../t.ts#L1)) | `start`, loaded by no deployable" in text
    assert "| Temporal worker | none here | none found | nothing found |" in text
    assert "| an identity | the clock | an answer lacks something: `id` | `api` |" in text
    assert "Finish it or delete it." in text
