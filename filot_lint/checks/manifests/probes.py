"""Health checks: the program that probes, the port it probes, and who answers there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from filot_lint.checks.manifests.images import components_of, dockerfile_of
from filot_lint.extract.manifests.command import SERVERS
from filot_lint.facts import ContainerSpec, EnvFile, EnvProvision, Imports, Listener
from filot_lint.values import Env, Literal, Value
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

_TOOL = re.compile(r"(?:^|[\s(`;|&!/])(curl|wget|nc)(?=\s)")
_HERE = r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])"
_PORT = re.compile(rf"(?<![\w.-]){_HERE}(?::|[ \t]+)(\d{{2,5}})(?!\d)")
_RUNNERS = re.compile(r"(?:.*/)?(?:node|nodejs|bun|deno|tsx|ts-node|python[\d.]*)")
_SERVING = re.compile(
    r"(?:node:)?(?:https?2?|net|tls|cluster)|express|koa|hono|fastify|restify|polka|elysia|next(?:/.*)?|ws|socket\.io|nuxt|h3|nitro\w*"
    r"|lightship|prom\S*|@(?:hapi|nestjs|hono|fastify|koa|godaddy|grpc|trpc|apollo|remix-run|sveltejs|opentelemetry)/.*"
    r"|graphql-yoga|serve|serve-handler|connect|(?:node:)?child_process|execa|zx|cross-spawn|tinyexec|pm2|concurrently"
    r"|(?:http\.server|socketserver|wsgiref|xmlrpc|flask|fastapi|starlette|uvicorn|gunicorn|hypercorn|waitress|cheroot"
    r"|aiohttp|tornado|sanic|bottle|django|quart|falcon|cherrypy|twisted|litestar|robyn|prometheus_client|grpc|socket"
    r"|subprocess|multiprocessing|pexpect|plumbum|sh|supervisor|honcho"
    r"|werkzeug|gradio|streamlit|ray|bentoml|modal|temporalio\.runtime|opentelemetry|healthcheck)(?:\..*)?"
)
"""Modules that may start a server, or a program that is one, where the models do not see it."""


def text_of(spec: ContainerSpec) -> str:
    """Return the command of a health check; empty when there is none."""
    kind, *words = spec.health_check or ("NONE",)
    return " ".join(words if kind in {"CMD", "CMD-SHELL"} else (kind, *words)) if kind != "NONE" else ""


def tools_of(spec: ContainerSpec) -> list[str]:
    """Return the programs that probe, the shell among them where one is needed."""
    found = list(dict.fromkeys(_TOOL.findall(text_of(spec))))
    return [*found, "sh"] if spec.health_check[:1] == ("CMD-SHELL",) else found


def port_of(spec: ContainerSpec) -> str | None:
    """Return the one port on its own machine that a health check probes."""
    ports = set(_PORT.findall(text_of(spec)))
    return ports.pop() if len(ports) == 1 else None


def runs_of(index: Index, spec: ContainerSpec) -> Component | None:
    """Return the deployable in a container, if a program of the workspace is all that it runs."""
    image = dockerfile_of(index, spec)
    found = components_of(index, spec) or (components_of(index, image) if image is not None else [])
    if len(found) != 1 or not found[0].entries or found[0].scripts:
        return None
    words = found[0].command or (image.command if image is not None else ())
    served = any(word.rpartition("/")[2] in SERVERS for word in words)
    return found[0] if words and _RUNNERS.fullmatch(words[0]) and not served else None


def listeners_of(index: Index, component: Component) -> list[Listener]:
    """Return where a deployable starts to listen."""
    name = component.name
    return [fact for fact in index.of(Listener) if name in fact.components and name not in fact.uncalled]


def may_serve(index: Index, component: Component) -> str | None:
    """Return a module of a library that may start a server by itself."""
    imports = (fact for fact in index.of(Imports) if fact.file in component.modules and not fact.type_only)
    found = (fact.module for fact in imports if fact.target is None and _SERVING.fullmatch(fact.module))
    return next((module if module.startswith("@") else module.partition("/")[0] for module in found), None)


def ports_of(index: Index, spec: ContainerSpec, listeners: Iterable[Listener]) -> set[str] | None:
    """Return the ports that servers listen on, null when one of them is not known."""
    files = {spec.file} | {image.file for image in [dockerfile_of(index, spec)] if image is not None}
    given = {
        p.name: p.text
        for p in sorted(index.of(EnvProvision), key=lambda p: p.file == spec.file)
        if p.file in files and p.container in {None, spec.name}
    }
    if any(file.file == spec.file and file.container == spec.name for file in index.of(EnvFile)):
        return None
    found = {_port(listener.port, given) for listener in listeners}
    return None if None in found else {port for port in found if port is not None}


def _port(value: Value | None, given: Mapping[str, str | None]) -> str | None:
    """Return the port of a server: what the manifest gives to its variable, else the default."""
    if isinstance(value, Env) and value.name is not None:
        if value.name in given:
            text = given[value.name]
            return text if text is not None and text.isdigit() else None
        value = value.default
    return value.text if isinstance(value, Literal) and value.text.isdigit() else None
