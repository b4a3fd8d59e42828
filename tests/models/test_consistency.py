"""Models as a whole: no dead label, no unknown kind, and what the platform deals with."""

from __future__ import annotations

import pytest
import tomli

from filot_lint.models import load_models, selector
from filot_lint.resources import RULES


def test_the_methods_of_a_model_belong_to_objects_that_some_call_makes() -> None:
    models = load_models()
    assert {label for label, _ in models.member_calls} <= set(models.makes.values())


def test_the_readers_of_a_model_belong_to_environments_that_exist() -> None:
    models = load_models()
    known = {*models.environments.values(), *(maker.via for maker in models.environment_makers.values())}
    assert {via for via, _ in models.methods} <= known | {"environment", "*"}


def test_languages_share_no_label() -> None:
    made = {
        family: {
            table["makes"]
            for path in (RULES / "models" / family).glob("*.toml")
            for tables in tomli.loads(path.read_text(encoding="utf-8")).values()
            for table in (tables if isinstance(tables, list) else [])
            if isinstance(table, dict) and "makes" in table
        }
        for family in ("python", "typescript")
    }
    assert made["python"] & made["typescript"] == set()


def test_consumers_are_of_three_kinds() -> None:
    assert {consumer.kind for consumer in load_models().consumers.values()} == {"platform", "library", "runtime"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ECS_CONTAINER_METADATA_URI_V4", "platform"),
        ("GITHUB_SHA", "platform"),
        ("HOME", "platform"),
        ("REPL_SLUG", "platform"),
        ("AWS_REGION", "library"),
        ("CELERY_BROKER_URL", "library"),
        ("NVIDIA_VISIBLE_DEVICES", "library"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "library"),
        ("PGPASSWORD", "library"),
        ("PORT", "library"),
        ("NODE_ENV", "runtime"),
        ("PYTHONUNBUFFERED", "runtime"),
        ("https_proxy", "runtime"),
    ],
)
def test_a_variable_that_others_deal_with(name: str, kind: str) -> None:
    consumer = load_models().consumer_of(name)
    assert consumer is not None
    assert consumer.kind == kind


@pytest.mark.parametrize(
    "name",
    [
        *("REDIS_URL", "REDIS_TLS", "TEMPORAL_API_KEY", "JWT_SECRET", "LOG_LEVEL", "CF_ACCOUNT_ID", "HOST"),
        *("GITHUB_CLIENT_ID", "GITHUB_REDIRECT_URI", "GITLAB_TOKEN", "BITBUCKET_CLIENT_SECRET"),
    ],
)
def test_a_variable_of_the_application(name: str) -> None:
    assert load_models().consumer_of(name) is None


@pytest.mark.parametrize("text", ["0.$x", "", "a b"])
def test_what_is_no_selector(text: str) -> None:
    with pytest.raises(ValueError, match="not a selector"):
        selector(text)
