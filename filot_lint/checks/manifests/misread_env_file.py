"""FIL907: a script, command or task definition reads a file of variables with something that is no parser for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import is_for_tests, is_secret
from filot_lint.checks.dotenv.parsers import FOREIGN, LABELS, misreads
from filot_lint.checks.dotenv.readers import Reader, Readers
from filot_lint.facts import CommittedEnvFile, EnvSpelling
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

EFFECTS = {
    "comment-as-value": "takes the comment behind `{name}` for the value",
    "comment-touching": "takes the comment behind `{name}` for the value, or runs it",
    "export": "does not understand the `export` before `{name}`",
    "blank-before-equals": "does not understand the blank behind `{name}`",
    "words": "takes the second word of `{name}` for something of its own",
    "shell-character": "takes a character of `{name}` for its own",
    "blank-after-equals": "does not skip the blank before the value of `{name}`",
    "invalid-name": "does not take `{name}` for a name",
    "digit-first": "does not take `{name}` for a name",
    "multi-line": "takes only the first line of `{name}`",
    "inline-comment": "keeps the comment behind `{name}`",
    "quoted-comment": "keeps the quotes and the comment of `{name}`",
    "dollar": "puts something else in for the `$` of `{name}`",
    "backticks": "does not take the backticks of `{name}` for quotes",
    "command-substitution": "does not run the command in `{name}`",
    "inner-quote": "takes the quotes out of `{name}`, or waits for the second one",
    "reference": "does not expand `{name}`",
    "bare-reference": "does not expand `{name}`",
    "quotes": "keeps the quotes of `{name}`",
    "trailing-blank": "keeps the blank behind `{name}`",
    "indented": "takes the blank before `{name}` for a part of it",
}
"""What goes wrong, the worst first."""
ORDER = list(EFFECTS)
SPLIT = "takes the comment behind `{name}` for names, which is an error"
STOPS = frozenset({("docker", "export"), ("docker", "blank-before-equals"), ("shell", "shell-character"),
                   ("shell", "words"), ("shell", "blank-before-equals"), ("xargs", "inline-comment"),
                   ("xargs", "comment-as-value")})  # fmt: skip
MAX_RELATED = 12
COPIED = "the file that is read is copied from this example, and may be written otherwise"


@check("FIL907")
def misread_env_file(index: Index) -> Iterator[Hit]:
    """Report each parser once per file, where it is told to read it, with the lines it gets wrong."""
    lines: dict[str, list[EnvSpelling]] = defaultdict(list)
    for fact in index.of(EnvSpelling):
        if fact.spelling in EFFECTS and not is_for_tests(fact):
            lines[fact.file].append(fact)
    readers = Readers(index) if lines else None
    committed = {fact.file for fact in index.of(CommittedEnvFile)}
    for file, spellings in lines.items() if readers is not None else ():
        found: dict[str, Reader] = {}
        for reader in readers.of(file):  # type: ignore[union-attr]
            found.setdefault(reader.parser, reader)
        for parser, reader in found.items():
            wrong = [fact for fact in spellings if parser in FOREIGN and misreads(parser, fact.spelling)]
            wrong.sort(key=lambda fact: (not is_secret(fact), ORDER.index(fact.spelling)))
            if wrong:
                yield _hit(reader, wrong, committed=file in committed)


def _hit(reader: Reader, wrong: list[EnvSpelling], *, committed: bool) -> Hit:
    stops = [fact for fact in wrong if (reader.parser, fact.spelling) in STOPS]
    leaks = [fact for fact in wrong if is_secret(fact) and fact.spelling.startswith("comment")]
    first = (stops or leaks or sorted(wrong, key=lambda fact: ORDER.index(fact.spelling)))[0]
    count = len({fact.line for fact in wrong}) - 1
    return Hit(
        reader.location,
        {
            "parser": LABELS[reader.parser],
            "file": first.file,
            "effect": _effect(reader, first),
            "more": f", and misreads {count} more line{'s' if count > 1 else ''}" if count else "",
        },
        related=tuple(Related(fact.location, _effect(reader, fact)) for fact in _by_line(first, wrong)[:MAX_RELATED]),
        severity=Severity.ERROR if stops or leaks else None,
        confidence=None if committed else Confidence.MEDIUM,
        reason=None if committed else COPIED,
        label="read here",
    )


def _by_line(first: EnvSpelling, wrong: list[EnvSpelling]) -> list[EnvSpelling]:
    """Return the worst of each line, the reported one first."""
    worst = {fact.line: fact for fact in sorted(wrong, key=lambda fact: ORDER.index(fact.spelling), reverse=True)}
    worst[first.line] = first
    return sorted(worst.values(), key=lambda fact: (fact is not first, fact.line))


def _effect(reader: Reader, fact: EnvSpelling) -> str:
    split = reader.parser == "xargs" and fact.spelling.endswith(("comment", "comment-as-value", "comment-touching"))
    return (SPLIT if split else EFFECTS[fact.spelling]).format(name=fact.name)
