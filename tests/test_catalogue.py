"""Pages, checks and case files belong together."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner

from cases import read_cases
from filot_lint import catalogue, checks
from filot_lint.cli import main
from filot_lint.findings import Rule, Severity
from filot_lint.resources import RULES

TESTS = Path(__file__).parent
ALL = list(catalogue.rules().values())
CHECKS = {**checks.load_checks(), **checks.last_checks()}
each_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in ALL])

PAGE = """+++
code = "FIL999"
name = "odd-thing"
severity = "error"
confidence = "high"
scope = "file"
since = "0.1.0"
message = "`{name}` is odd"
help = "Even it out"
+++

# odd-thing (FIL999)
"""


def test_every_rule_has_a_check_and_every_check_a_page() -> None:
    assert list(catalogue.rules()) == sorted(CHECKS)


@each_rule
def test_one_name_in_four_places(rule: Rule) -> None:
    file = f"{rule.code}-{rule.name}.md"
    function = rule.name.replace("-", "_")
    check = CHECKS[rule.code]
    assert rule.page == f"{rule.family}/{file}"
    assert (TESTS / "rules" / rule.family / file).is_file()
    assert (check.__module__, check.__name__) == (f"filot_lint.checks.{rule.family}.{function}", function)


@each_rule
def test_the_name_is_kebab_case_and_has_two_words(rule: Rule) -> None:
    assert re.fullmatch(r"FIL\d{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert not rule.name.startswith(("no-", "disallow-", "require-"))


@each_rule
def test_the_page_has_its_sections(rule: Rule) -> None:
    text = catalogue.body(rule)
    assert text.startswith(f"# {rule.name} ({rule.code})\n")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert tuple(headings) == catalogue.SECTIONS


@each_rule
def test_there_are_more_good_cases_than_bad(rule: Rule) -> None:
    cases = list(read_cases(TESTS / "rules" / rule.family / f"{rule.code}-{rule.name}.md"))
    good = [case for case in cases if case.good]
    assert len(good) >= 3
    assert len(good) > len(cases) - len(good) > 0
    page = list(read_cases(RULES / rule.page))
    assert {case.good for case in page} == {True, False}


@each_rule
def test_the_message_is_a_template_that_the_check_fills(rule: Rule) -> None:
    source = (TESTS.parent / "filot_lint" / "checks" / rule.family / f"{rule.name.replace('-', '_')}.py").read_text()
    for _, field, form, conversion in Formatter().parse(rule.message + rule.help):
        if field is not None:
            assert (re.fullmatch("[a-z]+", field), form, conversion) != (None, "", None)
            assert f'"{field}":' in source


@each_rule
def test_messages_are_written_alike(rule: Rule) -> None:
    assert not rule.message.endswith(".")
    assert not rule.help.endswith(".")
    assert rule.help[0].isupper()


def test_case_files_have_rules() -> None:
    files = {f"{path.parent.name}/{path.name}" for path in (TESTS / "rules").glob("*/*")}
    assert files == {rule.page for rule in ALL}


def test_rules_hold_no_python() -> None:
    assert not list(RULES.rglob("*.py"))


def test_read_page() -> None:
    rule = catalogue.read_page(PAGE, "env/FIL999-odd-thing.md")
    assert (rule.code, rule.severity, rule.family) == ("FIL999", Severity.ERROR, "env")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("+++\ncode", "code", "front matter"),
        ('name = "odd-thing"', "name = ", "rules/env/x.md:3: not valid TOML"),
        ('since = "0.1.0"', 'sins = "0.1.0"', r"missing keys \['since'\], unknown keys \['sins'\]"),
        ('"error"', '"fatal"', "FATAL"),
        ('"file"', '"universe"', "universe"),
    ],
)
def test_a_malformed_page_is_a_clear_error(old: str, new: str, message: str) -> None:
    with pytest.raises(catalogue.CatalogueError, match=message):
        catalogue.read_page(PAGE.replace(old, new), "env/x.md")


def test_a_code_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    for name in ("FIL999-a.md", "FIL999-b.md"):
        (tmp_path / "env" / name).write_text(PAGE)
    with pytest.raises(catalogue.CatalogueError, match=r"taken by rules/env/FIL999-a\.md"):
        catalogue.read_rules(tmp_path)


def test_the_readme_holds_the_list_of_rules() -> None:
    readme = (RULES.parent / "README.md").read_text("utf-8")
    listed = CliRunner().invoke(main, ["rule", "--all", "--output-format", "markdown"]).output
    held = readme.partition("<!-- rules:begin -->\n")[2].partition("<!-- rules:end -->")[0]
    assert held == f"\n{listed}\n", "run `make readme`"


def test_the_changelog_names_every_rule_and_gives_no_code_twice() -> None:
    """A code that once meant another rule would stand there with two names."""
    changelog = (RULES.parent / "CHANGELOG.md").read_text("utf-8")
    named: dict[str, set[str]] = {}
    for code, name in re.findall(r"(FIL\d{3})\s+([a-z0-9]+(?:-[a-z0-9]+)+)", changelog):
        named.setdefault(code, set()).add(name)
    assert {code: names for code, names in named.items() if len(names) > 1} == {}
    assert {rule.code: {rule.name} for rule in ALL if named.get(rule.code) != {rule.name}} == {}


def test_the_readme_of_the_rules_knows_every_family() -> None:
    text = (RULES / "README.md").read_text("utf-8")
    assert [family for family in sorted({rule.family for rule in ALL}) if f"| `{family}` |" not in text] == []
