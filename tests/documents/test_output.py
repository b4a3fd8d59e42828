"""What the written report is, seen as its reader sees it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import dotenv
import pytest
from samples import Report, bare, components, fact

from filot_lint.documents import picture
from filot_lint.documents.manifest import load_manifest
from filot_lint.facts import (
    Default,
    EnvDeclaration,
    EnvProvision,
    EnvRead,
    QueueUse,
    RedisConnection,
    TemporalStart,
    TestDouble,
)
from filot_lint.values import Env, Literal

TEXTS = (".md", ".txt", ".template", ".json", ".svg")
NAMES = {
    "prod.env.template",
    "production_secrets_required.json",
    "docs/T8A_claims.json",
    "missing_required_secrets.txt",
    "docs/redis_validation_report.md",
    "docs/gpu_worker_env_validation.md",
    "docs/r2_config_validation.md",
    "docs/temporal_env_validation.md",
    "docs/mock_cleanup_report.md",
    "docs/T8A_production_secrets_overview.md",
    "docs/T8A_env_diagram.png",
    "docs/T8A_env_diagram.svg",
    "docs/T8A_env_diagram.md",
    "docs/T8A_production_architecture.md",
    "docs/T8A_predeployment_checklist.md",
    "docs/T8A_readme_updates.md",
    "docs/T8A_full_system_overview.md",
    "docs/T8A_summary.md",
    "README.md",
    "REPLIT.md",
}


def _documents(report: Report) -> dict[str, str]:
    report.run()
    return {p: d.decode() for p, d in report.everything().items() if p.endswith(TEXTS) and p != "package.json"}


def test_every_document_has_its_name(report: Report) -> None:
    assert set(report.run()) == NAMES


def test_documents_go_to_backend_docs_when_there_is_a_backend(report: Report) -> None:
    (report.root / "backend").mkdir()

    assert "backend/docs/T8A_summary.md" in report.run()


def test_two_runs_write_the_same_bytes(report: Report) -> None:
    report.run()
    first = report.everything()
    changes = report.run()

    assert report.everything() == first
    assert {change.state for change in changes.values()} == {"unchanged"}


def test_documents_hold_no_absolute_path_and_no_date(report: Report) -> None:
    for text in _documents(report).values():
        assert str(report.root) not in text
        assert not re.search(r"20\d\d-\d\d-\d\d", text)


def test_every_link_leads_to_a_file_that_was_named_by_a_fact_or_written(report: Report) -> None:
    documents = _documents(report)
    known = {f.file for f in report.facts} | set(report.everything()) | {"worker/main.py", "src/index.ts"}
    for path, text in documents.items():
        for target in re.findall(r"\]\(([^)#]+)(?:#L\d+)?\)", text) if path.endswith(".md") else ():
            file = (report.root / path).parent.joinpath(unquote(target)).resolve().relative_to(report.root).as_posix()
            assert file in known, f"{path}: {target}"


def test_headings_and_tables_stand_apart(report: Report) -> None:
    for path, text in _documents(report).items():
        if path.endswith(".md"):
            plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
            assert not re.search(r"[^\n>]\n#{1,3} ", plain), path
            assert not re.search(r"\n[^|\n][^\n]*\n\|", plain), path


def test_table_rows_have_as_many_cells_as_their_head(report: Report) -> None:
    for path, text in _documents(report).items():
        rows = [line for line in text.splitlines() if line.startswith("|")] if path.endswith(".md") else []
        width = 0
        for above, row in zip(["", *rows], rows, strict=False):
            width = row.count("|") if re.fullmatch(r"\|( --- \|)+", row) else width
            if above and width and not re.fullmatch(r"\|( --- \|)+", row) and re.fullmatch(r"\|( --- \|)+", above):
                assert row.count("|") == width, f"{path}: {row}"


def test_nothing_in_the_templates_names_a_product() -> None:
    from filot_lint.resources import REPORT  # noqa: PLC0415  # used here only

    for template in (REPORT / "templates").glob("*.j2"):
        assert "filot" not in template.read_text("utf-8").lower().replace("filot-lint", ""), template.name


def test_links_cite_file_and_line(report: Report) -> None:
    assert "[src/redis.ts:5](../src/redis.ts#L5)" in _documents(report)["docs/redis_validation_report.md"]
    assert "[src/queue.ts:7](src/queue.ts#L7)" in _documents(report)["README.md"]


def test_a_queue_without_a_consumer_is_on_the_page(report: Report) -> None:
    documents = _documents(report)

    assert re.search(r"`mail:jobs`.*\*\*none found\*\*", documents["docs/redis_validation_report.md"])
    row = next(r for r in documents["docs/T8A_predeployment_checklist.md"].splitlines() if r.startswith("| RED-3 "))
    assert "fails" in row
    assert "`FIL301`" in row


def test_queues_of_the_same_name_are_one_whatever_spells_them(tmp_path: Path) -> None:
    queue = Env("JOBS_KEY", Literal("jobs"))
    report = bare(
        tmp_path,
        fact(QueueUse, "a.ts:1", framework="list", role="producer", name=queue),
        fact(QueueUse, "b.py:1", framework="list", role="consumer", name=Literal("jobs")),
    )

    assert [q.label for q in report.context.queues] == ["jobs"]
    assert report.context.queues[0].variables == ("JOBS_KEY",)


def test_what_the_gpu_worker_lacks_is_on_the_page(report: Report) -> None:
    assert "**Missing: `REDIS_URL`.**" in _documents(report)["docs/gpu_worker_env_validation.md"]


def test_secrets_are_mapped_from_what_the_manifests_name(report: Report) -> None:
    data = json.loads(_documents(report)["production_secrets_required.json"])
    redis = next(s for s in data["secrets"] if s["env"] == "REDIS_URL")
    jwt = next(s for s in data["secrets"] if s["env"] == "JWT_SECRET")

    assert (redis["secret_name"], redis["json_key"], redis["proposed"]) == ("shop/prod/redis", "url", False)
    assert (jwt["secret_name"], jwt["json_key"], jwt["proposed"]) == ("shop/prod/jwt", "secret", True)
    assert jwt["value_from_template"].endswith(":secret::")
    assert jwt["min_bits"] == 256
    assert {s["status"] for s in data["secrets"]} == {"unknown"}
    assert {f["group"] for f in data["families"]} >= {"postgres", "redis", "r2", "temporal", "jwt", "worker"}


def test_missing_secrets_say_where_and_why(report: Report) -> None:
    lines = _documents(report)["missing_required_secrets.txt"].splitlines()

    assert lines[0].startswith("# 2 required secrets without a mapping")
    assert [line for line in lines if line and not line.startswith(("#", " "))] == ["JWT_SECRET", "REDIS_URL"]
    assert "    manifest     infra/ecs/task.json:10 holds the value itself, in plain text" in lines
    assert "    manifest     the container at infra/ecs/task.json:30 is given no such variable" in lines
    assert any(line.startswith("    valueFrom    arn:") and "proposed" in line for line in lines)


def _naive_docker_keys(text: str) -> list[str]:
    return [line.partition("=")[0] for line in text.splitlines() if line and not line.startswith("#")]


def _npm_keys(text: str) -> list[str]:
    quoted = r"""\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|[^#\r\n]+"""
    pattern = rf"^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)({quoted})?\s*(?:#.*)?$"
    return [found[1] for found in re.finditer(pattern, text, re.MULTILINE)]


def _shell_values(path: Path) -> dict[str, str]:
    script = 'set -a; . "$1"; env -0'
    done = subprocess.run(
        ["/bin/sh", "-euc", script, "sh", str(path)], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    assert done.stderr == b""
    pairs = (entry.partition("=") for entry in done.stdout.decode().split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in {"PATH", "PWD", "OLDPWD", "SHLVL", "_"}}


def test_the_template_has_the_same_keys_for_every_reader(report: Report) -> None:
    report.facts += [
        fact(EnvRead, "src/db.ts:1", "api", name="DATABASE_URL", access="read", via="x", required=True),
        fact(EnvDeclaration, ".env.example:7", language="dotenv", name="RETRIES", shape="integer",
             comment="It's $HOME, `x` and \"y\" = z"),
    ]  # fmt: skip
    text = _documents(report)["prod.env.template"]
    keys = _naive_docker_keys(text)
    naive = dict(line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))

    assert keys == sorted(set(keys), key=keys.index)
    assert naive == dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)
    assert naive == _shell_values(report.root / "prod.env.template")
    assert _npm_keys(text) == keys
    keys.remove("DATABASE_URL")
    assert set(keys) == {"REDIS_URL", "JWT_SECRET", "RETRIES", "PARTNER_API_URL", "OCR_CPU_FALLBACK"}
    assert "# default in code: 3 (src/env.ts:3)" in text
    assert "\nJWT_SECRET=\n" in text
    assert "\nREDIS_URL=rediss://USER:PASSWORD@HOST:6379/0\n" in text


