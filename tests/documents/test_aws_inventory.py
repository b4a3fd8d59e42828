"""`--inventory aws`, against a server that answers as AWS does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from urllib.request import Request, urlopen

import boto3  # type: ignore[import-untyped]  # it ships none
import pytest
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


def test_a_refusal_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with pytest.raises(ReportError, match="NoRegionError; check region, credentials and ListSecrets"):
        aws_inventory()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ReportError, match=r"install `filot-lint\[aws\]`"):
        aws_inventory()
