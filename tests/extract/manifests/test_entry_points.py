"""What `package.json`, `pyproject.toml`, Procfiles and `.replit` run."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests import package_json, procfile, pyproject, replit
from filot_lint.facts import Default, EntryPoint, EnvFile, EnvProvision, EnvRead, Fact, Problem
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"


def package(content: object, path: str = "backend/package.json") -> list[Fact]:
    text = content if isinstance(content, str) else json.dumps(content)
    return package_json.extract(SourceFile(path, text.encode(), Language.PACKAGE_JSON), MODELS)


def toml(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return replit.extract(SourceFile(".replit", data, Language.REPLIT), MODELS)


def entries(facts: list[Fact]) -> list[EntryPoint]:
    return [fact for fact in facts if isinstance(fact, EntryPoint)]


def test_package_entry_points() -> None:
    found = entries(
        package(
            {
                "name": "filot-backend",
                "main": "dist/index.js",
                "bin": {"seed": "./bin/seed.js"},
                "scripts": {"start": "node dist/index.js", "dev": "ts-node-dev --respawn src/index.ts", "build": "tsc"},
            }
        )
    )

    assert {e.component for e in found} == {"filot-backend"}
    assert [(e.command, e.role) for e in found] == [
        (("dist/index.js",), "deployable"),
        (("dist/index.js",), "deployable"),
        (("src/index.ts",), "script"),
        (("./bin/seed.js",), "script"),
    ]


@pytest.mark.parametrize(
    ("script", "command", "workdir"),
    [
        ("node -r dotenv/config --enable-source-maps dist/a.js --port 1", ("dist/a.js", "--port", "1"), None),
        ("NODE_ENV=production node dist/a.js", ("dist/a.js",), None),
        ("cross-env NODE_ENV=production tsx watch src/a.ts", ("src/a.ts",), None),
        ("cd api && exec node a.js", ("a.js",), "api"),
        ("npm run other", ("other.js",), None),
        ("tsc && npm run other -- --x", ("other.js",), None),
        ("cd w && npm run other", ("other.js",), "w"),
        ('nodemon --exec "ts-node" src/a.ts', ("src/a.ts",), None),
        ("dotenv -e .env -- node a.js", ("a.js",), None),
        ("npx ts-node a.ts", ("a.ts",), None),
        ("run-s lint other", ("other.js",), None),
        ("npm-run-all --parallel watch other", ("npm-run-all", "--parallel", "watch", "other"), None),
        ('concurrently "npm run other" "tsc -w"', ("concurrently", "npm run other", "tsc -w"), None),
        ("concurrently npm:other", ("concurrently", "npm:other"), None),
        ("dotenv -e ../.env -- next start -p 4200", ("next", "start", "-p", "4200"), None),
        ("if [ -f x ]; then node a.js; fi", ("a.js",), None),
        ("gosu app node a.js", ("a.js",), None),
        ("npm run other -- --x", ("other.js",), None),
        ("npm run with:env -- cross-env A=b node c.js", ("c.js",), None),
        ("npm run start", None, None),
        ("eslint .", None, None),
        ("node --test", None, None),
        ("node node_modules/jest/bin/jest.js", None, None),
        ('node -e "x', None, None),
        ("", None, None),
    ],
)
def test_start_script(script: str, command: tuple[str, ...] | None, workdir: str | None) -> None:
    found = entries(package({"scripts": {"start": script, "other": "node other.js"}}))
    start = [e for e in found if e.role == "deployable"]

    assert [(e.component, e.command, e.workdir) for e in start] == (
        [] if command is None else [("backend", command, workdir)]
    )


def test_script_variables_are_reads() -> None:
    (read,) = [
        f for f in package({"scripts": {"start": "next start -p $PORT $npm_package_name"}}) if isinstance(f, EnvRead)
    ]

    assert (read.name, read.via, read.column) == ("PORT", "package-json", 39)


def test_what_scripts_set_and_load() -> None:
    script = (
        "NODE_ENV=production cross-env A=1 B=2 dotenv -e a.env -e b.env -- node --env-file=c.env x.js && env-cmd node y"
    )
    found = package({"scripts": {"start": script}})

    assert [(f.name, f.access) for f in found if isinstance(f, EnvRead)] == [
        ("NODE_ENV", "write"),
        ("A", "write"),
        ("B", "write"),
    ]
    assert [f.path for f in found if isinstance(f, EnvFile)] == ["a.env", "b.env", "c.env", ".env"]
    assert {f.column for f in found if isinstance(f, EnvRead)} == {24, 54, 58}
    assert not [f for f in package({"scripts": {"x": "echo A=1 && webpack --define B=2"}}) if isinstance(f, EnvRead)]


def test_broken_packages() -> None:
    assert [type(f) for f in package('{"scripts": {"start": "node a.js"')] == [EntryPoint, Problem]
    assert package("[]") == []
    for text in ("[" * 40_000, '{"scripts": {"start": 1, "a": {}}, "main": [], "bin": "x", "name": {}}'):
        msgspec.json.encode(package(text))
    encoded = msgspec.json.encode(
        package({"scripts": {"start": f"node a.js --token {CANARY} --password=hunter22"}})
    ).decode()
    assert CANARY not in encoded
    assert "hunter22" not in encoded


def test_python_commands() -> None:
    text = '[project]\nname = "x"\n[project.scripts]\nfilot-worker = "worker.main:run"\n'
    text += '[tool.poetry.scripts]\nold = {callable = "a:b"}\n'
    found = entries(pyproject.extract(SourceFile("pyproject.toml", text.encode(), Language.PYPROJECT), MODELS))

    assert [(e.component, e.command, e.role, e.line) for e in found] == [
        ("filot-worker", ("worker.main:run",), "script", 4),
        ("old", ("a:b",), "script", 6),
    ]


def test_broken_toml_names_the_place() -> None:
    with pytest.raises(SourceError, match=r"line 2, column \d+"):
        toml('[env]\nJWT_SECRET = "hunter22\n')
    with pytest.raises(SourceError):
        toml(b"a = '\0'")
    with pytest.raises(SourceError):
        toml("a = " + "[" * 40_000)


def test_procfile() -> None:
    text = "# processes\nweb: gunicorn app:app --bind 0.0.0.0:${PORT:-8000}\n"
    text += "worker: cd w && exec python -m w.main\nrelease: x\nbad\n"
    facts = procfile.extract(SourceFile("Procfile", text.encode(), Language.PROCFILE), MODELS)
    (read,) = [f for f in facts if isinstance(f, EnvRead)]

    assert [(e.component, e.command, e.workdir, e.role) for e in entries(facts)] == [
        ("web", ("gunicorn", "app:app", "--bind", "0.0.0.0:${PORT:-8000}"), None, "deployable"),
        ("worker", ("python", "-m", "w.main"), "w", "deployable"),
        ("release", ("x",), None, "script"),
    ]
    assert (read.name, read.line, read.column, read.default) == ("PORT", 2, 40, Default("literal", "8000"))
    assert [f.line for f in facts if isinstance(f, Problem)] == [5]


REPLIT = """run = "npm run dev"

