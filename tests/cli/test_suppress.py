"""`filot-lint suppress`: what is written where, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from filot_lint.catalogue import rules
from filot_lint.cli import main
from filot_lint.cli.silencing import Silenced, silence
from filot_lint.findings import Finding
from filot_lint.source import Language, SourceFile

MakeWorkspace = Callable[[Mapping[str, str]], Path]
FILES = {
    ".env.example": "KNOWN=\n# of no use\nUNUSED=\n",
    "a.ts": "const a = process.env.NEW;\r\nconst k = process.env.KNOWN;\r\n",
    "b.py": 'import os\n\nB = os.environ["OTHER"]\n',
}


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace, and stand in it."""
    root = make_workspace({})
    for name, text in FILES.items():
        (root / name).write_bytes(text.encode())
    monkeypatch.chdir(root)
    return root


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def add(*args: str) -> Result:
    return run("suppress", "--add", *args)


def silenced(text: str, line: int, language: Language, path: str = "a", reason: str | None = "why") -> Silenced:
    """Return a text with one finding on a line of it silenced."""
    rule = rules()["FIL101"]
    source = SourceFile(path, text.encode(), language)
    finding = Finding(rule, source.at_line(line), "m", "h", rule.severity, rule.confidence)
    return silence(source, [finding], reason)


def test_every_language_gets_its_comment(root: Path) -> None:
    result = add("--select", "FIL1", "--reason", "to come")
    assert (result.exit_code, result.output) == (0, "Silenced 3 findings.\n")
    assert {name: (root / name).read_bytes().decode() for name in FILES} == {
        ".env.example": "KNOWN=\n# of no use\n# filot-lint: ignore[FIL102] to come\nUNUSED=\n",
        "a.ts": "const a = process.env.NEW; // filot-lint: ignore[FIL101] to come\r\nconst k = process.env.KNOWN;\r\n",
        "b.py": 'import os\n\nB = os.environ["OTHER"]  # filot-lint: ignore[FIL101] to come\n',
    }
    checked = run("check")
    assert "Found nothing" in checked.output
    assert "3 suppressed" in checked.output


def test_a_second_time_changes_nothing(root: Path) -> None:
    add("--select", "FIL1")
    before = {name: (root / name).read_bytes() for name in FILES}
    assert add("--select", "FIL1").output == "Silenced 0 findings.\n"
    assert {name: (root / name).read_bytes() for name in FILES} == before


def test_only_what_was_asked_for(root: Path) -> None:
    assert add("b.py", "--select", "FIL1").output == "Silenced 1 finding.\n"
    assert (root / "a.ts").read_bytes().decode() == FILES["a.ts"]
    assert add("--select", "FIL102").output == "Silenced 1 finding.\n"
    assert (root / "a.ts").read_bytes().decode() == FILES["a.ts"]


@pytest.mark.usefixtures("root")
def test_the_list() -> None:
    add("--select", "FIL102", "--reason", "to come")
    assert run("suppress").output == ".env.example:3: FIL102: to come\n1 suppression.\n"


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--add",), "--add needs --select"),
        (("--reason", "x"), "--reason need --add"),
        (("--add", "--select", "FIL8O2"), "did you mean `FIL802`?"),
        (("--add", "--select", "FIL1", "--reason", "two\nlines"), "one line of plain text"),
        (("--add", "--select", "FIL1", "--reason", "*/ evil"), "one line of plain text"),
        (("--add", "--select", "FIL1", "--reason", "\u202e"), "one line of plain text"),
    ],
)
def test_wrong_usage(args: tuple[str, ...], message: str) -> None:
    result = run("suppress", *args)
    assert result.exit_code == 2
    assert message in result.output
    assert Path("a.ts").read_bytes().decode() == FILES["a.ts"]


def test_a_reason_where_the_settings_want_one(root: Path) -> None:
    (root / "filot-lint.toml").write_text("require-reason = true\n")
    assert "add --reason TEXT" in add("--select", "FIL1").output
    assert add("--select", "FIL1", "--reason", "to come").exit_code == 0


