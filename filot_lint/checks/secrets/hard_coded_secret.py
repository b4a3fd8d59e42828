"""FIL601: a credential is written in the source."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.facts import (
    DatabaseConnection,
    Fact,
    ObjectStoreClient,
    RedisConnection,
    SecretLiteral,
    SecretUse,
    TemporalConnection,
)
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import is_local, shape_of
from filot_lint.source import Location
from filot_lint.values import Env, Literal, Value, constant, options
from filot_lint.workspace.index import Index

CREDENTIALS: dict[type[Fact], str] = {
    RedisConnection: "password",
    DatabaseConnection: "password",
    ObjectStoreClient: "secret_key",
    TemporalConnection: "api_key",
    SecretUse: "secret",
}
FORMS = {
    "credentials": "a URL with its password",
    "token": "a token of a form that a service hands out",
    "private-key": "a private key",
    "named": "a random text",
}
REAL = frozenset({"token", "jwt", "pem", "hex 64"})
NAMED = "taken for a secret because of its name and its randomness"
HERE = "what it opens is on this machine, or not said"


@check("FIL601")
def hard_coded_secret(index: Index) -> Iterator[Hit]:
    """Report texts that look like credentials, and texts that libraries are given as such; none is shown."""
    seen: set[Location] = set()
    for fact in index.of(SecretLiteral):
        if may_run(fact):
            seen.add(fact.location)
            yield _of_text(fact)
    for kind, field in CREDENTIALS.items():
        for use in index.of(kind):
            found = _given(use, field)
            if found is not None and found.at is not None and found.at not in seen:
                seen.add(found.at)
                yield _of_use(use, field, found.at)


def _of_text(fact: SecretLiteral) -> Hit:
    named = fact.form == "named"
    subject = f"{FORMS[fact.form]} in `{fact.name}`" if fact.name else FORMS[fact.form]
    return Hit(
        fact.location,
        {"subject": f"{subject} ({fact.length} characters)"},
        confidence=Confidence.MEDIUM if named else None,
        reason=NAMED if named else None,
        label="known to everybody who can read the repository",
        concealed=True,
    )


def _given(use: Fact, field: str) -> Literal | None:
    """Return the text that a library is given as a credential, when it cannot be anything else."""
    value: Value | None = getattr(use, field)
    if not may_run(use) or value is None or any(isinstance(option, Env) for option in options(value)):
        return None
    found = next((o for o in options(value) if isinstance(o, Literal) and not o.is_empty), None)
    if found is None or found.at is None or found.at.file != use.file or found.type not in {"string", "redacted"}:
        return None
    shape = found.text if found.type == "redacted" else shape_of(found.text)
    if isinstance(use, SecretUse):
        wanted = use.sink == "jwt-sign" or (use.sink in {"hmac", "jwt-verify"} and shape in REAL)
        return found if wanted and shape not in {"placeholder", "reference"} else None
    return found if shape not in {"placeholder", "reference", "empty"} else None


def _of_use(use: Fact, field: str, place: Location) -> Hit:
    library = str(getattr(use, "library", ""))
    near = not isinstance(use, SecretUse) and _is_near(use)
    what = "the key of" if isinstance(use, SecretUse) else f"the {field.replace('_', ' ')} of"
    return Hit(
        place,
        {"subject": f"{what} {library}"},
        related=(Related(use.location, f"given to {library} here"),) if use.location != place else (),
        severity=Severity.WARNING if near else None,
        confidence=Confidence.MEDIUM if near else None,
        reason=HERE if near else None,
        label="known to everybody who can read the repository",
        concealed=True,
    )


def _is_near(use: Fact) -> bool:
    """Whether a client is made for this machine, or does not say for which."""
    hosts = [text for name in ("host", "url", "endpoint", "address") if (text := constant(getattr(use, name, None)))]
    return not hosts or any(map(is_local, hosts))
