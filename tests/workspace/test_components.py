"""Deployables: what starts them and what they reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from filot_lint.workspace.dockerfiles import repository, tag, variant
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]


def task(**containers: dict[str, object]) -> str:
    listed = [{"name": name.replace("_", "-"), **content} for name, content in containers.items()]
    return json.dumps({"family": "shop", "containerDefinitions": listed})


def test_a_dockerfile_names_the_entry(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
        "src/server.ts": 'import "./routes";\n',
        "src/routes.ts": "export const a = process.env.A_NAME;\n",
        "src/unused.ts": "export const b = process.env.B_NAME;\n",
    })  # fmt: skip
    [component] = index.components
    assert component.entries == ("src/server.ts",)
    assert set(component.modules) == {"src/server.ts", "src/routes.ts"}
    assert component.dockerfiles == ("Dockerfile",)
    assert {name: reads[0].components for name, reads in index.reads.items()} == {
        "A_NAME": (component.name,),
        "B_NAME": (),
    }


def test_package_json_scripts_are_followed(make_index: MakeIndex) -> None:
    index = make_index({
        "package.json": json.dumps({"name": "shop", "scripts": {"start": "node build/main.js"}}),
        "Dockerfile": 'FROM node:22\nCMD ["npm", "start"]\n',
        "src/main.ts": "console.log(process.env.A_NAME);\n",
    })  # fmt: skip
    assert [c.entries for c in index.components] == [("src/main.ts",)]


def test_an_ecs_command_and_its_container(make_index: MakeIndex) -> None:
    index = make_index({
        "infra/task.json": task(
            api={"image": "shop/api:1", "command": ["node", "src/server.js"]},
            worker={"image": "shop/worker:1", "command": ["python", "-m", "worker.main"]},
        ),
        "src/server.js": "console.log(process.env.A_NAME);\n",
        "worker/__init__.py": "",
        "worker/main.py": "import os\nfrom worker import jobs\nprint(os.environ['B_NAME'])\n",
        "worker/jobs.py": "import os\nprint(os.environ['C_NAME'])\n",
    })  # fmt: skip
    found = {c.containers: c for c in index.components}
    assert found["api",].entries == ("src/server.js",)
    assert set(found["worker",].modules) == {"worker/__init__.py", "worker/main.py", "worker/jobs.py"}


def test_a_container_without_command_runs_its_image(make_index: MakeIndex) -> None:
    index = make_index({
        "infra/task.json": task(ocr_gpu={"image": "registry.example.com/shop-gpu:1"}),
        "Dockerfile": 'FROM node:22\nCMD ["node", "api.js"]\n',
        "Dockerfile.gpu": 'FROM python:3.12\nCMD ["python", "gpu.py"]\n',
        "api.js": "process.env.A_NAME;\n",
        "gpu.py": "import os\nos.environ['B_NAME']\n",
    })  # fmt: skip
    gpu = next(c for c in index.components if c.entries == ("gpu.py",))
    assert gpu.containers == ("ocr-gpu",)
    assert gpu.name == "ocr-gpu"


def test_lazy_imports_are_reached_but_not_certain(make_index: MakeIndex) -> None:
    index = make_index({
        "Procfile": "web: python main.py\n",
        "main.py": "import always\n\ndef later():\n    import sometimes\n",
        "always.py": "import os\nos.environ['A_NAME']\n",
        "sometimes.py": "import os\nimport deep\nos.environ['B_NAME']\n",
        "deep.py": "import os\nos.environ['C_NAME']\n",
    })  # fmt: skip
    [component] = index.components
    certain = {path: reach.certain for path, reach in component.modules.items()}
    assert certain == {"main.py": True, "always.py": True, "sometimes.py": False, "deep.py": False}
    assert component.modules["deep.py"].via == "sometimes.py"


def test_a_certain_way_wins_over_a_lazy_one(make_index: MakeIndex) -> None:
    index = make_index({
        "Procfile": "web: node main.js\n",
        "main.js": 'async function f() { await import("./a.js"); }\nimport "./b.js";\n',
        "a.js": "export const x = process.env.A_NAME;\n",
        "b.js": 'import "./a.js";\n',
    })  # fmt: skip
    assert index.components[0].modules["a.js"].certain


def test_type_only_imports_reach_nothing(make_index: MakeIndex) -> None:
    index = make_index({
        "Procfile": "web: node main.ts\n",
        "main.ts": 'import type { T } from "./types";\nimport "./env";\n',
        "types.ts": "export type T = string;\nexport const a = process.env.A_NAME;\n",
        "env.ts": "export const b = process.env.B_NAME;\n",
    })  # fmt: skip
    assert set(index.components[0].modules) == {"main.ts", "env.ts"}


def test_import_cycles_end(make_index: MakeIndex) -> None:
    index = make_index({
        "Procfile": "web: python a.py\n",
        "a.py": "import b\nimport os\nos.environ['A_NAME']\n",
        "b.py": "import a\n",
    })  # fmt: skip
    assert set(index.components[0].modules) == {"a.py", "b.py"}


def test_servers_name_a_module(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n',
        "app/__init__.py": "",
        "app/main.py": "import os\napp = os.environ['A_NAME']\n",
    })  # fmt: skip
    assert [c.entries for c in index.components] == [("app/main.py",)]


def test_a_workspace_without_manifests_has_no_components(make_index: MakeIndex) -> None:
    index = make_index({"main.py": "import os\nos.environ['A_NAME']\n"})
    assert index.components == ()


def test_names_of_images_and_dockerfiles() -> None:
    assert repository("registry.example.com:5000/shop/api:1@sha256:aa") == "api"
    assert repository("api") == "api"
    assert repository(None) is None
    assert variant("docker/Dockerfile.gpu") == "gpu"
    assert variant("gpu.dockerfile") == "gpu"
    assert variant("Dockerfile") == ""
    assert tag("registry.example.com:5000/shop/api:migrate@sha256:aa") == "migrate"
    assert tag("registry.example.com:5000/shop/api") is None


@pytest.mark.parametrize(
    "dockerfiles",
    [
        {"Dockerfile": 'FROM node:22\nCMD ["node", "src/a.js"]\n',
         "Dockerfile.migrate": 'FROM node:22\nCMD ["node", "src/b.js"]\n'},
        {"Dockerfile": 'FROM node:22 AS migrate\nCMD ["node", "src/b.js"]\n'
                       'FROM node:22\nCMD ["node", "src/a.js"]\n'},
    ],
    ids=["a file of its own", "a target of the same file"],
)  # fmt: skip
def test_a_tag_says_what_an_image_was_built_from(make_index: MakeIndex, dockerfiles: dict[str, str]) -> None:
    index = make_index({
        **dockerfiles,
        "ecs/migrate.json": task(migrate={"image": "registry/shop-api:migrate"}),
        "ecs/api.json": task(api={"image": "registry/shop-api:1.2.3"}),
        "src/a.js": "console.log(process.env.A_NAME);\n",
        "src/b.js": "console.log(process.env.B_NAME);\n",
        "deploy.sh": "docker build -t registry/shop-api .\n",
    })  # fmt: skip
    assert {c.entries: c.containers for c in index.components} == {
        ("src/a.js",): ("api",),
        ("src/b.js",): ("migrate",),
    }


BACKUP = {
    "Dockerfile": 'FROM python\nWORKDIR /srv\nCOPY . .\nCOPY entry.sh /entry.sh\nENTRYPOINT ["/entry.sh"]\n',
    "entry.sh": '#!/bin/sh\npython manage.py\nexec "$@"\n',
    "manage.py": "import os\nos.environ['A_NAME']\n",
    "postgres-backup/Dockerfile": 'FROM postgres:17\nCOPY entry.sh /entry.sh\nENTRYPOINT ["/entry.sh"]\n',
    "postgres-backup/entry.sh": '#!/bin/sh\ndate\nexec "$@"\n',
}


@pytest.mark.parametrize("image", ["postgres:17", "docker.io/library/postgres", "redis:8"])
def test_an_image_of_others_runs_nothing_of_the_workspace(make_index: MakeIndex, image: str) -> None:
    services = f"services:\n  web:\n    build: .\n  db:\n    image: {image}\n"
    redis = {"redis/Dockerfile": 'FROM node\nCOPY . .\nCMD ["node", "a.js"]\n', "redis/a.js": "\n"}
    index = make_index({**BACKUP, **redis, "docker-compose.yml": services})
    assert {c.entries: c.containers for c in index.components} == {("manage.py",): ("web",), ("redis/a.js",): ()}


def test_a_script_that_starts_nothing_is_not_mistaken_for_its_namesake(make_index: MakeIndex) -> None:
    services = "services:\n  web:\n    build: .\n  backup:\n    build: postgres-backup\n"
    [component] = make_index({**BACKUP, "docker-compose.yml": services}).components
    assert component.containers == ("web",)
