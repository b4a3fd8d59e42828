"""Code inside other files keeps its places."""

from __future__ import annotations

from filot_lint.extract.excerpt import Excerpt, lines_of
from filot_lint.source import Language, SourceFile, Span

HOST = SourceFile("a.yml", "é: |\n    one\n    två three\n".encode(), Language.GITHUB_ACTIONS)


def test_lines_keep_their_places() -> None:
    code = Excerpt(HOST, [(2, 5, "one"), (3, 5, "två"), (3, 9, "three")])

    assert code.data.decode() == "\none\ntvå three"
    place = code.locate(Span(5, 6, 2, 5, 2, 10))
    assert (place.line, place.column, place.end_column) == (3, 9, 14)
    assert code.at_line(3, 1, 3) == HOST.at_line(3, 5, 3)
    assert code.at_line(3).end_column == HOST.at_line(3).end_column


def test_an_excerpt_of_an_excerpt() -> None:
    outer = Excerpt(HOST, lines_of(HOST, (3, 5), (3, 14)))
    inner = Excerpt(outer, [(3, 5, "three")])
    place = inner.locate(Span(2, 7, 2, 0, 2, 5))

    assert (place.file, place.line, place.column, place.end_column) == ("a.yml", 3, 9, 14)
    assert inner.at_line(3, 1, 5) == HOST.at_line(3, 9, 5)


def test_lines_of_a_stretch() -> None:
    assert lines_of(HOST, (2, 5), (3, 8)) == [(2, 5, "one"), (3, 1, "    två")]
    assert lines_of(HOST, (9, 1), (99, 1)) == []


def test_what_goes_backwards_or_too_far_is_left_out() -> None:
    assert Excerpt(HOST, [(2, 1, "a"), (1, 1, "b")]).data == b"\na"
    assert Excerpt(HOST, [(1, 1, "a"), (10**9, 1, "b")]).data == b"a"
