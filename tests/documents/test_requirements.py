"""Requirements that hang on other variables, and what a variable is classed as by what is done with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeWorkspace

from filot_lint.config import load_config
from filot_lint.documents.context import Context, build_context
from filot_lint.documents.diagram import build_graph
from filot_lint.documents.forms import url_form
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.section_views import monitoring_variables
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace

STOPS = 'if (!address) throw new Error("no address");'


def context_of(root: Path) -> Context:
    return build_context(root, load_workspace(root, load_config(root), load_models()), [], load_manifest())


def need(context: Context, name: str) -> tuple[str, str]:
    found = next(v for v in context.variables if v.name == name).requirement
    return found.verdict, found.reason


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (f"const address = process.env.BUS_ADDRESS || process.env.BUS_ENDPOINT;\n{STOPS}", "alternative"),
        (f"const address = process.env.BUS_ENDPOINT ?? process.env.BUS_ADDRESS;\n{STOPS}", "alternative"),
        ("if (!process.env.BUS_ADDRESS && !process.env.BUS_ENDPOINT) throw new Error('none');", "alternative"),
        ("export const address = process.env.BUS_ADDRESS || process.env.BUS_ENDPOINT!;", "alternative"),
        ("if (!process.env.BUS_ADDRESS || !process.env.BUS_ENDPOINT) throw new Error('both');", "required"),
    ],
)
def test_one_of_two_is_required(code: str, verdict: str, make_workspace: MakeWorkspace) -> None:
    context = context_of(make_workspace({"src/bus.ts": code}))
    assert need(context, "BUS_ADDRESS")[0] == verdict
    assert need(context, "BUS_ENDPOINT")[0] == verdict


def test_the_other_one_is_named_in_either_order(make_workspace: MakeWorkspace) -> None:
    one = f"export function a() {{ const address = process.env.BUS_ADDRESS || process.env.BUS_ENDPOINT;\n{STOPS} }}"
    two = "export const b = () => process.env.BUS_ENDPOINT || process.env.BUS_ADDRESS;"
    context = context_of(make_workspace({"src/one.ts": one, "src/two.ts": two}))
    assert need(context, "BUS_ENDPOINT")[1] == "one of the two is required, this or `BUS_ADDRESS`"
    assert need(context, "BUS_ADDRESS")[1] == "one of the two is required, this or `BUS_ENDPOINT`"


def test_without_a_demand_neither_is_required(make_workspace: MakeWorkspace) -> None:
    code = "export const region = process.env.STORE_REGION || process.env.FALLBACK_REGION;"
    context = context_of(make_workspace({"src/a.ts": code}))
    assert need(context, "STORE_REGION")[0] == "optional"
    assert need(context, "FALLBACK_REGION")[0] == "not determined"


@pytest.mark.parametrize(
    ("file", "code", "told"),
    [
        (
            "settings.py",
            "import os\nUSE_STORE = os.getenv('USE_STORE')\nif USE_STORE:\n    BUCKET = os.environ['BUCKET']\n",
            "required where `USE_STORE` is set (settings.py:3)",
        ),
        (
            "settings.py",
            "import os\nON = os.getenv('STORE', 'disk') == 's3'\nif ON:\n    BUCKET = os.environ['BUCKET']\n",
            "required where `STORE` is `s3` (settings.py:3)",
        ),
        (
            "src/a.ts",
            "export function f() {\n  if (process.env.STORE === 'disk') return null;\n  return process.env.BUCKET!;\n}",
            "required where `STORE` is not `disk` (src/a.ts:2)",
        ),
    ],
)
def test_a_demand_in_a_branch_tells_the_branch(file: str, code: str, told: str, make_workspace: MakeWorkspace) -> None:
    assert need(context_of(make_workspace({file: code})), "BUCKET") == ("conditional", told)


@pytest.mark.parametrize(
    "code",
    [
        "import os\nif os.getenv('USE_STORE'):\n    A = os.environ['BUCKET']\nB = os.environ['BUCKET']\n",
        "import os\nif not os.getenv('TITLE'):\n    raise SystemExit('TITLE')\nB = os.environ['BUCKET']\n",
    ],
)
def test_a_demand_elsewhere_or_behind_a_stop_is_plain(code: str, make_workspace: MakeWorkspace) -> None:
    assert need(context_of(make_workspace({"settings.py": code})), "BUCKET")[0] == "required"


def test_the_key_of_a_cipher_is_a_secret(make_workspace: MakeWorkspace) -> None:
    code = """\
import { createCipheriv } from "node:crypto";
const key = () => Buffer.from(process.env.FIELD_KEY ?? "", "base64");
export const seal = (iv: Buffer) => createCipheriv("aes-256-gcm", key(), iv);
"""
    context = context_of(make_workspace({"src/seal.ts": code}))
    assert next(v for v in context.variables if v.name == "FIELD_KEY").is_secret


def test_what_a_service_makes_for_browsers_needs_no_store(make_workspace: MakeWorkspace) -> None:
    code = "export const a = [process.env.NEXT_PUBLIC_FIREBASE_API_KEY!, process.env.NEXT_PUBLIC_BILLING_SECRET!];"
    context = context_of(make_workspace({"src/a.ts": code}))
    kinds = {v.name: v.kind for v in context.variables}
    assert kinds == {"NEXT_PUBLIC_FIREBASE_API_KEY": "public", "NEXT_PUBLIC_BILLING_SECRET": "secret"}
    assert [e.variable.name for e in context.entries] == ["NEXT_PUBLIC_BILLING_SECRET"]


def test_what_stands_in_for_an_address_of_the_web_has_no_form_of_redis(make_workspace: MakeWorkspace) -> None:
    code = "export const a = process.env.CACHE_REST_URL || process.env.REDIS_URL;"
    context = context_of(
        make_workspace({"src/a.ts": code, ".env.example": "CACHE_REST_URL=https://cache.example.com\n"})
    )
    plain = context_of(make_workspace({"src/a.ts": "export const a = process.env.REDIS_URL;", ".env.example": "A=\n"}))
    forms = [url_form(next(v for v in c.variables if v.name == "REDIS_URL")) for c in (context, plain)]
    assert forms == [None, "rediss://USER:PASSWORD@HOST:6379/0"]


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("os.environ['SHOP_DB_URL']", "database"),
        ("make_url()", "database"),
        ("f\"postgresql://{os.environ['SHOP_USER']}@db/shop\"", "PostgreSQL"),
    ],
)
def test_a_store_of_any_dialect_is_named_by_its_url(url: str, title: str, make_workspace: MakeWorkspace) -> None:
    code = (
        f"import os\nfrom sqlalchemy import create_engine\nfrom shop import make_url\nengine = create_engine({url})\n"
    )
    graph = build_graph(context_of(make_workspace({"db.py": code})))
    assert [node.title for node in graph.nodes if node.lane == "stores"] == [title]


def test_alerts_of_the_product_are_no_monitoring(make_workspace: MakeWorkspace) -> None:
    code = (
        "import os\nA = os.getenv('ALERTS_MAIL_SUBJECT')\nB = os.getenv('SENTRY_DSN')\nC = os.getenv('STATSD_HOST')\n"
    )
    names = [v.name for v in monitoring_variables(context_of(make_workspace({"a.py": code})))]
    assert names == ["SENTRY_DSN", "STATSD_HOST"]
