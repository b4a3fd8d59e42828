"""Variables: who reads them, which files declare or mention them, who gives them to whom."""

from __future__ import annotations

from typing import Literal as Choice

import msgspec

from filot_lint.facts.observation import Access, EmptyText, Fact, Flow, Guard
from filot_lint.source import Location
from filot_lint.values import Value


class Default(msgspec.Struct, frozen=True):
    """What stands in when a variable is missing. `text` is redacted (null) when it may be a secret.

    kind: `literal` (text is the value), `env` (text names the other variable), `empty` (the empty string),
    `null` (None, null or undefined), `expression` (computed), `redacted` (a literal that may be a secret; `shape`
    says what it looks like).
    """

    kind: Choice["literal", "env", "empty", "null", "expression", "redacted"]
    text: str | None = None
    shape: str | None = None


class Condition(msgspec.Struct, frozen=True):
    """Another variable that decides whether code runs: set or not, or `text` or not; `at` is the test."""

    name: str
    at: Location
    text: str | None = None
    holds: bool = True


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
    are what may be told of a value that a script or a command line writes (`rules/traits.toml`). `one_of` are other
    variables that do as well, whatever `required` and `unchecked` say: the program needs one of them. `condition` is
    the nearest test of another variable that the read stands behind.
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
    one_of: tuple[str, ...] = ()
    condition: Condition | None = None


class EnvDeclaration(Fact, frozen=True, kw_only=True):
    """A line of an `.env.example`-like file. The value never leaves the parser: `shape` says what it looks like.

    `repeats` is the line of the first declaration of the same name in the file, `differs` whether its value is another.
    `required` comes from the markers; null when the file does not say. `heading` is the line of the section's title
    where that has the marker. `traits` are what else may be told of the value (`rules/traits.toml`).
    """

    name: str
    shape: str
    required: bool | None = None
    heading: int | None = None
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