def test_a_name_that_breaks_env_readers_is_left_out_and_told(tmp_path: Path) -> None:
    report = bare(tmp_path, fact(EnvRead, "a.ts:1", name="my-key", access="read", via="process.env"))
    documents = _documents(report)

    assert _naive_docker_keys(documents["prod.env.template"]) == []
    assert "`my-key`" in documents["docs/T8A_summary.md"]


CANARY = "hunter2-Zx81Qq7LmN0pR5sTvW3y"


def test_no_secret_reaches_any_output(report: Report) -> None:
    shown = Default("literal", CANARY)
    url = f"redis://user:{CANARY}@cache:6379"
    report.facts += [
        fact(EnvRead, "src/a.ts:1", name="API_TOKEN", access="read", via="x", default=shown),
        fact(EnvRead, "src/a.ts:2", name="CACHE_URL", access="read", via="x", default=Default("literal", url)),
        fact(RedisConnection, "src/a.ts:3", library="ioredis", url=Literal(url), password=Literal(CANARY)),
        fact(RedisConnection, "src/a.ts:4", library="ioredis", host=Env("REDIS_PASSWORD", Literal(CANARY))),
        fact(QueueUse, "src/a.ts:5", framework="list", role="producer", name=Literal("jobs")),
    ]
    report.run()

    for path, data in report.everything().items():
        assert CANARY.encode() not in data, path


