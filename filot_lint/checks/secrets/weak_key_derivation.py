"""FIL609: keys are derived with one salt for all, or in too few rounds."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.secrets.evidence import texts
from filot_lint.facts import SecretUse
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.values import Env, constant, env_names, options
from filot_lint.workspace.index import Index

FEWEST_ROUNDS = 100_000
MASTER = "what is derived from is a variable; a key that is random enough needs no salt"
NAMED = "taken for a password because of its name"
PASSWORD = "that a password is derived from here, the code does not say"  # noqa: S105  # a sentence


@check("FIL609")
def weak_key_derivation(index: Index) -> Iterator[Hit]:
    """Look at the salt and the rounds of each derivation."""
    for use in index.of(SecretUse):
        flaw = _flaw(use) if use.sink in {"kdf", "hash"} and may_run(use) else None
        if flaw is None:
            continue
        master = bool(env_names(use.secret))
        yield Hit(
            use.location,
            {"library": use.library, "flaw": flaw},
            severity=Severity.WARNING if master or flaw.startswith("in ") else None,
            confidence=Confidence.LOW if master else Confidence.MEDIUM,
            reason=MASTER if master else NAMED if use.sink == "hash" else PASSWORD,
            label=flaw,
            concealed=True,
        )


def _flaw(use: SecretUse) -> str | None:
    if use.sink == "hash":
        return f"of a password by one round of {constant(use.algorithm)}, without a salt"
    shared = [option.name for option in options(use.salt) if isinstance(option, Env)] if use.salt is not None else []
    if shared:
        return f"with one salt for all, `{shared[0]}`" if not env_names(use.secret) else None
    if texts(use.salt):
        return "with a salt that is a constant"
    rounds = constant(use.rounds)
    few = rounds is not None and rounds.isdigit() and len(rounds) < 12 and int(rounds) < FEWEST_ROUNDS  # noqa: PLR2004
    return f"in {rounds} rounds" if few else None
