"""The pages about a few files of code: each asserts one sentence or cell that was once wrong of real code."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from conftest import MakeWorkspace

from filot_lint.config import load_config
from filot_lint.documents.context import build_context
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.plan import plan
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace


def _page(make_workspace: MakeWorkspace, files: Mapping[str, str], name: str) -> str:
    """Return one document about some files, each dedented."""
    root = make_workspace({path: dedent(text).lstrip("\n") for path, text in files.items()})
    index = load_workspace(root, load_config(root), load_models())
    context = build_context(root, index, [], load_manifest())
    return next((p.data or b"").decode() for p in plan(root, context, frozenset({name})) if p.id == name)


def test_what_nothing_names_in_a_program_is_never_called(make_workspace: MakeWorkspace) -> None:
    body = """
        import Redis from "ioredis";
        const redis = new Redis(process.env.REDIS_URL);
        export async function enqueue(id) { await redis.rpush("jobs", id); }
        async function retry(id) { await redis.rpush("jobs", id); }
        async function work() { const id = await redis.lpop("jobs"); if (!id) await retry(id); }
        setInterval(work, 1000);
        export async function clear() { await redis.del("jobs"); }
    """
    files = {"Dockerfile": 'FROM node\nCMD ["node", "worker.js"]\n', "worker.js": body}
    text = _page(make_workspace, files, "redis")
    row = next(line for line in text.splitlines() if line.startswith("| `jobs` |"))
    cells = [cell.strip() for cell in row.split("|")]

    assert ("worker.js:4" in cells[3], "worker.js:3" in cells[3]) == (True, False)
    assert "worker.js:3" in cells[6]
    assert "Done to a whole queue: `del` ([worker.js:7](../worker.js#L7), never called)." in text
    assert "nothing here calls the function around [worker.js:3]" in text


def test_a_call_that_gives_a_value_leaves_the_default_out(make_workspace: MakeWorkspace) -> None:
    store = """
        import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
        import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
        const client = new S3Client({ endpoint: process.env.R2_ENDPOINT });
        export const sign = (key: string, seconds?: number) => {
          const expiresIn = seconds ?? Number(process.env.URL_EXPIRY || "3600");
          return getSignedUrl(client, new GetObjectCommand({ Bucket: "docs", Key: key }), { expiresIn });
        };
    """
    pages = """
        import { sign } from "./store";
        export const given = () => sign("a", 300);
        export const left = () => sign("b");
        export const stage = process.env.STAGE;
    """
    files = {"package.json": '{"main": "pages.ts"}', "store.ts": store, "pages.ts": pages}
    text = _page(make_workspace, files, "r2")
    rows = {
        line.split("pages.ts:")[1][0]: line
        for line in text.splitlines()
        if line.startswith("| `GetObject` | ") and "signed at" in line
    }

    assert "| `300` s |" in rows["2"]
    assert "`URL_EXPIRY`" in rows["3"]


def test_a_workflow_is_found_though_no_worker_registers_it(make_workspace: MakeWorkspace) -> None:
    files = {
        "client.ts": """
                import { Client } from "@temporalio/client";
                const client = new Client();
                export const run = () => client.workflow.start("review", { taskQueue: "q", workflowId: "1" });
            """,
        "flows/review.ts": """
                import { sleep } from "@temporalio/workflow";
                export async function review(): Promise<void> { await sleep("1 day"); }
            """,
    }
    text = _page(make_workspace, files, "temporal")

    assert "| **no worker here** | [flows/review.ts:2]" in text


def test_a_heading_does_not_make_needed_what_the_code_has_a_default_for(make_workspace: MakeWorkspace) -> None:
    files = {
        ".env.example": "# ----\n# Storage [REQUIRED]\n# ----\nEXPIRY=\nBUCKET=\nHOST=\n",
        "a.js": """
                export const a = process.env.EXPIRY || "3600";
                export const b = process.env.BUCKET;
                export const c = process.env.HOST || "localhost";
            """,
    }
    template = _page(make_workspace, files, "prod-env-template")
    said = {line[:-1]: block for block in template.split("\n\n") for line in block.splitlines()[-1:]}

    assert "# optional: the code goes on without it" in said["EXPIRY"]
    assert "# required: marked in the example file by the heading" in said["BUCKET"]
    assert "# required: marked in the example file by the heading" in said["HOST"]


def test_a_log_before_a_step_counts_for_it(make_workspace: MakeWorkspace) -> None:
    worker = """
        import logging
        log = logging.getLogger()

        def job(gpu_available, attempts):
            log.info("job")
            if not gpu_available:
                log.error("no gpu")
                if attempts < 3:
                    retry()
                else:
                    fail()

        job(False, 1)
    """
    files = {"Dockerfile.gpu": 'FROM python\nCMD ["python", "gpu_worker.py"]\n', "gpu_worker.py": worker}
    text = _page(make_workspace, files, "gpu-worker")
    rows = [line for line in text.splitlines() if line.startswith("| `job` |")]

    assert all("| `error` |" in row for row in rows if "retry" in row or "fail" in row)
    assert any("retry" in row for row in rows)


def test_a_quotient_of_constants_is_a_length_of_time(make_workspace: MakeWorkspace) -> None:
    body = """
        import Redis from "ioredis";
        const redis = new Redis(process.env.REDIS_URL);
        const HOUR = 3600000;
        const SECOND = 1000;
        redis.set("seen", "1", "EX", HOUR / SECOND);
    """
    assert "| `3600` s ([a.js:5]" in _page(make_workspace, {"a.js": body}, "redis")


def test_another_setting_with_a_like_name_is_no_answer(make_workspace: MakeWorkspace) -> None:
    body = """
        export const a = process.env.BULI2_API_URL;
        export const b = process.env.OCR_GPU_QUEUE_KEY || "gpu";
        export const c = process.env.OCR_QUEUE_KEY || "cpu";
    """
    text = _page(make_workspace, {"a.js": body}, "secrets-overview")

    assert "| queue of the GPU worker | `OCR_GPU_QUEUE_KEY` | the same | [a.js:2]" in text


def test_any_database_may_stand_behind_a_url(make_workspace: MakeWorkspace) -> None:
    body = """
        import os
        from sqlalchemy import create_engine
        engine = create_engine(os.environ["DATABASE_URL"])
    """
    text = _page(make_workspace, {"a.py": body}, "prod-env-template")

    assert "\nDATABASE_URL=\n" in text
    assert "PostgreSQL" not in text
