"""What files tell the linker about each other; never published, but for imports."""

from __future__ import annotations

from typing import Literal as Choice

import msgspec

from filot_lint.facts.environment import Default
from filot_lint.facts.observation import Access, EmptyText, Fact, Guard
from filot_lint.source import Location
from filot_lint.values import Parameter, Value


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


class TemporalType(Fact, frozen=True, kw_only=True):
    """A class or function that a decorator makes a workflow or an activity; `called` is null where that is computed."""

    name: str
    called: str | None


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
