"""What the code connects to: Redis and queues, object stores, Temporal, databases; and how long things may take."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.facts.observation import Fact, Role, Unit
from filot_lint.values import Value


class RedisConnection(Fact, frozen=True, kw_only=True):
    """A Redis client is made. Every setting is a value; null when not given.

    `timeout` is how long an answer may take, `connect_timeout` the connection; both in the unit of the library. `form`
    tells what is made when it is no plain client. `reconnect` is what the function that decides on another attempt
    gives: null where it gives up after some, with the place, `renewed` where the next to ask gets a new client.
    `misplaced` is a setting that stands where the library does not look for it. `route` is another way
    to the server than URL and host: a socket, sentinels. `purpose` tells the two connections of Celery apart.
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

    A `handle` is an object through which jobs may be added or looked at, a `remover` takes off members that are given.
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
    there, `argument` what it is called. `address` is where the request goes. `library` is null for an entry of an
    object of options that does not show whose they are.
    """

    library: str | None = None
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
    """A worker that polls a task queue; `client` is the connection it polls through, as with `QueueUse`.

    `workflows` and `activities` are the names under which it registers them, `open` where there may be more.
    """

    library: str
    task_queue: Value | None = None
    namespace: Value | None = None
    workflows: Value | None = None
    activities: Value | None = None
    client: Value | None = None


class TemporalStart(Fact, frozen=True, kw_only=True):
    """A place that starts or signals a workflow; `workflow` is the name it is known by."""

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


class Listener(Fact, frozen=True, kw_only=True):
    """A server starts to listen."""

    library: str
    port: Value | None = None
    host: Value | None = None


class CorsSetting(Fact, frozen=True, kw_only=True):
    """A server says which web pages may call it; without `origin` the library decides."""

    library: str
    origin: Value | None = None
    allow_credentials: Value | None = None
