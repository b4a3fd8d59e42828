"""Manifests are known by path and content."""

from __future__ import annotations

from pathlib import Path

import pytest

from filot_lint.config import Config
from filot_lint.source import Area, Language
from filot_lint.workspace.discover import area_of, discover

POD = "apiVersion: v1\nkind: Pod\n"


@pytest.mark.parametrize(
    ("path", "text", "language"),
    [
        (".github/workflows/ci.yml", "on: push", Language.GITHUB_ACTIONS),
        ("sub/.github/workflows/ci.yaml", "", Language.GITHUB_ACTIONS),
        ("actions/x/action.yml", "name: x\nruns:\n  using: composite", Language.GITHUB_ACTIONS),
        ("app/action.yml", "name: x", None),
        (".github/dependabot.yml", "version: 2", None),
        ("buildspec.yml", "version: 0.2\nphases: {}", Language.BUILDSPEC),
        ("ci/buildspec-gpu.yaml", "phases:\n  build: {}", Language.BUILDSPEC),
        ("buildspec.yml", "a: b", None),
        ("prisma/schema.prisma", "", Language.PRISMA),
        ("prisma/models/user.prisma", "", Language.PRISMA),
        ("k8s/a.yaml", POD, Language.KUBERNETES),
        ("k8s/a.yaml", 'apiVersion: v1\nkind: "ConfigMap"\n', Language.KUBERNETES),
        ("k8s/a.yaml", "apiVersion: v1\nkind: Service\n", None),
        ("chart/templates/a.yaml", POD + "spec: {{ .Values.x }}", None),
        ("chart/templates/a.yaml", POD + "{{- if .Values.x }}", None),
        ("k8s/a.yaml", POD + "x: '{{name}}'", Language.KUBERNETES),
        ("stack.yml", "services:\n  web:\n    image: x", Language.COMPOSE),
        ("stack.yml", 'version: "3"\nservices:\n\n  # said\n  "web":\n    build: .', Language.COMPOSE),
        ("config/services.yaml", "services:\n  _defaults:\n    autowire: true", None),
        (".gitlab-ci.yml", "services:\n  - postgres\nimage: x", None),
        ("infra/stack.yml", "Type: AWS::ECS::TaskDefinition", Language.ECS),
        ("infra/task.yaml", "containerDefinitions:\n  - name: x", Language.ECS),
        ("fly.toml", "", Language.HOSTING),
        ("fly.staging.toml", "", Language.HOSTING),
        ("render.yaml", "", Language.HOSTING),
        ("vercel.json", "{}", Language.HOSTING),
        ("app.json", "{}", Language.HOSTING),
        ("railway.json", "{}", Language.HOSTING),
        ("railway.toml", "", Language.HOSTING),
        ("other.toml", "", None),
        ("values.yaml", "env:\n  A: 1", None),
        ("big.yaml", POD + "#" * 1_000_001, None),
    ],
)
def test_what_a_file_is(path: str, text: str, language: Language | None, tmp_path: Path) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(text)

    assert [f.language for f in discover(tmp_path, Config()).files] == ([] if language is None else [language])


@pytest.mark.parametrize(
    ("path", "language", "area"),
    [
        (".github/workflows/ci.yml", Language.GITHUB_ACTIONS, Area.TOOLING),
        ("action.yml", Language.GITHUB_ACTIONS, Area.TOOLING),
        ("buildspec.yml", Language.BUILDSPEC, Area.TOOLING),
        ("tests/action.yml", Language.GITHUB_ACTIONS, Area.TEST),
        ("prisma/schema.prisma", Language.PRISMA, Area.PRODUCTION),
        (".devcontainer/Dockerfile", Language.DOCKERFILE, Area.TOOLING),
        (".devcontainer/start.sh", Language.SHELL, Area.TOOLING),
        ("examples/compose.yml", Language.COMPOSE, Area.TOOLING),
        ("examples/.env.example", Language.DOTENV, Area.TOOLING),
        ("scripts/Dockerfile", Language.DOCKERFILE, Area.PRODUCTION),
        ("k8s/a.yaml", Language.KUBERNETES, Area.PRODUCTION),
    ],
)
def test_areas_of_manifests(path: str, language: Language, area: Area) -> None:
    assert area_of(path, language) is area
