"""Which variables are secrets, what values look like, and what may be shown."""

from __future__ import annotations

import time

import pytest

from filot_lint.secrets import (
    classify,
    credential_of,
    is_local,
    is_placeholder,
    is_secret,
    looks_secret,
    made_by,
    may_show,
    shape_of,
    suggests_secret,
    tokens,
    unpublished,
)

CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"


@pytest.mark.parametrize(
    "name",
    [
        "JWT_SECRET",
        "SESSION_SECRET",
        "SERVICE_INTERNAL_KEY",
        "DATABASE_URL",
        "REDIS_URL",
        "REDIS_PASSWORD",
        "STACK_SECRET_SERVER_KEY",
        "CF_R2_SECRET_ACCESS_KEY",
        "BULI2_API_KEY",
        "BULI2_SIGNATURE_SECRET",
        "TEMPORAL_API_KEY",
        "CELERY_BROKER_URL",
        "DB_PASS",
        "jwtSecret",
        "NEXT_PUBLIC_BULI2_API_KEY",
    ],
)
def test_credentials_are_secret_by_name(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "OCR_GPU_QUEUE_KEY",
        "OCR_GPU_PROCESSING_KEY",
        "OCR_GPU_ATTEMPTS_KEY",
        "AI_SCORE_THRESHOLD_AUTO_APPROVE",
        "R2_PRIVATE_URL_EXPIRY",
        "TOKEN_EXPIRES_IN",
        "TOKEN_TIME",
        "PASSWORD_RESET_TOKEN_EXPIRY",
        "JWT_ALGORITHM",
        "MAX_TOKENS",
        "AUTH_PROVIDER",
        "AUTH_ENABLED",
        "CORS_ALLOW_CREDENTIALS",
        "SALT_ROUNDS",
        "JWT_SECRET_FILE",
        "REDIS_HOST",
        "REDIS_TLS",
        "FRONTEND_URL",
        "AWS_SECRET_ARN",
        "PWD",
        "COMPASS",
        "NODE_ENV",
        "",
    ],
)
def test_other_names_are_configuration(name: str) -> None:
    assert classify(name).kind == "config"
    assert not is_secret(name)


@pytest.mark.parametrize(
    "name", ["STACK_PUBLISHABLE_CLIENT_KEY", "SUPABASE_ANON_KEY", "RECAPTCHA_SITE_KEY", "VITE_TITLE"]
)
def test_what_is_made_to_be_published_is_public(name: str) -> None:
    assert classify(name).kind == "public"


@pytest.mark.parametrize(
    "name", ["CF_R2_ACCESS_KEY_ID", "STACK_PROJECT_ID", "CF_ACCOUNT_ID", "SENTRY_DSN", "CLIENT_ID"]
)
def test_identifiers_are_sensitive_at_most(name: str) -> None:
    assert classify(name, "token", ["header"]).kind == "sensitive"


def test_evidence_adds_up_and_is_told() -> None:
    by_name = classify("JWT_SECRET")
    with_use = classify("JWT_SECRET", uses=["jwt-sign"])

    assert (by_name.score, by_name.confidence) == (3, "medium")
    assert (with_use.score, with_use.confidence) == (7, "high")
    assert with_use.reasons == ("the name says SECRET (+3)", "it is used as: jwt-sign (+4)")
    assert by_name.strong


def test_a_use_settles_a_name_that_says_little() -> None:
    assert classify("DROPBOX_APP_KEY").confidence == "low"
    assert classify("DROPBOX_APP_KEY", uses=["header"]).kind == "secret"


