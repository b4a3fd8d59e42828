"""What a library does where the code says nothing, by the version that is in use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from filot_lint.facts import Dependency, DependencyFile, Fact, Implied
from filot_lint.models import ECOSYSTEMS, DefaultModel, Models
from filot_lint.values import NULL, Literal, Parameter, Ref, Unknown, options
from filot_lint.workspace.ranges import LOWEST, Key, Span, key_of
from filot_lint.workspace.versions import Resolution, Versions

_OPEN = Literal("{...}", "record")


def imply(facts: list[Fact], models: Models) -> list[Fact]:
    """Write into each call of a library what its version adds to what is written."""
    files = [fact for fact in facts if isinstance(fact, DependencyFile)]
    versions = Versions(files, [fact for fact in facts if isinstance(fact, Dependency)])
    return [_with_implied(fact, models, versions) for fact in facts]


def library_of(fact: Fact) -> tuple[str, str] | None:
    """Return the family and the library of a call; raw Redis commands are those of any client."""
    framework = getattr(fact, "framework", None)
    library = getattr(fact, "library", None) or (framework if framework != "redis" else None)
    return None if library is None else ("python" if fact.language == "python" else "typescript", library)


def resolution_of(fact: Fact, models: Models, versions: Versions) -> Resolution | None:
    """Return what decides the version of the library that is called."""
    library = library_of(fact)
    if library is None:
        return None
    ecosystem, file = ECOSYSTEMS[library[0]], fact.through.file if fact.through is not None else fact.file
    found = (versions.resolve(file, ecosystem, name) for name in models.packages_of(*library))
    return next((resolution for resolution in found if resolution is not None), None)


def _with_implied(fact: Fact, models: Models, versions: Versions) -> Fact:
    library = library_of(fact) or ("", "")
    rows = [row for row in models.defaults.get(library, ()) if isinstance(fact, row.fact) and _holds(row, fact)]
    rows = [row for row in rows if not _may_be_elsewhere(fact, models.holders_of(*library, row.field))]
    resolution = resolution_of(fact, models, versions) if rows else None
    if resolution is None:
        return fact
    fields = dict.fromkeys(row.field for row in rows)
    found = (_implied(field, [row for row in rows if row.field == field], resolution) for field in fields)
    return msgspec.structs.replace(fact, implied=tuple(implied for implied in found if implied is not None))


def _holds(row: DefaultModel, fact: Fact) -> bool:
    """Whether a row is about this call: a setting that is written beats its default."""

    def given(name: str) -> bool:
        return getattr(fact, name) is not None

    written = row.field in fact.__struct_fields__ and given(row.field)
    return not written and (not row.needs or any(map(given, row.needs))) and not any(map(given, row.lacks))


def _may_be_elsewhere(fact: Fact, holders: Iterable[str]) -> bool:
    """Whether a setting may stand in an object that is not written out at the call."""
    found = [option for holder in holders for option in options(getattr(fact, holder) or NULL)]
    return any(isinstance(o, Unknown | Ref | Parameter) or getattr(o, "open", False) or o == _OPEN for o in found)


def _implied(field: str, rows: list[DefaultModel], resolution: Resolution) -> Implied | None:
    possible = dict.fromkeys(row for span in resolution.spans for row in _within_reach(rows, span))
    known = [row for row in possible if row is not None]
    if not known:
        return None
    outcomes = dict.fromkeys((row.value, row.text) for row in known)
    agreed = len(outcomes) == 1 and None not in possible
    closed = resolution.certain and all(span.high is not None for span in resolution.spans)
    return Implied(
        field=field,
        value=known[0].value if agreed else None,
        text=known[0].text if agreed else "; ".join(f"{row.text} {_period(row)}".rstrip() for row in known),
        certainty="undetermined" if not agreed else "certain" if closed else "possible",
        version=resolution.label,
        because=resolution.dependencies[0].location,
    )


def _within_reach(rows: list[DefaultModel], span: Span) -> Iterator[DefaultModel | None]:
    """Yield the rows that hold for some version of a span, and None where no row does."""
    bounds = [_limits(row) for row in rows]
    edges = {edge for low, high in bounds for edge in (low, high) if edge is not None}
    inside = [edge for edge in sorted(edges) if edge > span.low and (span.high is None or edge < span.high)]
    for point in [span.low, *inside]:
        yield next((row for row, (low, high) in zip(rows, bounds, strict=True)
                    if low <= point and (high is None or point < high)), None)  # fmt: skip


def _limits(row: DefaultModel) -> tuple[Key, Key | None]:
    low = key_of(row.since) if row.since is not None else LOWEST
    return low or LOWEST, key_of(row.before) if row.before is not None else None


def _period(row: DefaultModel) -> str:
    return " ".join([*([f"since {row.since}"] if row.since else []), *([f"before {row.before}"] if row.before else [])])
