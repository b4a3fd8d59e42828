"""The machine-readable twin holds every claim of every document, and each of its claims can be derived again."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from filot_lint import engine
from filot_lint.config import load_config
from filot_lint.documents.claims import claims_of
from filot_lint.documents.context import Context, build_context
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.plan import plan
from filot_lint.findings import Finding
from filot_lint.models import load_models
from filot_lint.resources import REPORT
from filot_lint.source import Location
from filot_lint.values import Value
from filot_lint.workspace.components import Component
from filot_lint.workspace.scan import load_workspace

ROOT = Path(__file__).parents[2] / "backend"
SCHEMA = json.loads((REPORT / "schemas" / "claims-1.json").read_text("utf-8"))


@cache
def reference() -> tuple[Context, dict[str, str], list[dict[str, object]]]:
    """Return the context of the reference workspace, its documents in Markdown, and their twin."""
    config = load_config(ROOT)
    index = load_workspace(ROOT, config, load_models())
    context = build_context(ROOT, index, engine.run(index, config), load_manifest())
    planned = {
        p.path: (p.data or b"").decode("utf-8", "replace") for p in plan(ROOT, context) if not p.path.endswith(".png")
    }
    twin = json.loads(next(text for path, text in planned.items() if path.endswith("T8A_claims.json")))
    jsonschema.validate(twin, SCHEMA)
    return context, {path: text for path, text in planned.items() if path.endswith(".md")}, twin["claims"]


def test_every_line_that_says_something_is_in_it() -> None:
    _, documents, claims = reference()
    links = re.compile(r"\]\([^)\s]*#L(\d+)")
    for path, text in documents.items():
        if path.startswith("docs/"):
            shown = [int(line) for line in links.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))]
            held = sum(len(c["evidence"]) for c in claims if c["document"] == path)  # type: ignore[arg-type, misc]
            assert held >= len(set(shown)), path
    assert len(claims) > 300
    assert {c["verdict"] for c in claims} >= {"holds", "fails", "not determined"}


def test_every_evidence_is_the_place_of_a_fact_or_finding() -> None:
    context, _, claims = reference()
    known = _places(context)
    evidence = [(e["file"], e["line"]) for c in claims for e in c["evidence"]]  # type: ignore[attr-defined]
    assert len(evidence) > 500
    assert [place for place in evidence if place not in known] == []


def test_a_variable_s_row_is_about_that_variable() -> None:
    """Its name stands on every line of evidence, or a fact about it does; containers lack what they lack."""
    context, _, claims = reference()
    about: dict[tuple[str, int], set[str]] = {}
    for fact in context.index.all():
        about.setdefault((fact.file, fact.line), set()).add(str(getattr(fact, "name", "")))
    rows = [c for c in claims if re.fullmatch(r"[A-Z][A-Z0-9_]+", (c["columns"] or {}).get("Variable", ""))]  # type: ignore[attr-defined]
    assert len(rows) > 80
    for claim in rows:
        name = claim["columns"]["Variable"]  # type: ignore[index]
        for place in claim["evidence"]:  # type: ignore[attr-defined]
            line = context.index.files[place["file"]].lines[place["line"] - 1]
            named = about.get((place["file"], place["line"]), set())
            container = any(s.name in named for s in context.task_containers)
            assert name in line or name in named or container, (name, place, claim["text"])


def test_verdicts_of_the_checklist_are_those_of_the_rules() -> None:
    context, _, claims = reference()
    rows = {c["columns"][""]: c for c in claims if c["document"].endswith("checklist.md") and c["columns"]}  # type: ignore[attr-defined, index]
    assert {r.item.id: r.verdict for r in context.checklist} == {i: c["verdict"] for i, c in rows.items()}
    for result in context.checklist:
        broken = [f for f in context.findings if f.rule.code in result.item.rules and f.severity.word != "info"]
        assert not broken or result.verdict in {"fails", "does not apply"}, result.item.id


def _places(context: Context) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for fact in context.index.all():
        found |= {(fact.file, fact.line), (fact.file, fact.end_line)}
        found |= {(i.because.file, i.because.line) for i in fact.implied}
        found |= {(fact.through.file, fact.through.line)} if fact.through else set()
        found |= {place for field in fact.__struct_fields__ for place in _written(getattr(fact, field))}
    found |= {place for finding in (*context.findings, *context.suppressed) for place in _ends(finding)}
    found |= {(f.suppressed.location.file, f.suppressed.location.line) for f in context.suppressed if f.suppressed}
    found |= {place for component in context.index.components for place in _signals(context, component)}
    return found | {(entry, 1) for component in context.index.components for entry in component.entries}


def _signals(context: Context, component: Component) -> set[tuple[str, int]]:
    """Return the lines of a component that name one of its signals."""
    lines = {(path, n): text for path in component.modules for n, text in enumerate(context.index.files[path].lines, 1)}
    return {place for place, text in lines.items() if any(word in text for word in component.signals)}


def _written(value: object) -> set[tuple[str, int]]:
    """Return where the literals inside a value stand."""
    if isinstance(value, Location):
        return {(value.file, value.line)}
    if not isinstance(value, Value):
        return set()
    text = repr(value)
    return {(file, int(line)) for file, line in re.findall(r"Location\(file='([^']*)', line=(\d+)", text)}


def _ends(finding: Finding) -> set[tuple[str, int]]:
    return {(place.file, place.line) for place in (finding.location, *(r.location for r in finding.related))}


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("Three clients.", "holds"),
        ("The namespace is not determined from source.", "not determined"),
        ("`mail:jobs` has **no** consumer ([a.ts:3](../a.ts#L3)).", "fails"),
        ("- [ ] RED-5: look at the server", "not determined"),
    ],
)
def test_verdicts(line: str, verdict: str) -> None:
    (claim,) = claims_of("docs/x.md", f"# T\n\n## S\n\n{line}\n")
    assert (claim.verdict, claim.section) == (verdict, "S")


def test_rows_keep_their_columns_and_evidence_its_place() -> None:
    rows = "| Name | Where |\n| --- | --- |\n| `a\\|b` | [src/a b.ts:7](../src/a%20b.ts#L7) |\n"
    text = f"# T\n\n{rows}\n```\n| x | y |\n```\n"
    (claim,) = claims_of("docs/x.md", text)
    assert claim.columns == {"Name": "a|b", "Where": "src/a b.ts:7"}
    assert [(e.file, e.line) for e in claim.evidence] == [("src/a b.ts", 7)]