@pytest.mark.parametrize(
    ("text", "line", "language", "expected"),
    [
        ("A=1\nB=2\n", 2, Language.DOTENV, "A=1\n# filot-lint: ignore[FIL101] why\nB=2\n"),
        ("\ufeffA=1\n", 1, Language.DOTENV, "\ufeff# filot-lint: ignore[FIL101] why\nA=1\n"),
        ("FROM a\nENV A=1\n", 2, Language.DOCKERFILE, "FROM a\n# filot-lint: ignore[FIL101] why\nENV A=1\n"),
        ("a:\n  - b: 1\n", 2, Language.COMPOSE, "a:\n  # filot-lint: ignore[FIL101] why\n  - b: 1\n"),
        ("#!/bin/sh\na=$B\n", 2, Language.SHELL, "#!/bin/sh\n# filot-lint: ignore[FIL101] why\na=$B\n"),
        ("#!/bin/sh\n", 1, Language.SHELL, None),
        ("x && \\\n  y $A\n", 2, Language.SHELL, None),
        ("cat <<E\n$A\nE\n", 2, Language.SHELL, None),
        ("a = b // url\n", 1, Language.PRISMA, "// filot-lint: ignore[FIL101] why\na = b // url\n"),
        ("A = 1  # noted\n", 1, Language.PYTHON, "# filot-lint: ignore[FIL101] why\nA = 1  # noted\n"),
        ('A = """\nb\n"""\n', 2, Language.PYTHON, 'A = """\nb\n"""  # filot-lint: ignore[FIL101] why\n'),
        ('A = """\nb\n""" + c()  # x\n', 2, Language.PYTHON, None),
        ('A = f("""\nb\n""",\n)\n', 2, Language.PYTHON, 'A = f("""\nb\n""",  # filot-lint: ignore[FIL101] why\n)\n'),
        ("A = 1 + \\\n    2\n", 2, Language.PYTHON, "A = 1 + \\\n    2  # filot-lint: ignore[FIL101] why\n"),
        ("A = 1 + \\\n    2\n", 1, Language.PYTHON, "# filot-lint: ignore[FIL101] why\nA = 1 + \\\n    2\n"),
        ("a(`\n${b}\n`);\n", 2, Language.TYPESCRIPT, None),
        ("a(`\n${b}\n`);\n", 1, Language.TYPESCRIPT, "// filot-lint: ignore[FIL101] why\na(`\n${b}\n`);\n"),
        ("// @ts-expect-error\na; // x\n", 2, Language.TYPESCRIPT,
         "// filot-lint: ignore[FIL101] why\n// @ts-expect-error\na; // x\n"),
        ("f = () => (\n  <p>\n    {a}\n  </p>\n);\n", 3, Language.TSX,
         "f = () => (\n  <p>\n    {/* filot-lint: ignore[FIL101] why */}\n    {a}\n  </p>\n);\n"),
        ("run: |\n  $A\n", 2, Language.GITHUB_ACTIONS, None),
        ("FROM a\nRUN <<E\n$A\nE\n", 3, Language.DOCKERFILE, None),
        ('A="x\ny"\n', 2, Language.DOTENV, None),
        ("{}\n", 1, Language.PACKAGE_JSON, None),
        ("<p>\n", 1, Language.HTML, None),
        ("a==1\n", 1, Language.PYTHON_LOCK, None),
        ("{ a: [\n", 2, Language.KUBERNETES, None),
    ],
)  # fmt: skip
def test_where_a_comment_goes(text: str, line: int, language: Language, expected: str | None) -> None:
    found = silenced(text, line, language)
    assert found.data.decode() == (text if expected is None else expected)
    assert bool(found.done) is (expected is not None)
    assert bool(found.refused) is (expected is None)


def test_long_lines_get_it_above() -> None:
    text = f"const a = {'b' * 100};\n"
    assert silenced(text, 1, Language.TYPESCRIPT).data.decode() == "// filot-lint: ignore[FIL101] why\n" + text


def test_several_rules_share_one_comment() -> None:
    source = SourceFile("a.py", b"A = 1\n", Language.PYTHON)
    both = [
        Finding(rule, source.at_line(1), "m", "h", rule.severity, rule.confidence)
        for rule in (rules()["FIL110"], rules()["FIL101"])
    ]
    assert silence(source, both, None).data == b"A = 1  # filot-lint: ignore[FIL101,FIL110]\n"


def test_json_is_told_so(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_workspace({"infra/ecs/api.json": '{"containerDefinitions": ['})
    monkeypatch.chdir(root)
    result = add("--select", "FIL001")
    assert result.exit_code == 1
    assert "infra/ecs/api.json:1: FIL001 not silenced: JSON has no comments" in result.output


def test_what_does_not_help_is_put_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def useless(source: SourceFile, findings: list[Finding], _: str | None) -> Silenced:
        return Silenced(source.data + b"# nothing\n", tuple(findings), ())

    monkeypatch.setattr("filot_lint.cli.suppress.silence", useless)
    result = add("--select", "FIL101", "b.py")
    assert result.exit_code == 1
    assert "b.py:3: FIL101 not silenced: a comment did not silence it; the file was put back" in result.output
    assert (root / "b.py").read_text() == FILES["b.py"]


def test_a_file_that_changes_meanwhile_is_left_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(source: SourceFile, findings: list[Finding], reason: str | None) -> Silenced:
        (root / source.path).write_bytes(b"# mine\n" + source.data)
        return silence(source, findings, reason)

    monkeypatch.setattr("filot_lint.cli.suppress.silence", slow)
    assert "the file has changed meanwhile" in add("--select", "FIL101", "b.py").output
    assert (root / "b.py").read_text() == "# mine\n" + FILES["b.py"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("c.js", b"const a = process.env.MORE;\rlet b;\r"),
        ("c.py", b"# coding: latin-1\nimport os\nA = '\xe9' + os.environ['MORE']\n"),
    ],
)
def test_a_file_in_another_form_stays_as_it_is(root: Path, name: str, data: bytes) -> None:
    (root / name).write_bytes(data)
    assert "FIL101 not silenced: it is not in UTF-8, or CR alone ends its lines" in add("--select", "FIL101").output
    assert (root / name).read_bytes() == data


def test_paths_are_made_safe(root: Path) -> None:
    (root / "x\x1b[31m.py").write_text('import os\nA = f"""\n{os.environ["EVIL"]}\n"""  # of use\n')
    result = add("--select", "FIL101", ".")
    assert "x\\x1b[31m.py:3: FIL101 not silenced: no comment can stand beside or above line 3" in result.output
    assert "\x1b" not in result.output


def test_the_outcome_is_told() -> None:
    assert msgspec.structs.asdict(silenced("{}", 1, Language.ECS))["done"] == ()
