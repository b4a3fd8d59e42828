"""Selection, order and what happens when a check fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
import pytest

from filot_lint import engine
from filot_lint.checks import last_checks, load_checks
from filot_lint.config import Config
from filot_lint.findings import Confidence, Hit, Scope
from filot_lint.models import Models
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]
FILES = {
    ".env.example": "PRICE_URL=\nPRICE_URL=x\nUNREAD=\n",
    "src/b.ts": "export const b = process.env.PRICE_B;\n",
    "src/a.ts": "export const a = process.env.PRICE_URL || 'http://localhost:1';\n",
}


def codes(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[str]:
    return [rule.code for rule in engine.selected(select, ignore)]


def test_everything_is_selected_by_default() -> None:
    assert codes() == codes(("ALL",)) == sorted({**load_checks(), **last_checks()})


def test_the_longer_pattern_wins() -> None:
    assert codes(("FIL101",)) == ["FIL101"]
    assert codes(("FIL16", "FIL101")) == ["FIL101", *sorted(code for code in load_checks() if code.startswith("FIL16"))]
    assert "FIL101" not in codes(ignore=("FIL1",))
    assert codes(("FIL101",), ("FIL1",)) == ["FIL101"]
    assert codes(("FIL101",), ("FIL101",)) == []


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("FIL8O2", "no rule is called `FIL8O2`; did you mean `FIL802`?"),
        ("unused-variable", "rules are selected by code: `unused-variable` is FIL102"),
        ("Z", "no rule is called `Z`; see `filot-lint rule --all`"),
    ],
)
def test_an_unknown_rule_is_an_error(pattern: str, message: str) -> None:
    with pytest.raises(engine.UnknownRuleError) as error:
        codes((pattern,))
    assert str(error.value) == message


def test_findings_come_in_the_order_of_the_files(make_index: MakeIndex) -> None:
    index = make_index(FILES)
    found = engine.run(index, index.config)
    assert [(f.location.file, f.rule.code) for f in found] == [
        (".env.example", "FIL161"),
        (".env.example", "FIL102"),
        ("src/a.ts", "FIL110"),
        ("src/b.ts", "FIL101"),
    ]
    assert found == engine.run(index, index.config)


def test_scopes_are_parts_of_the_whole(make_index: MakeIndex) -> None:
    index = make_index(FILES)
    parts = [finding for scope in Scope for finding in engine.run(index, index.config, scope=scope)]
    assert sorted(parts, key=lambda f: f.sort_key) == engine.run(index, index.config)


def test_low_confidence_is_shown_on_demand(make_index: MakeIndex) -> None:
    index = make_index(FILES)
    finding = engine.run(index, index.config)[0]
    unsure = msgspec.structs.replace(finding, confidence=Confidence.LOW)
    assert engine.shown([finding, unsure]) == [finding]
    assert engine.shown([finding, unsure], pedantic=True) == [finding, unsure]


def test_a_broken_check_is_named_and_silences_nobody(monkeypatch: pytest.MonkeyPatch, make_index: MakeIndex) -> None:
    def broken(index: Index) -> Iterator[Hit]:
        message = f"a value from {index}"
        raise ValueError(message)

    index = make_index(FILES)
    monkeypatch.setitem(load_checks(), "FIL102", broken)
    with pytest.raises(engine.InternalError) as error:
        engine.run(index, index.config)
    assert [f.rule.code for f in error.value.findings] == ["FIL161", "FIL110", "FIL101"]
    assert str(error.value).startswith("the check of FIL102 failed: ValueError at ")
    assert "a value" not in str(error.value)


def test_nothing_is_found_in_nothing() -> None:
    assert engine.run(Index([], config=Config(), models=Models()), Config()) == []
