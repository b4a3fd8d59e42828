"""The vocabulary: one observation in one file, with its place. Frozen, picklable, no syntax nodes, no secret values."""

from __future__ import annotations

from functools import cache
from typing import Literal as Choice

import msgspec

from filot_lint.source import Location
from filot_lint.values import Parameter, Value

SCHEMA = "filot-lint/facts/1"

AreaName = Choice["production", "test", "tooling"]
Access = Choice["read", "presence", "write", "delete", "copy"]
Flow = Choice["log"]
Ecosystem = Choice["pypi", "npm"]
Role = Choice["producer", "consumer", "observer", "both"]
Guard = Choice["always", "production", "non-production", "test", "main", "unknown"]


def kebab(name: str) -> str:
    """Return the published kind of a fact class: `EnvRead` -> `env-read`."""
    return "".join("-" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))


class Implied(msgspec.Struct, frozen=True, kw_only=True):
    """What a library does by itself where the code says nothing.

    `field` is a setting of the fact or the name of a behaviour; `value` is what the argument would be, null for none,
    `text` says it in words. `certain`: one version or a closed range decides; `possible`: the versions known so far
    agree, but the range is open or another file may decide; `undetermined`: they disagree, `value` is null and `text`
    lists what they do. `version` names the package as `because` has it.
    """

    field: str
    value: str | int | float | bool | None
    text: str
    certainty: Choice["certain", "possible", "undetermined"]
    version: str
    because: Location


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=kebab):
    """What all facts share. Lines and columns count characters from 1; the end is exclusive.

    `components` are the deployables that load the file; `uncalled` are those of them in which nothing names the
    function around the fact, so that it never runs there. `through` is where a library is called when the fact stands
    at the call of a function around that, which decides the settings. `implied` is what the library in use adds to what
    is written.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    language: str
    area: AreaName
    components: tuple[str, ...] = ()
    uncalled: tuple[str, ...] = ()
    through: Location | None = None
    implied: tuple[Implied, ...] = ()

    @property
    def location(self) -> Location:
        """The place of the observation."""
        return Location(self.file, self.line, self.column, self.end_line, self.end_column)

    def by_default(self, field: str) -> Implied | None:
        """Return what the library makes of a setting that is not written here, or how it behaves."""
        return next((implied for implied in self.implied if implied.field == field), None)


@cache
def required_fields(kind: type[Fact]) -> frozenset[str]:
    """Return the fields without which a fact of this kind says nothing."""
    return frozenset(field.name for field in msgspec.structs.fields(kind) if field.required)


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
    `unchecked` reads rely on the variable by a claim that nothing tests (`X!`, `X as string`); they are not `required`.
    `guard` tells on which branch the read stands. `presence` means only set or not set matters; `copy` that the whole
    environment goes somewhere, with a null name, and `reason` says where. `deferred` reads stand in a function, the
    others run when the file is loaded. `flow` is `log` when the value only goes into a message. `cast` is what the text
    becomes: integer, number, boolean, list, json, url, path, date, email or secret; null while it stays text.
    """

    name: str | None
    access: Access
    via: str
    pattern: str | None = None
    default: Default | None = None
    required: bool | None = None
    unchecked: bool = False
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
    """A manifest gives a container a variable. Literal values are kept as a shape only; references (ARNs) as text.

    Channel `ci`: a pipeline gives it to its own commands, never to production. `scope` is the part of the file that
    sets it, where that is no container.
    """

    name: str
    channel: Choice["image-env", "image-arg", "environment", "secret", "env-file", "host", "ci"]
    container: str | None = None
    scope: str | None = None
    shape: str | None = None
    reference: str | None = None
    required: bool | None = None
    manifest: str = ""


class StoredValue(Fact, frozen=True, kw_only=True):
    """A pipeline takes a value from the store of its service, as `secrets.X` and `vars.X` in GitHub Actions."""

    store: Choice["secrets", "vars"]
    name: str


class EnvFile(Fact, frozen=True, kw_only=True):
    """A file of variables that a manifest or a loader hands to a process; `required` when it must exist."""

    path: str
    container: str | None = None
    channel: Choice["compose", "ecs", "code", "shell", "docker", "kubernetes"] = "compose"
    required: bool | None = None


