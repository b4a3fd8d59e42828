"""Hostile text in every place it may be printed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from filot_lint.documents import escape

HOSTILE = (
    "a|b",
    "`x` y",
    "{{ 7*7 }}",
    "{% raw %}",
    "<script>alert(1)</script>",
    "\x1b[2Jgone",
    "a\u202eb",
    "[x](javascript:alert(1))",
    "![x](//evil)",
    "line\n# heading",
    "<!-- filot-lint:end architecture -->",
    "www.evil.example",
    "https://evil.example/x",
    "a\\|b",
    "**bold** _it_ ~~no~~",
    "&lt;b&gt;",
    "\ud800",
)


def _cells(text: str) -> list[str]:
    table = f"| a | b |\n| --- | --- |\n| {text} | end |\n"
    tokens = MarkdownIt("commonmark").enable("table").parse(table)
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    assert not [t for c in cells for t in c.children or () if t.type in {"link_open", "image", "html_inline"}
                and t.content not in {"<code>", "</code>"}]  # fmt: skip
    return ["".join(t.content for t in c.children or () if t.type in {"text", "code_inline"}) for c in cells]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [escape.markdown, escape.code])
def test_hostile_text_stays_in_its_cell(text: str, write: object) -> None:
    written = str(write(text))  # type: ignore[operator]

    assert _cells(written) == [escape.printable(text).strip(), "end"]
    assert "<!--" not in written
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", written)


@given(st.text(max_size=60))
def test_any_text_stays_in_its_cell(text: str) -> None:
    for write in (escape.markdown, escape.code):
        cells = _cells(str(write(text)))
        assert len(cells) == 2
        assert cells[1] == "end"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("src/a_b-c.ts:4", "src/a_b-c.ts:4"),
        ("the other: 3 (of 4)", "the other: 3 (of 4)"),
        ("_init_", "&#95;init&#95;"),
        ("see http://x", "see http&#58;//x"),
    ],
)
def test_harmless_text_stays_readable(text: str, written: str) -> None:
    assert escape.markdown(text) == written


def test_names_become_code() -> None:
    assert escape.code("REDIS_URL") == "`REDIS_URL`"
    assert escape.code("postgresql://USER@HOST/x?y=<z>") == "`postgresql://USER@HOST/x?y=<z>`"


@given(st.text(max_size=60))
def test_xml_text_has_no_markup(text: str) -> None:
    assert not set("<>\"'") & set(escape.xml(text))


@pytest.mark.parametrize(
    ("name", "good"), [("A_B", True), ("_x1", True), ("1A", False), ("A-B", False), ("A\n", False)]
)
def test_names_that_every_env_reader_accepts(name: str, good: bool) -> None:  # noqa: FBT001  # a table column
    assert escape.is_env_name(name) is good