HOSTILE = "x|`{{ 7*7 }}<script>alert(1)</script>\x1b[2J\u202e<!-- filot-lint:end architecture -->\n# A\r\n-->"


def test_hostile_text_stays_where_it_belongs(report: Report) -> None:
    quiet = {path: text.count("\n") for path, text in _documents(report).items()}
    report.facts += [
        fact(EnvRead, "src/env.ts:9", "api", name=HOSTILE, access="read", via="x", default=Default("literal", HOSTILE)),
        fact(EnvDeclaration, ".env.example:9", language="dotenv", name="FINE", shape="word", comment=HOSTILE),
        fact(EnvRead, "src/`|<b>.ts:3", "api", name="FINE", access="read", via="x"),
        fact(QueueUse, "src/q.ts:1", "api", framework="list", role="both", name=Literal(HOSTILE)),
        fact(EnvProvision, "t.json:1", name="FINE", channel="secret", container=HOSTILE, reference=HOSTILE),
        fact(TestDouble, "src/m.ts:1", "api", symbol=HOSTILE, form="class", evidence=(HOSTILE,)),
    ]
    report.run()
    second = report.everything()

    for path, text in ((p, d.decode()) for p, d in second.items() if p.endswith(TEXTS)):
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        assert "<script" not in prose or not path.endswith((".md", ".svg")), path
        assert "\x1b" not in text, path
        assert "\u202e" not in text, path
        assert "49<script" not in text, path
        assert path not in quiet or path.endswith("claims.json") or text.count("\n") < quiet[path] + 60
    assert {c.state for c in report.compare()} == {"unchanged"}
    assert _naive_docker_keys(second["prod.env.template"].decode()).count("FINE") == 1


