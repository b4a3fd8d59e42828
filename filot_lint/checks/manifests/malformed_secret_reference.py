"""FIL902: ECS cannot resolve a secret as it is referred to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import purpose
from filot_lint.checks.manifests.references import HOLE, Reference, references
from filot_lint.facts import ContainerSpec, EnvProvision
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.index import Index

_PARAMETER = re.compile(rf"/?[\w.{HOLE}-]+(:[\w.{HOLE}-]+)?|/[\w./{HOLE}-]+(:[\w.{HOLE}-]+)?")
WHOLE = 3
FILLED = "part of it is filled in later"
NOT_SEEN = "the role may be given when the task definition is registered"
FULL = "write the full ARN; for one key of a JSON secret `arn:…:secret:<name>-<suffix>:<key>::`"
ONCE = "keep one of the two"
ROLE = "add `executionRoleArn`"


@check("FIL902")
def malformed_secret_reference(index: Index) -> Iterator[Hit]:
    """Check the form of every reference, that a name is given once, and that somebody may fetch the value."""
    for reference in references(index):
        flaw = _flaw(reference)
        if flaw is not None and purpose(reference.given) != "development":
            yield _malformed(reference, flaw)
    yield from _repeated(index)
    yield from _unfetched(index)


def _flaw(reference: Reference) -> str | None:  # one answer per kind
    match reference.service:
        case None if not reference.text:
            return "is empty"
        case None if _PARAMETER.fullmatch(reference.text) is None:
            return "is neither an ARN nor a name that a parameter can have (a path of one begins with `/`)"
        case "secretsmanager" if reference.name is None:
            return "names no secret: `secret:` is missing"
        case "secretsmanager" if not reference.name:
            return "names no secret"
        case "secretsmanager" if len(reference.tail) not in {0, WHOLE}:
            return f"has {len(reference.tail)} of the three colons that must follow the name of the secret"
        case "ssm" if not reference.rest.startswith(("parameter/", HOLE)):
            return "names no parameter: `parameter/` is missing"
        case "":
            return "is not a whole ARN"
        case None | "secretsmanager" | "ssm":
            return None
        case other if HOLE not in other:
            return f"is an ARN of `{other}`, from which ECS takes no secrets"
    return None


def _malformed(reference: Reference, flaw: str) -> Hit:
    open_end = HOLE in reference.rest
    return Hit(
        reference.given.from_at or reference.given.location,
        {"what": f"`valueFrom` of `{reference.given.name}` {flaw}", "remedy": FULL},
        confidence=Confidence.MEDIUM if open_end else None,
        reason=FILLED if open_end else None,
    )


def _repeated(index: Index) -> Iterator[Hit]:
    """Yield the names that one container is given twice, once of them as a secret; ECS refuses those."""
    specs = [(spec.file, spec.name) for spec in index.of(ContainerSpec) if spec.origin == "ecs"]
    found: dict[tuple[str, str, str], EnvProvision] = {}
    for given in index.of(EnvProvision):
        key = (given.file, given.container or "", given.name)
        if given.language != "ecs" or specs.count(key[:2]) != 1:
            continue
        first = found.setdefault(key, given)
        if first is not given and "secret" in {first.channel, given.channel}:
            secret = given if given.channel == "secret" else first
            other = first if secret is given else given
            both = "twice among the secrets" if other.channel == "secret" else "as a secret and as plain text"
            yield Hit(
                other.location,
                {"what": f"container `{given.container}` is given `{given.name}` {both}", "remedy": ONCE},
                related=(Related(secret.location, "a secret here"),),
            )


def _unfetched(index: Index) -> Iterator[Hit]:
    """Yield task definitions with secrets that name no role to fetch them with."""
    for spec in index.of(ContainerSpec):
        if spec.origin != "ecs" or spec.execution_role is not None or spec.family is None:
            continue
        secret = next(
            (p for p in index.of(EnvProvision) if (p.file, p.container, p.channel) == (spec.file, spec.name, "secret")),
            None,
        )
        if secret is not None:
            what = f"container `{spec.name}` is given secrets, but the task definition has no `executionRoleArn`"
            yield Hit(
                spec.location,
                {"what": what, "remedy": ROLE},
                related=(Related(secret.location, "a secret here"),),
                confidence=Confidence.MEDIUM,
                reason=NOT_SEEN,
            )