def test_a_weak_word_does_not_make_a_secret_harmless() -> None:
    assert classify("NEXTAUTH_SECRET", "word").score == classify("NEXTAUTH_SECRET").score
    assert classify("ENCRYPTION_KEY", shape_of("0" * 64)).kind == "secret"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("<your key>", "placeholder"),
        ("your-api-key", "placeholder"),
        ("cr-YOUR_API_KEY", "placeholder"),
        ("00000000-0000-0000-0000-000000000000", "placeholder"),
        ("check-your-mail", "word"),
        ("changeme", "placeholder"),
        ("xxx", "placeholder"),
        ("postgresql://USER:PASSWORD@HOST:5432/db", "placeholder"),
        ("true", "boolean"),
        ("8080", "integer"),
        ("1", "boolean"),
        ("0.5", "number"),
        ("15m", "duration"),
        ("1h30m", "duration"),
        ("https://app.filot.id", "url"),
        ("redis://redis:6379", "url"),
        ("rediss://default:" + CANARY + "@cache.internal:6379", "url with credentials"),
        ("redis://${REDIS_HOST}:6379", "url"),
        ("redis://:${REDIS_PASSWORD}@cache:6379", "url"),
        ("redis://localhost:6379", "localhost url"),
        ("http://127.0.0.1", "localhost url"),
        ("postgres://postgres:hunter22@localhost/db", "localhost url with credentials"),
        ("localhost", "localhost"),
        ("localhost:7233", "localhost:port"),
        ("namespace.tmprl.cloud:7233", "host:port"),
        ("./uploads", "path"),
        ("/ecs/filot", "path"),
        ("a@filot.id", "e-mail"),
        ("123e4567-e89b-12d3-a456-426614174000", "uuid"),
        ("arn:aws:secretsmanager:eu-west-1:1:secret:x", "arn"),
        ("${REGISTRY}/${IMAGE}:${TAG}", "reference"),
        ("$HOME", "reference"),
        ("-----BEGIN PRIVATE KEY-----\nx", "pem"),
        ("eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "jwt"),
        ("AKIA" + "ABCDEFGHIJKLMNOP", "token"),
        (CANARY, "token"),
        ("0" * 64, "hex 64"),
        ("debug", "word"),
        ("filot:ocr:gpu:queue", "word"),
        ("filot-production-ocr-gpu-worker-task-definition", "word"),
        ("My App", "words"),
        ("a, b,c", "list"),
        ('{"a": 1}', "json"),
        ("\x01\x02", "text"),
    ],
)
def test_shape(text: str, shape: str) -> None:
    assert shape_of(text) == shape


@pytest.mark.parametrize(
    "text",
    ["redis://localhost:6379", "localhost", "127.0.0.1:80", "http://[::1]:80/x", "api.localhost", "a:1,localhost:9092"],
)
def test_loopback(text: str) -> None:
    assert is_local(text)


@pytest.mark.parametrize("text", ["0.0.0.0", "redis://redis:6379", "https://localhost.example.com", "", "my-localhost"])  # noqa: S104
def test_not_loopback(text: str) -> None:
    assert not is_local(text)


@pytest.mark.parametrize("text", ["production", "redis", "secret", "https://app.filot.id", "TODOIST", "3600"])
def test_real_values_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"key: {CANARY}",
        f"X={CANARY}",
        "see redis://:s3cr3tvalue@host:6379 for details",
        "ghp_" + "a1B2" * 9,
        "https://bucket.example.com/x?X-Amz-Signature=0a1b2c3d4e5f6071",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_secrets_are_seen_in_texts(text: str) -> None:
    assert looks_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Format: postgresql://user:pass@host:port/dbname",
        "rediss://USER:PASSWORD@HOST:6379/0",
        "filot-ocr-gpu-worker",
        "070017891928.dkr.ecr.ap-southeast-2.amazonaws.com/filot-ocr-gpu-worker:latest",
        "arn:aws:secretsmanager:ap-southeast-2:070017891928:secret:filot/database-url",
        "sk_test_xxxxxxxxxxxxxxxxxxxx",
        "https://[account-id].r2.cloudflarestorage.com",
    ],
)
def test_documentation_is_no_secret(text: str) -> None:
    assert not looks_secret(text)


