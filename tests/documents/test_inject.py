"""Managed sections: the text of people survives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filot_lint.documents.inject import MarkerError, find_sections, inject

BEGIN, END = b"<!-- filot-lint:begin a -->", b"<!-- filot-lint:end a -->"
_lines = st.lists(st.binary(max_size=12).filter(lambda b: b"filot-lint" not in b), max_size=8)
_ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
_outside = st.tuples(_lines, _ends).map(lambda pair: pair[1].join(pair[0]))


@given(_outside, st.text(alphabet="ab \n", max_size=20))
def test_a_first_run_only_appends(before: bytes, text: str) -> None:
    after = inject(before, {"a": text})

    assert after.startswith(before)
    assert inject(after, {"a": text}) == after


@given(_outside, _outside, st.binary(max_size=10).filter(lambda b: b"<!--" not in b), _ends)
def test_text_outside_survives_byte_for_byte(before: bytes, behind: bytes, old: bytes, end: bytes) -> None:
    head = before + end + BEGIN + end
    tail = END + end + behind
    after = inject(head + old + end + tail, {"a": "new"})

    assert after.startswith(head)
    assert after.endswith(tail)
    assert after[len(head) : len(after) - len(tail)].strip() == b"new"


def test_a_byte_order_mark_and_a_missing_last_newline_survive() -> None:
    before = b"\xef\xbb\xbf<!-- filot-lint:begin a -->\r\nold\r\n<!-- filot-lint:end a -->\r\ntail"

    assert inject(before, {"a": "x\ny"}) == before.replace(b"old\r\n", b"x\r\ny\r\n")


def test_bytes_of_no_encoding_and_every_line_end_survive() -> None:
    before = b"caf\xe9 \xff\r\n" + BEGIN + b"\r\nold\r\n" + END + b"\r\n\x0b\x85 \xe2\x80\xa8tail\r"
    after = inject(before, {"a": "new"})

    assert after == before.replace(b"old\r\n", b"new\r\n")
    assert inject(b"caf\xe9", {"a": "x"}) == b"caf\xe9\n\n" + BEGIN + b"\nx\n" + END + b"\n"


def test_a_section_without_text_is_emptied_in_its_place_and_never_added() -> None:
    before = b"head\n" + BEGIN + b"\nold\n" + END + b"\ntail\n"
    empty = inject(before, {"a": None, "b": None})

    assert empty == before.replace(b"old\n", b"")
    assert inject(empty, {"a": "old"}) == before
    assert inject(b"head\n", {"a": None}) == b"head\n"


def test_sections_of_others_are_left_alone() -> None:
    before = b"<!-- filot-lint:begin other -->\nkeep\n<!-- filot-lint:end other -->\n"

    assert inject(before, {"a": "x"}).startswith(before)


def test_markers_inside_a_line_are_text() -> None:
    assert find_sections(b"write `<!-- filot-lint:begin a -->` above\n") == {}


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        ([b"x", BEGIN, b"y"], 2, "never ends"),
        ([b"x", END], 2, "without having begun"),
        ([BEGIN, BEGIN, END], 2, "begins inside"),
        ([BEGIN, END, b"", BEGIN, END], 4, "a second time"),
        ([BEGIN, b"<!-- filot-lint:end b -->"], 2, "without having begun"),
    ],
)
def test_broken_markers_name_the_line_and_the_remedy(lines: list[bytes], line: int, words: str) -> None:
    with pytest.raises(MarkerError, match=words) as caught:
        inject(b"\n".join(lines) + b"\n", {"a": "x"})

    assert caught.value.line == line
