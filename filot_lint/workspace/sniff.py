"""Manifests whose name does not say what they are: a look at path and content does."""

from __future__ import annotations

import re
from pathlib import Path

from filot_lint.source import Language

MAX_SIZE = 1_000_000
_WORKFLOW = re.compile(r"(^|/)\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml$")
_ACTION = re.compile(r"(^|/)action\.ya?ml$")
_BUILDSPEC = re.compile(r"(^|[/._-])buildspec([._-][\w.-]+)?\.ya?ml$")
_HOSTING = re.compile(r"(^|/)(fly(\.[\w-]+)?\.toml|render\.ya?ml|vercel\.json|app\.json|railway\.(json|toml))$")
_SERVICES = re.compile(
    rb"^services:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+[\"']?[\w.-]+[\"']?:", re.MULTILINE
)
_IMAGE = re.compile(rb"^[ \t]+(?:image|build):", re.MULTILINE)
_KIND = re.compile(
    rb"^kind:[ \t]*[\"']?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|ConfigMap|Secret|List)\b",
    re.MULTILINE,
)
_TEMPLATE = re.compile(rb"\{\{-?\s*(?:[.$]|(?:include|if|else|end|range|with|template|toYaml|define|tpl)\b)")
_PROGRAM = re.compile(rb"^\[(?:program:[^\]\s]+|uwsgi)\]", re.MULTILINE)
_TASK = re.compile(rb"\bAWS::ECS::(?:TaskDefinition|Service)\b|^\s*containerDefinitions:", re.MULTILINE)


def manifest_of(root: Path, path: str) -> Language | None:
    """Return what a YAML, JSON, TOML or INI file describes, None when nothing that is read."""
    if _WORKFLOW.search(path):
        return Language.GITHUB_ACTIONS
    if _HOSTING.search(path):
        return Language.HOSTING
    data = _content(root / path) if path.endswith((".json", ".yaml", ".yml", ".conf", ".ini")) else None
    if data is None:
        return None
    if path.endswith((".conf", ".ini")):
        return Language.SUPERVISOR if _PROGRAM.search(data) else None
    if path.endswith(".json"):
        lower = data.lower()
        task = b'"containerdefinitions"' in lower or (b'"servicename"' in lower and b'"taskdefinition"' in lower)
        return Language.ECS if task else None
    return _yaml(path, data)


def _yaml(path: str, data: bytes) -> Language | None:
    if _ACTION.search(path):
        return Language.GITHUB_ACTIONS if re.search(rb"^runs:", data, re.MULTILINE) else None
    if _BUILDSPEC.search(path):
        return Language.BUILDSPEC if re.search(rb"^phases:", data, re.MULTILINE) else None
    if _TASK.search(data):
        return Language.ECS
    if _TEMPLATE.search(data):
        return None
    if _KIND.search(data) and b"apiVersion:" in data:
        return Language.KUBERNETES
    return Language.COMPOSE if _SERVICES.search(data) and _IMAGE.search(data) else None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_SIZE else None
    except OSError:
        return None
