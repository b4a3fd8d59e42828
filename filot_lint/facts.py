"""The vocabulary: one observation in one file, with its place. Frozen, picklable, no syntax nodes, no secret values."""

from __future__ import annotations

from typing import Literal as Choice

import msgspec

from filot_lint.source import Location
from filot_lint.values import Value

SCHEMA = "filot-lint/facts/1"

AreaName = Choice["production", "test", "tooling"]
Access = Choice["read", "presence", "write", "delete"]
Flow = Choice["log"]
Guard = Choice["always", "production", "non-production", "test", "unknown"]


def kebab(name: str) -> str:
    """Return the published kind of a fact class: `EnvRead` -> `env-read`."""
    return "".join("-" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=kebab):
    """What all facts share. Lines and columns count characters from 1; the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    language: str
    area: AreaName
    components: tuple[str, ...] = ()

    @property
    def location(self) -> Location:
        """The place of the observation."""
        return Location(self.file, self.line, self.column, self.end_line, self.end_column)


class Default(msgspec.Struct, frozen=True):
    """What stands in when a variable is missing. `text` is redacted (null) when it may be a secret.

    kind: `literal` (text is the value), `env` (text names the other variable), `empty` (the empty string),
    `null` (None, null or undefined), `expression` (computed), `redacted` (a literal that may be a secret; `shape`
    says what it looks like).
    """

    kind: Choice["literal", "env", "empty", "null", "expression", "redacted"]
    text: str | None = None
    shape: str | None = None


class EnvRead(Fact, frozen=True, kw_only=True):
    """Code, a script or a schema touches one environment variable.

    `name` is null when computed; `pattern` is then what is known of it, as a regular expression. For indirect reads
    (wrapper, loop, schema) the place is where the name is written. `required` is true when absence stops the program
    or raises, false when the code goes on with a default or an explicit alternative, null when the site does not say.
    `guard` tells on which branch the read stands. `presence` means only set or not set matters. `deferred` reads stand
    in a function, the others run when the file is loaded. `flow` is `log` when the value only goes into a message.
    """

    name: str | None
    access: Access
    via: str
    pattern: str | None = None
    default: Default | None = None
    required: bool | None = None
    cast: str | None = None
    guard: Guard = "always"
    deferred: bool = False
    flow: Flow | None = None
    value: Value | None = None
    reason: str | None = None


class EnvDeclaration(Fact, frozen=True, kw_only=True):
    """A line of an `.env.example`-like file. The value never leaves the parser: `shape` says what it looks like.

    `repeats` is the line of the first declaration of the same name in the file, `differs` whether its value is
    another. `required` comes from the markers; null when the file does not say.
    """

    name: str
    shape: str
    required: bool | None = None
    condition: str | None = None
    section: str | None = None
    comment: str | None = None
    commented_out: bool = False
    inline_comment: bool = False
    repeats: int | None = None
    differs: bool = False


class EnvProvision(Fact, frozen=True, kw_only=True):
    """A manifest gives a container a variable. Literal values are kept as a shape only; references (ARNs) as text."""

    name: str
    channel: Choice["image-env", "image-arg", "environment", "secret", "env-file", "host"]
    container: str | None = None
    shape: str | None = None
    reference: str | None = None
    manifest: str = ""


class EnvFile(Fact, frozen=True, kw_only=True):
    """A file of variables that a manifest or a loader hands to a process."""

    path: str
    container: str | None = None
    channel: Choice["compose", "ecs", "code", "shell", "docker"] = "compose"


class RedisConnection(Fact, frozen=True, kw_only=True):
    """A Redis client is made. Every setting is a value; null when not given."""

    library: str
    url: Value | None = None
    host: Value | None = None
    port: Value | None = None
    db: Value | None = None
    username: Value | None = None
    password: Value | None = None
    tls: Value | None = None
    verify: Value | None = None
    retries: Value | None = None
    timeout: Value | None = None
    prefix: Value | None = None


class QueueUse(Fact, frozen=True, kw_only=True):
    """A queue, list, stream or channel is used. `role` is what this place does with it."""

    framework: str
    role: Choice["producer", "consumer", "observer", "both"]
    name: Value
    command: str | None = None
    namespace: Value | None = None


class ObjectStoreClient(Fact, frozen=True, kw_only=True):
    """An S3-compatible client is made (Cloudflare R2 in FiLot)."""

    library: str
    endpoint: Value | None = None
    region: Value | None = None
    access_key: Value | None = None
    secret_key: Value | None = None
    addressing: Value | None = None
    signature: Value | None = None
    checksums: Value | None = None


class ObjectStoreOperation(Fact, frozen=True, kw_only=True):
    """An operation on an object store; `presign` when only a URL is signed. `expires` is in seconds."""

    library: str
    operation: str
    bucket: Value | None = None
    presign: bool = False
    expires: Value | None = None


class TemporalConnection(Fact, frozen=True, kw_only=True):
    """A connection or client to a Temporal service."""

    library: str
    address: Value | None = None
    namespace: Value | None = None
    api_key: Value | None = None
    tls: Value | None = None


class TemporalWorker(Fact, frozen=True, kw_only=True):
    """A worker that polls a task queue."""

    library: str
    task_queue: Value | None = None
    namespace: Value | None = None


class TemporalStart(Fact, frozen=True, kw_only=True):
    """A place that starts or signals a workflow."""

    library: str
    operation: str
    workflow: Value | None = None
    task_queue: Value | None = None


class DatabaseConnection(Fact, frozen=True, kw_only=True):
    """A PostgreSQL pool, client or engine is made."""

    library: str
    url: Value | None = None
    host: Value | None = None
    password: Value | None = None
    tls: Value | None = None


class SecretUse(Fact, frozen=True, kw_only=True):
    """A value is used as a secret: the sink says how."""

    sink: Choice["jwt-sign", "jwt-verify", "hmac", "kdf", "compare", "header"]
    library: str
    secret: Value


class TestDouble(Fact, frozen=True, kw_only=True):
    """A mock, stub or fake, by definition or by import. `evidence` lists why it is taken for one."""

    __test__ = False

    symbol: str
    form: Choice["class", "function", "module", "import", "flag"]
    evidence: tuple[str, ...]


class Listener(Fact, frozen=True, kw_only=True):
    """A server starts to listen."""

    library: str
    port: Value | None = None
    host: Value | None = None


class EntryPoint(Fact, frozen=True, kw_only=True):
    """A manifest, image or script names what a deployable runs.

    `component` is the deployable, `command` the words as written, `target` the source file (relative to the root)
    it resolves to, null when it does not. `script` is its name in a package.json.
    """

    component: str
    command: tuple[str, ...]
    origin: Choice["dockerfile", "ecs", "compose", "package-json", "pyproject", "procfile", "replit", "config"]
    target: str | None = None
    image: str | None = None
    workdir: str | None = None
    role: Choice["deployable", "script"] = "deployable"
    script: str | None = None


class ContainerSpec(Fact, frozen=True, kw_only=True):
    """A container as an ECS task definition or a compose file describes it; nothing secret."""

    name: str
    origin: Choice["ecs", "compose", "dockerfile"]
    family: str | None = None
    image: str | None = None
    command: tuple[str, ...] = ()
    dockerfile: str | None = None
    ports: tuple[str, ...] = ()
    gpus: str | None = None
    cpu: str | None = None
    memory: str | None = None
    health_check: tuple[str, ...] = ()
    compatibilities: tuple[str, ...] = ()
    log_group: str | None = None
    execution_role: str | None = None
    stop_timeout: str | None = None


class ImageBuild(Fact, frozen=True, kw_only=True):
    """A script or compose file builds an image: which Dockerfile becomes which repository name."""

    dockerfile: str
    image: str


class ServiceSpec(Fact, frozen=True, kw_only=True):
    """An ECS service definition."""

    name: str
    cluster: str | None = None
    task_definition: str | None = None
    desired_count: str | None = None
    launch_type: str | None = None


class Imports(Fact, frozen=True, kw_only=True):
    """An import or re-export as written; the linker finds the file. `names` are (exported, local) pairs."""

    module: str
    names: tuple[tuple[str, str], ...] = ()
    lazy: bool = False
    type_only: bool = False
    reexport: bool = False
    target: str | None = None


class Exported(Fact, frozen=True, kw_only=True):
    """A module-level name and what it holds; only what other modules may need."""

    name: str
    value: Value


class CallSite(Fact, frozen=True, kw_only=True):
    """A call of an imported function that may be a wrapper around the environment."""

    callee: Value
    arguments: tuple[tuple[str | None, Value, Location], ...]
    access: Access = "read"
    default: Default | None = None
    guard: Guard = "always"
    deferred: bool = False


class MemberUse(Fact, frozen=True, kw_only=True):
    """`object.NAME` where the object is imported; a read if it turns out to be the environment."""

    target: Value
    key: Value
    access: Access = "read"
    default: Default | None = None
    guard: Guard = "always"
    deferred: bool = False
    cast: str | None = None
    required: bool | None = None


class Wrapper(Fact, frozen=True, kw_only=True):
    """A function of this file through which variables are read, for callers in other files.

    With `key`, that value (holding a `Parameter`) is the name read at each call; `fallback` is the parameter that
    stands in for a missing variable. Without it, parameter `environment` is used as an environment.
    """

    function: str
    parameters: tuple[str, ...]
    bound: bool = False
    key: Value | None = None
    environment: int | None = None
    names: tuple[tuple[Value, Location], ...] = ()
    access: Access = "read"
    fallback: int | None = None
    default: Default | None = None
    required: bool | None = None
    cast: str | None = None


class Summary(Fact, frozen=True, kw_only=True):
    """What a function of this file returns, in terms of its parameters."""

    function: str
    parameters: tuple[str, ...]
    returned: Value


class Problem(Fact, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be used; never silence."""

    problem: Choice["unreadable", "unparsable", "partial", "skipped"]
    message: str


AnyFact = (
    EnvRead
    | EnvDeclaration
    | EnvProvision
    | EnvFile
    | RedisConnection
    | QueueUse
    | ObjectStoreClient
    | ObjectStoreOperation
    | TemporalConnection
    | TemporalWorker
    | TemporalStart
    | DatabaseConnection
    | SecretUse
    | TestDouble
    | Listener
    | EntryPoint
    | ContainerSpec
    | ImageBuild
    | ServiceSpec
    | Imports
    | Problem
)
"""The published facts; those of `LINKER_ONLY` never leave the linker."""

LINKER_ONLY = (Exported, CallSite, MemberUse, Wrapper, Summary)
