"""Runs the checks over an index and makes findings of what they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from filot_lint.catalogue import rules
from filot_lint.checks import Outcome, checks_of
from filot_lint.config import Config, nearest
from filot_lint.findings import Confidence, Finding, Hit, Rule, Scope
from filot_lint.source import Location
from filot_lint.suppression import Suppression, apply, find_suppressions
from filot_lint.workspace.index import Index


class UnknownRuleError(Exception):
    """A selection that names no rule; the message offers the nearest one."""


class InternalError(Exception):
    """A check that failed. `findings` are those of all others, `failed` says which rule broke and how."""

    def __init__(self, failed: dict[str, str], findings: list[Finding]) -> None:
        """Keep both: one broken rule must not silence the rest."""
        self.failed = failed
        self.findings = findings
        super().__init__("; ".join(f"the check of {code} failed: {why}" for code, why in failed.items()))


def run(index: Index, config: Config, *, scope: Scope | None = None, noqa: bool = True) -> list[Finding]:
    """Return the findings of all selected rules, of one scope or both, in the order of the files; silenced ones too.

    `noqa` is false for hosts that deal with such comments themselves.
    """
    wanted = {rule.code: rule for rule in selected(config.select, config.ignore) if scope in {None, rule.scope}}
    failed: dict[str, str] = {}
    checks, last = checks_of(wanted.values())
    found = [
        finding for code, check in checks.items() for finding in _found(wanted[code], partial(check, index), failed)
    ]
    suppressions = find_suppressions(index.files, noqa=noqa)
    findings, used = apply(found, suppressions)
    judged = (set(checks) | set(last)) - set(failed)
    own = tuple(s for s in suppressions if not s.noqa)
    outcome = Outcome(own, tuple(s for s in suppressions if _is_idle(s, used, judged)))
    for code, last_check in last.items():
        findings.extend(_found(wanted[code], partial(last_check, index, outcome), failed))
    ordered = sorted(findings, key=lambda f: f.sort_key)
    if failed:
        raise InternalError(failed, ordered)
    return ordered


def _found(rule: Rule, check: Callable[[], Iterator[Hit]], failed: dict[str, str]) -> list[Finding]:
    try:
        return [_finding(rule, hit) for hit in check()]
    except Exception as error:  # noqa: BLE001  # whatever a check raises is reported, with its rule
        failed[rule.code] = origin(error)
        return []


def _is_idle(suppression: Suppression, used: set[Location], judged: set[str]) -> bool:
    """Whether a suppression silences nothing although every rule it names was looked for."""
    if suppression.flaw is not None or suppression.expired or suppression.location in used:
        return False
    codes = (
        {code for code in suppression.codes if code.startswith("FIL")} if suppression.noqa else set(suppression.codes)
    )
    if not codes and suppression.noqa:
        return False
    return judged >= (codes or rules().keys())


def selected(select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """Return the rules a selection leaves: codes (`FIL101`), prefixes (`FIL1`) or `ALL`; the longer match wins."""
    known = rules()
    for pattern in (*select, *ignore):
        if pattern != "ALL" and not any(code.startswith(pattern) for code in known):
            raise UnknownRuleError(_unknown(pattern, known))
    wanted = tuple(select) or ("ALL",)
    return [rule for code, rule in known.items() if _specificity(code, wanted) > _specificity(code, ignore)]


def shown(findings: Iterable[Finding], *, pedantic: bool = False) -> list[Finding]:
    """Leave out what is silenced and, unless asked for, what the tool is not sure of."""
    return [f for f in findings if f.suppressed is None and (pedantic or f.confidence > Confidence.LOW)]


def _specificity(code: str, patterns: Iterable[str]) -> int:
    return max((0 if p == "ALL" else len(p) for p in patterns if p == "ALL" or code.startswith(p)), default=-1)


def _unknown(pattern: str, known: dict[str, Rule]) -> str:
    by_name = {rule.name: code for code, rule in known.items()}
    if pattern in by_name:
        return f"rules are selected by code: `{pattern}` is {by_name[pattern]}"
    hint = nearest(pattern, known)
    return f"no rule is called `{pattern}`" + (f"; did you mean `{hint}`?" if hint else "; see `filot-lint rule --all`")


def _finding(rule: Rule, hit: Hit) -> Finding:
    return Finding(
        rule=rule,
        location=hit.location,
        message=rule.message.format_map(hit.values),
        help=rule.help.format_map(hit.values),
        severity=hit.severity or rule.severity,
        confidence=hit.confidence or rule.confidence,
        related=hit.related,
        reason=hit.reason,
        label=hit.label,
        concealed=hit.concealed,
    )


def origin(error: Exception) -> str:
    """Say what was raised and where; not the exception's text, which may hold what was read."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return type(error).__name__
    return f"{type(error).__name__} at {frame.tb_frame.f_globals.get('__name__', '?')}:{frame.tb_lineno}"
