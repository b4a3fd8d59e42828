"""`--inventory aws`, against a server that answers as AWS does."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from urllib.request import Request, urlopen

import boto3  # type: ignore[import-untyped]  # it ships none
import pytest
from botocore.client import BaseClient  # type: ignore[import-untyped]  # as above
from botocore.exceptions import ClientError  # type: ignore[import-untyped]  # as above
from moto.server import ThreadedMotoServer

from filot_lint.documents.inventory import ALLOWED, _only_allowed, aws_inventory
from filot_lint.documents.survey import ReportError

CANARY = "hunter2-canary"


@pytest.fixture
def secrets_manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run a server with three entries; return its address."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    urlopen(Request(f"{address}/moto-api/reset", method="POST")).close()  # noqa: S310  # our own server
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": address,
    }.items():
        monkeypatch.setenv(name, value)  # fmt: skip
    client = boto3.client("secretsmanager")
    for name in ("shop/prod/redis", "shop/prod/jwt", "other"):
        client.create_secret(Name=name, SecretString=CANARY)
    yield address
    server.stop()


@pytest.mark.usefixtures("secrets_manager")
def test_the_names_and_nothing_else() -> None:
    found = aws_inventory()
    assert found.names == {"shop/prod/redis", "shop/prod/jwt", "other"}
    assert CANARY not in repr(found)


@pytest.mark.usefixtures("secrets_manager")
@pytest.mark.parametrize("operation", ["get_secret_value", "delete_secret", "put_secret_value"])
def test_no_other_operation_leaves_the_machine(operation: str) -> None:
    client = boto3.client("secretsmanager")
    client.meta.events.register("before-call.secrets-manager.*", _only_allowed)
    arguments = {"SecretId": "other"} | ({"SecretString": "x"} if operation == "put_secret_value" else {})
    with pytest.raises(ReportError, match="is not allowed"):
        getattr(client, operation)(**arguments)
    assert client.describe_secret(SecretId="other")["Name"] == "other"
    assert frozenset({"ListSecrets", "DescribeSecret"}) == ALLOWED


@pytest.mark.usefixtures("secrets_manager")
def test_all_pages_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client("secretsmanager")
    for number in range(110):
        client.create_secret(Name=f"shop/{number}", SecretString=CANARY)
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    found = aws_inventory()
    assert len(found.names) == 113
    assert found.origin == "AWS Secrets Manager in eu-west-1"


@pytest.mark.usefixtures("secrets_manager")
def test_an_empty_account_is_no_inventory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    with pytest.raises(ReportError, match="has no entry in eu-west-3; check account and region"):
        aws_inventory()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "NoRegionError; set `AWS_REGION` or a region in your profile"),
        ({"AWS_REGION": "eu-west-1"}, "NoCredentialsError; set credentials, such as `AWS_PROFILE`"),
        ({"AWS_PROFILE": "nobody"}, "ProfileNotFound; `AWS_PROFILE` names a profile that is not configured"),
        (
            {
                "AWS_REGION": "eu-west-1",
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_MAX_ATTEMPTS": "1",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:9",
            },
            "EndpointConnectionError; the service was not reached",
        ),
    ],
    ids=["region", "credentials", "profile", "network"],
)
def test_a_refusal_names_its_remedy(settings: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    quiet = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    for name, value in {**quiet, "AWS_EC2_METADATA_DISABLED": "true", **settings}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ReportError, match=re.escape(message)):
        aws_inventory()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDeniedException", "the identity needs the permission `secretsmanager:ListSecrets`"),
        ("ExpiredTokenException", "the credentials are not valid or no longer valid; sign in again"),
        ("InternalServiceError", "check region, credentials and the permission"),
    ],
)
def test_what_aws_refuses(code: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_rest: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": f"for {CANARY}"}}, "ListSecrets")

    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setattr(BaseClient, "_make_api_call", refuse)
    with pytest.raises(ReportError, match=f"{code}; {message}") as error:
        aws_inventory()
    assert CANARY not in str(error.value)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ReportError, match=r"install `filot-lint\[aws\]`"):
        aws_inventory()