def test_what_may_be_shown() -> None:
    assert may_show("PORT", "8080")
    assert may_show("OCR_GPU_QUEUE_KEY", "filot:ocr:gpu:queue")
    assert may_show("REDIS_URL", "redis://localhost:6379")
    assert may_show(None, "ap-southeast-2")
    assert not may_show("JWT_SECRET", "dev")
    assert not may_show("REDIS_URL", "redis://:s3cr3tvalue@host:6379")
    assert not may_show("PORT", CANARY)
    assert not may_show(None, "0123456789abcdef" * 4)


def test_words_of_a_name() -> None:
    assert tokens("redisPrivateURL") == ("REDIS", "PRIVATE", "URL")
    assert tokens("CF_R2_BUCKET") == ("CF", "R", "2", "BUCKET")


def test_long_input_is_cheap() -> None:
    begin = time.perf_counter()
    for unit in ("a", "0", "-", "a.", "$", "${", "a,", " ", "://", "a@", "Zz9+", "1h", "localhost.", "\\", "=", "x"):
        text = unit * (200_000 // len(unit))
        shape_of(text)
        looks_secret(text)
        may_show(text, text)
        is_local(text)
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("postgres://shop:Zw8-kq2L-v9@db.shop-data.net/app", None, "credentials"),
        ("xoxb-2871936405-kQ7rT2mZ9wLx4Vb8", None, "token"),
        (CANARY, "api_secret", "named"),
        (CANARY, "etag", None),
        (CANARY, "secretFingerprint", None),
        ("postgres://postgres:postgres@db.shop-data.net/app", None, None),
        ("postgres://shop:Zw8-kq2L-v9@db:5432/app", None, None),
        ("postgres://shop:Zw8-kq2L-v9@db.example.com/app", None, None),
        ("AKIAIOSFODNN7EXAMPLE", "access_key", None),
        ("phc_JpGqM1KzYx3Rw9TbVnA7sDfLhUe2CoQi", "POSTHOG_API_KEY", None),
        ("3f2b8c1e-9d4a-4f6b-8e7c-1a2b3c4d5e6f", "secret", None),
        ("-----BEGIN PRIVATE KEY-----", "marker", None),
        ("your-secret-goes-here", "secret", None),
        ("sk-kept-in-the-secrets-manager", "OPENAI_API_KEY", None),
        ("postgres://admin:YourPassword@db.example.net/app", None, None),
    ],
)
def test_literals_that_are_credentials(text: str, name: str | None, form: str | None) -> None:
    assert credential_of(text, name) == form


def test_a_value_made_for_browsers_is_public() -> None:
    assert shape_of("phc_JpGqM1KzYx3Rw9TbVnA7sDfLhUe2CoQi") == "publishable"
    assert classify("POSTHOG_API_KEY", "publishable").kind == "public"
    assert unpublished("NEXT_PUBLIC_MAPS_API_KEY").kind == "public"
    assert unpublished("NEXT_PUBLIC_SHOP_SECRET").kind == "secret"


def test_use_settles_what_a_name_leaves_open() -> None:
    assert suggests_secret("ADMIN_KEY")
    assert not suggests_secret("SCAN_QUEUE_KEY")
    assert classify("ADMIN_KEY").kind == "config"
    assert classify("ADMIN_KEY", uses=("compare",)).kind == "secret"


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("JWT_SECRET", "service"),
        ("ADMIN_PASSWORD", "service"),
        ("APP_SECRET_KEY", "service"),
        ("STRIPE_WEBHOOK_SECRET", "service"),
        ("POSTGRES_PASSWORD", "both"),
        ("SHOP_SECRET_KEY", "both"),
        ("GOOGLE_CLIENT_SECRET", "others"),
        ("SMTP_PASSWORD", "others"),
        ("MODEL_API_KEY", "others"),
    ],
)
def test_who_makes_a_secret_up(name: str, maker: str) -> None:
    assert made_by(name) == maker
