"""The queues that command lines of workers name."""

from __future__ import annotations

import pytest

from filot_lint.extract import extract
from filot_lint.facts import QueueUse
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile
from filot_lint.values import Env, Literal, Unknown, Value


def named(command: str) -> list[tuple[str, Value]]:
    source = SourceFile("Procfile", f"worker: {command}\n".encode(), Language.PROCFILE)
    facts = [fact for fact in extract(source, load_models()) if isinstance(fact, QueueUse)]
    assert all((fact.role, fact.command, fact.line) == ("consumer", "worker", 1) for fact in facts)
    return [(fact.framework, fact.name) for fact in facts]


@pytest.mark.parametrize(
    ("command", "framework", "names"),
    [
        ("celery -A shop worker -Q mail,scans -l info", "celery", ["mail", "scans"]),
        ("python -m celery -A shop worker --queues=mail", "celery", ["mail"]),
        ("celery -A shop worker -Qmail", "celery", ["mail"]),
        ("celery -A shop worker -Q mail,${SLOW:-slow,slower}", "celery", ["mail", "slow", "slower"]),
        ("rq worker --with-scheduler -u redis://x high low", "rq", ["high", "low"]),
        ("rq worker", "rq", ["default"]),
        ("python manage.py rqworker high", "rq", ["high"]),
        ("celery -A shop beat", "celery", []),
        ("rq info", "rq", []),
        ("node src/worker.js -Q mail", "celery", []),
    ],
)
def test_names(command: str, framework: str, names: list[str]) -> None:
    assert named(command) == [(framework, Literal(name)) for name in names]


def test_variables() -> None:
    assert named("rq worker $QUEUES") == [("rq", Env("QUEUES"))]
    assert named("celery -A shop worker -Q ${Q:-mail}") == [("celery", Env("Q", Literal("mail")))]


@pytest.mark.parametrize(
    "command",
    [
        "celery -A shop worker",
        "python manage.py rqworker",
        "saq shop.settings",
        "rq worker $A-$B",
        "celery worker -Q x$A",
    ],
)
def test_what_is_not_told(command: str) -> None:
    [(_, name)] = named(command)
    assert isinstance(name, Unknown)


@pytest.mark.parametrize("command", ["celery worker -Q", "rq worker -u", "celery", "rq", "python", "python -m"])
def test_command_lines_that_end_early(command: str) -> None:
    assert all(isinstance(name, Literal) for _, name in named(command))
