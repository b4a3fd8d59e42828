"""Documents waiting for OCR. An id moves to the processing list in one step, so a crash never loses it."""

import logging
import os
from dataclasses import dataclass

import redis

from filot_worker.settings import gpu, service

log = logging.getLogger(__name__)

CPU_QUEUE_VARIABLE = "OCR_CPU_QUEUE_KEY"
BLOCK_SECONDS = 5

CPU_QUEUE = os.environ.get(CPU_QUEUE_VARIABLE, "filot:ocr:cpu:queue")
PROCESSING = os.environ.get("OCR_GPU_PROCESSING_KEY", "filot:ocr:gpu:processing")
MAX_ATTEMPTS = int(os.environ.get("OCR_MAX_ATTEMPTS", "3"))
LOCK_TTL_SECONDS = int(os.getenv("OCR_LOCK_TTL_SECONDS", "180"))


def connect() -> redis.Redis:
    url = service.redis_url.get_secret_value()
    options: dict[str, object] = {
        "decode_responses": True,
        "socket_connect_timeout": 5,
        "socket_timeout": BLOCK_SECONDS * 3,
        "health_check_interval": 30,
    }
    if url.startswith("rediss://"):
        options["ssl_check_hostname"] = True
        if ca_file := os.environ.get("REDIS_CA_FILE"):
            options["ssl_ca_certs"] = ca_file
    return redis.Redis.from_url(url, **options)


@dataclass(frozen=True)
class Job:
    document_id: str
    small: bool


class DocumentQueue:
    def __init__(self, client: redis.Redis) -> None:
        self._redis = client

    def take(self) -> Job | None:
        """The next document, small scans first, or None after a few seconds without one."""
        document_id = self._redis.lmove(CPU_QUEUE, PROCESSING, "LEFT", "RIGHT")
        if document_id:
            return self._lock(Job(document_id, small=True))
        document_id = self._redis.blmove(gpu.queue_key, PROCESSING, BLOCK_SECONDS, "LEFT", "RIGHT")
        return self._lock(Job(document_id, small=False)) if document_id else None

    def done(self, job: Job) -> None:
        self._redis.lrem(PROCESSING, 1, job.document_id)
        self._redis.delete(f"filot:ocr:lock:{job.document_id}", f"filot:ocr:attempts:{job.document_id}")

    def failed(self, job: Job) -> bool:
        """Put it back, or give up after the last attempt. True when it will be tried again."""
        attempts = self._redis.incr(f"filot:ocr:attempts:{job.document_id}")
        if attempts >= MAX_ATTEMPTS:
            log.error("giving up on %s after %s attempts", job.document_id, attempts)
            self.done(job)
            return False
        self._redis.rpush(CPU_QUEUE if job.small else gpu.queue_key, job.document_id)
        self._redis.lrem(PROCESSING, 1, job.document_id)
        return True

    def requeue_abandoned(self) -> int:
        """Ids whose lock has run out belonged to a worker that died."""
        abandoned = 0
        for document_id in self._redis.lrange(PROCESSING, 0, -1):
            if not self._redis.exists(f"filot:ocr:lock:{document_id}"):
                self.failed(Job(document_id, small=False))
                abandoned += 1
        return abandoned

    def _lock(self, job: Job) -> Job:
        self._redis.set(f"filot:ocr:lock:{job.document_id}", "1", ex=LOCK_TTL_SECONDS)
        return job
