"""FIL120: a setting that the profile demands has no counterpart in the code."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.facts import EnvDeclaration
from filot_lint.findings import Hit, Related, Severity
from filot_lint.profiles import Setting
from filot_lint.secrets import is_secret, made_by, tokens
from filot_lint.source import Location
from filot_lint.workspace.demands import Answer
from filot_lint.workspace.index import Index

VAGUE = frozenset({"ACCESS", "API", "APP", "AUTH", "HOST", "ID", "KEY", "MODE", "NAME", "PASSWORD", "PORT", "SECRET",
                   "SERVICE", "TOKEN", "TTL", "URL"})  # fmt: skip
"""Words that variables of any two systems share."""


@check("FIL120")
def unmet_demand(index: Index) -> Iterator[Hit]:
    """Report demands that nothing in production reads, where such a variable is declared or would be."""
    for answer in index.answers:
        if answer.status not in {"absent", "only declared"}:
            continue
        setting = answer.setting
        mate = None if answer.places else _mate(index, setting)
        place = answer.places[0] if answer.places else mate.location if mate else _start(index)
        if place is None:
            continue
        missing = f"it would stand beside `{mate.name}`" if mate else "no such variable is declared"
        yield Hit(
            place,
            {"name": setting.name, "title": setting.title, "profile": _title(index), "state": _state(answer)},
            related=tuple(Related(other, "declared here") for other in answer.places[1:]),
            severity=Severity.INFO if setting.optional else None,
            label="declared here" if answer.places else missing,
        )


def _title(index: Index) -> str:
    return index.profile.title if index.profile else ""


def _state(answer: Answer) -> str:
    if answer.status == "only declared":
        return f"`{answer.names[0]}` is only declared, and nothing in production reads it"
    return "production reads no variable that could be it"


def _examples(index: Index) -> list[str]:
    """Return the example files, the plainest first."""
    return sorted({d.file for found in index.declarations.values() for d in found}, key=lambda f: (len(f), f))


def _mate(index: Index, setting: Setting) -> EnvDeclaration | None:
    """Return the declaration of the plainest example file that a variable is nearest to."""
    chosen = _examples(index)[:1]
    declared = sorted((d for d in index.of(EnvDeclaration) if d.file in chosen), key=lambda d: d.line)
    near = max(declared, key=lambda d: _nearness(index, setting, d), default=None)
    return near if near is not None and any(_nearness(index, setting, near)) else None


def _nearness(index: Index, setting: Setting, declaration: EnvDeclaration) -> tuple[int, bool, bool]:
    """Say how near a declaration is: by its words, by another setting of the group, as a secret of the same maker."""
    words = set(tokens(setting.name)) - VAGUE
    told = set(tokens(declaration.name)), set(tokens(declaration.section or ""))
    others = index.profile.settings if index.profile else ()
    grouped = any(s.group == setting.group and s.name != setting.name and s.accepts(declaration.name) for s in others)
    made = is_secret(setting.name) and is_secret(declaration.name)
    alike = made and made_by(setting.name) == made_by(declaration.name)
    return 2 * len(words & told[0]) + bool(words & told[1]), grouped, alike


def _start(index: Index) -> Location | None:
    """Return the first line of the plainest example file, of any file where there is none."""
    sources = (index.files.get(file) for file in (*_examples(index), *sorted(index.files)))
    return next((source.at_line(1) for source in sources if source is not None), None)
