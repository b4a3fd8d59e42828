"""What the template and the documents about secrets say of single variables, from files to the last line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeWorkspace

from filot_lint.config import load_config
from filot_lint.documents.context import Context, build_context
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.plan import plan
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace

EXAMPLE = """\
# ------------------------------
# Mail [REQUIRED for newsletters]
# ------------------------------
MAIL_HOST=
MAIL_PASSWORD=        # Mail password (if required)
MAIL_COLOUR=#0a0b0c

# === Search
SEARCH_URL=           # [REQUIRED in production]
# Prefix (optional)
SEARCH_PREFIX=
"""
CODE = """\
import Redis from "ioredis";
export const mail = [process.env.MAIL_HOST, process.env.MAIL_PASSWORD, process.env.MAIL_COLOUR];
export const search = [process.env.SEARCH_URL, process.env.SEARCH_PREFIX];
export const region = process.env.STORE_REGION || process.env.FALLBACK_REGION;
export const partner = process.env.PARTNER_API_URL || "http://localhost:9000";
export const key = process.env.SIGNING_SECRET || "not-so-secret-3f9c1b7e";
export const bucket = process.env.BUCKET!;
export const stage = process.env.STAGE === "true";
new Redis(`redis://:${process.env.QUEUE_PASSWORD}@${process.env.QUEUE_HOST}:6379/${process.env.QUEUE_INDEX}`);
if (!process.env.DATABASE_URL) throw new Error("DATABASE_URL");
"""
COMPOSE = """\
services:
  api:
    build: .
    environment:
      DATABASE_URL: ${DATABASE_URL:?}
"""


EX, MARKED = ".env.example", "marked in the example file"
LOCAL = "an address of this very machine, of no use in production"
COMPARED = "the code compares it with a text, and names no default"


def documents(root: Path) -> tuple[Context, dict[str, str]]:
    index = load_workspace(root, load_config(root), load_models())
    context = build_context(root, index, [], load_manifest())
    kinds = (".template", ".txt", ".json", "overview.md")
    return context, {
        p.path.rpartition("/")[2]: (p.data or b"").decode() for p in plan(root, context) if p.path.endswith(kinds)
    }


def block(template: str, name: str) -> list[str]:
    """Return the lines above a variable."""
    own = next(part for part in template.split("\n\n") if f"\n{name}=" in part)
    return own.split("\n")


@pytest.fixture
def template(make_workspace: MakeWorkspace) -> str:
    root = make_workspace({".env.example": EXAMPLE, "src/app.ts": CODE, "package.json": '{"name": "shop"}'})
    return documents(root)[1]["prod.env.template"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("MAIL_HOST", f"# required: {MARKED} by the heading of its section, on the condition `newsletters` ({EX}:2)"),
        ("MAIL_PASSWORD", "# optional: marked in the example file (.env.example:5)"),
        ("MAIL_PASSWORD", '# "Mail password (if required)" (.env.example:5)'),
        ("SEARCH_URL", "# required: marked in the example file, on the condition `production` (.env.example:9)"),
        ("SEARCH_PREFIX", "# optional: marked in the example file (.env.example:11)"),
        ("STORE_REGION", "# where it is missing: the value of FALLBACK_REGION (src/app.ts:4)"),
        ("FALLBACK_REGION", "# stands in where STORE_REGION is missing (src/app.ts:4)"),
        ("PARTNER_API_URL", f"# default in code: {LOCAL} (src/app.ts:5)"),
        ("SIGNING_SECRET", "# the code has a default, which everybody knows who may read the code (src/app.ts:6)"),
        ("BUCKET", "# required: the code relies on it, and nothing checks that it is there (src/app.ts:7)"),
        ("STAGE", f"# not determined from source: {COMPARED} (src/app.ts:8)"),
        ("DATABASE_URL", "# required: the code demands it (src/app.ts:10)"),
        ("DATABASE_URL", "DATABASE_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full"),
    ],
)  # fmt: skip
def test_each_line_is_what_its_place_says(name: str, line: str, template: str) -> None:
    assert line in block(template, name)


def test_parts_of_a_url_are_not_the_url(template: str) -> None:
    kinds = {name: block(template, name) for name in ("QUEUE_PASSWORD", "QUEUE_HOST", "QUEUE_INDEX")}
    said = {name: any(line.startswith("# secret") for line in lines) for name, lines in kinds.items()}
    assert said == {"QUEUE_PASSWORD": True, "QUEUE_HOST": False, "QUEUE_INDEX": False}


def test_a_colour_is_no_description(template: str) -> None:
    assert "0a0b0c" not in template


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("postgresql+asyncpg://a:b@localhost/x", "postgresql+asyncpg://USER:PASSWORD@HOST:5432/DATABASE?ssl=verify-full"),
        ("postgresql+psycopg://a:b@localhost/x", "postgresql+psycopg://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full"),
        ("mysql://a:b@localhost/x", ""),
        ("", "postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full"),
    ],
)  # fmt: skip
def test_a_url_has_the_dialect_of_the_example(declared: str, shown: str, make_workspace: MakeWorkspace) -> None:
    root = make_workspace(
        {
            ".env.example": f"DATABASE_URL={declared}\n",
            "app.py": "import os\nurl = os.environ['DATABASE_URL']\n",
        }
    )
    assert f"\nDATABASE_URL={shown}\n" in documents(root)[1]["prod.env.template"]


def test_what_compose_gives_is_told_where_no_task_definition_decides(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(
        {
            "compose.yml": COMPOSE,
            "Dockerfile": 'FROM node:20\nCOPY . .\nCMD ["node", "src/app.js"]\n',
            "src/app.ts": CODE,
            "package.json": '{"name": "shop"}',
        }
    )
    text = documents(root)[1]["missing_required_secrets.txt"]
    own = next(part for part in text.split("\n\n") if part.startswith("DATABASE_URL\n"))
    assert "    manifest     no task definition describes this reader\n" in own
    assert "    given by     the host for api, compose.yml:5\n" in own


PROFILE = """\
name = "shop"
title = "The plan"

