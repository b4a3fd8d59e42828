"""Packages that nothing starts are no deployables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]
MAIN = "console.log(process.env.A_NAME);\n"


@pytest.mark.parametrize(
    ("content", "count"),
    [
        ({"main": "index.ts"}, 0),
        ({"main": "index.ts", "scripts": {"build": "tsc", "dev": "tsc -w"}}, 0),
        ({"main": "index.ts", "scripts": {"start": "node index.js"}}, 1),
        ({"main": "index.ts", "scripts": {"start": "some-runner"}}, 1),
        ({"main": "index.ts", "scripts": {"start": "node server.js"}}, 1),
    ],
)
def test_the_main_of_a_package(content: dict[str, object], count: int, make_index: MakeIndex) -> None:
    index = make_index({
        "package.json": json.dumps({"name": "shop", **content}), "index.ts": MAIN, "server.ts": MAIN,
    })  # fmt: skip

    assert len(index.components) == count


def test_a_library_of_a_workspace(make_index: MakeIndex) -> None:
    index = make_index({
        "packages/files/package.json": json.dumps({"name": "@x/files", "main": "index.ts"}),
        "packages/files/index.ts": MAIN,
        "apps/api/package.json": json.dumps({"name": "@x/api", "main": "main.ts", "scripts": {"start": "tsx main.ts"}}),
        "apps/api/main.ts": 'import "@x/files";\n',
    })  # fmt: skip
    [component] = index.components

    assert (component.name, set(component.modules)) == ("api", {"apps/api/main.ts", "packages/files/index.ts"})
    assert component.sources == ("apps/api/package.json:1",)


def test_an_image_runs_the_main_of_a_folder(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM node\nWORKDIR /a\nCOPY . .\nCMD ["node", "."]\n',
        "package.json": json.dumps({"name": "shop", "main": "index.js"}),
        "index.js": MAIN,
    })  # fmt: skip

    assert [component.dockerfiles for component in index.components] == [("Dockerfile",)]


def test_samples_are_not_deployed(make_index: MakeIndex) -> None:
    index = make_index({
        "examples/hello/package.json": json.dumps({"name": "hello", "scripts": {"start": "node index.js"}}),
        "examples/hello/index.js": MAIN,
    })  # fmt: skip

    assert index.components == ()
