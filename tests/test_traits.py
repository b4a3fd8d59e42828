"""What may be told of a value, and that it is nothing else."""

from __future__ import annotations

import pytest

from filot_lint import r2
from filot_lint.traits import traits_of

OWN = ("on", "off", "scheme=", "host=", "sslmode=", "r2")
ACCOUNT = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "traits"),
    [
        (None, ()),
        ("", ()),
        ("a word", ()),
        ("1", ("on",)),
        (" False ", ("off",)),
        ("rediss://:hidden@cache.acme.io:6379", ("scheme=rediss", "host=remote")),
        ("postgresql+asyncpg://u:p@db:5432/app?sslmode=require", ("scheme=postgresql+asyncpg", "sslmode=require")),
        ("postgres://u@db.example.com/app", ("scheme=postgres",)),
        ("postgres://u@db.svc.cluster.local/app", ("scheme=postgres",)),
        (f"https://{ACCOUNT}.eu.r2.cloudflarestorage.com/", ("scheme=https", "host=remote", "r2")),
        ("https://<account-id>.r2.cloudflarestorage.com", ("scheme=https", "r2")),
        ("acct.r2.cloudflarestorage.com", ("r2", "r2 without a scheme")),
        ("http://a.r2.cloudflarestorage.com", ("scheme=http", "host=remote", "r2", "r2 over plain http")),
        (
            f"https://{ACCOUNT}.us.r2.cloudflarestorage.com/docs",
            ("scheme=https", "host=remote", "r2", "r2 with a path", "r2 of no jurisdiction"),
        ),
        (f"https://docs.{ACCOUNT}.r2.cloudflarestorage.com", ("scheme=https", "host=remote", "r2")),
        ("https://pub-12ab.r2.dev/a", ("scheme=https", "host=remote", "r2.dev")),
    ],
)
def test_traits(text: str | None, traits: tuple[str, ...]) -> None:
    assert tuple(trait for trait in traits_of(text) if trait.startswith(OWN)) == traits


@pytest.mark.parametrize("text", ["a." * 5000, "postgres://" + "a-" * 5000, "http://" + "a." * 5000, "://" * 5000])
def test_long_texts_take_no_time(text: str) -> None:
    assert len(traits_of(text)) < len(text)


@pytest.mark.parametrize("text", ["https://x:%s@a.acme.io/p", "rediss://:%s@a.acme.io:6379/0?ssl_cert_reqs=none", "%s"])
def test_the_value_stays_where_it_is(text: str) -> None:
    hidden = "Kx9vQz7LmP2w"
    assert not any(hidden.lower() in trait.lower() for trait in traits_of(text % hidden))


def test_what_r2_does_not_do_has_a_reason() -> None:
    known = [*r2.operations().values(), *r2.parameters().values()]
    assert all(bool(support.effect) == bool(support.why) for support in known)
    assert all(support.permission for support in r2.operations().values())
    assert r2.operations()["PutObject"].permission == "write"
    assert r2.operations()["PutBucketCors"] == r2.Support(permission="admin")
