"""The managed sections: each where facts support it, left out with a reason where they do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from samples import API, TASK, WORKER, Report, bare, components, fact

from filot_lint.documents.conditions import NEEDS, section_states
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.section_views import health_checks, replit_needs
from filot_lint.facts import (
    ContainerSpec,
    EntryPoint,
    EnvRead,
    QueueUse,
    TemporalConnection,
    TemporalStart,
    TestDouble,
)
from filot_lint.source import Location
from filot_lint.values import Env, Literal
from filot_lint.workspace.closure import Reach
from filot_lint.workspace.components import Component

README = {
    "architecture",
    "ocr-gpu-diagram",
    "temporal",
    "redis-queues",
    "environment-setup",
    "ecs-deployment-overview",
    "gpu-worker-deployment",
    "monitoring",
}
REPLIT = {"run-on-replit", "dev-vs-prod", "gpu-mock-vs-real", "temporal-mock-mode", "tranches"}


def written(report: Report) -> set[str]:
    return {s.section.name for s in section_states(report.context) if s.reason is None}


def test_every_condition_of_the_data_is_known() -> None:
    manifest = load_manifest()
    named = {s.when for s in manifest.sections} | {d.when for d in manifest.documents if d.when}
    assert named == NEEDS.keys() | {"html"}
    assert {s.name for s in manifest.sections} == README | REPLIT


def test_a_system_with_everything_has_every_section(report: Report) -> None:
    (report.root / "docs").mkdir()
    (report.root / "docs/TRANCHE_7.md").write_text("# T7\n\nThis tranche adds the GPU worker to the service.\n")
    branch = fact(EnvRead, "src/env.ts:9", API, name="JWT_SECRET", access="read", via="x", guard="production")
    report.facts.append(branch)

    assert written(report) == README | REPLIT


def test_a_small_program_has_no_litany(tmp_path: Path) -> None:
    read = fact(EnvRead, "src/a.ts:1", API, name="PORT", access="read", via="process.env")
    program = Component(API, ("src/a.ts",), {"src/a.ts": Reach(None, certain=True)})
    report = bare(tmp_path, read, components=(program,))
    (tmp_path / ".replit").unlink()
    changes = report.run()

    assert written(report) == {"architecture", "environment-setup"}
    assert changes["REPLIT.md"].state == "left out"
    assert not (tmp_path / "REPLIT.md").exists()
    assert (
        re.findall(r"^No (?!place says)|not found|was found|identified", report.text("README.md"), re.MULTILINE) == []
    )
    updates = report.text("docs/T8A_readme_updates.md")
    assert "| `README.md` | `temporal` | Temporal workflows | no use of Temporal found in production code |" in updates
    assert "| `REPLIT.md` | `tranches` | Tranches | no `.replit` found, and no profile asks for it |" in updates


def test_a_profile_asks_for_the_file_without_replit(tmp_path: Path) -> None:
    report = bare(tmp_path, fact(EnvRead, "src/a.ts:1", API, name="BULI2_API_URL", access="read", via="process.env"),
                  fact(EnvRead, "src/a.ts:2", API, name="A_URL", access="read", via="process.env",
                       guard="non-production"))  # fmt: skip
    (tmp_path / ".replit").unlink()
    report.run()

    assert "## Development and production" in report.text("REPLIT.md")
    assert "Running on Replit" not in report.text("REPLIT.md")


def test_a_file_that_is_there_gets_no_empty_section(tmp_path: Path) -> None:
    report = bare(tmp_path)
    (tmp_path / ".replit").unlink()
    (tmp_path / "README.md").write_bytes(b"\xef\xbb\xbf# caf\xe9\r\n\r\nno end")
    changes = report.run()

    assert changes["README.md"].state in {"unchanged", "left out"}
    assert (tmp_path / "README.md").read_bytes() == b"\xef\xbb\xbf# caf\xe9\r\n\r\nno end"


def test_a_section_that_loses_its_facts_keeps_its_place(report: Report) -> None:
    report.run()
    text = report.text("README.md")
    (report.root / "README.md").write_text(
        text.replace("\n<!-- filot-lint:begin temporal", "\nOurs.\n<!-- filot-lint:begin temporal")
    )
    report.facts = [f for f in report.facts if "Temporal" not in type(f).__name__]
    report.run()

    assert "Ours.\n<!-- filot-lint:begin temporal -->\n<!-- filot-lint:end temporal -->" in report.text("README.md")


def test_a_section_stays_short(report: Report) -> None:
    reads = [
        fact(EnvRead, f"src/e.ts:{n}", API, name=f"NAME_{n}", access="read", via="x", required=True) for n in range(200)
    ]
    report.facts += reads
    report.run()
    sections = re.findall(r"begin ([\w-]+) -->\n(.*?)<!-- filot-lint:end", report.text("README.md"), re.DOTALL)

    assert {name for name, body in sections if body.count("\n") > 60} == set()
    assert "more required variables" in report.text("README.md")


def test_replit_is_asked_for_what_its_own_code_needs(tmp_path: Path) -> None:
    facts = [
        fact(EntryPoint, ".replit:1", component=API, command=("npm", "start"), origin="replit", target="src/a.ts"),
        fact(EnvRead, "src/a.ts:1", API, name="API_KEY", access="read", via="x", required=True),
        fact(EnvRead, "src/b.ts:1", "worker", name="WORKER_KEY", access="read", via="x", required=True),
    ]
    reach = Reach(None, certain=True)
    components = tuple(Component(n, (f,), {f: reach}) for n, f in ((API, "src/a.ts"), ("worker", "src/b.ts")))
    context = bare(tmp_path, *facts, components=components).context

    assert [v.name for v in replit_needs(context)] == ["API_KEY"]


def test_one_health_check_of_many_containers_is_told_once(tmp_path: Path) -> None:
    specs = [
        fact(ContainerSpec, f"compose.{n}.yml:3", name=f"api{n % 2}", origin="compose", health_check=("CMD", "true"))
        for n in range(6)
    ]
    (check,) = health_checks(bare(tmp_path, *specs).context)

    assert (check.origin, check.names, len(check.places)) == ("compose", ("api0", "api1"), 6)


@pytest.mark.parametrize(("symbol", "expected"), [("MockGpuWorker", True), ("MockMailer", False)])
def test_stand_ins_alone_give_a_section(tmp_path: Path, symbol: str, *, expected: bool) -> None:
    double = fact(TestDouble, "tests/m.ts:1", area="test", symbol=symbol, form="class", evidence=("named so",))
    assert ("gpu-mock-vs-real" in written(bare(tmp_path, double))) is expected


def test_a_container_without_a_store_claims_none(tmp_path: Path) -> None:
    spec = fact(ContainerSpec, f"{TASK}:4", language="ecs", name=API, origin="ecs")
    report = bare(tmp_path, spec)
    report.run()

    assert "secret store" not in report.text("README.md")


def _section(report: Report, file: str, name: str) -> str:
    report.run()
    return report.text(file).split(f"filot-lint:begin {name} -->")[1].split(f"<!-- filot-lint:end {name}")[0]


def test_a_health_check_is_shown_where_it_is_written(tmp_path: Path) -> None:
    image = fact(ContainerSpec, "Dockerfile:3", name="Dockerfile", origin="dockerfile", health_check=("CMD", "probe"),
                 health_check_at=Location("Dockerfile", 9, 1, 9, 9))  # fmt: skip
    told = _section(bare(tmp_path, image), "README.md", "monitoring")

    assert "- `Dockerfile` is checked by `CMD probe` ([Dockerfile:9](Dockerfile#L9))." in told


def test_what_asks_for_the_kind_of_environment_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.ts").write_text('\nif (process.env.NODE_ENV === "development") {\n', "utf-8")
    kind = fact(EnvRead, "src/app.ts:2", API, name="NODE_ENV", access="read", via="process.env")
    guarded = fact(EnvRead, "src/db.ts:6", API, name="DB_URL", access="read", via="x", guard="non-production")
    told = _section(bare(tmp_path, kind, guarded), "REPLIT.md", "dev-vs-prod")

    assert "| `DB_URL` | outside production only | [src/db.ts:6](src/db.ts#L6) |" in told
    assert '- [src/app.ts:2](src/app.ts#L2): `if (process.env.NODE_ENV === "development") {`' in told


def test_what_temporal_needs_stands_beside_its_switches(tmp_path: Path) -> None:
    reads = (
        fact(EnvRead, "src/t.ts:3", API, name="TEMPORAL_ADDRESS", access="read", via="x", required=True),
        fact(EnvRead, "src/t.ts:4", API, name="TEMPORAL_DISABLED", access="read", via="x"),
    )
    connection = fact(TemporalConnection, "src/t.ts:5", API, library="x", address=Env("TEMPORAL_ADDRESS"))
    told = _section(bare(tmp_path, *reads, connection), "REPLIT.md", "temporal-mock-mode")

    assert "| `TEMPORAL_ADDRESS` | required: the code demands it ([src/t.ts:3](src/t.ts#L3)) | none | not set" in told
    assert "| `TEMPORAL_DISABLED`" not in told


def test_a_started_workflow_has_one_place(tmp_path: Path) -> None:
    at = Location("src/t.ts", 5, 9, 5, 20)
    start = fact(TemporalStart, "src/t.ts:5", API, library="x", operation="start", task_queue=Literal("q"),
                 workflow=Literal("review", "string", at))  # fmt: skip
    told = _section(bare(tmp_path, start), "README.md", "temporal")

    assert "- `api` calls `start` of workflow `review` ([src/t.ts:5](src/t.ts#L5))." in told


def test_the_sketch_shows_who_else_does_the_work(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(QueueUse, "src/q.ts:7", API, framework="list", role="producer", name=Literal("small:jobs")),
        fact(QueueUse, "src/q.ts:9", API, framework="list", role="consumer", name=Literal("small:jobs")),
        fact(QueueUse, "worker/q.py:9", WORKER, framework="list", role="consumer", name=Literal("gpu:jobs")),
        fact(ContainerSpec, f"{TASK}:30", language="ecs", name=WORKER, origin="ecs", gpus="1"),
        components=components(),
    )
    told = _section(report, "README.md", "ocr-gpu-diagram")

    assert "( small:jobs )" in told
    assert "| gpu:jobs  (queues:" in told


@pytest.mark.parametrize(("target", "told"), [("src/index.ts", True), ("worker/main.py", False)])
def test_a_worker_that_run_leaves_out_is_told(tmp_path: Path, target: str, *, told: bool) -> None:
    report = bare(
        tmp_path,
        fact(ContainerSpec, f"{TASK}:30", language="ecs", name=WORKER, origin="ecs", gpus="1"),
        fact(EntryPoint, ".replit:1", component="replit", command=("run",), origin="replit", target=target),
        components=components(),
    )

    section = _section(report, "REPLIT.md", "gpu-mock-vs-real")
    assert ("*Run* does not start it ([.replit:1](.replit#L1))." in section) is told
