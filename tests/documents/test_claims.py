"""What the documents say must follow from the facts, and what does not must be said not to be determined."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from samples import API, ARN, TASK, WORKER, Report, bare, components, fact

from filot_lint.documents.gpu import branches
from filot_lint.documents.quote import quote
from filot_lint.documents.storage import accesses, operations
from filot_lint.documents.survey import find_papers
from filot_lint.documents.views import parity
from filot_lint.facts import (
    ContainerSpec,
    Default,
    EntryPoint,
    EnvProvision,
    EnvRead,
    Fact,
    Imports,
    ObjectStoreOperation,
    QueueUse,
    RedisConnection,
    TemporalStart,
    TestDouble,
)
from filot_lint.values import Env, Literal, Parameter, Unknown
from filot_lint.workspace.closure import Reach
from filot_lint.workspace.components import Component


def _page(report: Report, name: str) -> str:
    report.run()
    return report.text(name)


def test_what_is_only_logged_is_no_default_and_no_reason(tmp_path: Path) -> None:
    shown = Default("literal", "(not set)")
    report = bare(
        tmp_path,
        fact(EnvRead, "a.ts:1", name="ENGINE", access="read", via="x", default=shown, flow="log", required=False),
        fact(EnvRead, "a.ts:2", name="ENGINE", access="read", via="x", required=True),
    )
    engine = report.context.variable("ENGINE")

    assert engine is not None
    assert engine.defaults == ()
    assert engine.requirement.verdict == "required"
    assert "(not set)" not in _page(report, "prod.env.template")


def test_a_claim_is_relied_on_but_no_demand(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(EnvRead, "a.ts:1", name="KEY", access="read", via="x", unchecked=True),
        fact(EnvRead, "a.ts:2", name="KEY", access="presence", via="x"),
    )
    key = report.context.variable("KEY")

    assert key is not None
    assert key.requirement.verdict == "required"
    assert key.requirement.reason == "the code relies on it; a.ts:2 looks whether it is there"
    assert [str(place) for place in key.requirement.evidence] == ["a.ts:1"]


def test_what_is_known_only_at_run_time_is_not_called_different(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(RedisConnection, "a.ts:1", API, library="ioredis", url=Env("REDIS_URL"), tls=Literal("true", "boolean")),
        fact(RedisConnection, "b.py:1", WORKER, library="redis", url=Unknown(), db=Literal("1", "number")),
        components=components(),
    )

    assert {p.setting: p.verdict for p in parity(report.context)} == {"url": "not determined", "db": "no", "tls": "no"}


def test_credentials_read_beside_a_connection_are_told(report: Report) -> None:
    report.facts.append(fact(EnvRead, "src/redis.ts:3", API, name="REDIS_PASSWORD", access="read", via="x"))
    text = _page(report, "docs/redis_validation_report.md")

    assert "the same file also reads `REDIS_PASSWORD` ([src/redis.ts:3](../src/redis.ts#L3))" in text
    assert "| **no** | nothing asks for TLS |" in text


def test_a_command_inside_a_presigning_call_is_that_call(tmp_path: Path) -> None:
    call = {"library": "s3", "operation": "GetObject", "end_line": 3, "end_column": 80}
    report = bare(
        tmp_path,
        fact(ObjectStoreOperation, "r2.ts:3", presign=True, **call),
        fact(ObjectStoreOperation, "r2.ts:3", column=20, **(call | {"end_column": 60})),
    )

    assert [o.presign for o in operations(report.context)] == [True]
    assert [a.permission for a in accesses(report.context)] == ["Object Read only"]
    assert "1 operation in production" in _page(report, "docs/r2_config_validation.md")


def test_a_command_made_before_it_is_signed_is_told(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(ObjectStoreOperation, "r2.ts:3", library="s3", operation="GetObject"),
        fact(ObjectStoreOperation, "r2.ts:5", library="s3", operation="GetObject", presign=True),
        fact(ObjectStoreOperation, "r2.ts:9", library="s3", operation="PutObject"),
    )
    text = _page(report, "docs/r2_config_validation.md")

    assert "signs a `GetObject` command that is made elsewhere in its file" in text
    assert "*Object Read & Write*" in text


def test_a_queue_fed_by_the_entry_file_of_its_own_consumer_is_not_called_closed(tmp_path: Path) -> None:
    use = {"framework": "list", "name": Literal("jobs")}
    report = bare(
        tmp_path,
        fact(QueueUse, "worker/main.py:1", WORKER, role="consumer", **use),
        fact(QueueUse, "worker/main.py:2", WORKER, role="producer", **use),
        components=components(),
    )
    result = next(r for r in report.context.checklist if r.item.id == "RED-3")

    assert result.verdict == "not determined"
    assert "**Fed only by its own consumer: `jobs`.**" in _page(report, "docs/redis_validation_report.md")


def test_two_manifests_of_one_family_are_compared(report: Report) -> None:
    other = "old/ecs/task.json"
    report.facts = [f for f in report.facts if not (isinstance(f, ContainerSpec) and f.name == WORKER)]
    report.facts += [
        fact(ContainerSpec, f"{TASK}:30", language="ecs", name=WORKER, origin="ecs", family="w", gpus="1"),
        fact(ContainerSpec, f"{other}:3", language="ecs", name=WORKER, origin="ecs", family="w", image="w:1"),
        fact(EnvProvision, f"{other}:9", language="ecs", name="REDIS_URL", channel="secret", container=WORKER,
             reference=f"{ARN}redis-Ab12Cd:url::"),
    ]  # fmt: skip
    text = _page(report, "docs/gpu_worker_env_validation.md")

    assert "2 manifests describe the container `ocr-gpu-worker`" in text
    assert "| variables given only here | none | `REDIS_URL` |" in text
    assert [g.place.file for g in report.context.missing if g.place and g.component == WORKER] == [TASK]


def test_an_entry_taken_whole_keeps_the_name_the_manifest_gives(report: Report) -> None:
    bucket = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/jwt-bucket"
    report.facts.append(
        fact(EnvProvision, f"{TASK}:40", language="ecs", name="JWT_SECRET", channel="secret", container="x",
             reference=bucket)
    )  # fmt: skip
    data = json.loads(_page(report, "production_secrets_required.json"))
    jwt = next(s for s in data["secrets"] if s["env"] == "JWT_SECRET")

    assert (jwt["secret_name"], jwt["json_key"], jwt["proposed"]) == ("shop/jwt-bucket", None, False)
    assert jwt["value_from_template"].endswith(":secret:shop/jwt-bucket-<6 characters added by AWS>:::")
    assert "| `shop/jwt-bucket` | yes, a manifest takes it | `JWT_SECRET` (the whole value)" in report.text(
        "docs/T8A_production_secrets_overview.md"
    )


def test_the_page_answers_what_people_ask(report: Report) -> None:
    text = _page(report, "docs/T8A_summary.md")

    assert (
        "| Which variables does `ocr-gpu-worker` lack? | **missing:** `REDIS_URL`, read at [worker/main.py:1]" in text
    )
    assert "| What happens to its jobs without a GPU? | the code decides at" in text
    assert "named by manifests: `shop/prod/redis`" in text
    assert (
        "| Which queue has no consumer? | **not consumed:** `mail:jobs` (filled at "
        "[src/queue.ts:12](../src/queue.ts#L12))" in text
    )
    assert "| Redis and queues | 2 connections, 2 queues | " in text
    assert "no rule ran" not in text


def test_switches_are_quoted_as_written(report: Report) -> None:
    (report.root / "worker").mkdir()
    (report.root / "worker/main.py").write_text(
        'import os\n    if os.environ["OCR_CPU_FALLBACK"] == "no":\n        raise\n'
    )

    assert branches(report.context, WORKER)[0].lines[0] == 'if os.environ["OCR_CPU_FALLBACK"] == "no":'


@pytest.mark.parametrize(
    "line", ['key = "hunter2-Zx81Qq7LmN0pR5sTvW3y"', "KEY=hunter2-Zx81Qq7LmN0pR5sTvW3y", "x" * 200]
)
def test_a_line_that_may_hold_a_secret_is_not_quoted(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.py").write_text(f"fine = 1\n{line}\n")

    assert quote(tmp_path, "a.py", 1) == ("fine = 1",)
    assert quote(tmp_path, "a.py", 2) == ()
    assert quote(tmp_path, "../a.py", 1) == ()


def test_papers_are_quoted_in_the_order_of_their_steps(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "T7B_WORKER.md").write_text(
        "# T7-B: Worker\n\n**Status:** done\n\nThis step moves OCR to a worker. More.\n"
    )
    (docs / "TRANCHE_3.md").write_text("# Tranche 3\n\nToo short.\n")
    (docs / "notes.md").write_text("# Notes\n")
    found = find_papers(tmp_path, "docs")

    assert [p.title for p in found] == ["Tranche 3", "T7-B: Worker"]
    assert [p.excerpt for p in found] == [None, "This step moves OCR to a worker."]
    assert found[1].excerpt_line == 5


def test_stand_ins_are_known_by_their_own_name(report: Report) -> None:
    report.facts += [
        fact(TestDouble, "test/ocr.test.ts:1", area="test", symbol="fakeStorage", form="function", evidence=("x",)),
        fact(TestDouble, "test/ocr.test.ts:2", area="test", symbol="MockGpuWorker", form="class", evidence=("x",)),
    ]
    section = _page(report, "REPLIT.md").partition("begin gpu-mock-vs-real")[2].partition("filot-lint:end")[0]

    assert "- Stand-ins in test code: `MockGpuWorker` ([test/ocr.test.ts:2]" in section
    assert "fakeStorage" not in section


def test_an_entry_file_is_not_called_the_run_command(report: Report) -> None:
    report.facts += [
        fact(EntryPoint, ".replit:1", language="replit", component="r", command=("npm", "start"), origin="replit"),
        fact(EntryPoint, ".replit:2", language="replit", component="r", command=("src/index.ts",), origin="replit",
             target="src/index.ts"),
    ]  # fmt: skip
    text = _page(report, "REPLIT.md")

    assert "- *Run* starts `npm start` ([.replit:1](.replit#L1))." in text
    assert "- The entry file is [src/index.ts](src/index.ts) ([.replit:2](.replit#L2))." in text


def test_a_reached_double_names_its_importers(report: Report) -> None:
    report.facts.append(fact(Imports, "src/buli.ts:2", API, module="./mockBuli", target="src/mockBuli.ts"))

    assert "imported at [src/buli.ts:2](../src/buli.ts#L2)" in _page(report, "docs/mock_cleanup_report.md")


def test_a_health_check_of_an_image_is_not_one_of_the_task(report: Report) -> None:
    report.facts.append(
        fact(ContainerSpec, "Dockerfile:9", language="dockerfile", name="Dockerfile", origin="dockerfile",
             health_check=("CMD", "curl"))
    )  # fmt: skip
    text = _page(report, "docs/T8A_production_architecture.md")

    assert "The image of `Dockerfile` brings the health check `CMD curl`" in text
    assert "- `ocr-gpu-worker` has no health check in [infra/ecs/task.json:30]" in text


def test_a_port_nobody_is_seen_to_answer_is_told(report: Report) -> None:
    report.facts.append(fact(ContainerSpec, "old.json:9", language="ecs", name=WORKER, origin="ecs", ports=("9000",)))

    assert "opens `9000` ([old.json:9]" in _page(report, "docs/T8A_production_architecture.md")


def test_compose_is_not_taken_for_production(report: Report) -> None:
    report.facts.append(
        fact(ContainerSpec, "compose.yml:9", language="compose", name="mail", origin="compose", ports=("9000",))
    )
    production, _, compose = _page(report, "docs/T8A_production_architecture.md").partition("### Compose")

    assert "`mail`" not in production
    assert "the documents do not take them for production" in compose
    assert "| `mail` | compose |" in compose


def test_the_diagram_counts_variables_not_containers(report: Report) -> None:
    second: Fact = fact(ContainerSpec, "old.json:3", language="ecs", name=WORKER, origin="ecs")
    report.facts.append(second)
    text = _page(report, "docs/T8A_env_diagram.md")

    assert text.count("ocr-gpu-worker reads 2 variables") == 2


def test_values_that_are_not_known_say_why(report: Report) -> None:
    start = fact(TemporalStart, "a.ts:1", API, library="x", operation="start", workflow=Parameter("run@88", 0))
    other = fact(TemporalStart, "a.ts:2", API, library="x", operation="start", workflow=Unknown("read from a file"))
    report.facts += [start, other]
    text = _page(report, "docs/temporal_env_validation.md")

    assert "| what callers of `run` pass | [a.ts:1](../a.ts#L1) (start) |" in text
    assert "| not determined from source (read from a file) | [a.ts:2](../a.ts#L2) (start) |" in text


def test_a_deployable_without_its_own_address_shows_none(tmp_path: Path) -> None:
    reach = Reach(None, certain=True)
    report = bare(
        tmp_path,
        fact(RedisConnection, "a.ts:1", API, library="ioredis", url=Env("REDIS_URL")),
        fact(RedisConnection, "a.ts:2", API, library="ioredis", url=Unknown()),
        components=(Component(API, ("a.ts",), {"a.ts": reach}),),
    )
    nodes = _page(report, "docs/T8A_env_diagram.md")

    assert "| `Redis` | stores | address not determined |" in nodes
    assert "| `Redis` | stores | `REDIS_URL` |" in nodes
