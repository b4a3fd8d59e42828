"""The probe of idioms: what code reads from the environment, written down case by case in `probe/*.md`.

A case is a heading, one or several files and a block `reads` with every fact expected: `line NAME access`, the line as
`path:line` where a case has several files, `~pattern` for computed names, then `default=`, `required=` and other fields
where they matter. Headings that end in "(not yet)" are known gaps; they must fail, so that the list stays honest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from filot_lint.config import Config
from filot_lint.facts import Default, EnvRead
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace

PROBE = Path(__file__).parent / "probe"
NOT_YET = "(not yet)"
_CASE = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"(?:^`(?P<path>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_READ = re.compile(r"(?:(?P<path>[^\s:]+):)?(?P<line>\d+) (?P<name>\S+) (?P<access>\w+)(?P<rest>.*)")
_KEY = re.compile(r'(default|required|unchecked|cast|guard|reason)=("[^"]*"|\S+)')
_WORDS = {True: "true", False: "false", None: "null"}


class Read(NamedTuple):
    """One expected fact; only the keys that are stated are compared."""

    file: str
    line: int
    name: str
    access: str
    keys: tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """One case."""

    title: str
    files: dict[str, str]
    reads: list[Read]


class Score(NamedTuple):
    """How a case went: what was expected and not found, and what was found and not expected."""

    missed: list[str]
    wrong: list[str]


def cases(path: Path) -> list[Case]:
    return [_case(path, match) for match in _CASE.finditer(path.read_text(encoding="utf-8"))]


def _case(path: Path, match: re.Match[str]) -> Case:
    files: dict[str, str] = {}
    reads: list[Read] | None = None
    for fence in _FENCE.finditer(match["body"]):
        if fence["kind"] == "reads":
            reads = [_read(line, next(iter(files))) for line in fence["text"].splitlines()]
        else:
            files[fence["path"] or f"src/case.{fence['kind']}"] = fence["text"]
    assert files, f"{path.name}: {match['title']} has no code"
    assert reads is not None, f"{path.name}: {match['title']} has no reads"
    return Case(match["title"], files, reads)


def _read(line: str, only: str) -> Read:
    match = _READ.fullmatch(line)
    assert match is not None, line
    keys = tuple((key, value) for key, value in _KEY.findall(match["rest"]))
    return Read(match["path"] or only, int(match["line"]), match["name"], match["access"], keys)


def found_in(files: Mapping[str, str], root: Path) -> list[EnvRead]:
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return list(load_workspace(root, Config(), load_models()).of(EnvRead))


def _default(default: Default | None) -> str:
    if default is None:
        return "absent"
    if default.kind == "literal":
        return f'"{default.text}"'
    return f"${default.text}" if default.kind == "env" else default.kind


def _key(fact: EnvRead, key: str) -> str:
    if key == "default":
        return _default(fact.default)
    value = getattr(fact, key)
    if key == "reason":
        return f'"{value}"'
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


def _identity(fact: EnvRead) -> tuple[str, int, str, str]:
    return fact.file, fact.line, fact.name if fact.name is not None else f"~{fact.pattern or ''}", fact.access


def judge(expected: list[Read], facts: list[EnvRead]) -> Score:
    missed: list[str] = []
    wanted = {read[:4] for read in expected}
    for read in expected:
        twins = [fact for fact in facts if _identity(fact) == read[:4]]
        if not any(all(_key(fact, key) == value for key, value in read.keys) for fact in twins):
            seen = ", ".join(f"default={_key(f, 'default')} required={_key(f, 'required')}" for f in twins)
            missed.append(f"{read.file}:{read.line} {read.name} {read.access} {dict(read.keys)}: {seen or 'not found'}")
    wrong = [
        f"{fact.file}:{fact.line} {_identity(fact)[2]} {fact.access} (via {fact.via})"
        for fact in facts
        if _identity(fact) not in wanted
    ]
    return Score(missed, wrong)


@cache
def _all() -> list[tuple[str, Case]]:
    return [(path.stem, case) for path in sorted(PROBE.glob("*.md")) for case in cases(path)]


_scores: dict[str, Score] = {}


def _parameters() -> list[object]:
    found: list[object] = []
    for area, case in _all():
        gap = [pytest.mark.xfail(strict=True, reason="a known gap")] if case.title.endswith(NOT_YET) else []
        found.append(pytest.param(area, case, id=f"{area}: {case.title}", marks=gap))
    return found


@pytest.mark.parametrize(("area", "case"), _parameters())
def test_a_case_finds_exactly_what_it_says(area: str, case: Case, tmp_path: Path) -> None:
    score = judge(case.reads, found_in(case.files, tmp_path))
    _scores[f"{area}: {case.title}"] = score
    assert score == Score([], [])


def test_titles_are_unique() -> None:
    titles = [(area, case.title) for area, case in _all()]
    assert len(titles) == len(set(titles))


def test_the_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = expected = hit = gaps = 0
    for number, (area, case) in enumerate(_all()):
        score = _scores.get(f"{area}: {case.title}")
        if score is None:
            score = judge(case.reads, found_in(case.files, tmp_path / str(number)))
        expected += len(case.reads)
        found += len(case.reads) - len(score.missed)
        hit += bool(score.wrong)
        gaps += case.title.endswith(NOT_YET)
        assert case.title.endswith(NOT_YET) or not score.missed, f"{area}: {case.title}: {score.missed}"
    with capsys.disabled():
        print(  # noqa: T201  # the score is for people
            f"\nprobe: {len(_all())} cases, {found} of {expected} facts found, {hit} traps hit, {gaps} not yet"
        )
    assert len(_all()) >= 150
