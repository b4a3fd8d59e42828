"""The queues that a command line works on: `celery -A app worker -Q mail,ocr`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from filot_lint.extract.manifests.command import references
from filot_lint.facts import EntryPoint, Fact, QueueUse
from filot_lint.values import UNKNOWN, Env, Literal, Unknown, Value

CONFIGURED = Unknown("the queues of the settings")
"""A worker that is told no queue takes those of its settings."""
_RQ_SWITCHES = frozenset({"-b", "--burst", "-v", "--verbose", "-q", "--quiet", "-s", "--with-scheduler", "--version",
                          "--disable-job-desc-logging", "--disable-default-exception-handler", "-d", "--dequeue",
                          "--reload", "--sentry-ca-certs", "--sentry-debug"})  # fmt: skip
_MANAGE = re.compile(r"(?:.*/)?(?:manage\.py|django-admin)")
_BETWEEN_COMMAS = re.compile(r"(?:\$\{[^}]*\}|[^,])+")
_FALLBACK = re.compile(r":?-(.*)", re.DOTALL)


def consumers(entry: EntryPoint) -> Iterator[QueueUse]:
    """Yield what the program of a command line takes its work from."""
    words = list(entry.command)
    if words and re.fullmatch(r"(?:.*/)?python[\d.]*", words[0]):
        words = words[2:] if words[1:2] == ["-m"] else words[1:]
    if not words:
        return
    program = "rqworker" if _MANAGE.fullmatch(words[0]) and "rqworker" in words else words[0].rpartition("/")[2]
    reader = _READERS.get(program)
    names = reader(words[1:]) if reader is not None else []
    shared = {name: getattr(entry, name) for name in Fact.__struct_fields__}
    framework = "rq" if program == "rqworker" else program
    for name in names:
        yield QueueUse(**shared, framework=framework, role="consumer", name=name, command="worker")


def _celery(words: Sequence[str]) -> list[Value]:
    if "worker" not in words:
        return []
    given = _option(words, "-Q", "--queues")
    return [CONFIGURED] if given is None else [name for text in _BETWEEN_COMMAS.findall(given) for name in _names(text)]


def _rq(words: Sequence[str]) -> list[Value]:
    command = next((word for word in words if word in {"worker", "worker-pool"}), None)
    if command is None:
        return []
    return _listed(words[words.index(command) + 1 :]) or [Literal("default")]


def _rqworker(words: Sequence[str]) -> list[Value]:
    return _listed(words[words.index("rqworker") + 1 :]) or [UNKNOWN]


def _saq(_words: Sequence[str]) -> list[Value]:
    return [UNKNOWN]


_READERS: dict[str, Callable[[Sequence[str]], list[Value]]] = {
    "celery": _celery, "rq": _rq, "rqworker": _rqworker, "saq": _saq}  # fmt: skip


def _option(words: Sequence[str], short: str, long: str) -> str | None:
    for index, word in enumerate(words):
        if word in {short, long}:
            return words[index + 1] if index + 1 < len(words) else ""
        if word.startswith(f"{long}="):
            return word.partition("=")[2]
        if word.startswith(short) and len(word) > len(short):
            return word[len(short) :].removeprefix("=")
    return None


def _listed(words: Sequence[str]) -> list[Value]:
    """Return the words that are neither an option nor its value."""
    found: list[Value] = []
    skip = False
    for word in words:
        if not skip and not word.startswith("-"):
            found.extend(_names(word))
        skip = not skip and word.startswith("-") and "=" not in word and word not in _RQ_SWITCHES
    return found


def _names(word: str) -> Iterator[Value]:
    """Yield the names in a word; a variable may hold several, of which its default tells some."""
    used = references(word)
    if not used:
        yield from (Literal(word.strip()),) if word.strip() else ()
        return
    fallback = _FALLBACK.fullmatch(used[0].rest)
    if len(used) > 1 or not word.startswith("$") or not word.endswith(("}", used[0].name)):
        yield UNKNOWN
    elif fallback is None or not fallback[1]:
        yield Env(used[0].name)
    else:
        texts = [Literal(text) for text in fallback[1].split(",") if text]
        yield from [Env(used[0].name, texts[0])] if len(texts) == 1 else texts
