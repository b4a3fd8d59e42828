"""The reports on single parts tell what the newer facts know: dead ends, keys, times, permissions, stand-ins."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from samples import API, WORKER, Report, bare, components, fact

from filot_lint.facts import (
    DatabaseConnection,
    Duration,
    EnvRead,
    GpuBranch,
    Implied,
    ObjectStoreClient,
    ObjectStoreOperation,
    QueueUse,
    RedisConnection,
    RedisKey,
    Substitute,
    TemporalConnection,
    TemporalStart,
    TemporalWorker,
    TestDouble,
)
from filot_lint.source import Location
from filot_lint.values import Coalesce, Env, Instance, Join, Literal, Record, Sequence, Unknown
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
    assert "**not consumed:** `jobs` (only code that nothing calls takes from it, [a.ts:9]" in report.text(
        "docs/T8A_summary.md"
    )
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
    assert "Done to a whole queue: `del` ([a.ts:5]" in text
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


def test_each_url_is_told_with_what_it_does_to_encryption(tmp_path: Path) -> None:
    redis = {"library": "ioredis", "url": Env("REDIS_URL", Literal("redis://cache:6379"))}
    options = Coalesce((Record((("ca", Unknown("computed")),)), Literal("null", "null")))
    report = bare(
        tmp_path,
        fact(RedisConnection, "a.ts:1", API, **redis),
        fact(RedisConnection, "b.ts:1", API, **redis, tls=Record((("ca", Unknown("computed")),))),
        fact(RedisConnection, "c.ts:1", API, **redis, tls=options),
        fact(RedisConnection, "d.ts:1", API, library="bull", url=Literal("rediss://cache:6379")),
        fact(RedisConnection, "e.ts:1", API, library="redis", url=Literal("redis://cache"), tls=Record(())),
    )
    text = _page(report, "redis_validation_report")
    rows = {line.partition(":1]")[0][3:]: line for line in text.splitlines() if "default in code" in line}

    assert "| **no** | nothing asks for TLS |" in rows["a.ts"]
    assert "| yes | the option says so, whatever the scheme |" in rows["b.ts"]
    assert "| not determined | the option is given under a condition |" in rows["c.ts"]
    assert "| **no** | bull ignores the scheme |" in rows["d.ts"]
    assert "| **no** | `tls` is not `true`, so it is ignored |" in rows["e.ts"]
    assert "the value of `REDIS_URL` in production | not in source" in text


def test_a_consumer_by_a_computed_name_may_be_the_missing_one(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        _use("a.ts:1", "producer", API, command="rpush"),  # type: ignore[arg-type]
        fact(QueueUse, "a.ts:9", API, framework="redis", role="consumer", name=Unknown("computed"), command="lpop"),
    )
    text = _page(report, "redis_validation_report")

    assert "nothing here takes work from it by this name. Whether [a.ts:9](../a.ts#L9) does" in text


def _worker(place: str, queue: str, *names: str, opened: bool = False) -> TemporalWorker:
    workflows = Sequence(tuple(Literal(name, at=LOCK) for name in names), opened)
    return fact(TemporalWorker, place, API, library="temporalio", task_queue=Literal(queue), workflows=workflows)


def _start(place: str, name: str | None, queue: str) -> TemporalStart:
    workflow = Literal(name) if name else None
    return fact(TemporalStart, place, API, library="temporalio", operation="start", workflow=workflow,
                task_queue=Literal(queue))  # fmt: skip


def test_each_started_workflow_has_its_worker_or_is_told(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        _start("a.ts:1", "order", "orders"),
        _start("a.ts:2", "cancel", "orders"),
        _start("a.ts:3", "mail", "mails"),
        _start("a.ts:4", "scan", "scans"),
        _start("a.ts:5", None, "orders"),
        _worker("w.ts:1", "orders", "order", "audit"),
        _worker("w.ts:2", "scans", opened=True),
    )
    text = _page(report, "temporal_env_validation")
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `") and "(start)" in line}

    assert "| yes: `api` ([w.ts:1](../w.ts#L1)) | [package-lock.json:7]" in rows["order"]
    assert "| **no**: [w.ts:1](../w.ts#L1) registers other ones |" in rows["cancel"]
    assert "| **no worker here** |" in rows["mail"]
    assert "| not determined: the list at [w.ts:2](../w.ts#L2) is not fully known |" in rows["scan"]
    assert "**Not registered: `cancel`**" in text
    assert "Registered, but started by nothing here: `audit` (" in text
    assert "is registered by a worker of its task queue" not in text


def test_a_client_and_its_connection_are_one_row(tmp_path: Path) -> None:
    base = fact(TemporalConnection, "t.ts:1", API, library="temporalio", address=Env("TEMPORAL_ADDRESS"))
    client = fact(TemporalConnection, "t.ts:2", API, library="temporalio", namespace=Env("TEMPORAL_NAMESPACE"),
                  client=Instance("temporal-connection", at=base.location))  # fmt: skip
    text = _page(bare(tmp_path, base, client), "temporal_env_validation")

    assert "1 connection, 0 workers" in text
    assert "| variable `TEMPORAL_ADDRESS` | variable `TEMPORAL_NAMESPACE` |" in text
    assert "[t.ts:2](../t.ts#L2), over [t.ts:1](../t.ts#L1)" in text


def test_the_paths_without_a_gpu_are_a_table(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(GpuBranch, "worker/gpu.py:4", WORKER, function="choose", conditions=("not (probe())",),
             calls=("counters.increment",)),
        fact(GpuBranch, "worker/gpu.py:9", WORKER, function="choose", conditions=("probe()",), logs=("error",),
             ends="raises", gives="NoGpu"),
        fact(GpuBranch, "worker/gpu.py:12", WORKER, function="idle", conditions=("probe()",), uncalled=(WORKER,),
             ends="returns"),
        components=components(),
    )  # fmt: skip
    text = _page(report, "gpu_worker_env_validation")

    assert (
        "has 2 steps that depend on a question about the GPU or a fallback; 1 of them writes nothing to the log" in text
    )
    assert "| `choose` | `not (probe())` | calls `counters.increment` | nothing here | `counters.increment` |" in text
    assert "| `choose` | `probe()` | raises `NoGpu` | `error` | none |" in text
    assert "`idle`" not in text


def test_what_r2_cannot_do_stands_at_the_top(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(ObjectStoreClient, "s.ts:1", API, library="s3", endpoint=Env("R2_ENDPOINT")),
        fact(ObjectStoreClient, "s.ts:2", API, library="s3", endpoint=Env("STORE_URL")),
        fact(ObjectStoreOperation, "s.ts:3", API, library="s3", operation="PutBucketPolicy"),
        fact(ObjectStoreOperation, "s.ts:4", API, library="s3", operation="PutObject", presign=True),
        components=components(),
    )
    text = _page(report, "r2_config_validation")

    assert text.index("**R2 does not do all that is asked of it:** `PutBucketPolicy`") < text.index("## Clients")
    assert "yes: it is made with `R2_ENDPOINT`" in text
    assert "not determined: nothing names R2" in text
    assert '"AllowedMethods": ["PUT"], "AllowedHeaders": ["content-type"]' in text


def test_a_name_alone_or_a_base_is_no_stand_in(tmp_path: Path) -> None:
    def double(
        place: str, symbol: str, *signs: str, form: str = "function", heirs: Location | None = None
    ) -> TestDouble:
        return fact(TestDouble, place, API, symbol=symbol, form=form, evidence=("x",), signs=signs, heirs=heirs)

    report = bare(
        tmp_path,
        double("a.ts:1", "makeDummyRow", "word"),
        double("b.ts:1", "Base.run", "refuses", heirs=LOCK),
        double("mock.ts:1", "mock.ts", "file", form="module"),
        double("mock.ts:3", "saveMock", "word", "file"),
        components=components(),
    )
    text = _page(report, "mock_cleanup_report")

    assert "2 test doubles in production code" in text
    assert "nothing else says that they stand in for something: `makeDummyRow` ([a.ts:1]" in text
    assert "Base.run" not in text
    assert "- `mock.ts` ([mock.ts:1](../mock.ts#L1)), with `saveMock`: loaded by `api`." in text


def test_a_queue_tells_by_what_each_use_names_it(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        _use("a.ts:1", "producer", API, command="rpush"),  # type: ignore[arg-type]
        fact(QueueUse, "a.ts:9", API, framework="redis", role="observer", name=Env("QUEUE", Literal("jobs")),
             command="llen"),
    )  # fmt: skip
    text = _page(report, "redis_validation_report")

    assert "| literal ([a.ts:1](../a.ts#L1)); `QUEUE` ([a.ts:9](../a.ts#L9)) |" in text


def test_each_alternative_of_a_name_is_a_use_of_its_queue(tmp_path: Path) -> None:
    small, large = Env("SMALL", Literal("small")), Env("LARGE", Literal("large"))
    report = bare(
        tmp_path,
        *(fact(QueueUse, f"a.ts:{line}", API, framework="redis", role=role, name=name, command=command)
          for line, role, name, command in (
              (1, "producer", Coalesce((small, large)), "rpush"),
              (2, "consumer", small, "lpop"),
              (3, "consumer", Literal("large"), "lpop"),
          )),
    )  # fmt: skip
    text = _page(report, "redis_validation_report")

    assert "| `small` | Redis list | [a.ts:1](../a.ts#L1) | [a.ts:2](../a.ts#L2) | none | none | `SMALL` |" in text
    assert "| `large` | Redis list | [a.ts:1](../a.ts#L1) | [a.ts:3](../a.ts#L3) |" in text
    assert "No producer" not in text
    assert "SMALL" not in text.split("| `large` |")[1].splitlines()[0]


def test_a_list_of_jobs_in_work_and_an_opened_queue_are_told_as_they_are(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        *(fact(QueueUse, f"a.ts:{line}", API, framework=framework, role=role, name=Literal(name), command=command)
          for line, framework, role, name, command in (
              (1, "redis", "producer", "working", "lmove"),
              (2, "redis", "remover", "working", "lrem"),
              (3, "bullmq", "handle", "mail", None),
              (4, "bullmq", "consumer", "mail", None),
          )),
    )  # fmt: skip
    text = _page(report, "redis_validation_report")

    assert "No consumer" not in text
    assert "| [a.ts:1](../a.ts#L1) | none; members are removed at [a.ts:2](../a.ts#L2) |" in text
    assert "| `mail` | bullmq | not determined | [a.ts:4](../a.ts#L4) | opened at [a.ts:3](../a.ts#L3) |" in text
    assert "Whether somebody adds one through what [a.ts:3](../a.ts#L3) opens, is not determined" in text


def test_a_length_of_time_is_one_number_where_all_of_it_is_known(tmp_path: Path) -> None:
    known = Record((("hours", Literal("2", "number")), ("minutes", Literal("5", "number"))))
    partly = Record((("hours", Env("HOURS", Literal("1"))),))
    report = bare(
        tmp_path,
        *(fact(RedisKey, f"a.ts:{line}", API, library="redis", command="set", access="write",
               name=Literal(name), **given)
          for line, name, given in (
              (1, "one", {"expires": known}), (2, "two", {"expires_ms": known}), (3, "three", {"expires": partly}),
          )),
    )  # fmt: skip
    text = _page(report, "redis_validation_report")

    assert "| the key `one` lives for | `7500` s |" in text
    assert "| the key `two` lives for | `7500000` ms |" in text
    assert "| the key `three` lives for | variable `HOURS`, default `1` `hours` |" in text


def test_a_parameter_with_an_unknown_value_is_not_refused(tmp_path: Path) -> None:
    computed = Record((("StorageClass", Unknown("computed")),))
    archived = Record((("StorageClass", Literal("GLACIER")),))
    report = bare(
        tmp_path,
        fact(ObjectStoreClient, "s.ts:1", API, library="s3", endpoint=Env("STORE_URL")),
        fact(ObjectStoreOperation, "s.ts:3", API, library="s3", operation="PutObject", options=computed),
        fact(ObjectStoreOperation, "s.ts:4", API, library="s3", operation="PutObject", options=archived),
        components=components(),
    )
    text = _page(report, "r2_config_validation")
    top = text.partition("## ")[0]

    assert "s.ts:4" in top
    assert "s.ts:3" not in top
    assert "Nothing here names R2." in top
    assert "`StorageClass`: not determined: R2 knows the classes" in text


def test_a_page_without_anything_says_so_at_once(tmp_path: Path) -> None:
    report = bare(tmp_path, fact(EnvRead, "a.ts:1", API, name="PORT", access="read", via="x"))
    report.run()

    for name, words in (("redis_validation_report", "makes no connection to Redis"),
                        ("temporal_env_validation", "does not use Temporal"),
                        ("r2_config_validation", "makes no client of an object store")):  # fmt: skip
        text = report.text(f"docs/{name}.md")
        assert words in text.partition("## ")[0]
        assert "None found" not in text


def test_lookalikes_alone_make_no_page(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(TestDouble, "a.ts:1", API, symbol="makeDummyRow", form="function", evidence=("x",), signs=("word",)),
        components=components(),
    )
    report.findings = []

    assert not report.context.has_mocks
    report.run()
    assert not (tmp_path / "docs/mock_cleanup_report.md").exists()
