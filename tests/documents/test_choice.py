"""What a team may say about its documents, and what it is told when it says something else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from samples import Report, bare, environment, fact

from filot_lint.config import Config, ConfigError, DocumentConfig, GroupConfig, load_config
from filot_lint.documents.choice import settle
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.write import strays
from filot_lint.facts import EnvRead
from filot_lint.profiles import profiles
from filot_lint.resources import REPORT

DEMANDED = {
    "T8A_production_secrets_overview.md",
    "T8A_env_diagram.png",
    "T8A_env_diagram.svg",
    "T8A_env_diagram.md",
    "T8A_production_architecture.md",
    "T8A_predeployment_checklist.md",
    "T8A_readme_updates.md",
    "T8A_full_system_overview.md",
    "T8A_summary.md",
    "T8A_claims.json",
    "T8A_explorer.html",
    "prod.env.template",
    "production_secrets_required.json",
    "missing_required_secrets.txt",
    "redis_validation_report.md",
    "gpu_worker_env_validation.md",
    "r2_config_validation.md",
    "temporal_env_validation.md",
    "mock_cleanup_report.md",
}


def chosen(**settings: Any) -> Config:  # noqa: ANN401  # any setting
    return Config(documents=DocumentConfig(**settings))


def files(config: Config, profile: str | None = None) -> dict[str, str]:
    manifest = settle(load_manifest(), config, profiles()[profile] if profile else None)
    return {d.id: d.file for d in manifest.documents}


def test_the_profile_of_filot_gives_the_names_that_it_demands() -> None:
    assert set(files(Config(), "filot").values()) == DEMANDED


def test_a_workspace_is_recognised_by_what_production_reads(tmp_path: Path) -> None:
    read = fact(EnvRead, "src/a.ts:1", "api", name="BULI2_API_URL", access="read", via="process.env")
    report = bare(tmp_path, read)
    report.config = Config()
    assert {v.group.id for v in report.context.variables} == {"buli2"}
    report.facts = environment()
    assert "buli2" not in {v.group.id for v in report.context.variables}


def test_without_a_profile_the_names_are_the_same() -> None:
    assert files(Config()) == files(Config(), "filot")


def test_settings_come_before_the_profile() -> None:
    assert files(chosen(prefix=""), "filot")["summary"] == "summary.md"
    named = files(chosen(prefix="ops_", files={"summary": "production.md"}), "filot")
    assert (named["summary"], named["diagram"]) == ("production.md", "ops_env_diagram.md")


def test_nothing_in_the_report_names_one_customer() -> None:
    ours = [*REPORT.glob("*.toml"), *(REPORT / "templates").iterdir(), *(REPORT / "explorer").iterdir()]
    texts = {p.name: p.read_text("utf-8").replace('prefix = "T8A_"', "") for p in ours}
    assert [name for name, text in texts.items() if re.search(r"T8-?A|FiLot|BULI2", text)] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[documents]\nleave-out = [\n  "r2",\n  "reddis",\n]\n', r":4: `documents\.leave-out`: .*`reddis`.*`redis`\?"),
        ('[documents]\nleave-out = ["readme/monitor"]\n', r":2: .*did you mean `readme/monitoring`\?"),
        ('[documents.files]\nsumary = "a.md"\n', r":2:\d+: .*did you mean `summary`\?"),
        ('[documents]\ntitles = { replit = "R" }\n', r":2:\d+: `documents\.titles`: .*`replit`"),
        ('[documents.files]\nsummary = "a.png"\n', r":2:\d+: .*end in `\.md`"),
        ('[documents.files]\nsummary = "R2_config_validation.md"\n', r"`summary` and `r2` would both be written"),
    ],
)
def test_what_there_is_not_is_an_error_with_its_line_and_the_nearest(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "filot-lint.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message):
        settle(load_manifest(), load_config(tmp_path), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[documents]\nprefx = "x"\n', r":2:1: unknown key `prefx`; did you mean `prefix`\?"),
        ('[documents]\nprefix = "../x"\n', r":2:1: .*documents\.prefix"),
        ('[documents.files]\nsummary = "a/b.md"\n', r":\d+:1: .*documents\.files"),
        ('[variable-groups.pay]\nvariable = ["PAY_*"]\n', r":2:1: unknown key `variable`; did you mean `variables`\?"),
    ],
)
def test_settings_of_another_shape_are_errors_with_their_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "filot-lint.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message):
        load_config(tmp_path)


def test_the_place_is_found_in_pyproject_too(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.filot-lint.documents]\nleave-out = ["reddis"]\n'
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:5: "):
        settle(load_manifest(), load_config(tmp_path), None)


def test_what_is_left_out_goes_and_nothing_points_to_it(report: Report) -> None:
    report.run()
    assert (report.root / "docs/r2_config_validation.md").is_file()
    report.config = chosen(prefix="T8A_", leave_out=("r2", "diagram-svg", "replit", "readme/temporal"))
    changes = report.run()

    assert changes["docs/r2_config_validation.md"].state == "removed"
    assert changes["REPLIT.md"].reason == "the settings leave it out"
    assert not (report.root / "docs/r2_config_validation.md").exists()
    for path, data in report.everything().items():
        if path.endswith(".md") and path != "REPLIT.md":
            targets = re.findall(r"\]\(([^)#]+\.(?:md|svg))[)#]", data.decode())
            missing = {t for t in targets if not (report.root / path).parent.joinpath(t).exists()}
            assert missing == set(), path
    assert "the settings leave it out" in report.text("docs/T8A_readme_updates.md")
    assert "<!-- filot-lint:begin temporal -->\n<!-- filot-lint:end temporal -->" in report.text("README.md")


def test_titles_are_those_of_the_team(report: Report) -> None:
    titles = {"summary": "Where we stand", "readme/architecture": "How it runs"}
    report.config = chosen(prefix="T8A_", titles=titles)
    report.run()
    assert "Where we stand\n" in report.text("docs/T8A_summary.md")
    assert "## How it runs\n" in report.text("README.md")


def test_groups_of_a_team_come_before_what_a_name_or_a_use_suggests(report: Report) -> None:
    groups = {
        "payments": GroupConfig("Payments", ("PARTNER_*", "JWT_SECRET")),
        "redis": GroupConfig("Valkey", ("RETRIES",)),
    }
    report.config = msgspec.structs.replace(report.config, variable_groups=groups)
    found = {v.name: (v.group.id, v.group.title) for v in report.context.variables}
    assert found["JWT_SECRET"] == found["PARTNER_API_URL"] == ("payments", "Payments")
    assert found["RETRIES"] == found["REDIS_URL"] == ("redis", "Valkey")


def test_documents_under_an_earlier_name_are_told_and_left_alone(report: Report) -> None:
    report.run()
    (report.root / "docs/my_summary.md").write_text("# Ours\n", "utf-8")
    report.config = chosen(prefix="ops_", leave_out=("diagram-png",))
    report.run()
    found = strays(report.root, report.context)
    assert "docs/T8A_summary.md" in found
    assert "docs/my_summary.md" not in found
    assert "docs/ops_summary.md" not in found
    assert (report.root / "docs/T8A_summary.md").is_file()
