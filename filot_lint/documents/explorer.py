"""One page in HTML that holds everything: no file beside it, nothing it could load, no script but its own."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import msgspec
from markupsafe import Markup

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.graph import Graph
from filot_lint.documents.matrix import Cell
from filot_lint.documents.svg import to_svg
from filot_lint.documents.topology import Deployable, starts_nothing
from filot_lint.findings import Finding
from filot_lint.resources import REPORT

FOLDER = REPORT / "explorer"


class MatrixRow(msgspec.Struct, frozen=True):
    """One variable with its cells, by deployable; `verdicts` are the first words of all of them."""

    variable: Variable
    columns: tuple[tuple[Cell, ...], ...]

    @property
    def verdicts(self) -> str:
        """The first words of all verdicts."""
        return " ".join(sorted({c.verdict.partition(" ")[0] for cells in self.columns for c in cells}))


class Page(msgspec.Struct, frozen=True):
    """What the page is made of besides the shared context."""

    css: Markup
    script: Markup
    policy: str
    picture: Markup
    findings: tuple[Finding, ...]
    families: tuple[str, ...]
    deployables: tuple[Deployable, ...]
    idle: frozenset[str]
    rows: tuple[MatrixRow, ...]


def build_page(context: Context, graph: Graph) -> Page:
    """Return the parts of the page; its policy allows exactly the style and script that it holds."""
    css, script = ((FOLDER / f"explorer.{kind}").read_text("utf-8") for kind in ("css", "js"))
    findings = sorted(context.findings, key=lambda f: (-f.severity, -f.confidence, f.rule.code, f.sort_key))
    reading = {cell.deployable.name for cell in context.cells}
    shown = tuple(d for d in context.deployables if d.name in reading)
    picture = b64encode(to_svg(graph, context.name).encode()).decode()
    return Page(
        css=Markup(css),  # noqa: S704  # our own file
        script=Markup(script),  # noqa: S704  # as above
        policy="; ".join(
            (
                "default-src 'none'",
                f"style-src {_hash(css)}",
                f"script-src {_hash(script)}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        picture=Markup(f"data:image/svg+xml;base64,{picture}"),  # noqa: S704  # our own drawing, in base 64
        findings=tuple(findings),
        families=tuple(sorted({f.rule.family for f in findings})),
        deployables=shown,
        idle=frozenset(d.name for d in context.deployables if starts_nothing(d.component)),
        rows=tuple(_row(context, v, shown) for v in context.variables),
    )


def _row(context: Context, variable: Variable, shown: tuple[Deployable, ...]) -> MatrixRow:
    own = [cell for cell in context.cells if cell.variable.name == variable.name]
    return MatrixRow(variable, tuple(tuple(c for c in own if c.deployable.name == d.name) for d in shown))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
