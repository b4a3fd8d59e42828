"""Findings for people: with code frames, those that say the same together, or one line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from filot_lint.findings import Confidence, Finding, Severity
from filot_lint.reporters.frame import WIDEST, Frame, frame, title
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text

BOLD, RED, YELLOW, BLUE, CYAN, PLAIN = "1", "1;31", "1;33", "1;34", "1;36", "0"
MOST = 5
COLOURS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}


class Painter:
    """Puts colours on text, or leaves it as it is."""

    def __init__(self, *, colour: bool) -> None:
        """Remember whether the output is a terminal that wants colours."""
        self.colour = colour

    def __call__(self, text: str, style: str) -> str:
        """Return the text in a style."""
        return f"\x1b[{style}m{text}\x1b[{PLAIN}m" if self.colour and text else text


def full(run: Run) -> Iterator[str]:
    """Yield a block for all findings that say the same: message, the first one's places, help, doubts, other places."""
    index = run.index
    names = {*index.reads, *index.declarations, *index.provisions}
    paint = Painter(colour=run.colour)
    for finding, *others in _alike(run.findings):
        block = _block(finding, run, names, paint)
        yield "\n".join([*block, *_elsewhere(others, run.prefix, paint, " " * _digits(finding)), ""])
    yield closing(run)


def _alike(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    """Return findings in groups that differ in nothing but their places, ordered by the first of each."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        says = (finding.rule.code, finding.severity, finding.message, finding.help, finding.confidence, finding.reason)
        groups.setdefault(says, []).append(finding)
    return groups.values()


def _elsewhere(others: list[Finding], prefix: str, paint: Painter, margin: str) -> Iterator[str]:
    if others:
        told = [safe_text(f"{prefix}{finding.location}") for finding in others[:MOST]]
        told += [f"{len(others) - MOST} more"] if len(others) > MOST else []
        listed = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
        yield f"{margin} {paint('=', BLUE)} {paint('also', BOLD)}: {listed}"


def concise(run: Run) -> Iterator[str]:
    """Yield `path:line:column: code message` per finding."""
    for finding in run.findings:
        yield f"{title(finding.location, run.prefix)}: {finding.rule.code} {safe_text(finding.message)}"
    yield closing(run)


def _digits(finding: Finding) -> int:
    """Return how many digits the numbers of a finding's lines take."""
    return len(str(max(place.line for place in (finding.location, *(r.location for r in finding.related)))))


def _block(finding: Finding, run: Run, names: set[str], paint: Painter) -> Iterator[str]:
    style = COLOURS[finding.severity]
    places = [(finding.location, finding.label, "-->", "^", style)]
    places += [(r.location, r.label, ":::", "-", BLUE) for r in finding.related]
    margin = " " * _digits(finding)
    widest = run.columns - len(margin) - len(" | ") if run.columns else WIDEST
    head = paint(f"{finding.severity.word}[{finding.rule.code}]", style)
    yield head + paint(f": {safe_text(finding.message)}", BOLD)
    for location, label, arrow, mark, colour in places:
        yield f"{margin}{paint(arrow, BLUE)} {title(location, run.prefix)}"
        hidden = finding.location if finding.concealed else None
        shown = frame(location, run.index.files, names, hidden, widest)
        yield from _lines(shown, (label or "", mark, colour), margin, paint)
    yield f"{margin} {paint('=', BLUE)} {paint('help', BOLD)}: {safe_text(finding.help)}"
    if finding.confidence is not Confidence.HIGH:
        reason = f": {safe_text(finding.reason)}" if finding.reason else ""
        yield f"{margin} {paint('=', BLUE)} {paint('note', BOLD)}: confidence {finding.confidence.word}{reason}"
    elif finding.reason:
        yield f"{margin} {paint('=', BLUE)} {paint('note', BOLD)}: {safe_text(finding.reason)}"


def _lines(shown: Frame | None, mark: tuple[str, str, str], margin: str, paint: Painter) -> Iterator[str]:
    label, sign, style = mark
    bar = paint(f"{margin} |", BLUE)
    if shown is None:
        if label:
            yield f"{bar} {safe_text(label)}"
        return
    underline = sign * (shown.end - shown.start) + (f" {safe_text(label)}" if label else "")
    yield bar
    yield f"{paint(f'{shown.number:>{len(margin)}} |', BLUE)} {shown.text}"
    yield f"{bar} {' ' * shown.start}{paint(underline, style)}"
    yield bar


def closing(run: Run) -> str:
    """Return the closing line: what was found, and what was looked at."""
    words = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    found = ", ".join(_count(number, words[severity]) for severity, number in run.counts.items() if number)
    text = f"Found {found}" if found else "Found nothing"
    text += f"; checked {_count(run.files, 'file')}"
    if not run.narrowed:
        text += f", {run.index.others} of other kinds" if run.index.others else ""
        text += f", {run.index.skipped} skipped"
    text += f", {len(run.suppressed)} suppressed" if run.suppressed else ""
    text += f", {len(run.known)} known before (baseline)" if run.known else ""
    return text + (f"; {len(run.hidden)} of low confidence not shown (--pedantic)." if run.hidden else ".")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