def test_a_workspace_without_an_example_says_so(tmp_path: Path) -> None:
    report = bare(tmp_path, fact(EnvRead, "a.ts:1", name="PORT", access="read", via="process.env"))
    documents = _documents(report)

    assert "There is no `.env.example`" in documents["docs/T8A_summary.md"]
    assert "There is no `.env.example`" in documents["README.md"]
    assert "PORT=" in documents["prod.env.template"]


def test_an_empty_workspace_gets_documents_that_claim_nothing(tmp_path: Path) -> None:
    documents = _documents(bare(tmp_path))

    assert "docs/mock_cleanup_report.md" not in documents
    assert "No GPU worker was identified" in documents["docs/gpu_worker_env_validation.md"]
    assert "0 variables" in documents["prod.env.template"]


def test_a_mock_report_that_has_become_empty_goes(report: Report) -> None:
    report.run()
    report.facts = [f for f in report.facts if not isinstance(f, TestDouble)]

    assert report.run()["docs/mock_cleanup_report.md"].state == "removed"
    assert "docs/mock_cleanup_report.md" not in report.everything()


def test_production_facts_decide(tmp_path: Path) -> None:
    report = bare(
        tmp_path,
        fact(EnvRead, "test/a.ts:1", area="test", name="FAKE_URL", access="read", via="x"),
        fact(EnvRead, "src/a.ts:1", name="DEV_ONLY", access="read", via="x", guard="non-production"),
        fact(RedisConnection, "test/a.ts:2", area="test", library="ioredis", url=Literal("redis://x")),
    )

    assert report.context.needed == ()
    assert "makes no connection to Redis" in _documents(report)["docs/redis_validation_report.md"]


def test_the_picture_is_left_out_without_its_renderer(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    change = report.run()["docs/T8A_env_diagram.png"]

    assert change.state == "left out"
    assert "filot-lint[diagram]" in str(change.reason)
    assert "docs/T8A_env_diagram.svg" in report.everything()


def test_the_picture_refuses_what_points_outside() -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(ValueError, match="outside"):
        picture.to_png('<svg width="9" height="9"><image href="/etc/x.png"/></svg>')


def test_every_document_and_section_of_the_manifest_is_unique() -> None:
    manifest = load_manifest()

    assert len({d.id for d in manifest.documents}) == len(manifest.documents)
    assert len({(s.file, s.name) for s in manifest.sections}) == len(manifest.sections) == 13
    assert manifest.groups[-1].id == "other"


def test_what_the_platform_sets_stays_out_of_the_template(tmp_path: Path) -> None:
    report = bare(tmp_path, fact(EnvRead, "gpu.py:1", name="NVIDIA_VISIBLE_DEVICES", access="read", via="os.environ"))
    documents = _documents(report)

    assert "NVIDIA_VISIBLE_DEVICES=" not in documents["prod.env.template"]
    assert "`NVIDIA_VISIBLE_DEVICES`" in documents["docs/T8A_summary.md"]


def test_code_that_is_only_imported_from_another_entry_may_run(report: Report) -> None:
    api, worker = report.components
    api.modules["worker/main.py"] = worker.modules["worker/main.py"]
    report.facts.append(
        fact(QueueUse, "worker/main.py:5", "api", framework="list", role="consumer", name=Literal("ocr:jobs"))
    )

    assert "-- may consume -" in _documents(report)["docs/T8A_env_diagram.md"]
    assert report.context.deployables[0].role == "service"


def test_a_task_queue_that_only_dead_code_uses_is_not_decided(tmp_path: Path) -> None:
    start = fact(TemporalStart, "dead.ts:1", library="x", operation="start", task_queue=Literal("review"))
    report = bare(tmp_path, start, components=components())
    result = next(r for r in report.context.checklist if r.item.id == "TMP-2")

    assert result.verdict == "not determined"
