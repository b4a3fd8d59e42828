"""What is done with secrets: used, compared, missed, exposed, written out."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.facts.observation import Fact
from filot_lint.source import Location
from filot_lint.values import Value


class SecretUse(Fact, frozen=True, kw_only=True):
    """A value is used as a secret: the sink says how.

    `algorithm` is what signs or hashes, `algorithms` what a verification accepts, `salt` and `rounds` belong to a key
    derivation; null when not given.
    """

    sink: Choice["jwt-sign", "jwt-verify", "hmac", "kdf", "cipher", "compare", "header", "hash"]
    library: str
    secret: Value
    algorithm: Value | None = None
    algorithms: Value | None = None
    salt: Value | None = None
    rounds: Value | None = None


class SecretComparison(Fact, frozen=True, kw_only=True):
    """What somebody sends is compared with a secret, or with a digest made with one.

    `operator` is `==`, `!=`, or the function that compares; `name` what the secret is called there. `secret` is null
    for a digest. `given` says where the other side comes from. `lengths` says, for a function that needs operands of
    one length, whether something sees to that. Of a digest of a parsed `body` that is turned into text again,
    `serialised_at` is where that happens.
    """

    operator: str
    given: Choice["request", "caller", "elsewhere"]
    name: str | None = None
    secret: Value | None = None
    lengths: Choice["checked", "equal", "caught", "unchecked"] | None = None
    body: Choice["request", "caller"] | None = None
    serialised_at: Location | None = None

    @property
    def sign(self) -> str:
        """How the language spells the comparison."""
        strict = self.language != "python" and self.operator in {"==", "!="}
        return f"{self.operator}=" if strict else self.operator


class SecretAbsence(Fact, frozen=True, kw_only=True):
    """A function that checks something with a secret tests whether the secret is there at all.

    `outcome` is what happens where it is missing: the work goes on without the check (`accepted`), or it stops
    (`refused`). `outcome_at` is where that is written, null where the function just goes on; `check_at` is the check,
    `name` what the secret is called there. `form`: `branch` where absence is tested for itself, `condition` where the
    check only runs if the secret is there, `failure` where an error of the check is taken for success.
    """

    form: Choice["branch", "condition", "failure"]
    outcome: Choice["accepted", "refused"]
    check_at: Location
    name: str | None = None
    secret: Value | None = None
    outcome_at: Location | None = None


class SecretExposure(Fact, frozen=True, kw_only=True):
    """A value goes where others read it: into a log, an answer, or the query of a URL.

    `whole` says that it is the environment as a whole; `name` is how it is written there.
    """

    sink: Choice["log", "response", "url"]
    exposed: Value
    name: str | None = None
    whole: bool = False


class SecretLiteral(Fact, frozen=True, kw_only=True):
    """A text that may be a secret is written in the source. It never leaves the parser: `shape` and `length` remain.

    `form` says what it is taken for one by: a password in a URL (`credentials`), what a service hands out (`token`), a
    `private-key`, or a random text behind a `name` that says so (`named`).
    """

    form: Choice["credentials", "token", "private-key", "named"]
    shape: str
    length: int
    name: str | None = None
