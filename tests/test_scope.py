"""File-scope rules find the same in one text, beside the declarations, as in the whole workspace."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cases import Case, read_cases
from filot_lint import engine
from filot_lint.catalogue import rules
from filot_lint.config import Config, load_config
from filot_lint.facts import EnvDeclaration
from filot_lint.findings import Finding, Scope
from filot_lint.models import load_models
from filot_lint.resources import RULES
from filot_lint.source import SourceFile
from filot_lint.workspace.scan import index_file, load_workspace

TESTS = Path(__file__).parent
CASES = [
    pytest.param(rule.code, case, id=f"{rule.code}-{case.title}")
    for rule in rules().values()
    if rule.scope is Scope.FILE
    for folder in (RULES, TESTS / "rules")
    for case in read_cases(folder / rule.page)
]


def findings_of(source: SourceFile, config: Config, declarations: tuple[EnvDeclaration, ...]) -> list[Finding]:
    others = [declaration for declaration in declarations if declaration.file != source.path]
    index = index_file(source.path, source.data, source.language, config, load_models(), others, source.area)
    found = engine.run(index, config, scope=Scope.FILE)
    return [finding for finding in found if finding.location.file == source.path]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_one_file_alone_is_enough(code: str, case: Case, tmp_path: Path) -> None:
    root = case.write(tmp_path)
    config = msgspec.structs.replace(load_config(root), select=(code,))
    index = load_workspace(root, config, load_models())
    declarations = index.of(EnvDeclaration)
    alone = [finding for source in index.files.values() for finding in findings_of(source, config, declarations)]
    assert sorted(alone, key=lambda f: f.sort_key) == engine.run(index, config)
