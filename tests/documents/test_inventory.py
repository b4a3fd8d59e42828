"""What is told from outside the source: the names in the secret store, and the keys of a file of values."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from samples import Report, components, environment, wiring

from filot_lint.documents.inventory import read_env_values, read_inventory
from filot_lint.documents.plan import plan
from filot_lint.documents.survey import ReportError
from filot_lint.resources import REPORT

CANARY = "hunter2-canary"
SCHEMA = json.loads((REPORT / "schemas" / "secrets-1.json").read_text("utf-8"))


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return Report(tmp_path, [*environment(), *wiring()], components())


def page(report: Report, name: str) -> str:
    planned = plan(report.root, report.context, frozenset())
    return next(p.data or b"" for p in planned if p.path.endswith(name)).decode()


def secrets(report: Report) -> dict[str, dict[str, object]]:
    data = json.loads(page(report, "production_secrets_required.json"))
    jsonschema.validate(data, SCHEMA)
    return {secret["env"]: secret for secret in data["secrets"]}


@pytest.mark.parametrize(
    "text",
    [
        "# in the account\nshop/prod/redis\n\nother/thing\n",
        '["shop/prod/redis", "other/thing"]',
        '{"SecretList": [{"Name": "shop/prod/redis", "ARN": "x"}, {"Name": "other/thing"}]}',
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/prod/redis-Ab12Cd\nother/thing\n",
    ],
)
def test_names_in_every_form(text: str, tmp_path: Path, report: Report) -> None:
    (tmp_path / "names").write_text(text, "utf-8")
    report.inventory = read_inventory(tmp_path / "names")
    assert report.inventory.names == {"shop/prod/redis", "other/thing"}
    found = secrets(report)
    assert (found["REDIS_URL"]["status"], found["JWT_SECRET"]["status"]) == ("present", "missing")
    overview = page(report, "T8A_production_secrets_overview.md")
    assert "| `shop/prod/redis` | present |" in overview
    assert "| `shop/prod/jwt` | missing |" in overview


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "shop/prod/redis\nPASSWORD = hunter2-canary\n",
            "names:2: is not the name of an entry; names only, never values",
        ),
        ("", "names: names no entry of a secret store"),
        ('{"SecretList": [', "names:1: is neither JSON nor a list of names"),
    ],
)
def test_what_is_no_inventory(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "names").write_text(text, "utf-8")
    with pytest.raises(ReportError) as error:
        read_inventory(tmp_path / "names")
    assert message in str(error.value)
    assert CANARY not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"nowhere: cannot be read: No such file"):
        read_inventory(tmp_path / "nowhere")


def test_what_a_file_of_values_sets(tmp_path: Path, report: Report) -> None:
    (tmp_path / "prod.env").write_text(f"REDIS_URL={CANARY}\nJWT_SECRET=\n# RETRIES=4\n", "utf-8")
    report.env_values = read_env_values(tmp_path / "prod.env")
    found = secrets(report)
    assert (found["REDIS_URL"]["env_file"], found["JWT_SECRET"]["env_file"]) == ("set", "empty")
    overview = page(report, "T8A_production_secrets_overview.md")
    assert "| `REDIS_URL` | yes | set |" in overview
    assert "| `RETRIES` | no | absent |" in overview
    everything = b"".join(p.data or b"" for p in plan(report.root, report.context, frozenset()))
    assert CANARY.encode() not in everything


def test_without_either_nothing_is_guessed(report: Report) -> None:
    found = secrets(report)
    assert {secret["status"] for secret in found.values()} == {"unknown"}
    assert {secret["env_file"] for secret in found.values()} == {None}
    assert "Status" not in page(report, "T8A_production_secrets_overview.md")
