"""Summary, checklist, architecture and overview: whether it may go out, what comes first, who is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from samples import API, TASK, WORKER, Report, bare, components, fact

from filot_lint.catalogue import rules
from filot_lint.documents.claims import claims_of
from filot_lint.documents.next_steps import is_ready, left_to_mend, repairs
from filot_lint.facts import (
    ContainerSpec,
    CorsSetting,
    EntryPoint,
    EnvProvision,
    EnvRead,
    Imports,
    MonitoringUse,
    QueueUse,
    RedisConnection,
    SecretComparison,
    SecretUse,
)
from filot_lint.findings import Finding, Severity
from filot_lint.source import Location
from filot_lint.values import Env, Join, Literal, Unknown, Value
from filot_lint.workspace.closure import Reach
from filot_lint.workspace.components import Component
from filot_lint.workspace.inert import Inert


def _finding(code: str, place: str, severity: Severity, message: str = "something is wrong") -> Finding:
    file, _, line = place.rpartition(":")
    rule = rules()[code]
    location = Location(file, int(line), 1, int(line), 9)
    return Finding(rule=rule, location=location, message=message, severity=severity, confidence=rule.confidence,
                   help="Mend it")  # fmt: skip


def _report(tmp_path: Path, *findings: Finding) -> Report:
    report = bare(tmp_path)
    report.findings = list(findings)
    return report


def _page(report: Report, name: str) -> str:
    report.run()
    return report.text(f"docs/T8A_{name}.md")


def test_the_same_error_in_two_places_is_one_step_and_the_checklist_gives_the_order(tmp_path: Path) -> None:
    report = _report(
        tmp_path,
        _finding("FIL905", "a.json:1", Severity.WARNING),
        _finding("FIL903", "a.json:2", Severity.ERROR, "no suffix"),
        _finding("FIL903", "b.json:3", Severity.ERROR, "no suffix"),
        _finding("FIL110", "src/z.ts:9", Severity.ERROR, "falls back"),
        _finding("FIL101", "src/z.ts:9", Severity.WARNING),
    )

    steps = repairs(report.context)
    assert [(s.code, s.item, len(s.places)) for s in steps] == [("FIL110", "ENV-3", 1), ("FIL903", "SEC-3", 2)]
    assert [r.item.id for r in left_to_mend(report.context)] == ["ENV-1"]
    text = _page(report, "summary")
    assert "**Not ready for production.** 3 errors, 2 warnings and 0 notes" in text
    assert "1. Mend it. Now falls back (`FIL110`, ENV-3; [src/z.ts:9](../src/z.ts#L9))." in text
    assert text.index("## Next") < text.index("## At a glance") < text.index("## Then") < text.index("## By topic")


def test_an_item_with_errors_and_warnings_shows_the_warnings_only_below(tmp_path: Path) -> None:
    errors = _finding("FIL110", "src/z.ts:9", Severity.ERROR), _finding("FIL106", "src/z.ts:4", Severity.WARNING)
    (result,) = left_to_mend(_report(tmp_path, *errors).context)

    assert (result.item.id, [f.rule.code for f in result.findings]) == ("ENV-3", ["FIL106"])
    assert [p.line for p in result.evidence] == [4]


@pytest.mark.parametrize(
    ("help_", "messages", "others"),
    [
        ("Move it", ("`A` is odd", "`B` is odd"), ("B",)),
        ("Give `{0}` to `web`", ("no `A`, read at a:1", "no `B`, read at b:2"), ("B",)),
        ("Move it", ("`A` is odd", "`B` is even"), None),
        ("Move it", ("`A` is odd at a:1", "`B` is odd at b:2"), None),
    ],
)
def test_the_same_step_for_several_names_is_one(
    tmp_path: Path, help_: str, messages: tuple[str, ...], others: tuple[str, ...] | None
) -> None:
    found = [
        replace(_finding("FIL802", "task.json:3", Severity.ERROR, text), help=help_.format(text.split("`")[1]))
        for text in messages
    ]
    steps = repairs(_report(tmp_path, *found).context)

    assert [s.others for s in steps] == ([others] if others else [(), ()])


def test_the_same_step_elsewhere_stays_its_own(tmp_path: Path) -> None:
    found = [
        replace(_finding("FIL110", f"src/a.ts:{n}", Severity.ERROR, f"`{name}` falls back"), help=f"Demand `{name}`")
        for n, name in enumerate(("A_URL", "B_URL"), 1)
    ]

    assert len(repairs(_report(tmp_path, *found).context)) == 2


@pytest.mark.parametrize(("message", "told"), [("This client is odd", "this client"), ("LPOP is odd", "LPOP is")])
def test_a_sentence_inside_another_begins_small(tmp_path: Path, message: str, told: str) -> None:
    (step,) = repairs(_report(tmp_path, _finding("FIL110", "src/a.ts:1", Severity.ERROR, message)).context)

    assert step.message.startswith(told)


def test_what_goes_wrong_alike_at_several_places_is_one_row(tmp_path: Path) -> None:
    found = [_finding("FIL110", f"src/{name}.ts:1", Severity.ERROR, "`A_URL` falls back") for name in "ab"]
    text = _page(_report(tmp_path, *found), "production_architecture")

    assert "| `A_URL` falls back | [src/a.ts:1](../src/a.ts#L1), [src/b.ts:1](../src/b.ts#L1) | `FIL110` |" in text


def test_without_findings_nothing_is_to_be_done(tmp_path: Path) -> None:
    report = _report(tmp_path)
    text = _page(report, "summary")

    assert is_ready(report.context)
    assert "**Nothing found that blocks production.** 0 errors" in text
    assert "No finding is an error and no item of the checklist fails." in text


def test_a_small_workspace_gets_short_documents(tmp_path: Path) -> None:
    report = _report(tmp_path)
    summary, checklist = _page(report, "summary"), report.text("docs/T8A_predeployment_checklist.md")

    assert "GPU?" not in summary
    assert "Which queue" not in summary
    assert "Redis and queues (0 connections, 0 queues), " in summary
    assert "## Redis\n" not in checklist
    assert "| RED-1, RED-2, RED-5 | does not apply | no Redis connection found in 0 files |" in checklist
    assert "## Temporal" not in report.text("docs/T8A_full_system_overview.md")
    assert "## Queues" not in report.text("docs/T8A_production_architecture.md")


def test_queues_without_a_known_name_are_not_said_to_be_complete(tmp_path: Path) -> None:
    use = fact(QueueUse, "a.ts:4", framework="redis", role="producer", name=Unknown("computed"))
    text = _page(bare(tmp_path, use), "summary")

    assert "no consumer? | not determined for [a.ts:4](../a.ts#L4), where the name is computed |" in text


def test_secrets_that_no_deployable_reads_are_not_called_mapped(tmp_path: Path) -> None:
    read = fact(EnvRead, "a.py:3", name="DB_PASSWORD", access="read", via="os.environ", required=False)
    report = bare(tmp_path, read)
    row = next(r for r in _page(report, "predeployment_checklist").splitlines() if r.startswith("| SEC-1 "))

    assert "| not determined | no deployable was found to read `DB_PASSWORD` | [a.py:3](../a.py#L3) |" in row
    assert "Not determined: no deployable was found to read them" in report.text("docs/T8A_summary.md")


def _monitored(tmp_path: Path) -> Report:
    return bare(
        tmp_path,
        fact(MonitoringUse, "src/log.ts:2", API, library="pino", signal="log", level=Env("LOG_LEVEL", Literal("info"))),
        fact(MonitoringUse, "src/log.ts:9", API, library="morgan", signal="log", guard="non-production"),
        fact(MonitoringUse, "src/m.ts:3", API, library="prom-client", signal="metric", name=Literal("jobs_total")),
        fact(MonitoringUse, "src/m.ts:4", API, library="prom-client", signal="metric", name=Literal("depth")),
        fact(MonitoringUse, "src/e.ts:1", API, library="sentry", signal="error", dsn=Literal("https://k@x.example/1")),
        fact(ContainerSpec, f"{TASK}:4", language="ecs", name=API, origin="ecs", log_driver="awslogs",
             log_group="/shop/api", log_region="eu-west-1", log_group_at=Location(TASK, 8, 1, 8, 9)),
        fact(ContainerSpec, f"{TASK}:20", language="ecs", name="bare", origin="ecs"),
        fact(CorsSetting, "src/app.ts:5", API, library="cors", origin=Literal("*"), allow_credentials=Literal("false")),
        components=components(),
    )  # fmt: skip


def test_the_architecture_says_what_is_logged_counted_and_let_in(tmp_path: Path) -> None:
    text = _page(_monitored(tmp_path), "production_architecture")

    assert f"`api` logs to `/shop/api` in `eu-west-1` ([{TASK}:8]" in text
    assert f"`bare` has no log configuration in [{TASK}:20]" in text
    assert "| logs | `pino` | none | variable `LOG_LEVEL`, default `info` | not set here | `api` |" in text
    assert "morgan" not in text
    assert "| metrics | `prom-client` | `jobs_total`, `depth` | none | not set here | `api` |" in text
    assert "| errors | `sentry` | none | none | a literal, not shown | `api` |" in text
    assert "| `api` | `cors` | `*` | `false` | [src/app.ts:5]" in text


def test_the_alarms_asked_for_are_those_the_system_can_need(tmp_path: Path) -> None:
    plain = _report(tmp_path)
    checklist = _page(plain, "predeployment_checklist")
    assert "somebody hears an alarm for a deployable that is down and failed requests." in checklist

    monitored = _page(_monitored(tmp_path), "predeployment_checklist")
    assert "the code tells `jobs_total`, `depth` by `sentry`, `prom-client`; alarms are not in the source" in monitored


@pytest.mark.parametrize(("given", "shown"), [("request", True), ("elsewhere", False)])
def test_what_is_sent_and_compared_is_in_the_overview(tmp_path: Path, given: str, shown: bool) -> None:  # noqa: FBT001
    compared = fact(SecretComparison, "src/hook.ts:7", API, operator="!=", given=given, secret=Env("HOOK_SECRET"))
    text = _page(bare(tmp_path, compared), "full_system_overview")

    assert ("| variable `HOOK_SECRET` | `!==` | `api` | [src/hook.ts:7]" in text) is shown


def _uses() -> tuple[object, ...]:
    return (
        fact(QueueUse, "a.ts:1", API, framework="redis", role="producer", name=Literal("jobs"), command="rpush"),
        fact(QueueUse, "w.py:9", WORKER, framework="redis", role="consumer", name=Literal("jobs"), command="blmove"),
    )


def test_a_comparison_is_told_once(tmp_path: Path) -> None:
    key = Env("HOOK_SECRET")
    report = bare(
        tmp_path,
        fact(SecretComparison, "src/hook.ts:4", API, operator="timingSafeEqual", given="request", secret=key),
        fact(SecretUse, "src/hook.ts:4", API, sink="compare", library="node:crypto", secret=key),
        fact(SecretUse, "src/hook.ts:9", API, sink="compare", library="node:crypto", secret=key),
    )
    report.facts.append(fact(SecretComparison, "src/key.ts:5", API, operator="!=", given="request", secret=key))
    text = _page(report, "full_system_overview")

    assert "| variable `HOOK_SECRET` | `!==` | `api` | [src/key.ts:5]" in text
    assert text.count("[src/hook.ts:4]") == 1
    assert "| compare | `node:crypto` | variable `HOOK_SECRET` | `api` | [src/hook.ts:9]" in text


@pytest.mark.parametrize(
    ("url", "note", "asked"),
    [
        (Env("REDIS_URL"), "`REDIS_URL`", "`REDIS_URL` begins with `rediss://`"),
        (Env("A_URL", Env("B_URL")), "`A_URL or B_URL`", "`A_URL`, `B_URL` begin with `rediss://`"),
        (
            Join((Literal("redis://"), Env("R_HOST"), Literal(":"), Env("R_PORT"))),
            "`R_HOST, R_PORT`",
            "confirm that connections whose URL is put together are encrypted",
        ),
    ],
)
def test_a_part_of_an_address_is_not_called_one(tmp_path: Path, url: Value, note: str, asked: str) -> None:
    report = bare(tmp_path, fact(RedisConnection, "src/r.ts:1", API, library="ioredis", url=url))
    report.findings = []

    assert f"`Redis` ({note})" in _page(report, "production_architecture")
    assert asked in report.text("docs/T8A_predeployment_checklist.md")


@pytest.mark.parametrize(("name", "foreign"), [("PARTNER_API_URL", True), ("NEXT_PUBLIC_API_URL", False)])
def test_what_browsers_call_is_our_own(tmp_path: Path, name: str, *, foreign: bool) -> None:
    read = fact(EnvRead, "src/env.ts:4", API, name=name, access="read", via="x")
    text = _page(bare(tmp_path, read), "production_architecture")

    assert ("reads address" in text) is foreign


def test_what_only_a_manifest_gives_says_where(tmp_path: Path) -> None:
    given = fact(EnvProvision, "Dockerfile:8", language="dockerfile", name="TZ", channel="image-env")
    text = _page(bare(tmp_path, given), "full_system_overview")

    assert "read by no code | nowhere | nowhere | image ([Dockerfile:8](../Dockerfile#L8)) |" in text


def test_a_command_that_leads_nowhere_is_not_hidden(tmp_path: Path) -> None:
    start = fact(EntryPoint, "Dockerfile:9", component="web", command=("serve",), origin="dockerfile")
    text = _page(bare(tmp_path, start), "production_architecture")

    assert "lead to an entry file here" in text
    assert "Commands stand at [Dockerfile:9](../Dockerfile#L9); which file they run is not determined" in text


def test_a_job_is_followed_from_hand_to_hand(tmp_path: Path) -> None:
    text = _page(bare(tmp_path, *_uses(), components=components()), "production_architecture")  # type: ignore[arg-type]

    assert "1. `api` puts a job in by `rpush` ([a.ts:1](../a.ts#L1))." in text
    assert "2. `ocr-gpu-worker` takes it out by `blmove` ([w.py:9](../w.py#L9))." in text


def test_a_worker_that_starts_nothing_would_take_it(tmp_path: Path) -> None:
    place = Location("Dockerfile", 3, 1, 3, 9)
    api, worker = components()
    stopped = replace(worker, inert=Inert((place,), "worker/main.py", (("run", place),)))
    text = _page(bare(tmp_path, *_uses(), components=(api, stopped)), "production_architecture")  # type: ignore[arg-type]

    assert "2. `ocr-gpu-worker` would take it out by `blmove`" in text


@pytest.mark.parametrize(
    ("line", "verdict", "text"),
    [
        ("**Not ready for production.** 3 errors, 2 warnings and 0 notes.", "fails", "Not ready for production. 3"),
        ("**Nothing found that blocks production.** 0 errors.", "holds", "Nothing found"),
        ("**Not ready for production.** 4 fail, 2 are not determined from source.", "fails", "Not ready"),
        ("**Nothing found that blocks production.** 2 are not determined from source.", "holds", "Nothing found"),
        ("1. Mend it. Now it is broken (`FIL110`).", "fails", "Mend it. Now it"),
        (
            "**Its consumer never starts: `jobs`.** Only `w` takes from it.",
            "fails",
            "Its consumer never starts: jobs. ",
        ),
        ("- ENV-1: documented", "holds", "ENV-1: documented"),
        ("- `KEY` for `api`: no entry in the manifest", "fails", "KEY for api"),
    ],
)
def test_prose_has_the_verdict_it_states(line: str, verdict: str, text: str) -> None:
    (claim,) = claims_of("docs/x.md", f"# x\n\n{line}\n")

    assert claim.verdict == verdict
    assert claim.text.startswith(text)


def test_a_program_of_many_files_names_the_first(tmp_path: Path) -> None:
    pages = tuple(f"app/{name}/page.tsx" for name in "abcde")
    reach = {page: Reach(None, certain=True) for page in pages}
    spec = fact(ContainerSpec, "compose.yml:3", language="compose", name="web", origin="compose", ports=("3000",))
    link = fact(Imports, f"{pages[0]}:1", API, module="next/link")
    report = bare(tmp_path, spec, link, components=(Component(API, pages, reach, containers=("web",)),))
    text = _page(report, "production_architecture")

    assert "[app/c/page.tsx](../app/c/page.tsx) and 2 more" in text
    assert "app/d" not in text
    assert "Who answers there is not determined from source: `next` may start a server." in text
