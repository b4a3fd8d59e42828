"""The table of what parsers make of a line agrees with the parsers that are at hand."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from dotenv import dotenv_values

from filot_lint.checks.dotenv import parsers
from filot_lint.checks.dotenv.malformed_line import FLAWS
from filot_lint.checks.manifests.misread_env_file import EFFECTS
from filot_lint.extract.dotenv import extract
from filot_lint.facts import EnvSpelling, Spelling
from filot_lint.source import Language, SourceFile

MODELS: Any = None
LINES = [
    ("A=value # c", "inline-comment", "value"),
    ("A=v#c", "hash", "v#c"),
    ("A=     # [REQUIRED] x", "comment-as-value", ""),
    ("A=# ask", "comment-touching", ""),
    ('A="q # h" # t', "quoted-comment", "q # h"),
    ('A="q"', "quotes", "q"),
    ("A='$OTHER'", "quoted-dollar", "$OTHER"),
    ("A='${OTHER}'", "quoted-braces", "${OTHER}"),
    ("export A=x", "export", "x"),
    ("A =x", "blank-before-equals", "x"),
    ("A= x", "blank-after-equals", "x"),
    ("A=two words", "words", "two words"),
    ("A=${OTHER}/x", "reference", "other/x"),
    ("OTHER=other\nA=$OTHER/x", "bare-reference", "other/x"),
    ("A=pa$word", "dollar", "pa$word"),
    ('A="a\nb"', "multi-line", "a\nb"),
    ("A=x  ", "trailing-blank", "x"),
    ('A="x', "unclosed-quote", "x"),
    ('A="x" tail', "text-after-quote", "x"),
    ("A", "no-equals", ""),
    ("A: x", "colon", "x"),
    ("A=$(printf hi)", "command-substitution", "hi"),
    ("A=`printf hi`", "backticks", "printf hi"),
    ("A=it's", "inner-quote", "it's"),
    ("A=a&b", "shell-character", "a&b"),
    ("  A=x", "indented", "x"),
]
ENVIRONMENT = {"OTHER": "other"}


def by_python_dotenv(text: str, _folder: Path) -> Mapping[str, str | None]:
    return dotenv_values(stream=io.StringIO(text))


def by_node(text: str, folder: Path) -> Mapping[str, str | None]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node")
    script = "const u = require('util'); if (!u.parseEnv) process.exit(9); "
    script += "console.log(JSON.stringify(u.parseEnv(require('fs').readFileSync('x.env', 'utf8'))))"
    (folder / "x.env").write_text(text)
    done = subprocess.run([node, "-e", script], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 9:
        pytest.skip("this node has no parseEnv")
    return dict(json.loads(done.stdout))


def by_shell(text: str, folder: Path) -> Mapping[str, str | None]:
    return _run("bash", text, folder, "set -a; . ./x.env")


def by_xargs(text: str, folder: Path) -> Mapping[str, str | None]:
    return _run("dash", text, folder, "export $(cat x.env | xargs)")


def by_decouple(text: str, folder: Path) -> Mapping[str, str | None]:
    decouple = pytest.importorskip("decouple")
    (folder / "x.env").write_text(text)
    return dict(decouple.RepositoryEnv(str(folder / "x.env")).data)


def _run(program: str, text: str, folder: Path, command: str) -> Mapping[str, str | None]:
    shell = shutil.which(program)
    if shell is None:
        pytest.skip(f"there is no {program}")
    (folder / "x.env").write_text(text + "\n")
    environment = {**ENVIRONMENT, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [shell, "-c", f"{command}; env -0"], cwd=folder, env=environment, capture_output=True, check=False
    )
    pairs = (entry.partition("=") for entry in done.stdout.decode().split("\0") if entry)
    return {name: value for name, _, value in pairs}


PARSERS = {
    "python-dotenv": by_python_dotenv,
    "node": by_node,
    "shell": by_shell,
    "xargs": by_xargs,
    "decouple": by_decouple,
}


@pytest.mark.parametrize(("text", "spelling", "meant"), LINES, ids=[spelling for _, spelling, _ in LINES])
@pytest.mark.parametrize("parser", PARSERS)
def test_as_the_parser_has_it(
    parser: str, text: str, spelling: str, meant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER", "other")
    read = PARSERS[parser](text, tmp_path)

    assert parsers.misreads(parser, spelling) is (read.get("A") != meant)


@pytest.mark.parametrize(("text", "spelling", "_meant"), LINES, ids=[spelling for _, spelling, _ in LINES])
def test_the_line_is_told_by_its_spelling(text: str, spelling: str, _meant: str) -> None:
    facts = extract(SourceFile(".env.example", text.encode(), Language.DOTENV), MODELS)

    assert spelling in [fact.spelling for fact in facts if isinstance(fact, EnvSpelling)]


def test_every_spelling_has_its_row_and_its_words() -> None:
    spellings = set(get_args(Spelling))
    told = set(EFFECTS) | set(FLAWS)

    assert spellings == set(parsers.MISREAD)
    assert {s for s in spellings if any(parsers.misreads(p, s) for p in parsers.FOREIGN)} <= told
    assert {p for row in parsers.MISREAD.values() for p in row} <= set(parsers.LABELS)
