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
Flow = Choice["log", "display"]
EmptyText = Choice["kept", "replaced"]
Ecosystem = Choice["pypi", "npm"]
Unit = Choice["ms", "s", "min", "h"]
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
    is written. `guard` tells on which branch it stands, where the kind of fact knows.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    language: str
    area: AreaName
    guard: Guard = "always"
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
    (wrapper, loop, schema) the place is where the name is written. `required` is true when absence stops the program or
    raises, false when the code goes on with a default or an explicit alternative, null when the site does not say.
    `unchecked` reads rely on the variable by a claim that nothing tests (`X!`, `X as string`); they are not `required`.
    `guard` tells on which branch the read stands. `presence` means only set or not set matters; `copy` that the whole
    environment goes somewhere, with a null name, and `reason` says where. `deferred` reads stand in a function, the
    others run when the file is loaded. `flow` is `log` when the value only goes into a message, `display` when it is
    shown in a form or a description. `cast` is what the text becomes: integer, number, boolean, list, json, url, path,
    date, email or secret; null while it stays text. `tested`: the code that holds the value looks whether there is one,
    or hands it to a function or a decorator that may. `truth`: only whether the text is empty decides, as in `if
    (process.env.X)` and `bool(text)`, so that `false` counts as true. `empty` tells what becomes of a variable that is
    set to nothing where there is a default: `kept` by `??`, `replaced` by `||`, null where that is not known. `traits`
    are what may be told of a value that a script or a command line writes (`rules/traits.toml`).
    """

    name: str | None
    access: Access
    via: str
    pattern: str | None = None
    default: Default | None = None
    required: bool | None = None
    unchecked: bool = False
    cast: str | None = None
    tested: bool = False
    truth: bool = False
    empty: EmptyText | None = None
    guard: Guard = "always"
    deferred: bool = False
    flow: Flow | None = None
    value: Value | None = None
    reason: str | None = None
    traits: tuple[str, ...] = ()


class EnvDeclaration(Fact, frozen=True, kw_only=True):
    """A line of an `.env.example`-like file. The value never leaves the parser: `shape` says what it looks like.

    `repeats` is the line of the first declaration of the same name in the file, `differs` whether its value is another.
    `required` comes from the markers; null when the file does not say. `traits` are what else may be told of the value
    (`rules/traits.toml`).
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
    traits: tuple[str, ...] = ()


Spelling = Choice[
    "backticks", "bare-reference", "blank-after-equals", "blank-before-equals", "colon", "command-substitution",
    "comment-as-value", "comment-touching", "digit-first", "dollar", "export", "hash", "indented", "inline-comment",
    "inner-quote", "invalid-name", "multi-line", "no-declaration", "no-equals", "quoted-braces", "quoted-comment",
    "quoted-dollar", "quotes", "reference", "shell-character", "text-after-quote", "trailing-blank", "unclosed-quote",
    "words",
]  # fmt: skip
"""The ways of writing a line that parsers of such files do not read alike (`checks/dotenv/parsers.py` says how)."""


class EnvSpelling(Fact, frozen=True, kw_only=True):
    """A piece of a line of a file of variables that parsers read differently; what is written there stays there.

    `name` is the variable of the line, null where the line declares none. `shape` is that of its value.
    """

    name: str | None
    spelling: Spelling
    shape: str | None = None


class CommittedEnvFile(Fact, frozen=True, kw_only=True):
    """A file of variables for use, no example, that git tracks. `encrypted` when all values that matter are."""

    variables: int
    encrypted: bool = False


class CommittedVariable(Fact, frozen=True, kw_only=True):
    """A variable with a value in such a file; the value never leaves the parser.

    `traits` are what else may be told of it (`rules/traits.toml`).
    """

    name: str
    shape: str
    traits: tuple[str, ...] = ()


class EnvMention(Fact, frozen=True, kw_only=True):
    """A README documents a variable: in the first column of a table, or in a block of assignments.

    It is neither a read nor a declaration. `group` is the line at which the table or block begins.
    """

    name: str
    form: Choice["table", "block"]
    group: int


class EnvProvision(Fact, frozen=True, kw_only=True):
    """A manifest gives a container a variable. Of literal values a shape and `traits` are kept; references as text.

    `text` is the value itself where it is a switch, a measure or a word such as `production`; null for all that may be
    more.

    Channel `ci`: a pipeline gives it to its own commands, never to production. `scope` is the part of the file that
    sets it, where that is no container; for an argument of a Dockerfile the stage, if that is not in the image.
    `from_at` is where the reference is written.
    """

    name: str
    channel: Choice["image-env", "image-arg", "environment", "secret", "env-file", "host", "ci"]
    container: str | None = None
    scope: str | None = None
    shape: str | None = None
    reference: str | None = None
    from_at: Location | None = None
    required: bool | None = None
    manifest: str = ""
    traits: tuple[str, ...] = ()
    text: str | None = None