NULLABLE = frozenset({"retries", "timeout", "connect_timeout"})
"""Settings that say something when they are null: there is no end to it."""


class RedisConnection(Fact, frozen=True, kw_only=True):
    """A Redis client is made. Every setting is a value; null when not given.

    `timeout` is how long an answer may take, `connect_timeout` the connection; both in the unit of the library. `form`
    tells what is made when it is no plain client.
    """

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
    connect_timeout: Value | None = None
    check_hostname: Value | None = None
    health_check: Value | None = None
    prefix: Value | None = None
    form: Choice["pool", "cluster", "sentinel"] | None = None


class QueueUse(Fact, frozen=True, kw_only=True):
    """A queue, list, stream or channel is used. `role` is what this place does with it."""

    framework: str
    role: Role
    name: Value
    command: str | None = None
    namespace: Value | None = None


class RedisKey(Fact, frozen=True, kw_only=True):
    """A Redis key that is no queue (text, counter, lock, hash, set, sorted set); `access` is what the command does."""

    library: str
    command: str
    access: Choice["read", "write", "delete"]
    name: Value


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
    it resolves to, null when it does not. `script` is its name in a package.json, `stage` the target of a Dockerfile
    that is not its last one.
    """

    component: str
    command: tuple[str, ...]
    origin: Choice["dockerfile", "ecs", "kubernetes", "compose", "procfile", "hosting", "package-json", "pyproject",
                   "replit", "shell", "config"]  # fmt: skip
    target: str | None = None
    image: str | None = None
    workdir: str | None = None
    role: Choice["deployable", "script"] = "deployable"
    script: str | None = None
    stage: str | None = None


class ContainerSpec(Fact, frozen=True, kw_only=True):
    """A container as an ECS task definition or a compose file describes it, or an image; nothing secret.

    `files` says where files of an image come from: (path in the image, path below the build context). `target` is the
    stage of the Dockerfile that a compose file builds.
    """

    name: str
    origin: Choice["ecs", "compose", "dockerfile", "kubernetes"]
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
    target: str | None = None
    workdir: str | None = None
    files: tuple[tuple[str, str], ...] = ()


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
    required: bool | None = None
    unchecked: bool = False


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
    unchecked: bool = False


class SchemaPart(msgspec.Struct, frozen=True, kw_only=True):
    """A schema of another file and what is taken of it: the fields `kept`, not those `dropped`, `loose` if optional."""

    ref: Value
    kept: tuple[str, ...] | None = None
    dropped: tuple[str, ...] = ()
    loose: bool = False


class Wrapper(Fact, frozen=True, kw_only=True):
    """A function of this file through which variables are read, for callers in other files.

    With `key`, that value (holding a `Parameter`) is the name read at each call; `fallback` is the parameter that
    stands in for a missing variable. Without it, parameter `environment` is used as an environment, or parsed as one by
    a `schema` of another file. Parameters that take all the rest are written `*names` and `**options`; where
    all of it is handed on (access `copy`), `names` says to what.
    """

    function: str
    parameters: tuple[str, ...]
    bound: bool = False
    key: Value | None = None
    environment: int | None = None
    names: tuple[tuple[Value, Location], ...] = ()
    access: Access = "read"
    fallback: Parameter | None = None
    default: Default | None = None
    required: bool | None = None
    unchecked: bool = False
    guard: Guard = "always"
    cast: str | None = None
    schema: SchemaPart | None = None


class SchemaField(msgspec.Struct, frozen=True, kw_only=True):
    """One variable of a schema that other files may use."""

    name: str
    at: Location
    value: Value
    default: Default | None = None
    required: bool | None = None
    cast: str | None = None


class Schema(Fact, frozen=True, kw_only=True):
    """A schema or class that this file exports, whose fields are variables where the environment is parsed by it."""

    name: str
    fields: tuple[SchemaField, ...]
    parts: tuple[SchemaPart, ...] = ()


class SchemaUse(Fact, frozen=True, kw_only=True):
    """The environment is parsed by a schema that another file holds, whole or in part."""

    schema: SchemaPart
    environment: Value


class ModelField(msgspec.Struct, frozen=True, kw_only=True):
    """One annotated field of a class; `type` is the class it holds, `given` what its default hands to that class."""

    name: str
    at: Location
    aliases: tuple[tuple[str, Location], ...] = ()
    default: Value | None = None
    required: bool = True
    cast: str | None = None
    type: Value | None = None
    given: tuple[tuple[str, Value], ...] = ()


class ModelClass(Fact, frozen=True, kw_only=True):
    """A class with annotated fields, which are variables if it is, or is part of, a class of settings.

    `via` is the library whose class of settings it extends directly, `options` what it configures. `whole` says that
    all it builds on stands in this file, so that its variables are told already.
    """

    name: str
    bases: tuple[Value, ...] = ()
    via: str | None = None
    options: tuple[tuple[str, Value], ...] = ()
    fields: tuple[ModelField, ...] = ()
    whole: bool = True


class DecoratedField(Fact, frozen=True, kw_only=True):
    """A field of a class whose decorator is given what may be the name of a variable: `@Env("PORT") port = 3000`."""

    decorator: Value
    name: str
    value: Value
    default: Default | None = None
    cast: str | None = None


class MethodCall(Fact, frozen=True, kw_only=True):
    """A method is called on an object that another file makes.

    `meanings` says what the call is for each label the object may have (`rules/models`), `otherwise` what it is when
    the object stays unknown.
    """

    receiver: Value
    method: str
    meanings: tuple[tuple[str, tuple[Fact, ...]], ...]
    otherwise: tuple[Fact, ...] = ()


class Summary(Fact, frozen=True, kw_only=True):
    """What a function of this file returns, in terms of its parameters."""

    function: str
    parameters: tuple[str, ...]
    returned: Value
    defaults: tuple[Value | None, ...] = ()


class Factory(Fact, frozen=True, kw_only=True):
    """A function around the call of a library: some settings of its facts are its parameters.

    `names` are what callers call it, for a constructor its class. `defaults` belong to the parameters.
    """

    function: str
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    defaults: tuple[Value | None, ...]
    bound: bool = False


class Call(Fact, frozen=True, kw_only=True):
    """A call of a function of the workspace that may be a factory; arguments are (keyword, value) pairs."""

    callee: Value
    arguments: tuple[tuple[str | None, Value], ...]


class Definition(Fact, frozen=True, kw_only=True):
    """A function or method, or what runs when the file is loaded (no `names`), with every word it mentions.

    `owner` is the class of a method; `registered` functions are called by a framework or by the language.
    """

    names: tuple[str, ...]
    mentions: tuple[str, ...]
    owner: str | None = None
    registered: bool = False


class DependencyFile(Fact, frozen=True, kw_only=True):
    """A file that lists packages; a lock file fixes their versions.

    `includes` are requirements files it takes in, `members` the folders besides its own that a lock file serves, null
    when its format does not say. Both are relative to the root.
    """

    ecosystem: Ecosystem
    origin: Choice["lock", "manifest"]
    includes: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None


class Dependency(Fact, frozen=True, kw_only=True):
    """A package in such a file; only packages that the models know of are kept.

    `version` is exact, null for a range; `constraint` is what the manifest asks for, as it or the lock file says. In a
    lock file `importer` is the folder whose code gets this version, null when all do.
    """

    name: str
    ecosystem: Ecosystem
    origin: Choice["lock", "manifest"]
    version: str | None = None
    constraint: str | None = None
    importer: str | None = None
    dev: bool = False


class Problem(Fact, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be used; never silence."""

    problem: Choice["unreadable", "unparsable", "partial", "skipped"]
    message: str


AnyFact = (
    EnvRead
    | EnvDeclaration
    | EnvProvision
    | StoredValue
    | EnvFile
    | RedisConnection
    | QueueUse
    | RedisKey
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
    | DependencyFile
    | Dependency
    | Problem
)
"""The published facts; those of `LINKER_ONLY` never leave the linker."""

LINKER_ONLY = (
    Exported,
    CallSite,
    MemberUse,
    MethodCall,
    Wrapper,
    Schema,
    SchemaUse,
    ModelClass,
    DecoratedField,
    Summary,
    Factory,
    Call,
    Definition,
)
