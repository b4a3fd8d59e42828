"""FIL901: a manifest or an image holds a secret in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import Purpose, purpose
from filot_lint.facts import ContainerSpec, EnvProvision
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.secrets import Classification, classify, published_by
from filot_lint.workspace.index import Index

ELSEWHERE = frozenset({"secret", "ci", "host"})
PROVEN = re.compile(r"token|jwt|pem|hex (?:3[2-9]|[4-9]\d|\d{3,})")
"""Shapes that no value for a trial has."""
NOTHING = frozenset({None, "absent", "empty", "boolean", "integer"})
OPEN = "the value is {shape}; what takes its place stands there in plain text"
WEAK = "the value is a short word, which may be for a trial only"
BY_NAME = "only its name says that it is a secret"


class Reader(NamedTuple):
    """Who gets to see a value, and where it belongs instead."""

    sees: str
    store: str


ECS = Reader("whoever may describe the task definition reads it", "`secrets`, from Secrets Manager or Parameter Store")
FILE = Reader("whoever can read this file reads it", "the store of the platform, or a variable of the host")
KUBERNETES = Reader("whoever can read this file reads it", "a `Secret` that is made outside the repository")
IMAGE = Reader("whoever can pull the image reads it", "the environment of the container")
BUILD = Reader("build arguments stay in the history of the image", "a secret mount: `RUN --mount=type=secret`")
READERS = {"ecs": ECS, "kubernetes": KUBERNETES, "dockerfile": IMAGE}


class Verdict(NamedTuple):
    """How bad it is, how sure that is, and why not surer."""

    severity: Severity
    confidence: Confidence
    reason: str | None = None


@check("FIL901")
def plaintext_secret(index: Index) -> Iterator[Hit]:
    """Weigh name and shape of each literal that a manifest gives, and what the manifest is for."""
    arguments = {(p.file, p.name) for p in index.of(EnvProvision) if p.channel == "image-arg"}
    for provision in index.of(EnvProvision):
        taken = classify(provision.name, provision.shape)
        aim = purpose(provision)
        if provision.channel in ELSEWHERE or taken.kind != "secret" or published_by(provision.name):
            continue
        if aim == "development":
            continue
        verdict = _verdict(provision, taken, aim, filled=(provision.file, provision.name) in arguments)
        if verdict is not None:
            yield _hit(provision, taken, verdict)
    yield from _copied(index)


def _verdict(given: EnvProvision, taken: Classification, aim: Purpose, *, filled: bool) -> Verdict | None:
    if given.channel == "image-arg":
        return _argument(given)
    if given.shape in NOTHING or _without_password(given, taken) or given.shape == "path":
        return None
    if given.shape in {"placeholder", "reference"}:
        return _to_be_filled(given, filled=filled)
    if _is_proven(given.shape) or "credentials" in (given.shape or ""):
        if aim == "production" or given.language == "dockerfile":
            return Verdict(Severity.ERROR, Confidence.HIGH)
        sure = Confidence.MEDIUM if _is_proven(given.shape) else Confidence.LOW
        return Verdict(Severity.WARNING, sure, _undecided(given))
    return _by_name(given, taken, aim)


def _by_name(given: EnvProvision, taken: Classification, aim: Purpose) -> Verdict:
    if aim == "open" and given.language != "dockerfile":
        return Verdict(Severity.WARNING, Confidence.LOW, _undecided(given))
    if taken.confidence == "low" or not taken.strong:
        return Verdict(Severity.WARNING, Confidence.MEDIUM, BY_NAME)
    if given.language in {"ecs", "kubernetes"} and given.scope is None:
        return Verdict(Severity.ERROR, Confidence.HIGH)
    return Verdict(Severity.WARNING, Confidence.MEDIUM, WEAK if given.shape == "word" else BY_NAME)


def _is_proven(shape: str | None) -> bool:
    return shape is not None and PROVEN.fullmatch(shape) is not None


def _undecided(given: EnvProvision) -> str:
    return f"nothing says whether {given.file} is for production"


def _without_password(given: EnvProvision, taken: Classification) -> bool:
    """Whether an address could carry a password and does not."""
    address = len(taken.reasons) == 1 and "carries credentials" in taken.reasons[0]
    return address and "credentials" not in (given.shape or "")


def _to_be_filled(given: EnvProvision, *, filled: bool) -> Verdict | None:
    """Judge what somebody else replaces: the result is as readable in a task definition, or in an image."""
    reason = OPEN.format(shape=f"a {given.shape}")
    if given.language == "ecs":
        placeholder = given.shape == "placeholder"
        return Verdict(Severity.WARNING, Confidence.MEDIUM if placeholder else Confidence.LOW, reason)
    if given.channel == "image-env":
        return Verdict(Severity.WARNING, Confidence.MEDIUM if filled else Confidence.LOW, reason)
    return None


def _argument(given: EnvProvision) -> Verdict | None:
    """Judge a build argument: one with a harmless default is there so that the build goes through."""
    if _is_proven(given.shape):
        return Verdict(Severity.ERROR, Confidence.HIGH)
    if given.shape not in {None, "absent", "empty"} or given.language != "dockerfile":
        return None
    if given.scope is not None:
        return Verdict(Severity.WARNING, Confidence.LOW, f"stage `{given.scope}` is not in the image that is shipped")
    return Verdict(Severity.WARNING, Confidence.MEDIUM, "it matters when a secret is given to the build")


def _hit(given: EnvProvision, taken: Classification, verdict: Verdict) -> Hit:
    reader = BUILD if given.channel == "image-arg" else READERS.get(given.language, FILE)
    what = f"`{given.name}` is a build argument" if reader is BUILD else f"`{given.name}` is given in plain text"
    return Hit(
        given.location,
        {"what": what, "reader": reader.sees, "store": reader.store},
        severity=verdict.severity,
        confidence=verdict.confidence,
        reason=verdict.reason,
        label=taken.reasons[0].rpartition(" (")[0] if taken.reasons else None,
    )


def _copied(index: Index) -> Iterator[Hit]:
    for spec in index.of(ContainerSpec):
        for path, at in spec.dotenv if purpose(spec) != "development" else ():
            name = path.rpartition("/")[2]
            yield Hit(
                at,
                {"what": f"`{path}` is copied into the image", "reader": IMAGE.sees, "store": IMAGE.store},
                severity=Severity.ERROR if name == ".env" else Severity.WARNING,
                confidence=Confidence.MEDIUM if name.startswith(".env") else Confidence.LOW,
                reason="what the file holds is not in the repository",
            )
