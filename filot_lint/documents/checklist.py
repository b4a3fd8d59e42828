"""The checklist: each item holds, fails, does not apply, or is not determined and says what a person checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from filot_lint.checks import load_checks
from filot_lint.config import Config
from filot_lint.documents.deciders import DECIDERS, Result, in_words
from filot_lint.documents.describe import count
from filot_lint.documents.manifest import Item
from filot_lint.engine import selected
from filot_lint.findings import Finding, Severity
from filot_lint.source import Location

if TYPE_CHECKING:
    from filot_lint.documents.context import Context

_TOLD = 3


def checked_rules(config: Config) -> frozenset[str]:
    """Return the codes that a run with these settings really checks."""
    return frozenset(rule.code for rule in selected(config.select, config.ignore)) & load_checks().keys()


def judge(context: Context, items: tuple[Item, ...], checked: frozenset[str]) -> tuple[Result, ...]:
    """Return the verdict on every item."""
    return tuple(_judge(context, item, checked) for item in items)


def _judge(context: Context, item: Item, checked: frozenset[str]) -> Result:
    examined: tuple[Location, ...] = ()
    if item.needs is not None:
        noun, places = context.examined(item.needs)
        if not places:
            return Result(item, "does not apply", f"no {noun} found in {count(context.file_count, 'file')}")
        examined = places
    ruled = _by_rules(context, item, checked, examined) if item.rules else None
    decide = DECIDERS.get(item.id)
    if decide is not None and (ruled is None or ruled.verdict == "holds"):
        return decide(context, item)
    if ruled is not None:
        return ruled
    return Result(item, "not determined", "source does not show it", human=item.human, evidence=examined)


def _by_rules(context: Context, item: Item, checked: frozenset[str], examined: tuple[Location, ...]) -> Result:
    broken = tuple(f for f in _of(context.findings, item) if f.severity > Severity.INFO)
    if broken:
        return Result(item, "fails", _told(broken), broken, tuple(f.location for f in broken))
    run = [code for code in item.rules if code in checked]
    left = [code for code in item.rules if code not in checked]
    if left:
        clean = "nothing worse than a note" if _of(context.findings, item) else "nothing"
        note = f"not checked in this run: {in_words(left)}" + (f"; {clean} found by {in_words(run)}" if run else "")
        return Result(item, "not determined", note, human=item.human, evidence=examined)
    notes = _of(context.findings, item)
    if notes:
        note = f"nothing worse than {count(len(notes), 'note')} found by {in_words(run)}"
        examined = tuple(f.location for f in notes)
    else:
        note = f"nothing found by {in_words(run)}"
    aside = (*_of(context.suppressed, item), *_of(context.doubtful, item))
    if aside:
        note = f"nothing certain found by {in_words(run)}; {_aside(context, item)}"
        human = "Judge these places: what a comment silences, or what the tool is not sure of, is not decided here."
        return Result(item, "not determined", note, aside, tuple(f.location for f in aside), human)
    return Result(item, "not determined" if item.human else "holds", note, human=item.human, evidence=examined)


def _told(findings: tuple[Finding, ...]) -> str:
    """Return a few messages, the worst first, each once, and how many more findings there are by rule."""
    worst = sorted(findings, key=lambda f: (-f.severity, -f.confidence, f.sort_key))
    messages = Counter(f"`{f.rule.code}`: {f.message}" for f in worst)
    told = [f"{text} ({times} times)" if times > 1 else text for text, times in list(messages.items())[:_TOLD]]
    more = Counter(text[1:7] for text in list(messages)[_TOLD:] for _ in range(messages[text]))
    return "; ".join([*told, *(f"{number} more of `{code}`" for code, number in sorted(more.items()))])


def _of(findings: Iterable[Finding], item: Item) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.rule.code in item.rules)


def _aside(context: Context, item: Item) -> str:
    numbers = (
        (len(_of(context.suppressed, item)), "suppressed"),
        (len(_of(context.doubtful, item)), "of low confidence"),
    )
    return " and ".join(f"{number} {word}" for number, word in numbers if number)