[[setting]]
name = "DATABASE_URL"
title = "database"
group = "postgres"
secret = true

[[setting]]
name = "DATABASE_PASSWORD"
title = "password of the database"
group = "postgres"
secret = true
covered-by = ["DATABASE_URL"]

[[setting]]
name = "ENCRYPTION_SALT"
title = "salts"
group = "encryption_salts"
format = "16 bytes"
secret = true

[[setting]]
name = "TEMPORAL_TOKEN"
title = "token"
group = "temporal"
names = ["TEMPORAL_API_KEY"]
secret = true
"""


def test_what_a_profile_asks_for_has_a_place_before_there_is_code(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(
        {
            "filot-lint.toml": 'profile = "plan.toml"\n',
            "plan.toml": PROFILE,
            "app.py": "import os\nurl = os.environ['DATABASE_URL']\nkey = os.environ['TEMPORAL_API_KEY']\n",
        }
    )
    found = documents(root)[1]
    parts = found["prod.env.template"].split("\n\n")

    assert (
        "# The plan asks for it (salts); no production code reads it yet\n# format: 16 bytes\n# ENCRYPTION_SALT="
        in parts
    )
    covered = "# The plan asks for it (password of the database); needless, since DATABASE_URL is read at app.py:2"
    assert any(part.startswith(covered) and part.endswith("\n# DATABASE_PASSWORD=") for part in parts)
    assert "# The plan calls it TEMPORAL_TOKEN" in block(found["prod.env.template"], "TEMPORAL_API_KEY")
    text = found["missing_required_secrets.txt"]
    assert "# Asked for by The plan, and read by no production code: 1 secret.\n\nENCRYPTION_SALT\n" in text
    overview = next(page for name, page in found.items() if name.endswith("production_secrets_overview.md"))
    assert "The plan asks for more secrets, which no production code reads yet: `ENCRYPTION_SALT` (salts)." in overview


def test_the_first_table_has_what_must_exist_first(make_workspace: MakeWorkspace) -> None:
    task = (
        '{"family": "shop", "containerDefinitions": [{"name": "api", "image": "shop", "command": ["python", "app.py"],'
        ' "secrets": [{"name": "Z_TOKEN", "valueFrom": "arn:aws:secretsmanager:x:1:secret:shop/prod/z-Ab12Cd"}]}]}'
    )
    code = "import os\nz = os.environ['Z_TOKEN']\nm = os.environ['M_TOKEN']\na = os.getenv('A_TOKEN', '')\n"
    root = make_workspace({"task.json": task, "app.py": code})
    found = documents(root)[1]
    overview = next(page for name, page in found.items() if name.endswith("production_secrets_overview.md"))
    rows = [line for line in overview.split("## Inventory")[0].splitlines() if line.startswith("| `")]

    assert [row.split(" | ")[:2] for row in rows] == [
        ["| `shop/prod/z`", "yes, a manifest takes it"],
        ["| `shop/prod/m`", "yes, or its values come from elsewhere"],
        ["| `shop/prod/a`", "only if wanted: optional"],
    ]
