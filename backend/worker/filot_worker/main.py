"""The worker process: takes documents, reads and scores them, reports the score to their workflow."""

import asyncio
import logging
import os
import signal
import sys

from filot_worker import counters, database, gpu, health, log, storage, temporal_worker
from filot_worker.ocr import CpuReader, GpuReader, Reader
from filot_worker.queue import DocumentQueue, Job, connect
from filot_worker.scoring import score, verdict
from filot_worker.settings import gpu as gpu_settings

logger = logging.getLogger("filot_worker")

REQUIRED_FOR_REVIEW = ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "PUBLIC_API_URL")

USAGE = """Run with: python -m filot_worker.main
In a notebook, os.environ["FAKE_NOTEBOOK_VAR"] has no effect: settings are read once."""


def check_environment() -> None:
    missing = [name for name in REQUIRED_FOR_REVIEW if not os.environ.get(name)]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}\n{USAGE}")


def process(reader: Reader, job: Job) -> tuple[float, str]:
    document = storage.download(database.storage_key(job.document_id))
    value = score(reader.read(document))
    status = verdict(value).value
    database.save_score(job.document_id, value, status)
    return value, status


async def consume(queue: DocumentQueue, reader: Reader, client: temporal_worker.Client, stop: asyncio.Event) -> None:
    small_scans = CpuReader()
    timeout = float(os.getenv("OCR_JOB_TIMEOUT_SECONDS") or "120")
    while not stop.is_set():
        health.beat()
        job = await asyncio.to_thread(queue.take)
        if job is None:
            continue
        try:
            reading = asyncio.to_thread(process, small_scans if job.small else reader, job)
            value, status = await asyncio.wait_for(reading, timeout)
            await temporal_worker.report_score(client, job.document_id, value, status)
            queue.done(job)
            counters.increment("documents_total")
        except Exception:
            logger.exception("document %s failed", job.document_id)
            counters.increment("failures_total")
            queue.failed(job)


async def run() -> None:
    reader: Reader = GpuReader() if gpu.choose() else CpuReader()
    queue = DocumentQueue(connect())
    logger.info("%s abandoned documents put back", queue.requeue_abandoned())

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    client = await temporal_worker.connect()
    async with temporal_worker.build(client):
        consumers = [
            asyncio.create_task(consume(queue, reader, client, stop)) for _ in range(gpu_settings.concurrency)
        ]
        await stop.wait()
        drain = int(os.environ.get("WORKER_DRAIN_SECONDS", "90"))
        await asyncio.wait(consumers, timeout=drain)


def main() -> None:
    log.configure()
    check_environment()
    on_ecs = "ECS_CONTAINER_METADATA_URI_V4" in os.environ
    logger.info("build %s, on ECS: %s", os.environ.get("GIT_SHA", "(not set)"), on_ecs)
    health.serve()
    asyncio.run(run())


if __name__ == "__main__":
    main()
