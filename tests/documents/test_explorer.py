"""The page in HTML, in a real browser: it filters, loads nothing, and runs no script but its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from samples import WORKER, Report, components, environment, fact, wiring

from filot_lint.documents.plan import plan
from filot_lint.facts import EnvRead, QueueUse
from filot_lint.source import Location
from filot_lint.values import Literal
from filot_lint.workspace.inert import Inert

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
EVIL = "<img src=x onerror=document.title='hacked'>"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return the page about a small system with a hostile queue and a hostile variable."""
    hostile = [
        fact(QueueUse, "src/x.ts:1", "api", framework="list", role="producer", name=Literal(EVIL)),
        fact(EnvRead, "src/<b>.ts:1", "api", name=f"EVIL_{EVIL}", access="read", via="x"),
    ]
    report = Report(tmp_path, [*environment(), *wiring(), *hostile], components())
    planned = plan(report.root, report.context, html=True)
    target = tmp_path / "page.html"
    target.write_bytes(next(p.data or b"" for p in planned if p.path.endswith("T8A_explorer.html")))
    return target


def test_it_is_written_only_when_asked_for(tmp_path: Path) -> None:
    report = Report(tmp_path, [*environment(), *wiring()], components())
    assert not [p for p in plan(report.root, report.context) if p.path.endswith(".html")]


def test_nothing_in_it_points_outside(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(
        r"""(?:src|href)=["']?([^"'\s>]+)""", re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
    )
    assert len(targets) > 20
    assert [t for t in targets if re.match(r"[a-z]+:|//", t) and not t.startswith("data:image/svg+xml")] == []
    assert EVIL not in text
    assert "default-src &#39;none&#39;" in text


def test_the_picture_is_in_it_whole(page: Path) -> None:
    source = re.search(r'<img src="data:image/svg\+xml;base64,([^"]+)"', page.read_text("utf-8"))

    assert source is not None
    assert ET.fromstring(b64decode(source[1], validate=True)).tag.endswith("svg")  # noqa: S314  # our own output


def test_a_queue_whose_taker_never_starts_says_so(tmp_path: Path) -> None:
    report = Report(tmp_path, [*environment(), *wiring()], components())
    place = Location("Dockerfile", 3, 1, 3, 9)
    inert = Inert((place,), "worker/main.py", (("main", place),))
    report.components = tuple(
        msgspec.structs.replace(c, inert=inert) if c.name == WORKER else c for c in report.components
    )
    text = next(
        p.data or b"" for p in plan(report.root, report.context, html=True) if p.path.endswith(".html")
    ).decode()

    consumer = text.partition("worker/queue.py:9")[2]
    assert consumer.partition("</span></span>")[0].endswith("its command starts nothing")


def shown(page: Path, place: str) -> str:
    profile = f"--user-data-dir={page.parent / 'profile'}"
    command = [CHROMIUM or "", "--headless=new", "--no-sandbox", "--disable-gpu", profile,
               "--virtual-time-budget=2000", "--dump-dom", f"{page.as_uri()}#{place}"]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def rows(dom: str, section: str) -> tuple[list[str], list[str]]:
    """Return the rows that show and those that do not."""
    inside = dom.partition(f'id="view-{section}"')[2].partition("</section>")[0]
    found = re.findall(
        r"<(?:tr|div)([^>]*data-row[^>]*)>(.*?)(?=<(?:tr|div)[^>]*data-row|</tbody>|$)", inside, re.DOTALL
    )
    return [body for head, body in found if "hidden" not in head], [body for head, body in found if "hidden" in head]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_it_filters_in_a_browser(page: Path) -> None:
    dom = shown(page, "variables?q=redis")
    visible, hidden = rows(dom, "variables")
    assert visible
    assert hidden
    assert all("redis" in body.lower() for body in visible)
    assert f">{len(visible)} of {len(visible) + len(hidden)}</output>" in dom
    assert re.search(r'<section id="view-findings" hidden', dom)
    assert "<title>hacked" not in dom

    dom = shown(page, "queues?ends=open")
    visible, _ = rows(dom, "queues")
    assert any("mail:jobs" in body and "no consumer" in body for body in visible)
    assert not any("ocr:jobs" in body for body in visible)
