"""What READMEs document, and pages that a bundler fills in."""

from __future__ import annotations

import pytest

from filot_lint.extract import extract
from filot_lint.facts import EnvMention, EnvRead, Problem
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile


def mentions(text: str) -> list[tuple[str, int, int, str, int]]:
    facts = extract(SourceFile("README.md", text.encode(), Language.MARKDOWN), load_models())
    return [(f.name, f.line, f.column, f.form, f.group) for f in facts if isinstance(f, EnvMention)]


def test_the_first_column_of_a_table() -> None:
    text = "# A\n\n| Variable | Use |\n|:--|--:|\n| **`A_B`** | `C_D` |\n| E_F | |\n| `G` | |\nend\n| `H_I` | |\n"
    assert mentions(text) == [("A_B", 5, 6, "table", 4), ("E_F", 6, 3, "table", 4)]


def test_a_table_about_something_else() -> None:
    assert mentions("| Error | Meaning |\n| --- | --- |\n| `A_B` | |\n") == []


@pytest.mark.parametrize("info", ["", "env", "dotenv", "sh", "Bash"])
def test_a_block_of_assignments(info: str) -> None:
    text = f"```{info}\n# why\nPORT=1\nexport A_B='x y'\n\nC_D=\n```\nE_F=1\n"
    assert [(m[0], m[1]) for m in mentions(text)] == [("A_B", 4), ("C_D", 6)]


@pytest.mark.parametrize(
    "block",
    [
        "```python\nA_B=1\n```",
        "```\nA_B=1\nnpm start\n```",
        "```\nA_B=1 npm start\n```",
        "```\nA_B=1  # deprecated\n```",
        "## Removed\n\n```\nA_B=1\n```",
        "A_B=1",
        "<!-- filot-lint:begin x -->\n```\nA_B=1\n```\n<!-- filot-lint:end x -->",
        "",
    ],
)
def test_what_is_no_list_of_variables(block: str) -> None:
    assert mentions(block + "\n") == []


def test_a_block_that_is_never_closed() -> None:
    assert [m[0] for m in mentions("~~~~\nA_B=1\n~~~\n```\n")] == []
    assert [m[0] for m in mentions("~~~~\nA_B=1\n")] == ["A_B"]


def test_a_binary_file_is_a_problem() -> None:
    (fact,) = extract(SourceFile("README.md", b"a\0b", Language.MARKDOWN), load_models())
    assert isinstance(fact, Problem)


def test_nothing_is_read_or_declared() -> None:
    text = b"```env\nA_B=canary\n```\n"
    facts = extract(SourceFile("README.md", text, Language.MARKDOWN), load_models())
    assert [type(fact) for fact in facts] == [EnvMention]
    assert "canary" not in repr(facts)


def test_a_page() -> None:
    text = b"<title>%VITE_TITLE%</title> 100%\n<p>%sveltekit.env.PUBLIC_KEY% <%= VUE_APP_ID %> %%A%%"
    facts = extract(SourceFile("index.html", text, Language.HTML), load_models())
    found = [(f.name, f.line, f.column) for f in facts if isinstance(f, EnvRead)]
    assert found == [("VITE_TITLE", 1, 9), ("PUBLIC_KEY", 2, 19), ("VUE_APP_ID", 2, 35)]
