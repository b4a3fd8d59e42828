"""What the docker client makes of an `--env-file`: it parses the file itself and tells an engine, here ours."""

from __future__ import annotations

import json
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest


class _Engine(BaseHTTPRequestHandler):
    """Answers like an engine that creates every container, and keeps what it was asked for."""

    protocol_version = "HTTP/1.1"
    asked: dict[str, list[str]]

    def do_GET(self) -> None:
        """Answer to a ping."""
        self._answer(200, {"ApiVersion": "1.41", "Id": "none"})

    do_HEAD = do_GET  # noqa: N815  # the name is the method's

    def do_POST(self) -> None:
        """Take the order to create a container."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        type(self).asked["env"] = body.get("Env") or []
        self._answer(201, {"Id": "0" * 64, "Warnings": []})

    def _answer(self, code: int, data: dict[str, object]) -> None:
        text = json.dumps(data).encode()
        self.send_response(code)
        for name, value in {"API-Version": "1.41", "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def env_of_container(env_file: Path) -> dict[str, str]:
    """Return the variables that a container would get from a file."""
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("the docker client is not installed")
    asked: dict[str, list[str]] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Engine", (_Engine,), {"asked": asked}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        command = [docker, "create", "--env-file", str(env_file), "image"]
        host = {"DOCKER_HOST": f"tcp://127.0.0.1:{server.server_port}", "DOCKER_CONFIG": str(env_file.parent)}
        done = subprocess.run(command, env=host, capture_output=True, text=True, check=False, timeout=60)
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == 0, done.stderr
    return dict(entry.split("=", 1) for entry in asked["env"])
