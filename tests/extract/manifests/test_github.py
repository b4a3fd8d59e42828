"""What GitHub Actions give to their own commands, and what they say about images and services."""

from __future__ import annotations

import time

import msgspec
import pytest

from filot_lint.extract.manifests.github import extract
from filot_lint.facts import EnvProvision, EnvRead, Fact, ImageBuild, Problem, ServiceSpec, StoredValue, TaskRendering
from filot_lint.models import load_models
from filot_lint.source import Area, Language, SourceError, SourceFile

CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"
WORKFLOW = """name: deploy
on: push
env:
  REGION: eu-west-1
  REPOSITORY: shop-api
  TOKEN: ${{ secrets.DEPLOY_TOKEN }}
jobs:
  build:
    runs-on: ubuntu-latest
    if: vars.ENABLED == 'true' && env.SET_BY_NOBODY
    services:
      db:
        image: postgres
        env: {POSTGRES_PASSWORD: x}
    env:
      DATABASE_URL: postgres://u:p@localhost/db
    steps:
      - uses: actions/checkout@v4
        with:
          token: ${{ secrets.CHECKOUT || secrets['QUOTED'] }}
      - env:
          OWN: 1
        run: |
          echo "$DATABASE_URL $OWN $REGION $MISSING" ${{ env.REGION }}
          echo "LATER=x" >> "$GITHUB_ENV"
          cat <<END
            $INSIDE
          END
          python3 - <<'END'
          import os
          print(os.environ["FROM_PYTHON"])
          END
      - run: 'echo $LATER $OWN # $COMMENT'
      - run: >-
          docker build
          -f backend/Dockerfile
          -t ${{ steps.login.outputs.registry }}/$REPOSITORY:${{ github.sha }} backend
      - {shell: python, run: "import os; os.getenv('IN_PYTHON')"}
      - {shell: pwsh, run: 'echo $env:A $B'}
  windows:
    runs-on: windows-latest
    steps: [{run: echo $C}, {shell: bash, run: echo $D}]
"""


def facts(text: str | bytes, path: str = ".github/workflows/deploy.yml") -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile(path, data, Language.GITHUB_ACTIONS, Area.TOOLING), load_models())


def steps(text: str) -> list[Fact]:
    """Return the facts of a job with these steps."""
    body = "".join(f"      {line}\n" for line in text.splitlines())
    return facts("env: {CLUSTER: prod, SERVICE: api}\njobs:\n  a:\n    steps:\n" + body)


def test_what_commands_are_given() -> None:
    found = [f for f in facts(WORKFLOW) if isinstance(f, EnvProvision)]

    assert [(f.name, f.scope, f.shape, f.reference, f.line) for f in found] == [
        ("REGION", "workflow", "word", None, 4),
        ("REPOSITORY", "workflow", "word", None, 5),
        ("TOKEN", "workflow", None, "secrets.DEPLOY_TOKEN", 6),
        ("DATABASE_URL", "jobs.build", "localhost url with credentials", None, 16),
        ("POSTGRES_PASSWORD", "jobs.build.services.db", "word", None, 14),
        ("OWN", "jobs.build.steps[1]", "boolean", None, 22),
    ]
    assert {(f.channel, f.area, f.container) for f in found} == {("ci", "tooling", None)}


def test_what_commands_take_from_the_runner() -> None:
    found = [f for f in facts(WORKFLOW) if isinstance(f, EnvRead) and f.name != "GITHUB_ENV"]

    assert [(f.name, f.line, f.column) for f in found] == [
        ("MISSING", 24, 45),
        ("INSIDE", 27, 14),
        ("FROM_PYTHON", 31, 17),
        ("OWN", 33, 28),
        ("IN_PYTHON", 38, 42),
        ("D", 42, 54),
        ("SET_BY_NOBODY", 10, 39),
    ]
    assert {f.area for f in found} == {"tooling"}
    assert {f.language for f in found} == {"github-actions"}


def test_values_of_the_store() -> None:
    found = [f for f in facts(WORKFLOW) if isinstance(f, StoredValue)]

    assert [(f.store, f.name, f.line, f.column) for f in found] == [
        ("secrets", "DEPLOY_TOKEN", 6, 22),
        ("vars", "ENABLED", 10, 14),
        ("secrets", "CHECKOUT", 20, 30),
        ("secrets", "QUOTED", 20, 51),
    ]


def test_images_that_commands_build() -> None:
    (build,) = [f for f in facts(WORKFLOW) if isinstance(f, ImageBuild)]

    assert (build.dockerfile, build.image, build.line) == ("backend/Dockerfile", "shop-api", 35)


