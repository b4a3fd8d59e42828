"""Tables in Markdown as a reader sees them."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token


def tokens(text: str) -> list[Token]:
    """Return the parts of a text, those inside of lines, too."""
    parsed = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in parsed for inner in (token, *(token.children or ()))]


def cells(text: str) -> list[list[str]]:
    """Return the rows of all tables, the heads among them."""
    rows: list[list[str]] = []
    for token in tokens(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"td_open", "th_open"}:
            rows[-1].append("")
        elif rows and rows[-1] and token.type in {"text", "code_inline", "text_special"}:
            rows[-1][-1] += token.content
        elif token.type == "table_close":
            rows.append([])
    return [row for row in rows if row]
