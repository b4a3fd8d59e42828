"""Settings: where they are found, what they may hold, how errors read."""

from __future__ import annotations

from pathlib import Path

import pytest

from filot_lint.config import EXAMPLE_FILES, Config, ConfigError, find_root, load_config, nearest


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    return root


def test_defaults(repository: Path) -> None:
    assert load_config(repository) == Config()
    assert ".env.example" in EXAMPLE_FILES


def test_all_keys(repository: Path) -> None:
    path = write(
        repository / "filot-lint.toml",
        """
docs-dir = "documents"
example-files = ["settings.env"]
exclude = ["vendor/"]
select = ["FIL1"]
ignore = ["FIL102"]
external-variables = ["GRAFANA_*", "STATUS_PAGE"]
test-paths = ["checks/"]
max-file-size = 5

[components.worker]
entry = ["worker/main.py"]
dockerfile = "Dockerfile.gpu"
containers = ["worker"]
""",
    )
    config = load_config(repository)
    assert config.docs_dir == "documents"
    assert config.components["worker"].entry == ("worker/main.py",)
    assert config.max_file_size == 5
    assert config.origin == path.as_posix()
    assert config.is_external("GRAFANA_TOKEN")
    assert config.is_external("STATUS_PAGE")
    assert not config.is_external("STATUS_PAGES")


def test_the_nearest_file_wins(repository: Path) -> None:
    write(repository / "pyproject.toml", '[tool.filot-lint]\ndocs-dir = "outer"\n')
    write(repository / "service" / "pyproject.toml", '[project]\nname = "no-section"\n')
    assert load_config(repository / "service").docs_dir == "outer"
    write(repository / "service" / "pyproject.toml", '[tool.filot-lint]\ndocs-dir = "inner"\n')
    assert load_config(repository / "service").docs_dir == "inner"
    write(repository / "service" / "filot-lint.toml", 'docs-dir = "own"\n')
    assert load_config(repository / "service").docs_dir == "own"


def test_the_search_stops_at_the_repository(repository: Path) -> None:
    write(repository.parent / "filot-lint.toml", 'docs-dir = "outside"\n')
    assert load_config(repository).docs_dir is None


def test_the_root_is_the_nearest_repository_or_settings(repository: Path) -> None:
    inside = repository / "a" / "b"
    inside.mkdir(parents=True)
    assert find_root(inside) == repository.resolve()
    write(repository / "a" / "pyproject.toml", "[tool.filot-lint]\n")
    assert find_root(inside) == (repository / "a").resolve()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("docs-dirs = 'x'", r":1:1: unknown key `docs-dirs`; did you mean `docs-dir`\?"),
        ("docs_dir = 'x'", r":1:1: unknown key `docs_dir`; did you mean `docs-dir`\?"),
        ("\n  zzz = 1", r":2:3: unknown key `zzz`; known keys are `docs-dir`, .*`max-file-size`$"),
        ("origin = 'x'", ":1:1: unknown key `origin`"),
        ("select = 'FIL1'", ":1:1: `select`: expected a list, got text"),
        ("exclude = [\n  1,\n]", ":1:1: `exclude`: expected text, got a whole number"),
        ("max-file-size = 0", ":1:1: `max-file-size`: expected a whole number >= 1"),
        ("[components.api]\nentry = []\nentries = []", r":3:1: unknown key `entries`; did you mean `entry`\?"),
        ("[components.api]\nentry = 'x'", ":2:1: `components.api.entry`: expected a list, got text"),
        ("a = [", ":1:6: not valid TOML"),
        ("components = 3", ":1:1: `components`: expected a table, got a whole number"),
    ],
)
def test_errors_name_place_flaw_and_remedy(repository: Path, text: str, message: str) -> None:
    write(repository / "filot-lint.toml", text)
    with pytest.raises(ConfigError, match="filot-lint.toml" + message):
        load_config(repository)


def test_errors_in_pyproject_name_the_line_of_the_section(repository: Path) -> None:
    write(repository / "pyproject.toml", '[project]\nselect = 1\n\n[tool.filot-lint]\nignore = []\nselekt = ["FIL1"]\n')
    with pytest.raises(ConfigError, match=r"pyproject.toml:6:1: unknown key `selekt`; did you mean `select`\?"):
        load_config(repository)


def test_a_named_file_must_have_a_section(repository: Path) -> None:
    path = write(repository / "pyproject.toml", "[project]\n")
    with pytest.raises(ConfigError, match=r"has no \[tool.filot-lint\] section"):
        load_config(repository, path)


def test_a_file_that_is_not_text(repository: Path) -> None:
    (repository / "filot-lint.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="it is not UTF-8"):
        load_config(repository)


def test_nearest() -> None:
    assert nearest("chekc", ["check", "report"]) == "check"
    assert nearest("FIL110", ["FIL101", "FIL110"]) == "FIL110"
    assert nearest("zzz", ["check"]) is None