class StoredValue(Fact, frozen=True, kw_only=True):
    """A pipeline takes a value from the store of its service, as `secrets.X` and `vars.X` in GitHub Actions."""

    store: Choice["secrets", "vars"]
    name: str


class EnvFile(Fact, frozen=True, kw_only=True):
    """A file of variables that a manifest or a loader hands to a process; `required` when it must exist.

    `reader` is the program that reads it for a channel `shell` or `docker`, null when it is none that is known;
    `bundler` is a framework such as Next or Vite, which does so without being told.
    """

    path: str
    container: str | None = None
    reader: Choice[
        "bundler", "compose", "docker", "dotenv-cli", "dotenvx", "env-cmd", "node", "shell", "xargs"
    ] | None = None  # fmt: skip
    channel: Choice["compose", "ecs", "code", "shell", "docker", "kubernetes"] = "compose"
    required: bool | None = None


_NULLABLE = frozenset({"retries", "timeout", "connect_timeout", "reconnect"})
"""Settings that say something when they are null: there is no end to it."""


def nullable(language: str) -> frozenset[str]:
    """Return the settings that say something when they are null; in Python also that nothing is verified."""
    return _NULLABLE | {"verify"} if language == "python" else _NULLABLE


class RedisConnection(Fact, frozen=True, kw_only=True):
    """A Redis client is made. Every setting is a value; null when not given.

    `timeout` is how long an answer may take, `connect_timeout` the connection; both in the unit of the library. `form`
    tells what is made when it is no plain client. `reconnect` is what the function that decides on another attempt
    gives: null where it gives up after some, with the place. `misplaced` is a setting that stands where the library
    does not look for it. `route` is another way to the server than URL and host: a socket, sentinels. `purpose` tells
    the two connections of Celery apart.
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
    reconnect: Value | None = None
    misplaced: Value | None = None
    route: Value | None = None
    form: Choice["pool", "cluster", "sentinel"] | None = None
    purpose: Choice["broker", "results"] | None = None


class QueueUse(Fact, frozen=True, kw_only=True):
    """A queue, list, stream or channel is used. `role` is what this place does with it.

    `client` is the connection it goes through, told by where that is made (`RedisConnection.location`, or `through`);
    null when it is not known. `block` is how long a command waits for something to come: in seconds, in milliseconds
    for streams; 0 is for ever.
    """

    framework: str
    role: Role
    name: Value
    command: str | None = None
    namespace: Value | None = None
    client: Value | None = None
    block: Value | None = None


class RedisKey(Fact, frozen=True, kw_only=True):
    """A Redis key that is no queue (text, counter, lock, hash, set, sorted set); `access` is what the command does.

    `client` is the connection it goes through, as with `QueueUse`. `expires` is how long the key lives, in seconds, or
    `expires_ms`, in milliseconds; `exclusive` is given where the key is only set when it is not there, like a lock.
    """

    library: str
    command: str
    access: Choice["read", "write", "delete"]
    name: Value
    client: Value | None = None
    expires: Value | None = None
    expires_ms: Value | None = None
    exclusive: Value | None = None


class QueueSetting(Fact, frozen=True, kw_only=True):
    """An option of a queue library that decides when a job is taken for lost; `unit` if it is a duration."""

    framework: str
    option: str
    given: Value
    unit: Unit | None = None


class Duration(Fact, frozen=True, kw_only=True):
    """A constant of the code's own that is called a duration of jobs and names its unit: `STUCK_AFTER_MS = 300_000`.

    `role` is what the name says: `stuck` (a job is taken for lost), `lock` (how long a lock lives), `limit` (how long a
    job may take), `drain` (how long a shutdown may take).
    """

    name: str
    role: Choice["stuck", "lock", "limit", "drain"]
    length: Value
    unit: Unit


class RedisCommand(Fact, frozen=True, kw_only=True):
    """A command for a whole Redis database or server: it empties it, or changes how it works.

    `subject` is what it is about (the setting of `CONFIG SET`), `client` the connection, as with `QueueUse`.
    """

    library: str
    command: str
    subject: Value | None = None
    client: Value | None = None


class ObjectStoreClient(Fact, frozen=True, kw_only=True):
    """An S3-compatible client is made (Cloudflare R2 in FiLot).

    `session` when an object that is made elsewhere may bring region and credentials with it.
    """

    library: str
    endpoint: Value | None = None
    region: Value | None = None
    access_key: Value | None = None
    secret_key: Value | None = None
    addressing: Value | None = None
    signature: Value | None = None
    checksums: Value | None = None
    session: bool = False


class ObjectStoreOperation(Fact, frozen=True, kw_only=True):
    """An operation on an object store; `presign` when only a URL is signed. `expires` is in seconds.

    `options` are those of its other parameters that ask for a feature: ACL, tags, encryption, storage class. `client`
    is the client it goes through, as with `QueueUse`.
    """

    library: str
    operation: str
    bucket: Value | None = None
    presign: bool = False
    expires: Value | None = None
    options: Value | None = None
    client: Value | None = None


class TlsSetting(Fact, frozen=True, kw_only=True):
    """A place that says whether certificates are checked.

    `concerns` is what that holds for: a client, or all that the program opens (`process`). `verify` is what is written
    there, `argument` what it is called. `address` is where the request goes.
    """

    library: str
    argument: str
    verify: Value
    address: Value | None = None
    concerns: Choice["client", "process"] = "client"


class TemporalConnection(Fact, frozen=True, kw_only=True):
    """A connection or client to a Temporal service.

    `client` is the connection that a client is made from, where the two are made by two calls, as with `QueueUse`.
    """

    library: str
    address: Value | None = None
    namespace: Value | None = None
    api_key: Value | None = None
    tls: Value | None = None
    client: Value | None = None


class TemporalWorker(Fact, frozen=True, kw_only=True):
    """A worker that polls a task queue; `client` is the connection it polls through, as with `QueueUse`."""

    library: str
    task_queue: Value | None = None
    namespace: Value | None = None
    client: Value | None = None


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
    """A value is used as a secret: the sink says how.

    `algorithm` is what signs or hashes, `algorithms` what a verification accepts, `salt` and `rounds` belong to a key
    derivation; null when not given.
    """

    sink: Choice["jwt-sign", "jwt-verify", "hmac", "kdf", "compare", "header", "hash"]
    library: str
    secret: Value
    algorithm: Value | None = None
    algorithms: Value | None = None
    salt: Value | None = None
    rounds: Value | None = None


class SecretComparison(Fact, frozen=True, kw_only=True):
    """What somebody sends is compared with a secret, or with a digest made with one.

    `operator` is `==`, `!=`, or the function that compares; `name` what the secret is called there. `secret` is null
    for a digest. `given` says where the other side comes from. `lengths` says, for a function that needs operands of
    one length, whether something sees to that. Of a digest of a parsed `body` that is turned into text again,
    `serialised_at` is where that happens.
    """

    operator: str
    given: Choice["request", "caller", "elsewhere"]
    name: str | None = None
    secret: Value | None = None
    lengths: Choice["checked", "equal", "caught", "unchecked"] | None = None
    body: Choice["request", "caller"] | None = None
    serialised_at: Location | None = None


class SecretAbsence(Fact, frozen=True, kw_only=True):
    """A function that checks something with a secret tests whether the secret is there at all.

    `outcome` is what happens where it is missing: the work goes on without the check (`accepted`), or it stops
    (`refused`). `outcome_at` is where that is written, null where the function just goes on; `check_at` is the check,
    `name` what the secret is called there. `form`: `branch` where absence is tested for itself, `condition` where the
    check only runs if the secret is there, `failure` where an error of the check is taken for success.
    """

    form: Choice["branch", "condition", "failure"]
    outcome: Choice["accepted", "refused"]
    check_at: Location
    name: str | None = None
    secret: Value | None = None
    outcome_at: Location | None = None


class SecretExposure(Fact, frozen=True, kw_only=True):
    """A value goes where others read it: into a log, an answer, or the query of a URL.

    `whole` says that it is the environment as a whole; `name` is how it is written there.
    """

    sink: Choice["log", "response", "url"]
    exposed: Value
    name: str | None = None
    whole: bool = False


class SecretLiteral(Fact, frozen=True, kw_only=True):
    """A text that may be a secret is written in the source. It never leaves the parser: `shape` and `length` remain.

    `form` says what it is taken for one by: a password in a URL (`credentials`), what a service hands out (`token`), a
    `private-key`, or a random text behind a `name` that says so (`named`).
    """

    form: Choice["credentials", "token", "private-key", "named"]
    shape: str
    length: int
    name: str | None = None


Sign = Choice["name", "word", "file", "folder", "import", "stands-for", "made-up", "unfinished", "refuses",
              "idle"]  # fmt: skip
"""Why something is taken for a double: its name is that of one (`name`) or only holds such a word (`word`), its file or
folder is called so, it is a library for tests, it has the base or interface of what it is named after (`stands-for`),
it asks nobody for what it answers (`made-up`), it always ends by raising that it is not implemented yet (`unfinished`)
or at all (`refuses`), or does nothing but log that it is a stand-in (`idle`)."""


class TestDouble(Fact, frozen=True, kw_only=True):
    """A mock, stub or fake, by definition or by import. `evidence` lists why it is taken for one, `signs` in short.

    `heirs` is the place of a class that builds on the one it stands in, which is then only a base.
    """

    __test__ = False

    symbol: str
    form: Choice["class", "function", "module", "import", "flag"]
    evidence: tuple[str, ...]
    signs: tuple[Sign, ...] = ()
    heirs: Location | None = None


class Substitute(Fact, frozen=True, kw_only=True):
    """Something fake or made up takes the place of the real thing, and the program goes on.

    `symbol` is what stands in; `form` says that it is a `double`, a `sample` text, or made from the `clock` or at
    `random`. `where`: a variable is `missing` (`names`), an `error` is handled, or an `answer` of a service lacks
    something (`names` then holds what).
    """

    symbol: str
    form: Choice["double", "sample", "clock", "random"]
    where: Choice["missing", "error", "answer"]
    names: tuple[str, ...] = ()
    test_at: Location | None = None


class GpuUse(Fact, frozen=True, kw_only=True):
    """Code imports a library that can use a GPU, or names the command that lists them (`probe`)."""

    library: str
    form: Choice["library", "probe"]


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
    stage of the Dockerfile that a compose file builds. `start_period` is how long health checks may fail at first,
    `placement` the expressions that choose the machine. `commands` are the programs and packages that the
    instructions of an image name, `dotenv` the files of variables that it copies in. `entry` when the command takes the
    place of the entry point of the image, too. Those ending in `_at` are where a setting is written.
    """

    name: str
    origin: Choice["ecs", "compose", "dockerfile", "kubernetes"]
    family: str | None = None
    image: str | None = None
    image_at: Location | None = None
    command: tuple[str, ...] = ()
    dockerfile: str | None = None
    ports: tuple[str, ...] = ()
    gpus: str | None = None
    gpus_at: Location | None = None
    cpu: str | None = None
    memory: str | None = None
    health_check: tuple[str, ...] = ()
    health_check_at: Location | None = None
    start_period: str | None = None
    compatibilities: tuple[str, ...] = ()
    placement: tuple[str, ...] = ()
    log_group: str | None = None
    execution_role: str | None = None
    stop_timeout: str | None = None
    target: str | None = None
    workdir: str | None = None
    files: tuple[tuple[str, str], ...] = ()
    commands: tuple[str, ...] = ()
    dotenv: tuple[tuple[str, Location], ...] = ()
    entry: bool = False