META = "- id: meta\n  uses: docker/metadata-action@v5\n  with: {images: ghcr.io/x/api}\n"
OUTPUT = "'${{ steps.meta.outputs.tags }}'"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- uses: docker/build-push-action@v6\n  with: {tags: ghcr.io/x/api:1}", [("Dockerfile", "api")]),
        (
            "- uses: docker/build-push-action@v6\n  with: {context: ./worker, tags: 'a/b:1,c/b:2, d'}",
            [("worker/Dockerfile", "b"), ("worker/Dockerfile", "d")],
        ),
        (
            f"{META}- uses: docker/build-push-action@v6\n  with: {{file: b/Dockerfile, tags: {OUTPUT}}}",
            [("b/Dockerfile", "api")],
        ),
        ("- uses: docker/build-push-action@v6\n  with: {tags: '${{ github.repository }}:1'}", []),
        ("- uses: docker/build-push-action@v6\n  with: {context: 'https://x/y.git', tags: a}", []),
        ("- uses: docker/build-push-action@v6\n  with: {tags: '${{ steps.x.outputs.tags }}'}\n  id: x", []),
        ("- uses: docker/build-push-action@v6", []),
        ("- uses: other/build-push-action@v6\n  with: {tags: a}", []),
    ],
)
def test_images_that_actions_build(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(f.dockerfile, f.image) for f in steps(text) if isinstance(f, ImageBuild)] == expected


def test_arguments_of_a_build() -> None:
    text = "- uses: docker/build-push-action@v6\n  with:\n    build-args: |\n"
    text += "      A=1\n      # no\n      B=${{ github.sha }}"
    found = [f for f in steps(text) if isinstance(f, EnvProvision) and f.channel == "image-arg"]

    assert [(f.name, f.shape, f.line, f.column, f.area) for f in found] == [
        ("A", "boolean", 8, 13, "tooling"),
        ("B", "reference", 10, 13, "tooling"),
    ]


def test_services_that_are_deployed() -> None:
    text = (
        "- id: render\n  uses: aws-actions/amazon-ecs-render-task-definition@v1\n"
        "  with: {task-definition: infra/task.json, container-name: api, image: x}\n"
        "- uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n  with:\n"
        "    task-definition: ${{ steps.render.outputs.task-definition }}\n"
        "    service: ${{ env.SERVICE }}\n    cluster: ${{ env.CLUSTER }}\n"
        "- uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n  with: {service: '${{ inputs.x }}'}"
    )
    (service,) = [f for f in steps(text) if isinstance(f, ServiceSpec)]

    (rendering,) = [f for f in steps(text) if isinstance(f, TaskRendering)]

    assert (service.name, service.cluster, service.task_definition) == ("api", "prod", "infra/task.json")
    assert (rendering.task_definition, rendering.container, rendering.line) == ("infra/task.json", "api", 6)


def test_composite_actions() -> None:
    text = "runs:\n  using: composite\n  steps:\n    - run: echo $A $B\n      shell: bash\n      env: {A: 1}\n"

    assert [f.name for f in facts(text, "action.yml") if isinstance(f, EnvRead)] == ["B"]
    docker = facts("runs: {using: docker, image: Dockerfile, env: {A: 1}}", "action.yml")
    assert [(f.name, f.scope) for f in docker if isinstance(f, EnvProvision)] == [("A", "runs")]


def test_values_never_leave() -> None:
    found = facts(
        f"env: {{A: {CANARY}}}\njobs: {{a: {{steps: [{{env: {{B: {CANARY}}}, run: 'X=${{Y:-{CANARY}}}'}}]}}}}"
    )

    assert CANARY not in msgspec.json.encode(found).decode()


def test_broken_files() -> None:
    found = facts("env: {A: 1}\njobs:\n  a: [\n  b: }\n")

    assert [f.name for f in found if isinstance(f, EnvProvision)] == ["A"]
    assert [f.line for f in found if isinstance(f, Problem)] == [4]
    assert facts("") == facts("[a]") == facts("jobs: 1") == facts("jobs: {a: {steps: {run: echo $X}}}") == []


def test_hostile_input() -> None:
    begin = time.perf_counter()
    bomb = "a0: &a0 {env: {A: 1}, steps: [{run: echo $A}]}\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 20)}]\n" for i in range(1, 30)
    )
    for text in (
        "jobs: " + "[" * 40_000,
        bomb + "jobs: {x: {steps: *a29, env: *a29, services: *a29}}\n",
        "jobs: &j {a: *j, env: *j}\n",
        "jobs: {a: {env: [x], env: {A: 1, A: 2}, runs-on: {a: b}, steps: [1, [x], {run: [x], env: x, uses: {}}]}}",
        "jobs: {a: {steps: [{uses: docker/build-push-action, with: {tags: []}}]}}",
        "env: {? [x] : y, 1: 2, ~: 3}\njobs: {a: {steps: [{run: }]}}",
        "jobs:\n  a:\n    steps:\n" + "      - run: echo $A\n" * 1_000,
        "jobs:\n  a:\n    steps:\n      - run: |\n" + "          echo ${{ secrets.A }} $B\n" * 2_000,
        "if: " + "secrets." * 5_000,
        "x: " + "${{ env.A }} " * 5_000,
        "x: " + "${{ " * 10_000,
        "x: >\n" + "  ${{ env.A\n  }}\n" * 2_000,
    ):
        msgspec.json.encode(facts(text))
    msgspec.json.encode(facts(b"jobs: {a: {steps: [{run: 'echo \xff $A'}]}}"))
    assert time.perf_counter() - begin < 30
    with pytest.raises(SourceError):
        facts(b"\0")
