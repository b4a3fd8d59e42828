"""SVG to PNG with the bundled font, so that the same drawing gives the same bytes everywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from filot_lint.documents.stamp import stamp_png
from filot_lint.resources import REPORT

FONT_FILE = REPORT / "fonts" / "DejaVuSans.ttf"
_FORBIDDEN = re.compile(r"href|<style|<image|<!ENTITY|<!DOCTYPE|@import|url\(", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>")
_ZOOM = 2
_PIXELS = 8000


class NoRendererError(Exception):
    """The optional renderer is not installed."""


def to_png(svg: str, font: Path = FONT_FILE) -> bytes:
    """Render a drawing of ours; nothing in it may point outside."""
    try:
        import resvg_py  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        message = "resvg-py is not installed; `pip install 'filot-lint[diagram]'` adds it"
        raise NoRendererError(message) from error
    if any(_FORBIDDEN.search(tag) for tag in _MARKUP.findall(svg)):
        message = "the drawing refers to something outside itself"
        raise ValueError(message)
    return _render(svg, font)


@lru_cache(maxsize=4)
def _render(svg: str, font: Path) -> bytes:
    import resvg_py  # noqa: PLC0415  # an extra

    size = max(float(number) for number in re.findall(r'(?:width|height)="(\d+)"', svg.partition(">")[0]))
    data: bytes = bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=[str(font)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            zoom=_ZOOM if size * _ZOOM <= _PIXELS else 1,
        )
    )
    return stamp_png(data)
