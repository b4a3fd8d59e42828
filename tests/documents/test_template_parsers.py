"""Every program that reads `prod.env.template` gets the same variables with the same values from it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import dotenv
import pytest
from conftest import MakeWorkspace
from decouple import RepositoryEnv  # type: ignore[import-untyped]  # it ships none
from docker_client import env_of_container
from node_packages import node_packages

from filot_lint.config import load_config
from filot_lint.documents.context import build_context
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.plan import plan
from filot_lint.extract import extract
from filot_lint.facts import EnvDeclaration, EnvSpelling
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile
from filot_lint.workspace.scan import load_workspace

Values = dict[str, str]

EXAMPLE = r"""# ---- It's the "main" part: $HOME `id` $(id) # \
# [REQUIRED] quotes " and ' and # and $DATABASE_URL and a backslash at the end \
DATABASE_URL=postgresql://app:app@localhost:5432/app
# Straße, 日本語, <RTL>, a tab	and FOO=bar
GREETING="two words # no comment"
COLOUR=#002549
PRICE='5$ each'   # trailing "remark" with $(touch x)
export EXPORTED=1
SPACED = value
CERTIFICATE="-----BEGIN CERTIFICATE-----
MIIB
-----END CERTIFICATE-----"
my-key=1
1ST=first
UID=1000
# REDIS_URL=redis://localhost:6379
EMPTY=                  # [REQUIRED] in production \
LAST=done"""
NAMES = ["GREETING", "COLOUR", "PRICE", "EXPORTED", "SPACED", "CERTIFICATE", "EMPTY", "LAST", "REDIS_URL", "lower_case"]
CODE = "\n".join(
    [
        *(f"export const v{n} = process.env.{name};" for n, name in enumerate(NAMES)),
        "export const odd = [process.env['my-key'], process.env['1ST'], process.env.UID];",
        "export const text = process.env.TEXT ?? `a 'b' \"c\" # d \\\\`;",
        "export const words = process.env.WORDS ?? 'three plain words; and $HOME';",
        "export const more = process.env.MORE ?? `two\nlines=1`;",
        "if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL');",
        "new Redis(process.env.REDIS_URL);",
    ]
)
FILES = {
    "package.json": '{"name": "it\'s \\"odd\\" $HOME", "scripts": {"start": "node src/app.js"}}',
    "src/app.ts": "import Redis from 'ioredis';\n" + CODE,
}


@pytest.fixture(params=["\n", "\r\n"], ids=["lf", "crlf"])
def template(request: pytest.FixtureRequest, make_workspace: MakeWorkspace) -> Path:
    """Return the path of the template for a workspace that says difficult things."""
    root = make_workspace(FILES)
    text = EXAMPLE.replace("<RTL>", "\u202eright to left\u202c")
    (root / ".env.example").write_bytes(text.replace("\n", request.param).encode())
    index = load_workspace(root, load_config(root), load_models())
    context = build_context(root, index, [], load_manifest())
    planned = plan(root, context, frozenset({"prod-env-template"}))
    path = root / "prod.env.template"
    path.write_bytes(next(p.data for p in planned if p.path.endswith(path.name)) or b"")
    return path


def plainly(path: Path) -> Values:
    """Read lines as the ECS agent does: what does not begin with `#` and has `=`; nothing is trimmed or unquoted."""
    lines = path.read_text("utf-8").split("\n")
    return dict(line.split("=", 1) for line in lines if line and line[0] != "#" and "=" in line)


def by_systemd(path: Path) -> Values:
    """Read as `EnvironmentFile=` does: `;` begins a comment, too, a backslash at a line's end continues it."""
    text = path.read_text("utf-8")
    assert not re.search(r"\\$", text, re.MULTILINE)
    assert not re.search(r"^[ \t;]", text, re.MULTILINE)
    return {name: value.strip() for name, value in plainly(path).items()}