class ImageBuild(Fact, frozen=True, kw_only=True):
    """A script or compose file builds an image: which Dockerfile becomes which repository name."""

    dockerfile: str
    image: str


class ServiceSpec(Fact, frozen=True, kw_only=True):
    """An ECS service definition; those ending in `_at` are where a setting is written."""

    name: str
    cluster: str | None = None
    task_definition: str | None = None
    desired_count: str | None = None
    launch_type: str | None = None
    launch_type_at: Location | None = None
    placement: tuple[str, ...] = ()
    placement_at: Location | None = None


class TaskRendering(Fact, frozen=True, kw_only=True):
    """A pipeline puts another image into a task definition before it registers it; null for a file not known."""

    task_definition: str | None = None
    container: str | None = None


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
    tested: bool = False
    truth: bool = False
    empty: EmptyText | None = None
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
    truth: bool = False


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


class Effect(Fact, frozen=True, kw_only=True):
    """What runs when a file is loaded and is no definition; the first call of each form.

    It is known to keep the process busy (`starts`), may do anything (`calls`), or only gives a value (`makes`). `main`:
    only where the process starts with this very file.
    """

    callee: str
    form: Choice["starts", "calls", "makes"]
    main: bool = False


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
    | EnvSpelling
    | CommittedEnvFile
    | CommittedVariable
    | EnvMention
    | EnvProvision
    | StoredValue
    | EnvFile
    | RedisConnection
    | QueueUse
    | RedisKey
    | QueueSetting
    | Duration
    | RedisCommand
    | ObjectStoreClient
    | ObjectStoreOperation
    | TlsSetting
    | TemporalConnection
    | TemporalWorker
    | TemporalStart
    | DatabaseConnection
    | SecretUse
    | SecretComparison
    | SecretAbsence
    | SecretExposure
    | SecretLiteral
    | TestDouble
    | Substitute
    | GpuUse
    | Listener
    | EntryPoint
    | ContainerSpec
    | ImageBuild
    | ServiceSpec
    | TaskRendering
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
    Effect,
)
