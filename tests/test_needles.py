"""One expression for many words finds what each of them would."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from filot_lint.needles import any_of

words = st.lists(st.binary(min_size=1, max_size=6).filter(bytes.isascii), min_size=1, max_size=12)


@given(words, st.binary(max_size=40).filter(bytes.isascii))
def test_it_finds_what_each_word_alone_finds(words: list[bytes], text: bytes) -> None:
    found = re.search(any_of(words), text) is not None
    assert found == any(word in text for word in words)


@given(words)
def test_it_is_each_word_as_a_whole_and_nothing_else(words: list[bytes]) -> None:
    pattern = re.compile(any_of(words))
    assert all(pattern.fullmatch(word) for word in words)
    assert not any(pattern.fullmatch(word + b"~~~~~~~") for word in words)


def test_nothing_is_found_without_words() -> None:
    assert re.search(any_of([]), b"anything") is None


def test_words_that_begin_ever_deeper_alike() -> None:
    deep = [b"a" * size for size in range(1, 400)]
    assert re.fullmatch(any_of(deep), b"a" * 399)
    assert not re.fullmatch(any_of(deep), b"a" * 400)
