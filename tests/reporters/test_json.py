"""Documents for programs keep to their published schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import jsonschema
import msgspec
import pytest

from filot_lint import engine
from filot_lint.catalogue import rules
from filot_lint.documents.claims import Claims
from filot_lint.documents.secrets_json import SecretsMap
from filot_lint.reporters import json as reporter
from filot_lint.reporters.run import Run
from filot_lint.resources import REPORT
from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]
FILES = {
    ".env.example": "# [REQUIRED] where prices are\nPRICE_URL=canary\nPRICE_URL=canary2\n",
    "src/a.ts": "export const a = process.env.PRICE_URL || 'http://localhost:1';\n// \u202e\x1b\n",
    "src/b.ts": "export const b = process.env.PRICE_B;\nexport const c = process.env[`PRICE_${b}`];\n",
    "docker-compose.yml": "services:\n  api:\n    image: api:1\n    environment:\n      PRICE_URL: canary\n",
    "Dockerfile": 'FROM node:20\nENV PRICE_URL=canary\nCMD ["node", "src/a.js"]\n',
    "broken.json": "{",
}
DOCUMENTS: dict[str, type[msgspec.Struct]] = {
    "claims-1": Claims,
    "secrets-1": SecretsMap,
    "facts-1": reporter.FactsDocument,
    "findings-1": reporter.FindingsDocument,
    "rules-1": reporter.RulesDocument,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_published_schema_is_current(name: str) -> None:
    published = (REPORT / "schemas" / f"{name}.json").read_text("utf-8")
    command = f"filot_lint.reporters.json.schema({DOCUMENTS[name].__name__})"
    assert published == reporter.schema(DOCUMENTS[name]), f"write what {command} returns to report/schemas/{name}.json"
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


def test_the_published_schema_of_the_settings_is_current() -> None:
    published = (REPORT / "schemas" / "settings-1.json").read_text("utf-8")
    command = "filot_lint.reporters.json.settings_schema()"
    assert published == reporter.settings_schema(), f"write what {command} returns to report/schemas/settings-1.json"
    validator = jsonschema.Draft202012Validator(json.loads(published))
    validator.check_schema(json.loads(published))
    assert validator.is_valid({"select": ["FIL1"], "components": {"api": {"entry": ["a.py"]}}})
    assert not validator.is_valid({"selekt": []})
    assert not validator.is_valid({"origin": "here"})
    assert not validator.is_valid({"max-file-size": 0})
    assert validator.is_valid({"rule-pages": "https://example.com/rules/"})
    assert not validator.is_valid({"rule-pages": "javascript:alert(1)"})


def test_facts_keep_to_the_schema(make_index: MakeIndex) -> None:
    text = reporter.facts(make_index(FILES).all())
    document = json.loads(text)
    jsonschema.validate(document, json.loads(reporter.schema(reporter.FactsDocument)))
    assert document["schema"] == "filot-lint/facts/1"
    assert {"env-read", "env-declaration", "env-provision"} <= {fact["kind"] for fact in document["facts"]}
    assert not {"wrapper", "exported", "call-site"} & {fact["kind"] for fact in document["facts"]}
    assert "canary" not in text
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


def test_findings_keep_to_the_schema(make_index: MakeIndex) -> None:
    index = make_index(FILES)
    run = Run(findings=tuple(engine.run(index, index.config)), index=index, files=3)
    text = "\n".join(reporter.findings(run))
    document = json.loads(text)
    jsonschema.validate(document, json.loads(reporter.schema(reporter.FindingsDocument)))
    assert {finding["code"] for finding in document["findings"]} >= {"FIL101", "FIL110", "FIL161"}
    assert sum(document["summary"][f"{word}s"] for word in ("error", "warning", "info")) == len(document["findings"])
    assert "canary" not in text
    lines = [json.loads(line) for line in reporter.finding_lines(run)]
    assert lines == document["findings"]
    assert len({finding["fingerprint"] for finding in lines}) == len(lines)


def test_broken_characters_survive_as_escapes(make_index: MakeIndex) -> None:
    index = make_index({"src/a.ts": "export const a = process.env['\udcff'];\n".replace("\udcff", "\u00ff")})
    text = reporter.facts(index.all())
    assert text.isascii()


def test_rules_keep_to_the_schema() -> None:
    document = json.loads(reporter.rules(rules().values()))
    jsonschema.validate(document, json.loads(reporter.schema(reporter.RulesDocument)))
    assert [rule["code"] for rule in document["rules"]] == list(rules())
    assert all(rule["page"].startswith(f"# {rule['name']} ({rule['code']})") for rule in document["rules"])
