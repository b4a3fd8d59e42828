"""What facts keep of values that manifests write out, in every kind of manifest."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest

from filot_lint.extract import extract
from filot_lint.facts import EnvProvision
from filot_lint.models import load_models
from filot_lint.secrets import plain_text
from filot_lint.source import Language, SourceFile

CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"
HIDDEN = {
    "A": CANARY,
    "B": "hunter22",
    "JWT_SECRET": "7741902",
    "DB_PASSWORD": "production",
    "ADMIN_KEY": "7741903",
    "DOOR_PIN": "774190",
    "LOGIN_CODE": "774191",
    "ACCOUNT_ID": "7741904",
    "ACCOUNT": "774190512345",
    "SITE_URL": "https://shop7741905.example.com",
}
SHOWN = {
    "WORKERS": "4",
    "NODE_ENV": "production",
    "STRICT": "true",
    "RATE": "2.5",
    "POLL": "500ms",
    "LOG_LEVEL": "debug",
    "MAX_TOKENS": "4096",
}


def _compose(given: dict[str, str]) -> str:
    return json.dumps({"services": {"api": {"image": "x", "environment": given, "build": {"args": given}}}})


def _compose_list(given: dict[str, str]) -> str:
    return json.dumps({"services": {"api": {"image": "x", "environment": [f"{k}={v}" for k, v in given.items()]}}})


def _ecs(given: dict[str, str]) -> str:
    pairs = [{"name": k, "value": v} for k, v in given.items()]
    return json.dumps({"family": "api", "containerDefinitions": [{"name": "api", "environment": pairs}]})


def _kubernetes(given: dict[str, str]) -> str:
    container = {"name": "api", "env": [{"name": k, "value": v} for k, v in given.items()]}
    pod = {"template": {"spec": {"containers": [container], "initContainers": [container]}}}
    return json.dumps({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "api"}, "spec": pod})


def _config_map(given: dict[str, str]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "api"}, "data": given})


def _dockerfile(given: dict[str, str]) -> str:
    return "FROM x\n" + "".join(f"ARG {k}={v}\nENV {k}={v}\n" for k, v in given.items())


def _heroku(given: dict[str, str]) -> str:
    return json.dumps({"env": given})


def _fly(given: dict[str, str]) -> str:
    return "[env]\n" + "".join(f'{k} = "{v}"\n' for k, v in given.items())


def _github(given: dict[str, str]) -> str:
    steps = [{"run": "true", "env": given}]
    return json.dumps({"on": "push", "env": given, "jobs": {"a": {"runs-on": "x", "steps": steps}}})


def _buildspec(given: dict[str, str]) -> str:
    return json.dumps({"version": 0.2, "env": {"variables": given}, "phases": {}})


MANIFESTS = [
    ("docker-compose.yml", Language.COMPOSE, _compose),
    ("compose.yml", Language.COMPOSE, _compose_list),
    ("infra/task.json", Language.ECS, _ecs),
    ("k8s/api.yaml", Language.KUBERNETES, _kubernetes),
    ("k8s/settings.yaml", Language.KUBERNETES, _config_map),
    ("Dockerfile", Language.DOCKERFILE, _dockerfile),
    ("app.json", Language.HOSTING, _heroku),
    ("fly.toml", Language.HOSTING, _fly),
    (".replit", Language.REPLIT, _fly),
    (".github/workflows/a.yml", Language.GITHUB_ACTIONS, _github),
    ("buildspec.yml", Language.BUILDSPEC, _buildspec),
]


def provisions(path: str, language: Language, text: str) -> list[EnvProvision]:
    found = extract(SourceFile(path, text.encode(), language), load_models())
    return [fact for fact in found if isinstance(fact, EnvProvision)]


@pytest.mark.parametrize(("path", "language", "write"), MANIFESTS)
def test_only_harmless_values_are_kept(path: str, language: Language, write: Any) -> None:  # noqa: ANN401  # a function of this module
    found = provisions(path, language, write(SHOWN | HIDDEN))
    encoded = msgspec.json.encode(found).decode()

    assert {p.name: p.text for p in found} == SHOWN | dict.fromkeys(HIDDEN)
    assert not any(value in encoded for value in HIDDEN.values() if value not in SHOWN.values())


def test_nothing_of_a_secret_is_kept() -> None:
    plain = {"WORKERS": "774190"}
    encoded = {"WORKERS": base64.b64encode(b"774190").decode()}
    for field, data in (("stringData", plain), ("data", encoded), ("data", plain)):
        root = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "api"}, field: data}
        found = provisions("k8s/secret.yaml", Language.KUBERNETES, json.dumps(root))

        assert [p.text for p in found] == [None]


@pytest.mark.parametrize("text", ["${WORKERS:-774190}", "$WORKERS", "<WORKERS>", "774190 774190", "7" * 11, "", " "])
def test_what_is_no_plain_value(text: str) -> None:
    assert not plain_text("WORKERS", text)


def test_the_value_is_told_without_blanks() -> None:
    assert plain_text("WORKERS", " 4 ") == "4"
    assert plain_text("WORKERS", None) is None
