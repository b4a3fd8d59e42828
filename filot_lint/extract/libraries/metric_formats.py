"""Metrics that a program writes by itself, without a library: CloudWatch's embedded format, Prometheus' text format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal as Choice

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.facts import Guard, MonitoringUse
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Literal, Record, Sequence, Value

_EMBEDDED = "CloudWatchMetrics"
_EXPOSED = re.compile(r"# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:counter|gauge|histogram|summary|untyped)\b")

Format = Choice["cloudwatch-embedded", "prometheus-text"]


class MetricFormats:
    """Finds them in one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is found yet."""
        self.evaluator = evaluator
        self._embedded: list[MonitoringUse] = []

    def mapping(self, mapping: x.Mapping, scope: Scope, guard: Guard) -> None:
        """Record an object that CloudWatch takes metrics out of."""
        for entry in mapping.entries:
            if isinstance(entry.key, x.Text) and entry.key.text == _EMBEDDED:
                for directive in _records(self.evaluator.evaluate(entry.value, scope)):
                    names = [m.get("Name") or UNKNOWN for m in _records(directive.get("Metrics"))]
                    space = directive.get("Namespace")
                    self._embedded += [
                        self._fact("cloudwatch-embedded", entry.key.span, name, space, guard)
                        for name in names or [UNKNOWN]
                    ]

    def facts(self, body: list[x.Statement]) -> Iterator[MonitoringUse]:
        """Yield what was recorded, and the metrics that texts declare."""
        yield from self._embedded
        stack: list[object] = list(body) if b"# TYPE " in self.evaluator.source.data else []
        while stack:
            part = stack.pop()
            if isinstance(part, x.Text):
                for name in _EXPOSED.findall(part.text):
                    yield self._fact("prometheus-text", part.span, Literal(name))
            stack.extend(parts(part))

    def _fact(
        self, library: Format, span: Span, name: Value, address: Value | None = None, guard: Guard = "always"
    ) -> MonitoringUse:
        place = place_at(self.evaluator.source, self.evaluator.source.locate(span))
        return MonitoringUse(
            **place,
            guard=guard,
            library=library,
            signal="metric",
            name=redact(name, None),
            address=redact(address, None),
        )


def _records(value: Value | None) -> list[Record]:
    return [item for item in value.items if isinstance(item, Record)] if isinstance(value, Sequence) else []
