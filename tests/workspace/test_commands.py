"""What commands start: through shell scripts, images and the scripts of packages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from filot_lint.facts import EntryPoint, EnvRead
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]

MAIN = "console.log(process.env.A_NAME);\n"
TWO_APPS = {"apps/api/src/main.ts": MAIN, "apps/web/src/main.ts": MAIN}


def entries(index: Index) -> list[tuple[str, ...]]:
    return [component.entries for component in index.components]


def test_a_script_that_the_image_starts(make_index: MakeIndex) -> None:
    index = make_index({
        "docker/Dockerfile": (
            'FROM node\nWORKDIR /app\nCOPY . .\nCOPY docker/start.sh /run.sh\nENTRYPOINT ["/run.sh"]\n'
        ),
        "docker/start.sh": "#!/bin/sh\nnpx prisma migrate deploy\nexec node src/server.js --port $PORT\n",
        "src/server.js": MAIN,
    })  # fmt: skip
    [component] = index.components

    assert component.entries == ("src/server.js",)
    assert component.scripts == ("docker/start.sh",)
    assert set(component.modules) == {"src/server.js", "docker/start.sh"}
    assert [r.components for r in index.reads["PORT"]] == [(component.name,)]


def test_a_script_that_runs_what_it_is_given(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM x\nWORKDIR /a\nCOPY . .\nENTRYPOINT ["./entry.sh"]\nCMD ["python", "-m", "worker.main"]\n',
        "entry.sh": '#!/bin/sh\n: "${NEEDED:?}"\nexec "$@"\n',
        "worker/__init__.py": "",
        "worker/main.py": "import os\nos.environ['A_NAME']\n",
    })  # fmt: skip

    assert entries(index) == [("worker/main.py",)]
    assert index.components[0].scripts == ("entry.sh",)


def test_what_a_container_starts_is_no_tooling(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM x\nCOPY . /app\nWORKDIR /app\nCMD ["./bin/start.sh"]\n',
        "bin/start.sh": "#!/bin/sh\nexec node server.js $STARTED\n",
        "bin/seed.sh": "#!/bin/sh\nnode seed.js $SEED\n",
        "server.js": MAIN,
        "seed.js": MAIN,
    })  # fmt: skip
    areas = {read.name: read.area for read in index.of(EnvRead)}

    assert (areas["STARTED"], areas["SEED"]) == ("production", "tooling")


def test_a_script_of_another_package_is_not_meant(make_index: MakeIndex) -> None:
    index = make_index({
        "apps/web/Dockerfile": 'FROM node\nCMD ["npm", "start"]\n',
        "apps/web/package.json": json.dumps({"name": "web", "scripts": {"start": "unknown", "lint": "node lint.js"}}),
        "apps/api/package.json": json.dumps({"name": "api", "scripts": {"start": "node main.js"}}),
        "apps/api/main.js": MAIN,
    })  # fmt: skip

    assert [component.dockerfiles for component in index.components] == [()]


@pytest.mark.parametrize(
    ("dockerfile", "entry"),
    [
        ('WORKDIR /srv\nCOPY --from=build /app/apps/web/dist ./dist\nCMD ["node", "dist/main.js"]', "web"),
        ('WORKDIR /srv\nCOPY --from=build /app/dist/apps/api .\nCMD ["node", "main"]', "api"),
        ('COPY --from=build /app/apps /x\nWORKDIR /x/web\nCMD ["node", "dist/main.js"]', "web"),
    ],
)
def test_files_of_images_are_traced(dockerfile: str, entry: str, make_index: MakeIndex) -> None:
    build = "FROM node AS build\nWORKDIR /app\nCOPY apps apps\nRUN npm run build\nFROM node\n"

    assert entries(make_index({"docker/Dockerfile": build + dockerfile, **TWO_APPS})) == [
        (f"apps/{entry}/src/main.ts",)
    ]


def test_python_modules_of_images_are_traced(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": "FROM x\nWORKDIR /code\nCOPY ./backend/app /code/app\nCMD uvicorn app.main:app\n",
        "backend/app/main.py": "import os\nos.environ['A_NAME']\n",
        "other/app/main.py": "import os\nos.environ['B_NAME']\n",
    })  # fmt: skip

    assert entries(index) == [("backend/app/main.py",)]


def test_a_target_that_compose_builds(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": (
            'FROM node AS base\nCOPY . .\nFROM base AS worker\nCMD ["node", "worker.js"]\n'
            'FROM base AS api\nCMD ["node", "api.js"]\n'
        ),
        "compose.yml": (
            "services:\n  api: {build: .}\n  jobs: {build: {context: ., target: worker}}\n"
            "  same: {build: {context: ., target: api}}\n"
        ),
        "api.js": MAIN,
        "worker.js": MAIN,
    })  # fmt: skip

    assert {c.entries: c.containers for c in index.components} == {
        ("api.js",): ("api", "same"),
        ("worker.js",): ("jobs",),
    }


@pytest.mark.parametrize(
    "command",
    [
        '["npm", "run", "serve", "-w", "web"]',
        '["pnpm", "--filter", "web", "serve"]',
        '["pnpm", "--filter=web", "serve"]',
        '["yarn", "workspace", "web", "serve"]',
        '["npm", "--prefix", "web", "run", "serve"]',
    ],
)
def test_scripts_of_a_package_of_the_workspace(command: str, make_index: MakeIndex) -> None:
    package = {"name": "web", "scripts": {"serve": "node src/main.js"}}
    other = {"name": "api", "scripts": {"serve": "node src/main.js"}}
    index = make_index({
        "Dockerfile": f"FROM node\nCMD {command}\n",
        "web/package.json": json.dumps(package),
        "api/package.json": json.dumps(other),
        "web/src/main.js": MAIN,
        "api/src/main.js": MAIN,
    })  # fmt: skip

    assert entries(index) == [("web/src/main.js",)]


@pytest.mark.parametrize(
    ("command", "files", "entry"),
    [
        (
            "node apps/live",
            {"apps/live/package.json": '{"main": "./dist/start.js"}', "apps/live/src/start.ts": MAIN},
            1,
        ),
        ("fastapi run --workers 4", {"app/main.py": "import os\nos.environ['A_NAME']\n", "tests/main.py": ""}, 0),
        (
            "npm run start:prod",
            {"package.json": '{"scripts": {"start:prod": "node dist/main"}}', "src/main.ts": MAIN},
            1,
        ),
        ("npx nest start", {"src/main.ts": MAIN, "src/other.ts": MAIN}, 0),
    ],
)
def test_programs_that_are_not_named_in_full(
    command: str, files: dict[str, str], entry: int, make_index: MakeIndex
) -> None:
    index = make_index({"Dockerfile": f"FROM x\nCOPY . .\nCMD {command}\n", **files})

    assert entries(index)[0] == (list(files)[entry],)


def test_what_stays_unknown(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM x\nENTRYPOINT ["/entry.sh"]\nCMD ["nginx", "-g", "daemon off;"]\n',
        "docker/entry.sh": '#!/bin/sh\nexec "$@"\n',
        "compose.yml": "services: {redis: {image: redis, command: redis-server}}",
        "a.js": MAIN,
    })  # fmt: skip

    assert not index.components
    assert [e.target for e in index.of(EntryPoint)] == [None, None]


def test_scripts_that_run_each_other(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": "FROM x\nCOPY . .\nCMD ./a.sh\n",
        "a.sh": "#!/bin/sh\npython b.sh\nnpm run a\n",
        "b.sh": "#!/bin/sh\npython a.sh\n",
        "package.json": '{"scripts": {"a": "npm run b", "b": "npm run a"}}',
    })  # fmt: skip

    assert not index.components
