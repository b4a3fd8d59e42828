"""Facts behind functions are told by the callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from filot_lint.facts import Fact, ObjectStoreClient, ObjectStoreOperation, QueueUse, RedisConnection, SecretUse
from filot_lint.values import Env, Literal, env_names
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]

_REDIS = 'import Redis from "ioredis";\n'


def places(facts: tuple[Fact, ...]) -> list[tuple[str, int]]:
    return [(fact.file, fact.line) for fact in facts]


def test_a_caller_in_another_file_says_what_the_url_is(make_index: MakeIndex) -> None:
    index = make_index({
        "src/redis.ts": _REDIS + "export function connect(url: string) {\n  return new Redis(url);\n}\n",
        "src/main.ts": 'import { connect } from "./redis";\nconst client = connect(process.env.REDIS_URL!);\n',
    })  # fmt: skip
    [connection] = index.of(RedisConnection)
    assert env_names(connection.url) == ("REDIS_URL",)
    assert (connection.file, connection.line) == ("src/main.ts", 2)
    assert connection.through is not None
    assert (connection.through.file, connection.through.line) == ("src/redis.ts", 3)


def test_each_caller_is_a_client_of_its_own(make_index: MakeIndex) -> None:
    index = make_index({
        "app/clients.py": "import redis\n\ndef make(url, ssl=False):\n    return redis.Redis.from_url(url)\n",
        "app/main.py": (
            "import os\nfrom app import clients\nfrom app.clients import make as build\n"
            "a = clients.make(os.environ['CACHE_URL'])\nb = build(url=os.environ['QUEUE_URL'])\n"
        ),
        "app/__init__.py": "",
    })  # fmt: skip
    assert [(f.line, env_names(f.url)) for f in index.of(RedisConnection)] == [(4, ("CACHE_URL",)), (5, ("QUEUE_URL",))]


def test_what_nobody_calls_stays_where_it_is(make_index: MakeIndex) -> None:
    index = make_index({"src/redis.ts": _REDIS + "export const connect = (url: string) => new Redis(url);\n"})
    assert places(index.of(RedisConnection)) == [("src/redis.ts", 2)]


def test_a_caller_in_a_test_does_not_hide_production(make_index: MakeIndex) -> None:
    index = make_index({
        "src/redis.ts": _REDIS + "export const connect = (url: string) => new Redis(url);\n",
        "src/redis.test.ts": 'import { connect } from "./redis";\nconnect("redis://localhost:6379");\n',
    })  # fmt: skip
    assert [(f.area, f.file) for f in index.of(RedisConnection)] == [
        ("test", "src/redis.test.ts"),
        ("production", "src/redis.ts"),
    ]


def test_constructors_and_what_they_keep(make_index: MakeIndex) -> None:
    index = make_index({
        "src/queue.ts": (
            _REDIS + "export class Jobs {\n"
            "  private redis: Redis;\n"
            "  constructor(private readonly name: string, options: { host: string; password?: string }) {\n"
            "    this.redis = new Redis({ host: options.host, password: options.password });\n"
            "  }\n"
            "  push(job: string) {\n    return this.redis.rpush(this.name, job);\n  }\n"
            "}\n"
        ),
        "src/main.ts": (
            'import { Jobs } from "./queue";\n'
            'export const jobs = new Jobs("ocr:jobs", { host: process.env.REDIS_HOST! });\n'
        ),
    })  # fmt: skip
    [connection], [use] = index.of(RedisConnection), index.of(QueueUse)
    assert (connection.file, env_names(connection.host), connection.password) == ("src/main.ts", ("REDIS_HOST",), None)
    assert (use.file, use.role, getattr(use.name, "text", None)) == ("src/queue.ts", "producer", "ocr:jobs")


def test_functions_that_hand_their_parameters_on(make_index: MakeIndex) -> None:
    index = make_index({
        "app.py": (
            "import os\nimport boto3\n\n"
            "def s3(endpoint, key, secret):\n"
            "    return boto3.client('s3', endpoint_url=endpoint,\n"
            "        aws_access_key_id=key, aws_secret_access_key=secret)\n\n"
            "def storage(secret):\n    return s3(os.environ['R2_ENDPOINT'], os.environ['R2_KEY'], secret)\n\n"
            "client = storage(os.environ['R2_SECRET'])\n"
        )
    })  # fmt: skip
    [client] = index.of(ObjectStoreClient)
    assert client.line == 11
    assert [env_names(v) for v in (client.endpoint, client.access_key, client.secret_key)] == [
        ("R2_ENDPOINT",),
        ("R2_KEY",),
        ("R2_SECRET",),
    ]


def test_defaults_of_parameters(make_index: MakeIndex) -> None:
    index = make_index({
        "app.py": (
            "import os\nimport redis\n\n"
            "def connect(url=os.environ['REDIS_URL'], db=0):\n    return redis.from_url(url, db=db)\n\n"
            "first = connect()\nsecond = connect('redis://cache:6379', db=2)\n"
        )
    })  # fmt: skip
    first, second = index.of(RedisConnection)
    assert first.url == Env("REDIS_URL")
    assert isinstance(first.db, Literal)
    assert first.db.text == "0"
    assert isinstance(second.url, Literal)
    assert isinstance(second.db, Literal)
    assert second.db.text == "2"


def test_secrets_by_argument(make_index: MakeIndex) -> None:
    index = make_index({
        "src/sign.ts": (
            'import crypto from "node:crypto";\n'
            "export const sign = (body: string, secret: string) =>\n"
            '  crypto.createHmac("sha256", secret).update(body).digest("hex");\n'
        ),
        "src/main.ts": 'import { sign } from "./sign";\nsign(text, process.env.CALLBACK_SECRET!);\n',
    })  # fmt: skip
    [use] = index.of(SecretUse)
    assert (use.file, env_names(use.secret)) == ("src/main.ts", ("CALLBACK_SECRET",))


def test_functions_that_call_each_other_come_to_an_end(make_index: MakeIndex) -> None:
    index = make_index({
        "src/a.ts": (
            _REDIS + "function one(url: string) { two(url); return new Redis(url); }\n"
            "function two(url: string) { one(url); one(url + url); }\n"
            "two(process.env.REDIS_URL!);\n"
        )
    })  # fmt: skip
    assert index.of(RedisConnection)


def test_what_other_methods_do_with_it_stays_where_it_is(make_index: MakeIndex) -> None:
    index = make_index({
        "src/store.ts": 'import { S3 } from "@aws-sdk/client-s3";\nconst s3 = new S3({});\n'
        "export class Store {\n  constructor(private readonly bucket: string) {}\n"
        '  put(body: string) {\n    return s3.putObject({ Bucket: this.bucket, Key: "a", Body: body });\n  }\n}\n',
        "src/main.ts": 'import { Store } from "./store";\nnew Store("one");\nnew Store("two");\nnew Store("one");\n',
        "src/main.test.ts": 'import { Store } from "./store";\nnew Store("test");\n',
    })  # fmt: skip
    found = [(one.file, one.line, one.bucket) for one in index.of(ObjectStoreOperation)]
    assert [(file, line, bucket.text) for file, line, bucket in found if isinstance(bucket, Literal)] == [
        ("src/store.ts", 6, "one"),
        ("src/store.ts", 6, "two"),
    ]
