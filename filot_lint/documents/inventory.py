"""What is known to exist: names of a secret store's entries, and the variables that a file sets. Never values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import Literal as Choice

import msgspec

from filot_lint.documents.survey import ReportError
from filot_lint.extract import extract
from filot_lint.facts import EnvDeclaration
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile

State = Choice["set", "empty", "absent"]
Status = Choice["present", "missing", "unknown"]
LARGEST = 16_000_000
ALLOWED = frozenset({"ListSecrets", "DescribeSecret"})

_NAME = re.compile(r"[\w/+=.@-]{1,512}")
_ARN = re.compile(r"arn:[\w-]+:secretsmanager:[^:]*:[^:]*:secret:(?P<name>[\w/+=.@-]+)-[A-Za-z0-9]{6}")


class Inventory(msgspec.Struct, frozen=True):
    """The names of the entries that a secret store holds, and the file that says so."""

    names: frozenset[str]
    origin: str


class EnvValues(msgspec.Struct, frozen=True):
    """Which variables a file of values sets, and which it leaves empty."""

    states: dict[str, State]
    origin: str

    def of(self, name: str) -> State:
        """Return what the file says of a variable."""
        return self.states.get(name, "absent")


def read_inventory(path: Path) -> Inventory:
    """Read names: one on each line, a JSON list, or what `aws secretsmanager list-secrets` prints.

    Raises `ReportError` for a file that is none of these, with the line.
    """
    text = _text(path)
    stripped = text.lstrip()
    if stripped.startswith(("[", "{")):
        try:
            data = json.loads(text)
        except ValueError as error:
            line = getattr(error, "lineno", 1)
            message = f"{path}:{line}: is neither JSON nor a list of names, one on each line"
            raise ReportError(message) from None
        names = frozenset(_names(data))
    else:
        names = frozenset(_lines(path, text))
    if not names:
        message = f"{path}: names no entry of a secret store; expected one name on each line, or a JSON list of them"
        raise ReportError(message)
    return Inventory(names, path.name)


def aws_inventory() -> Inventory:
    """Ask AWS Secrets Manager for the names of its entries, with the credentials and region of the environment.

    Only the operations of `ALLOWED` leave this machine; none of them returns a value. Raises `ReportError` where boto3
    is not installed or AWS refuses.
    """
    try:
        import boto3  # type: ignore[import-untyped]  # noqa: PLC0415  # an extra, without types
        from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # noqa: PLC0415
    except ModuleNotFoundError:
        message = "`--inventory aws` needs boto3: install `filot-lint[aws]`"
        raise ReportError(message) from None
    try:
        client = boto3.client("secretsmanager")
        client.meta.events.register("before-call.secrets-manager.*", _only_allowed)
        pages = client.get_paginator("list_secrets").paginate()
        names = frozenset(entry["Name"] for page in pages for entry in page["SecretList"])
    except (BotoCoreError, ClientError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        message = f"AWS Secrets Manager did not list its entries: {code}; check region, credentials and ListSecrets"
        raise ReportError(message) from None
    return Inventory(names, "AWS Secrets Manager")


def _only_allowed(model: Any, **_rest: object) -> None:  # noqa: ANN401  # botocore has no types
    if model.name not in ALLOWED:
        message = f"{model.name} is not allowed: the report only lists names"
        raise ReportError(message)


def _lines(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        name = _bare(bare)
        if name is None:
            message = f"{path}:{number}: is not the name of an entry; names only, never values"
            raise ReportError(message)
        yield name


def _names(data: Any) -> Iterator[str]:  # noqa: ANN401  # JSON is any
    """Yield the names in a list, or below `SecretList`."""
    if isinstance(data, dict):
        yield from _names(data.get("SecretList", []))
    elif isinstance(data, list):
        for item in data:
            name = item.get("Name") if isinstance(item, dict) else item
            if isinstance(name, str) and (bare := _bare(name)) is not None:
                yield bare


def _bare(text: str) -> str | None:
    """Return the name in an ARN, or the text where it is a name."""
    arn = _ARN.fullmatch(text)
    return arn["name"] if arn else text if _NAME.fullmatch(text) else None


def read_env_values(path: Path) -> EnvValues:
    """Read which variables a file of values sets. The values die in the parser."""
    source = SourceFile(path.name, _text(path).encode("utf-8", "surrogateescape"), Language.DOTENV)
    declared = [f for f in extract(source, load_models()) if isinstance(f, EnvDeclaration) and not f.commented_out]
    return EnvValues({d.name: "empty" if d.shape == "empty" else "set" for d in declared}, path.name)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            message = f"{path}: is larger than {LARGEST} bytes"
            raise ReportError(message)
        return path.read_text("utf-8", "surrogateescape")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or type(error).__name__}"
        raise ReportError(message) from None
