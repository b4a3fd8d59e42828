"""A small system made of facts, and what the report says about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from filot_lint import engine
from filot_lint.config import Config, DocumentConfig
from filot_lint.documents.context import Context, build_context
from filot_lint.documents.inventory import EnvValues, Inventory
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.plan import plan
from filot_lint.documents.write import Change, compare, write
from filot_lint.facts import (
    ContainerSpec,
    DatabaseConnection,
    Default,
    EnvDeclaration,
    EnvProvision,
    EnvRead,
    Fact,
    Listener,
    ObjectStoreClient,
    ObjectStoreOperation,
    QueueUse,
    RedisConnection,
    SecretUse,
    TemporalConnection,
    TemporalStart,
    TemporalWorker,
    TestDouble,
)
from filot_lint.findings import Finding
from filot_lint.models import Models
from filot_lint.values import Env, Literal
from filot_lint.workspace.closure import Reach
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

API, WORKER = "api", "ocr-gpu-worker"
TASK = "infra/ecs/task.json"
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/"


AnyFact = TypeVar("AnyFact", bound=Fact)


def fact(kind: type[AnyFact], place: str, *components: str, **fields: Any) -> AnyFact:  # noqa: ANN401  # any field
    """Return a fact of any kind at `file:line`."""
    file, _, line = place.rpartition(":")
    where = {"file": file, "line": int(line), "column": 1, "end_line": int(line), "end_column": 9}
    base: dict[str, Any] = {"language": "typescript", "area": "production"} | where
    return kind(**(base | {"components": components} | fields))


def environment() -> list[Fact]:
    default = Default("literal", "3")
    return [
        fact(EnvDeclaration, ".env.example:1", language="dotenv", name="REDIS_URL", shape="empty", required=True),
        fact(EnvDeclaration, ".env.example:2", language="dotenv", name="JWT_SECRET", shape="empty",
             inline_comment=True),
        fact(EnvDeclaration, ".env.example:3", language="dotenv", name="UNUSED_THING", shape="word"),
        fact(EnvRead, "src/env.ts:1", API, name="REDIS_URL", access="read", via="process.env", required=True),
        fact(EnvRead, "src/env.ts:2", API, name="JWT_SECRET", access="read", via="process.env", required=True),
        fact(EnvRead, "src/env.ts:3", API, name="RETRIES", access="read", via="x", default=default, required=False),
        fact(EnvRead, "src/env.ts:4", API, name="PARTNER_API_URL", access="read", via="x"),
        fact(EnvRead, "worker/main.py:1", WORKER, name="REDIS_URL", access="read", via="os.environ", required=True),
        fact(EnvRead, "worker/main.py:2", WORKER, name="OCR_CPU_FALLBACK", access="read", via="os.environ"),
        fact(EnvRead, "test/x.test.ts:1", area="test", name="ONLY_TEST", access="read", via="process.env"),
        fact(EnvProvision, f"{TASK}:9", language="ecs", name="REDIS_URL", channel="secret", container=API,
             reference=f"{ARN}redis-Ab12Cd:url::"),
        fact(EnvProvision, f"{TASK}:10", language="ecs", name="JWT_SECRET", channel="environment", container=API),
    ]  # fmt: skip


def wiring() -> list[Fact]:
    url = Env("REDIS_URL", Literal("redis://localhost:6379"))
    return [
        fact(RedisConnection, "src/redis.ts:5", API, library="ioredis", url=url),
        fact(RedisConnection, "worker/queue.py:5", WORKER, library="redis", url=Env("REDIS_URL")),
        fact(QueueUse, "src/queue.ts:7", API, framework="list", role="producer", name=Literal("ocr:jobs")),
        fact(QueueUse, "worker/queue.py:9", WORKER, framework="list", role="consumer", name=Literal("ocr:jobs")),
        fact(QueueUse, "src/queue.ts:12", API, framework="list", role="producer", name=Literal("mail:jobs")),
        fact(DatabaseConnection, "src/db.ts:3", API, library="pg", url=Env("DATABASE_URL")),
        fact(ObjectStoreClient, "src/r2.ts:3", API, library="@aws-sdk/client-s3", endpoint=Env("R2_ENDPOINT")),
        fact(ObjectStoreOperation, "src/r2.ts:9", API, library="s3", operation="GetObject", presign=True,
             bucket=Env("R2_BUCKET"), expires=Literal("900", "number")),
        fact(TemporalConnection, "src/temporal.ts:3", API, library="x", address=Env("TEMPORAL_ADDRESS")),
        fact(TemporalStart, "src/temporal.ts:9", API, library="x", operation="start", task_queue=Literal("review"),
             workflow=Literal("reviewDocument")),
        fact(TemporalWorker, "worker/temporal.py:9", WORKER, library="temporalio", task_queue=Literal("review")),
        fact(SecretUse, "src/jwt.ts:4", API, sink="jwt-sign", library="jsonwebtoken", secret=Env("JWT_SECRET")),
        fact(Listener, "src/index.ts:9", API, library="express", port=Env("PORT", Literal("8080", "number"))),
        fact(TestDouble, "src/mockBuli.ts:1", API, symbol="MockBuli", form="class", evidence=("named MockBuli",)),
        fact(ContainerSpec, f"{TASK}:4", language="ecs", name=API, origin="ecs", health_check=("CMD", "true")),
        fact(ContainerSpec, f"{TASK}:30", language="ecs", name=WORKER, origin="ecs", gpus="1"),
    ]  # fmt: skip


def components() -> tuple[Component, ...]:
    reach = Reach(None, certain=True)
    return (
        Component(API, ("src/index.ts",), {"src/index.ts": reach, "src/env.ts": reach}, (API,), command=("node", "x")),
        Component(
            WORKER, ("worker/main.py",), {"worker/main.py": reach}, (WORKER,), command=("python", "-m", "worker")
        ),
    )


class Report:
    """A workspace on disk, its facts, and the report about it."""

    def __init__(self, root: Path, facts: Sequence[Fact], components: tuple[Component, ...] = ()) -> None:
        """Keep them; `findings` (those of the rules) and `config` may be changed before a run."""
        self.root = root
        self.facts = list(facts)
        self.components = components
        self.findings: list[Finding] | None = None
        self.config = Config(documents=DocumentConfig(prefix="T8A_"))
        self.inventory: Inventory | None = None
        self.env_values: EnvValues | None = None

    @property
    def context(self) -> Context:
        """What all documents share."""
        index = Index(self.facts, config=self.config, models=Models(), components=self.components)
        findings = engine.run(index, self.config) if self.findings is None else self.findings
        known = {"inventory": self.inventory, "env_values": self.env_values}
        return build_context(self.root, index, findings, load_manifest(), **known)  # type: ignore[arg-type]

    def compare(self, *, force: bool = False, only: frozenset[str] = frozenset()) -> tuple[Change, ...]:
        """Return what a run would change."""
        return compare(self.root, plan(self.root, self.context, only), self.root, force=force)

    def run(self, *, force: bool = False) -> dict[str, Change]:
        """Write the report."""
        return {c.path: c for c in write(self.root, self.compare(force=force))}

    def text(self, path: str) -> str:
        """Return a written file."""
        return (self.root / path).read_text("utf-8")

    def everything(self) -> dict[str, bytes]:
        """Return every file of the workspace."""
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in self.root.rglob("*") if p.is_file()}


def sample(root: Path) -> Report:
    """Return a report about a small system with an API, a GPU worker and everything they talk to."""
    return bare(root, *environment(), *wiring(), components=components())


def bare(root: Path, *facts: Fact, components: tuple[Component, ...] = ()) -> Report:
    """Return a report about given facts and nothing else."""
    (root / "package.json").write_text('{"name": "shop"}', "utf-8")
    (root / ".replit").write_text('run = "npm start"\n', "utf-8")
    return Report(root, facts, components)
