"""What is told from outside the source: the names in the secret store, and the keys of a file of values."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from samples import Report, components, environment, fact, wiring

from filot_lint.documents.inventory import LARGEST, read_env_values, read_inventory
from filot_lint.documents.plan import plan
from filot_lint.documents.survey import ReportError
from filot_lint.facts import EnvRead
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
    overview = page(report, "production_secrets_overview.md")
    assert "| `shop/prod/redis` | yes, a manifest takes it | present |" in overview
    assert "| `shop/prod/jwt` | yes, or its values come from elsewhere | missing |" in overview


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "shop/prod/redis\nPASSWORD = hunter2-canary\n",
            "names:2: is not the name of an entry; names only, never values",
        ),
        ("SECRET=hunter2-canary\n", "names:1: is not the name of an entry; names only, never values"),
        ('["shop/prod/redis", "the hunter2-canary"]', "names: item 2 is not the name of an entry"),
        ('{"shop/prod/redis": "hunter2-canary"}', "names: has no list of names; expected a JSON list of them"),
        ('{"SecretList": [{"Name": "a"}], "NextToken": "hunter2-canary"}', "names: holds only a part of the list"),
        ("", "names: names no entry of a secret store"),
        ('{"SecretList": [', "names:1: is neither JSON nor a list of names"),
        ("[" * 100_000, "names:1: is neither JSON nor a list of names"),
        ("s\0h\0o\0p", "names: is no text in UTF-8; save it as such"),
        ("a\n" * (LARGEST // 2 + 1), "names: cannot be read: it is larger than 16 MB"),
    ],
    ids=lambda text: text[:20],
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


def test_entries_on_their_way_out_are_not_there(tmp_path: Path) -> None:
    gone = {"Name": "shop/prod/jwt", "DeletedDate": "2026-01-01"}
    (tmp_path / "names").write_text("\ufeff" + json.dumps({"SecretList": [{"Name": "shop/x"}, gone]}), "utf-8")
    assert read_inventory(tmp_path / "names").names == {"shop/x"}


def test_what_a_file_of_values_sets(tmp_path: Path, report: Report) -> None:
    form = "rediss://USER:PASSWORD@HOST:6379/0"
    (tmp_path / "prod.env").write_text(f"API_TOKEN={CANARY}\nJWT_SECRET=\nREDIS_URL={form}\n# RETRIES=4\n", "utf-8")
    report.facts.append(fact(EnvRead, "src/a.ts:1", "api", name="API_TOKEN", access="read", via="x", required=True))
    report.env_values = read_env_values(tmp_path / "prod.env")
    found = {name: secret["env_file"] for name, secret in secrets(report).items()}
    assert found == {"API_TOKEN": "set", "JWT_SECRET": "empty", "REDIS_URL": "placeholder"}
    overview = page(report, "production_secrets_overview.md")
    assert "| `REDIS_URL` | yes | placeholder |" in overview
    assert "| `RETRIES` | no | absent |" in overview
    everything = b"".join(p.data or b"" for p in plan(report.root, report.context, frozenset()))
    assert CANARY.encode() not in everything


def test_all_documents_say_the_same(tmp_path: Path, report: Report) -> None:
    (tmp_path / "names").write_text("shop/prod/redis\n", "utf-8")
    (tmp_path / "prod.env").write_text(f"REDIS_URL={CANARY}\nJWT_SECRET=\n", "utf-8")
    report.inventory = read_inventory(tmp_path / "names")
    report.env_values = read_env_values(tmp_path / "prod.env")
    expected = {"REDIS_URL": ("present", "set"), "JWT_SECRET": ("missing", "empty")}

    assert {n: (s["status"], s["env_file"]) for n, s in secrets(report).items()} == expected
    template = page(report, "prod.env.template").split("\n\n")
    text = page(report, "missing_required_secrets.txt")
    overview = page(report, "production_secrets_overview.md").splitlines()
    for name, (status, state) in expected.items():
        own = next(block for block in template if f"\n{name}=" in block)
        assert f"; {status}\n" in own
        assert f"# in prod.env: {state}\n" in own
        block = next(b for b in text.split("\n\n") if b.startswith(f"{name}\n"))
        assert f"status       {status}\n    in the file  {state} in prod.env" in block
        row = next(line for line in overview if line.startswith("| `shop/") and f"`{name}`" in line)
        assert f" | {status} | " in row
        assert f" | `{name}` {state} | " in row
    assert "1 entry not in names" in text.splitlines()[0]
    assert "# Not in names: 1 entry." in text
    assert "# Required secrets that prod.env does not set: 1.\n\nJWT_SECRET: empty\n" in text
    head = next(n for n, line in enumerate(overview) if line.startswith("| Entry |"))
    assert {overview[head].count(" | "), overview[head + 1].count(" | ")} == {overview[head + 2].count(" | ")}


def test_without_either_nothing_is_guessed(report: Report) -> None:
    found = secrets(report)
    assert {secret["status"] for secret in found.values()} == {"unknown"}
    assert {secret["env_file"] for secret in found.values()} == {None}
    assert "Status" not in page(report, "production_secrets_overview.md")