[deployment]
run = ["sh", "-c", "cd backend && node dist/index.js"]

[[workflows.workflow]]
name = "Project"

[[workflows.workflow.tasks]]
task = "workflow.run"
args = "Backend"

[[workflows.workflow]]
name = "Backend"

[[workflows.workflow.tasks]]
task = "shell.exec"
args = "cd backend && npm run dev"

[env]
DEBUG = true

[userenv.shared]
BULI2_API_URL = "http://localhost:8080"
"""


def test_replit() -> None:
    facts = toml(REPLIT)

    assert [(e.command, e.workdir, e.role, e.line) for e in entries(facts)] == [
        (("npm", "run", "dev"), None, "script", 1),
        (("node", "dist/index.js"), "backend", "deployable", 4),
        (("npm", "run", "dev"), "backend", "script", 18),
    ]
    assert [(f.name, f.channel, f.container, f.shape, f.line) for f in facts if isinstance(f, EnvProvision)] == [
        ("DEBUG", "environment", "replit", "boolean", 21),
        ("BULI2_API_URL", "environment", "replit", "localhost url", 24),
    ]


def test_replit_values_never_leave() -> None:
    encoded = msgspec.json.encode(toml(f'[userenv.shared]\nA = "{CANARY}"\n[env]\nJWT_SECRET = "hunter22"\n')).decode()

    assert CANARY not in encoded
    assert "hunter22" not in encoded


def test_hostile_procfile() -> None:
    begin = time.perf_counter()
    for data in (
        b"web: " + b"x" * 40_000,
        b"web: \xff $A\n",
        b"web: " + b"$" * 16_000,
        b"web: " + b"'" * 16_000,
        b"w: " + b"${A" * 5_000,
    ):
        msgspec.json.encode(procfile.extract(SourceFile("Procfile", data, Language.PROCFILE), MODELS))
    assert time.perf_counter() - begin < 5