def by_compose(path: Path) -> Values:
    """Read as `env_file` of compose does: `$` is expanded, a blank and `#` begin a comment, quotes go."""
    values = plainly(path)
    assert not any(set("$'\"# ") & set(value) for value in values.values())
    return values


def by_shell(path: Path) -> Values:
    return _by_shell("/bin/sh", path)


def by_bash(path: Path) -> Values:
    return _by_shell("bash", path)


def _by_shell(shell: str, path: Path) -> Values:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell}")
    script = 'set -a; . "$1"; exec env -0'
    done = subprocess.run(
        [program, "-euc", script, "sh", str(path)], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    assert done.stderr == b""
    pairs = (entry.partition("=") for entry in done.stdout.decode().split("\0") if entry)
    return {name: value for name, _, value in pairs if name not in {"PATH", "PWD", "OLDPWD", "SHLVL", "_"}}


def by_python_dotenv(path: Path) -> Values:
    found = dotenv.dotenv_values(stream=io.StringIO(path.read_text("utf-8")))
    return {name: value for name, value in found.items() if value is not None}


def by_decouple(path: Path) -> Values:
    return dict(RepositoryEnv(str(path)).data)


def by_npm(package: str, expand: str | None = None) -> Callable[[Path], Values]:
    """Return a reader: an npm package called dotenv, with or without one that expands."""

    def read(path: Path) -> Values:
        folder = json.dumps(str(node_packages()))
        script = f"""
            const path = require('path');
            let found = require(path.join({folder}, '{package}')).parse(require('fs').readFileSync(process.argv[1]));
            const expand = {json.dumps(expand)};
            if (expand) found = require(path.join({folder}, expand)).expand({{parsed: found, processEnv: {{}}}}).parsed;
            console.log(JSON.stringify(found));"""
        return _by_node("-e", script, str(path))

    return read


def by_node(path: Path) -> Values:
    """Read with the parser of Node itself."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = """
        const util = require('util');
        console.log(JSON.stringify(util.parseEnv ? util.parseEnv(require('fs').readFileSync(process.argv[1], 'utf8'))
                                                 : null));"""
    return _by_node("-e", script, str(path))


def _by_node(*arguments: str) -> Values:
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run([node, *arguments], env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Values | None = json.loads(done.stdout)
    if found is None:
        pytest.skip("this version of node has no parser of its own")
    return found


READERS: dict[str, Callable[[Path], Values]] = {
    "docker": env_of_container,
    "dotenv": by_npm("dotenv"),
    "dotenv-16": by_npm("dotenv-16"),
    "dotenv-expand": by_npm("dotenv", "dotenv-expand"),
    "dotenv-expand-12": by_npm("dotenv-16", "dotenv-expand-12"),
    "node": by_node,
    "python-dotenv": by_python_dotenv,
    "decouple": by_decouple,
    "sh": by_shell,
    "bash": by_bash,
    "systemd": by_systemd,
    "compose": by_compose,
}


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_sees_the_same(reader: str, template: Path) -> None:
    expected = plainly(template)

    assert expected.keys() == {*NAMES, "DATABASE_URL", "TEXT", "WORDS", "MORE"}
    assert {value for value in expected.values() if value} == {
        "postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full"
    }
    assert READERS[reader](template) == expected


def test_names_that_a_reader_refuses_are_told(template: Path) -> None:
    last = template.read_text("utf-8").splitlines()[-1]

    assert "refuses such a name: 1ST, UID, my-key" in last


def test_our_own_rules_have_nothing_to_say(template: Path) -> None:
    facts = extract(SourceFile(".env.example", template.read_bytes(), Language.DOTENV), load_models())

    assert not [fact for fact in facts if isinstance(fact, EnvSpelling)]
    declared = [fact.name for fact in facts if isinstance(fact, EnvDeclaration) and not fact.commented_out]
    assert len(declared) == len(set(declared)) == len(plainly(template))
