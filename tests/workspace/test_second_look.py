"""Which files are read only because they import something that leads to facts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from filot_lint.extract import extract
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile
from filot_lint.workspace.second_look import SecondLook

CLIENT = 'import Redis from "ioredis";\nexport const store = new Redis();\nexport default store;\n'
HELPER = "export const need = (name: string) => process.env[name];\n"
PYTHON = "import redis\n\nstore = redis.Redis()\n"


def wanted(read: Mapping[str, str], unread: Mapping[str, str]) -> list[str]:
    """Return the unread files to read, with all that follow from them."""
    sources = {
        path: SourceFile(path, text.encode(), Language.PYTHON if path.endswith(".py") else Language.TYPESCRIPT)
        for path, text in {**read, **unread}.items()
    }
    look = SecondLook(load_models())
    facts = {path: extract(sources[path], load_models()) for path in read}
    while files := look.files(facts, sources):
        facts.update({path: extract(sources[path], load_models()) for path in files})
    return sorted(facts.keys() - read.keys())


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/a.ts", 'import { store } from "./lib/client";\nstore.get("a");'),
        ("src/a.ts", 'import { store as s } from "@/lib/client.js";\ns.get("a");'),
        ("src/a.ts", 'import anything from "./lib/client";\nanything.get("a");'),
        ("src/a.ts", 'import * as all from "./lib/client";\nall.store.get("a");'),
        ("src/a.ts", 'const { store } = require("./lib/client");\nstore.get("a");'),
        ("src/a.ts", 'export * from "./lib/client";'),
    ],
)
def test_files_that_import_a_client(path: str, text: str) -> None:
    assert wanted({"src/lib/client.ts": CLIENT}, {path: text}) == [path]


@pytest.mark.parametrize(
    "text",
    [
        'import { other } from "./lib/other";\nconst store = other();',
        'import { nothing } from "./lib/client";\nnothing();',
        'const store = "client";',
    ],
)
def test_files_that_do_not(text: str) -> None:
    client = CLIENT.replace("export default store;\n", "")
    assert wanted({"src/lib/client.ts": client}, {"src/a.ts": text}) == []


def test_what_is_handed_on_is_followed() -> None:
    files = {
        "src/lib/index.ts": 'export * from "./client";',
        "src/shop/store.ts": 'import { store } from "../lib";\nexport const carts = store;',
        "src/a.ts": 'import { carts } from "./shop/store";\ncarts.get("a");',
        "src/b.ts": 'import { unrelated } from "./shop/other";',
    }
    assert wanted({"src/lib/client.ts": CLIENT}, files) == ["src/a.ts", "src/lib/index.ts", "src/shop/store.ts"]


def test_results_of_helpers_lead_nowhere() -> None:
    files = {
        "src/config.ts": 'import { need } from "./env";\nexport const size = need("PAGE_SIZE");',
        "src/a.ts": 'import { size } from "./config";\nconsole.log(size);',
    }
    assert wanted({"src/env.ts": HELPER}, files) == ["src/config.ts"]


@pytest.mark.parametrize(
    "text",
    [
        "from app.core.client import store\nstore.get('a')",
        "from app.core import client\nclient.store.get('a')",
        "from .client import (\n    store,\n)\nstore.get('a')",
    ],
)
def test_python(text: str) -> None:
    assert wanted({"app/core/client.py": PYTHON}, {"app/core/a.py": text}) == ["app/core/a.py"]
    assert wanted({"app/core/client.ts": CLIENT}, {"app/core/a.py": text}) == []
