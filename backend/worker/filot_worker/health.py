"""Liveness: a heartbeat file for ECS, and a small HTTP endpoint for Prometheus."""

import os
import sys
import time
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

from filot_worker import counters

PORT_VARIABLE = "WORKER_HEALTH_PORT"
STALE_SECONDS = 180

HEARTBEAT = Path(os.environ.get("WORKER_HEARTBEAT_FILE", "/tmp/filot-worker.heartbeat"))


def beat() -> None:
    HEARTBEAT.touch()


def is_alive() -> bool:
    return HEARTBEAT.exists() and time.time() - HEARTBEAT.stat().st_mtime < STALE_SECONDS


def application(environ, start_response):
    """GET /healthz and GET /metrics."""
    if environ["REQUEST_METHOD"] != "GET":
        start_response("405 Method Not Allowed", [("Content-Type", "text/plain")])
        return [b"only GET\n"]
    if environ.get("PATH_INFO", "/") == "/metrics":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"filot_{name} {value}\n".encode() for name, value in sorted(counters.snapshot().items())]
    status = "200 OK" if is_alive() else "503 Service Unavailable"
    start_response(status, [("Content-Type", "text/plain")])
    return [status.encode()]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Scrapes would drown the log."""


def serve() -> None:
    port = int(os.environ.get(PORT_VARIABLE, "8090"))
    server = make_server("0.0.0.0", port, application, handler_class=QuietHandler)
    Thread(target=server.serve_forever, name="health", daemon=True).start()


if __name__ == "__main__":
    sys.exit(0 if is_alive() else 1)
