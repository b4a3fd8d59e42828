"""What only several files together tell; reads across files are in `tests/extract/probe/cross-file.md`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from filot_lint.facts import Imports, RedisConnection
from filot_lint.values import Env, Literal
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]

HELPER = "export const get = (name: string, fallback?: string) => process.env[name] ?? fallback;\n"


def test_imports_get_their_targets(make_index: MakeIndex) -> None:
    index = make_index({
        "src/env.ts": HELPER,
        "src/main.ts": 'import { get } from "./env.js";\nimport x from "react";\nexport const a = get("A_NAME");\n',
    })  # fmt: skip
    targets = {fact.module: fact.target for fact in index.of(Imports) if fact.file == "src/main.ts"}
    assert targets == {"./env.js": "src/env.ts", "react": None}


def test_a_setting_of_another_file_reaches_the_client(make_index: MakeIndex) -> None:
    index = make_index({
        "src/config.ts": 'const url = process.env.REDIS_URL ?? "redis://localhost:6379";\n'
        "export const config = { redis: { url } };\n",
        "src/redis.ts": 'import Redis from "ioredis";\nimport { config } from "./config";\n'
        "export const client = new Redis(config.redis.url);\n",
    })  # fmt: skip
    [connection] = index.of(RedisConnection)
    assert isinstance(connection.url, Env)
    assert connection.url.name == "REDIS_URL"
    assert isinstance(connection.url.default, Literal)


def test_the_place_is_where_the_name_is_written(make_index: MakeIndex) -> None:
    index = make_index({
        "src/env.ts": HELPER,
        "src/main.ts": 'import { get } from "./env";\n\nexport const a = get(\n  "A_NAME",\n);\n',
    })  # fmt: skip
    [read] = index.reads["A_NAME"]
    assert (read.file, read.line, read.column, read.via) == ("src/main.ts", 4, 3, "get")


def test_a_helper_that_is_called_leaves_no_unknown_name(make_index: MakeIndex) -> None:
    index = make_index({
        "src/env.ts": HELPER,
        "src/main.ts": 'import { get } from "./env";\nexport const a = get("A_NAME");\n',
    })  # fmt: skip
    assert index.dynamic_reads == []


def test_a_helper_that_nobody_calls_does(make_index: MakeIndex) -> None:
    [read] = make_index({"src/env.ts": HELPER}).dynamic_reads
    assert (read.file, read.line, read.pattern) == ("src/env.ts", 1, None)


def test_a_call_with_a_computed_name_keeps_its_pattern(make_index: MakeIndex) -> None:
    index = make_index({
        "src/env.ts": HELPER,
        "src/main.ts": 'import { get } from "./env";\nimport { who } from "who";\n'
        "export const a = get(`APP_${who()}`);\n",
    })  # fmt: skip
    assert [(read.file, read.line, read.pattern) for read in index.dynamic_reads] == [("src/main.ts", 3, "APP_.*")]


def test_each_read_is_told_once(make_index: MakeIndex) -> None:
    index = make_index({
        "src/env.ts": HELPER,
        "src/index.ts": 'export * from "./env";\nexport { get as read } from "./env";\n',
        "src/main.ts": 'import { get, read } from ".";\nexport const a = [get("A_NAME"), read("A_NAME")];\n',
    })  # fmt: skip
    assert [(r.line, r.column) for r in index.reads["A_NAME"]] == [(2, 23), (2, 39)]


def test_circles_of_exports_and_imports_end(make_index: MakeIndex) -> None:
    index = make_index({
        "src/a.ts": 'export * from "./b";\nimport { get } from "./b";\n'
        'export const x = get("A_NAME") ?? process.env.B_NAME;\n',
        "src/b.ts": 'export * from "./a";\nexport const y = process.env.C_NAME;\n',
        "p/__init__.py": "from .q import *\n",
        "p/q.py": "from . import *\nimport os\nos.environ['D_NAME']\n",
    })  # fmt: skip
    assert set(index.reads) == {"B_NAME", "C_NAME", "D_NAME"}


def test_functions_that_call_each_other_end(make_index: MakeIndex) -> None:
    index = make_index({
        "a.py": "import os\nfrom b import g\n\ndef f(n):\n    return os.environ.get(n) or g(n)\n\nf('A_NAME')\n",
        "b.py": "import os\nfrom a import f\n\ndef g(n):\n    return os.environ.get(n) or f(n)\n\ng('B_NAME')\n",
    })  # fmt: skip
    assert {"A_NAME", "B_NAME"} <= set(index.reads)


def test_defaults_that_may_be_secrets_stay_hidden(make_index: MakeIndex) -> None:
    index = make_index({
        "src/defaults.ts": 'export const SECRET = "k9Jd72hQpZx81LmA";\n',
        "src/main.ts": 'import { SECRET } from "./defaults";\nexport const s = process.env.JWT_SECRET ?? SECRET;\n',
    })  # fmt: skip
    [read] = index.reads["JWT_SECRET"]
    assert read.default is not None
    assert read.default.text is None
    assert "k9Jd72hQpZx81LmA" not in repr(index.all())


def test_a_field_of_imported_settings_is_its_variable(make_index: MakeIndex) -> None:
    index = make_index(
        {
            "app/__init__.py": "",
            "app/settings.py": """
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Redis(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="QUEUE_")
    url: str
    password: SecretStr = Field(validation_alias="REDIS_SECRET")


class Settings(BaseSettings):
    redis: Redis = Field(default_factory=Redis)


settings = Settings()
""",
            "app/queue.py": """
import redis
from app.settings import settings

client = redis.Redis.from_url(str(settings.redis.url), password=settings.redis.password.get_secret_value())
""",
        }
    )
    connection = index.of(RedisConnection)[0]
    assert (connection.url, connection.password) == (Env("QUEUE_URL"), Env("REDIS_SECRET"))


def test_a_key_of_a_parsed_schema_is_its_variable(make_index: MakeIndex) -> None:
    index = make_index(
        {
            "src/env.ts": """
import { z } from "zod";
export const env = z.object({ REDIS_URL: z.string(), PORT: z.string().default("80") }).parse(process.env);
""",
            "src/queue.ts": """
import Redis from "ioredis";
import { env } from "./env";
export const client = new Redis(env.REDIS_URL);
""",
        }
    )
    assert [connection.url for connection in index.of(RedisConnection)] == [Env("REDIS_URL")]
