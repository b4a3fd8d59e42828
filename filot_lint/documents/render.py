"""Templates to text. Text from the repository is only ever a value, escaped where it is printed."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import jinja2.bccache
from markupsafe import Markup

from filot_lint.documents.answers import ANSWER_VIEWS, part_of
from filot_lint.documents.conditions import section_states
from filot_lint.documents.context import Context
from filot_lint.documents.describe import Page, Plain, Prose, Style
from filot_lint.documents.diagram import build_graph
from filot_lint.documents.explorer import build_page
from filot_lint.documents.filters import build_filters
from filot_lint.documents.gpu import GPU_VIEWS
from filot_lint.documents.graph import Graph
from filot_lint.documents.handovers import HANDOVER_VIEWS
from filot_lint.documents.keys import KEY_VIEWS
from filot_lint.documents.monitoring import MONITORING_VIEWS
from filot_lint.documents.next_steps import NEXT_VIEWS
from filot_lint.documents.redis_tls import REDIS_VIEWS
from filot_lint.documents.secret_views import SECRET_VIEWS
from filot_lint.documents.section_views import SECTION_VIEWS
from filot_lint.documents.sketch import to_ascii, to_mermaid
from filot_lint.documents.stand_ins import STAND_IN_VIEWS
from filot_lint.documents.storage import STORAGE_VIEWS
from filot_lint.documents.tasks import TASK_VIEWS
from filot_lint.documents.views import VIEWS
from filot_lint.documents.workflows import WORKFLOW_VIEWS
from filot_lint.resources import REPORT

_VIEWS = (
    *VIEWS,
    *ANSWER_VIEWS,
    *SECTION_VIEWS,
    *STORAGE_VIEWS,
    *TASK_VIEWS,
    *KEY_VIEWS,
    *GPU_VIEWS,
    *HANDOVER_VIEWS,
    *MONITORING_VIEWS,
    *NEXT_VIEWS,
    *STAND_IN_VIEWS,
    section_states,
    *SECRET_VIEWS,
    *REDIS_VIEWS,
    *WORKFLOW_VIEWS,
)

SECTION_ROWS = 40
"""Rows of a table in a managed section; README is a door, not the house."""


SECTION_LINES = 12
"""Quoted lines in a list of one."""


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled in this process, for one style; constants are written in it."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


_COMPILED: dict[type[Style], _Compiled] = defaultdict(_Compiled)


class Renderer:
    """Renders documents of one context."""

    def __init__(self, context: Context, targets: dict[str, str], folder: Path = REPORT / "templates") -> None:
        """Keep what all templates see; `targets` maps README.md and REPLIT.md to their spelling on disk."""
        self.context = context
        self.graph: Graph = build_graph(context)
        self._environments: dict[tuple[type[Style], str], jinja2.Environment] = {}
        self._loader = jinja2.FileSystemLoader(folder)
        self._shared: dict[str, Any] = {
            "ctx": context,
            "graph": self.graph,
            "mermaid": Markup(to_mermaid(self.graph)),  # noqa: S704  # escaped while it was drawn
            "ascii": Markup(to_ascii(self.graph)),  # noqa: S704  # as above
            "sketch_of": lambda *names: Markup(to_ascii(part_of(self.graph, names))),  # noqa: S704  # as above
            "targets": targets,
            "tab": Markup("\t"),
            "ROWS": SECTION_ROWS,
            "LINES": SECTION_LINES,
            **{view.__name__: partial(view, context) for view in _VIEWS},
        }

    def document(self, template: str, folder: str, *, plain: bool = False, **values: object) -> str:
        """Render a whole file that stands in `folder`."""
        style: Style = Plain() if plain else Prose(folder)
        text: str = self._environment(style, folder).get_template(template).render(self._shared | values)
        return _tidy(text)

    def page(self, template: str, folder: str) -> str:
        """Render a page in HTML that stands in `folder`."""
        values = self._shared | {"page": build_page(self.context, self.graph)}
        text: str = self._environment(Page(folder), folder).get_template(template).render(values)
        return text

    def section(self, template: str, name: str, folder: str, **values: object) -> str:
        """Render one block of a template."""
        found = self._environment(Prose(folder), folder).get_template(template)
        block = found.blocks[name.replace("-", "_")]
        return _tidy("".join(block(found.new_context(self._shared | values)))).strip("\n")

    def _environment(self, style: Style, folder: str) -> jinja2.Environment:
        key = (type(style), folder)
        if key not in self._environments:
            self._environments[key] = self._new_environment(style, folder)
        return self._environments[key]

    def _new_environment(self, style: Style, folder: str) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=self._loader,
            bytecode_cache=_COMPILED[type(style)],
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=lambda value: value if isinstance(value, Markup) else style.text(str(value)),
        )
        environment.filters.clear()
        environment.filters.update(build_filters(self.context, style, folder))
        return environment


def _tidy(text: str) -> str:
    """Leave no blank at a line's end and never two empty lines in a row."""
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for n, line in enumerate(lines) if line or (n > 0 and lines[n - 1])]
    return "\n".join(kept).strip("\n") + "\n"
