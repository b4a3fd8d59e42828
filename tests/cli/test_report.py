"""`filot-lint report`, as a person runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from filot_lint.cli import main
from filot_lint.documents.stamp import STAMP

MakeWorkspace = Callable[[Mapping[str, str]], Path]
FILES = {
    "package.json": '{"name": "shop", "main": "src/index.ts"}',
    ".env.example": "# [REQUIRED]\nAPI_KEY=\nUNUSED=1\n",
    "src/index.ts": 'const key = process.env.API_KEY;\nconst url = process.env.REDIS_URL || "redis://localhost:6379";\n',
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Path:
    """Return a small workspace."""
    return make_workspace(FILES)


def test_the_report_is_written_and_told(workspace: Path) -> None:
    result = run(workspace)

    assert result.exit_code == 0, result.output
    assert result.output.startswith("shop: ")
    assert "written" in result.output
    assert "start with T8A_summary.md" in result.output
    assert (workspace / "docs/T8A_summary.md").is_file()
    assert (workspace / "prod.env.template").is_file()


def test_a_second_run_changes_nothing_and_check_agrees(workspace: Path) -> None:
    run(workspace)
    before = {p: p.read_bytes() for p in workspace.rglob("*") if p.is_file()}

    assert run(workspace, "--check").exit_code == 0
    assert "unchanged" in run(workspace).output
    assert {p: p.read_bytes() for p in workspace.rglob("*") if p.is_file()} == before


def test_check_shows_what_is_out_of_date_and_writes_nothing(workspace: Path) -> None:
    run(workspace)
    source = workspace / "src/index.ts"
    source.write_text(source.read_text() + "export const level = process.env.LEVEL;\n")
    before = (workspace / "prod.env.template").read_bytes()
    result = run(workspace, "--check")

    assert result.exit_code == 1
    assert "+LEVEL=" in result.output
    assert "+++ b/prod.env.template" in result.output
    assert (workspace / "prod.env.template").read_bytes() == before


def test_diff_shows_the_same_but_exits_0(workspace: Path) -> None:
    result = run(workspace, "--diff")

    assert result.exit_code == 0
    assert "would be written" in result.output
    assert not (workspace / "docs").exists()


def test_a_foreign_file_is_refused_with_exit_2_and_the_rest_is_written(workspace: Path) -> None:
    (workspace / "prod.env.template").write_text("MINE=1\n")
    result = run(workspace)

    assert result.exit_code == 2
    assert "refused" in result.output
    assert (workspace / "prod.env.template").read_text() == "MINE=1\n"
    assert (workspace / "docs/T8A_summary.md").is_file()
    assert run(workspace, "--force").exit_code == 0
    assert STAMP in (workspace / "prod.env.template").read_text()


def test_out_writes_elsewhere_and_leaves_the_workspace_alone(
    workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (workspace / "README.md").write_text("# Mine\n")
    out = tmp_path_factory.mktemp("out")
    result = run(workspace, "--out", out)

    assert result.exit_code == 0
    assert not (workspace / "docs").exists()
    assert (workspace / "README.md").read_text() == "# Mine\n"
    assert (out / "README.md").read_text().startswith("# Mine\n")
    assert run(workspace, "--out", out, "--check").exit_code == 0


def test_only_one_document(workspace: Path) -> None:
    result = run(workspace, "--only", "redis")

    assert result.exit_code == 0
    assert [p.name for p in (workspace / "docs").iterdir()] == ["redis_validation_report.md"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "reddis"], "did you mean `redis`?"),
        (["--config", "nothing.toml"], "no such file"),
    ],
)
def test_wrong_usage_exits_2_and_offers_the_nearest(workspace: Path, arguments: list[str], message: str) -> None:
    result = run(workspace, *arguments)

    assert result.exit_code == 2
    assert message in result.output
    assert not (workspace / "docs").exists()


def test_a_missing_workspace_exits_2_and_offers_the_nearest(workspace: Path) -> None:
    result = run(workspace / "scr")

    assert result.exit_code == 2
    assert "src" in result.output


def test_a_file_is_not_a_workspace(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    result = run("package.json")

    assert result.exit_code == 2
    assert "not a folder" in result.output


def test_an_unknown_setting_exits_2_with_its_place(workspace: Path) -> None:
    (workspace / "filot-lint.toml").write_text('\ndocs-dirr = "x"\n')
    result = run(workspace)

    assert result.exit_code == 2
    assert "filot-lint.toml:2" in result.output
    assert "docs-dir" in result.output


def test_a_documents_folder_outside_exits_2(workspace: Path) -> None:
    (workspace / "filot-lint.toml").write_text('docs-dir = "../x"\n')
    result = run(workspace)

    assert result.exit_code == 2
    assert "outside the workspace" in result.output


def test_without_an_example_file_the_terminal_says_what_is_missing(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({name: text for name, text in FILES.items() if name != ".env.example"})
    result = run(root)

    assert result.exit_code == 0
    assert "There is no .env.example" in result.output
    assert (root / "prod.env.template").is_file()


def test_what_was_refused_is_told_last_instead_of_where_to_start(workspace: Path) -> None:
    (workspace / "docs/T8A_summary.md").mkdir(parents=True)
    result = run(workspace)

    assert result.exit_code == 2
    assert "refused: not a regular file" in result.output
    assert result.output.rstrip().endswith("1 file not written; the reasons stand above.")


def test_documents_of_an_earlier_name_are_told(workspace: Path) -> None:
    run(workspace)
    (workspace / "filot-lint.toml").write_text('[documents]\nprefix = "ops_"\n')
    result = run(workspace)

    assert result.exit_code == 0
    assert "start with ops_summary.md" in result.output
    assert "docs/T8A_summary.md is of an earlier run and no longer written; remove it." in result.output


def test_a_document_that_does_not_exist_exits_2_with_its_line(workspace: Path) -> None:
    (workspace / "filot-lint.toml").write_text('[documents]\nleave-out = ["sumary"]\n')
    result = run(workspace)

    assert result.exit_code == 2
    assert "filot-lint.toml:2: " in result.output
    assert "did you mean `summary`?" in result.output


def test_strict_exits_3_when_a_file_cannot_be_used(workspace: Path) -> None:
    (workspace / "src/broken.ts").write_bytes(b"process.env.X\0\xff")
    relaxed, strict = run(workspace), run(workspace, "--strict")

    assert relaxed.exit_code == 0
    assert strict.exit_code == 3
    assert "src/broken.ts" in strict.output


def test_a_workspace_with_nothing_in_it(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({"notes.txt": "nothing here\n"})
    result = run(root)

    assert result.exit_code == 0
    assert "0 files" in result.output


def test_hostile_names_do_not_reach_the_terminal(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({"src/a\x1b[2J.ts": "export const x = process.env.SOME_NAME;\n", **FILES})
    result = run(root)

    assert result.exit_code == 0
    assert "\x1b" not in result.output
