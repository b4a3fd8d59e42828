"""Whatever a repository holds stays text: in every form, in every field, for whoever reads it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_cells import cells, tokens

from filot_lint.baseline import Entry
from filot_lint.catalogue import rules
from filot_lint.config import Config
from filot_lint.findings import Confidence, Finding, Related, Severity, Suppressed
from filot_lint.models import Models
from filot_lint.reporters.markdown import LARGEST
from filot_lint.reporters.run import FORMS, Run, write
from filot_lint.reporters.safe_text import INVISIBLE
from filot_lint.source import Language, Location, SourceFile
from filot_lint.workspace.index import Index

RULE = rules()["FIL101"]
PAYLOADS = [
    "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "a\u202eb\u2066c\u200f\u2028d\ufeff",
    "\n::error file=a.py::owned\r\n::set-output name=a::b",
    "%0A::error::owned,line=1:%0D%25",
    "\x00\x08\x0b\ufffe\uffff]]></failure><x/>&amp;&lt;\"'",
    "\ud800 \udcff \udfff",
    "`|` | a \\| b | ``` \\",
    "[x](javascript:alert(1)) ![y](https://e.vil/z) <img src=x onerror=alert(1)> <!-- -->",
    "https://e.vil/a|b www.e.vil mail@e.vil @owner #12 owner/repo#3 :tada: $x$ ~~a~~ **b** _c_",
    "| --- |\n\n# heading\n\n```\ncode",
    "{{ 7*7 }} {0} %s",
]


def named(text: str) -> str:
    """Return a text as Python names a file that is called so."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")


def finding(text: str, **changes: Any) -> Finding:  # noqa: ANN401  # any field
    place = Location(named(text), 1, 1, 1, 2)
    values = {
        "rule": RULE,
        "location": place,
        "message": f"{text} `{text}`",
        "help": text,
        "severity": Severity.ERROR,
        "confidence": Confidence.MEDIUM,
        "related": (Related(place, text),),
        "reason": text,
        "label": text,
    }
    return Finding(**{**values, **changes})


def run_of(text: str) -> Run:
    name = named(text)
    source = SourceFile(name, f"{text}\n".encode("utf-8", "surrogatepass"), Language.TYPESCRIPT)
    index = Index([], config=Config(), models=Models(), files={name: source})
    silent = finding(text, suppressed=Suppressed(Location(name, 1, 1, 1, 2), text))
    gone = (Entry(name, "FIL101", "0" * 32),)
    found = (finding(text), finding("src/a.ts"))
    return Run(findings=found, suppressed=(silent,), gone=gone, index=index, files=2, workspace=name, prefix=f"{name}/")


def output(text: str, form: str) -> str:
    written = "".join(f"{line}\n" for line in write(run_of(text), form))
    assert [c for c in written if c != "\n" and unicodedata.category(c) in INVISIBLE] == []
    written.encode()
    return written


@pytest.mark.parametrize("text", PAYLOADS)
@pytest.mark.parametrize("form", ["full", "concise"])
def test_terminal(text: str, form: str) -> None:
    lines = output(text, form).splitlines()
    assert [line for line in lines if line.startswith(("::", "#", "```"))] == []
    assert len(lines) == len(output("plain", form).splitlines())


@pytest.mark.parametrize("text", PAYLOADS)
def test_github(text: str) -> None:
    *commands, _ = output(text, "github").splitlines()
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("::error ")
        properties, _, message = command.partition(" ")[2].partition("::")
        assert [pair.partition("=")[0] for pair in properties.split(",")] == [
            "title", "file", "line", "endLine", "col", "endColumn"]  # fmt: skip
        assert "%0A" not in command.replace("%250A", "")
        assert message


@pytest.mark.parametrize("text", PAYLOADS)
def test_junit(text: str) -> None:
    suites = ET.fromstring(output(text, "junit"))  # noqa: S314  # our own text
    assert [element.tag for element in suites.iter()] == [
        "testsuites", "testsuite", "testcase", "failure", "testsuite", "testcase", "failure"]  # fmt: skip


@pytest.mark.parametrize("text", PAYLOADS)
def test_markdown(text: str) -> None:
    written = output(text, "markdown")
    rows = cells(written)
    assert [len(row) for row in rows] == [5, 5, 5]
    kinds = {token.type for token in tokens(written)} - {"html_inline"}
    assert not {"link_open", "image", "html_block", "fence", "strong_open", "em_open", "s_open"} & kinds
    tags = {token.content for token in tokens(written) if token.type == "html_inline"}
    assert tags <= {"<code>", "</code>"}
    assert _prose(written) & {"@owner", "#12", "owner/repo#3", "www.e.vil", "mail@e.vil", ":tada:"} == set()


def _prose(text: str) -> set[str]:
    """Return the words that a code host would look at: those outside of code."""
    depth, words = 0, set()
    for token in tokens(text):
        if token.type == "html_inline":
            depth += 1 if token.content == "<code>" else -1
        elif token.type == "text" and not depth:
            words |= set(token.content.split())
    return words


@pytest.mark.parametrize("text", PAYLOADS)
@pytest.mark.parametrize("form", ["json", "json-lines", "sarif", "gitlab"])
def test_json(text: str, form: str) -> None:
    written = output(text, form)
    assert written.isascii()
    documents = written.splitlines() if form == "json-lines" else [written]
    texts = [value for document in documents for value in _texts(json.loads(document))]
    if form in {"sarif", "gitlab"}:
        assert [value for value in texts if not _harmless(value)] == []


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in {"help", "fullDescription"}:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _harmless(text: str) -> bool:
    return not any(unicodedata.category(c) in INVISIBLE for c in text)


def test_messages_of_sarif_hold_no_links() -> None:
    (run,) = json.loads(output("a [x](https://e.vil) b", "sarif"))["runs"]
    messages = [result["message"]["text"] for result in run["results"]]
    assert [message for message in messages if "](" in message.replace("\\](", "")] == []


@given(st.text(alphabet=st.characters(), min_size=1, max_size=60))
def test_any_text_in_any_form(text: str) -> None:
    for form in FORMS:
        output(text, form)
    assert [len(row) for row in cells(output(text, "markdown"))] == [5, 5, 5]
    ET.fromstring(output(text, "junit"))  # noqa: S314  # our own text


def test_a_summary_has_an_end() -> None:
    index = Index([], config=Config(), models=Models())
    found = tuple(finding("src/a.ts", message="`X`, " * 20_000) for _ in range(100))
    text = "\n".join(write(Run(findings=found, index=index, files=1), "markdown"))
    assert len(text) < LARGEST + 1000
    assert f"… and {100 - len(cells(text)) + 1} more." in text
