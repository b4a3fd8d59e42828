"""Nothing from the repository acts upon a terminal."""

from __future__ import annotations

import pytest

from filot_lint.reporters.safe_text import safe_text, width


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain text, Grüße, 漢字", "plain text, Grüße, 漢字"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb\u2066c\u200fd\u061c", "a\\u202eb\\u2066c\\u200fd\\u061c"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("line\u2028end", "line\\u2028end"),
        ("broken \udcff", "broken \\udcff"),
        ("no-break\u00a0space", "no-break space"),
        ("\U000e0041", "\\U000e0041"),
        ("[/bold] %s {0}", "[/bold] %s {0}"),
    ],
)
def test_safe_text(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_width_counts_columns() -> None:
    assert width("abc") == 3
    assert width("漢字") == 4
    assert width("e\u0301") == width("ก\u0e31") == 1
    assert width("✈\ufe0f") == 2
