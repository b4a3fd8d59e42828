"""What is known to exist: names of a secret store's entries, and the variables that a file sets. Never values."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import Literal as Choice

import msgspec

from filot_lint.documents.survey import ReportError
from filot_lint.extract import extract
from filot_lint.facts import EnvDeclaration
from filot_lint.files import read_named
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile

State = Choice["set", "placeholder", "empty", "absent"]
Status = Choice["present", "missing", "unknown"]
LARGEST = 16_000_000
ALLOWED = frozenset({"ListSecrets", "DescribeSecret"})

_STATES: dict[str, State] = {"empty": "empty", "absent": "absent", "placeholder": "placeholder"}
_DENIED = "the identity needs the permission `secretsmanager:ListSecrets`"
_EXPIRED = "the credentials are not valid or no longer valid; sign in again"
_REMEDY = "check region, credentials and the permission `secretsmanager:ListSecrets`"
_REMEDIES = {
    "AccessDeniedException": _DENIED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidClientTokenId": _EXPIRED,
    "UnrecognizedClientException": _EXPIRED,
    "NoCredentialsError": "set credentials, such as `AWS_PROFILE`, or sign in with `aws sso login`",
    "NoRegionError": "set `AWS_REGION` or a region in your profile",
    "ProfileNotFound": "`AWS_PROFILE` names a profile that is not configured",
    "EndpointConnectionError": "the service was not reached; check `AWS_REGION` and the network",
}

_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")
"""The store allows such a name; a file of values that was given by mistake has nothing else."""
_NAME = re.compile(r"[\w/+=.@-]{1,512}")
_ARN = re.compile(r"arn:[\w-]+:secretsmanager:[^:]*:[^:]*:secret:(?P<name>[\w/+=.@-]+)-[A-Za-z0-9]{6}")


class Inventory(msgspec.Struct, frozen=True):
    """The names of the entries that a secret store holds, and the file that says so."""

    names: frozenset[str]
    origin: str


class EnvValues(msgspec.Struct, frozen=True):
    """Which variables a file of values sets, leaves empty, or still has a placeholder for."""

    states: dict[str, State]
    origin: str

    def of(self, name: str) -> State:
        """Return what the file says of a variable."""
        return self.states.get(name, "absent")


def read_inventory(path: Path) -> Inventory:
    """Read names: one on each line, a JSON list, or what `aws secretsmanager list-secrets` prints.

    Raises `ReportError` for a file that is none of these, with the line.
    """
    text = _text(path).removeprefix("\ufeff")
    if text.lstrip().startswith(("[", "{")):
        names = frozenset(_names(path, _json(path, text)))
    else:
        names = frozenset(_lines(path, text))
    if not names:
        message = f"{path}: names no entry of a secret store; expected one name on each line, or a JSON list of them"
        raise ReportError(message)
    return Inventory(names, path.name)


def _json(path: Path, text: str) -> Any:  # noqa: ANN401  # JSON is any
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"{path}:{getattr(error, 'lineno', 1)}: is neither JSON nor a list of names, one on each line"
        raise ReportError(message) from None


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
        client = boto3.Session(region_name=os.environ.get("AWS_REGION") or None).client("secretsmanager")
        region = client.meta.region_name
        client.meta.events.register("before-call.secrets-manager.*", _only_allowed)
        pages = client.get_paginator("list_secrets").paginate()
        names = frozenset(entry["Name"] for page in pages for entry in page["SecretList"])
    except (BotoCoreError, ClientError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        message = f"AWS Secrets Manager did not list its entries: {code}; {_REMEDIES.get(code, _REMEDY)}"
        raise ReportError(message) from None
    if not names:
        message = f"AWS Secrets Manager has no entry in {region}; check account and region"
        raise ReportError(message)
    return Inventory(names, f"AWS Secrets Manager in {region}")


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
        if name is None or _ASSIGNED.match(bare):
            message = f"{path}:{number}: is not the name of an entry; names only, never values"
            raise ReportError(message)
        yield name


def _names(path: Path, data: Any) -> Iterator[str]:  # noqa: ANN401  # JSON is any
    """Yield the names in a list, or below `SecretList`; entries that are being deleted are none."""
    if isinstance(data, dict):
        if data.get("NextToken"):
            message = f"{path}: holds only a part of the list (`NextToken`); list all entries, without a maximum"
            raise ReportError(message)
        data = data.get("SecretList")
    if not isinstance(data, list):
        message = f"{path}: has no list of names; expected a JSON list of them, or what `list-secrets` prints"
        raise ReportError(message)
    for number, item in enumerate(data, 1):
        if isinstance(item, dict) and item.get("DeletedDate"):
            continue
        name = item.get("Name") if isinstance(item, dict) else item
        bare = _bare(name) if isinstance(name, str) else None
        if bare is None:
            message = f"{path}: item {number} is not the name of an entry; names only, never values"
            raise ReportError(message)
        yield bare


def _bare(text: str) -> str | None:
    """Return the name in an ARN, or the text where it is a name."""
    arn = _ARN.fullmatch(text)
    return arn["name"] if arn else text if _NAME.fullmatch(text) else None


def read_env_values(path: Path) -> EnvValues:
    """Read which variables a file of values sets. The values die in the parser."""
    source = SourceFile(path.name, _text(path).encode("utf-8", "surrogateescape"), Language.DOTENV)
    declared = [f for f in extract(source, load_models()) if isinstance(f, EnvDeclaration) and not f.commented_out]
    return EnvValues({d.name: _STATES.get(d.shape, "set") for d in declared}, path.name)


def _text(path: Path) -> str:
    try:
        data = read_named(path, LARGEST, once=True)
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or type(error).__name__}"
        raise ReportError(message) from None
    if b"\0" in data:
        message = f"{path}: is no text in UTF-8; save it as such"
        raise ReportError(message)
    return data.decode("utf-8", "surrogateescape")
