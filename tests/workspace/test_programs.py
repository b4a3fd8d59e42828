"""Programs that start what no command line names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]
PAGE = "export default function Page() { return process.env.A_NAME; }\n"


def package(**scripts: str) -> str:
    return json.dumps({"name": "shop", "scripts": scripts})


def test_next_runs_its_pages_and_what_they_import(make_index: MakeIndex) -> None:
    index = make_index({
        "web/package.json": package(start="next start"),
        "web/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
        "web/src/app/(shop)/page.tsx": 'import { total } from "@/lib/total";\n' + PAGE,
        "web/src/app/(shop)/card.tsx": "export const unused = process.env.B_NAME;\n",
        "web/src/app/api/pay/route.ts": 'const pay = await import("../../../lib/pay");\n',
        "web/src/app/page.test.tsx": "process.env.C_NAME;\n",
        "web/src/middleware.ts": "export { auth } from './lib/auth';\n",
        "web/src/lib/total.ts": "import type { T } from './types';\nexport const total = 1;\n",
        "web/src/lib/types.ts": "export type T = string;\n",
        "web/src/lib/pay.ts": "export const key = process.env.PAY_KEY;\n",
        "web/src/lib/auth.ts": "export const auth = process.env.AUTH_KEY;\n",
        "web/next.config.js": "module.exports = {};\n",
    })  # fmt: skip
    [component] = index.components

    assert set(component.entries) == {
        "web/next.config.js", "web/src/app/(shop)/page.tsx", "web/src/app/api/pay/route.ts", "web/src/middleware.ts",
    }  # fmt: skip
    assert set(component.modules) - set(component.entries) == {
        "web/src/lib/auth.ts", "web/src/lib/pay.ts", "web/src/lib/total.ts",
    }  # fmt: skip
    assert component.name == "shop"
    assert index.reads["PAY_KEY"][0].components == ("shop",)
    assert index.reads["B_NAME"][0].components == ()


STANDALONE = (
    "FROM node AS build\nWORKDIR /app\nCOPY . .\nRUN next build\nFROM node\nWORKDIR /srv\n"
    "COPY --from=build /app/apps/web/.next/standalone ./\n"
)


@pytest.mark.parametrize("command", ["node apps/web/server.js", "npm start"])
def test_what_next_has_built(command: str, make_index: MakeIndex) -> None:
    index = make_index({
        "docker/Dockerfile": f"{STANDALONE}CMD {command}\n",
        "package.json": package(start="node apps/web/server.js"),
        "apps/web/pages/index.tsx": PAGE,
    })  # fmt: skip
    [component] = index.components

    assert (component.entries, component.dockerfiles) == (("apps/web/pages/index.tsx",), ("docker/Dockerfile",))


@pytest.mark.parametrize(
    ("command", "page"),
    [
        ("nuxt start", "pages/index.vue"),
        ("node .output/server/index.mjs", "server/api/pay.ts"),
        ("react-router-serve ./build/server/index.js", "app/routes/home.tsx"),
        ("remix-serve build/server/index.js", "app/root.tsx"),
        ("vite preview", "src/routes/+page.server.ts"),
        ("next dev", "pages/index.js"),
    ],
)
def test_frameworks(command: str, page: str, make_index: MakeIndex) -> None:
    code = f"<script>\n{PAGE}</script>\n" if page.endswith(".vue") else PAGE
    index = make_index({"package.json": package(start=command), page: code, "nuxt.config.ts": "export default {};\n"})

    assert [page in component.entries for component in index.components] == [True]


@pytest.mark.parametrize("command", ["next start", "next build", "nuxt start", "node build/server/index.js"])
def test_nothing_to_load_is_no_deployable(command: str, make_index: MakeIndex) -> None:
    index = make_index({"package.json": package(start=command), "other/index.ts": PAGE, "next/pages/a.ts": PAGE})

    assert index.components == ()


DJANGO = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
    "shop/__init__.py": "",
    "shop/wsgi.py": 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"\n',
    "shop/celery.py": (
        "import os\nfrom celery import Celery\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "app = Celery('shop', include=['shop.extra'])\napp.autodiscover_tasks()\n"
    ),
    "shop/extra.py": "",
    "shop/settings.py": (
        "INSTALLED_APPS = ['django.contrib.admin', 'orders', 'billing.apps.BillingConfig']\n"
        "# 'orders.forgotten'\nROOT_URLCONF = 'shop.urls'\nMIDDLEWARE = ['shop.middleware.Counting']\n"
    ),
    "shop/urls.py": "from django.urls import include, path\nurlpatterns = [path('o/', include('orders.urls'))]\n",
    "shop/middleware.py": "",
    "orders/__init__.py": "",
    "orders/models.py": "",
    "orders/urls.py": "from orders import views\n",
    "orders/views.py": "import os\nos.environ['A_NAME']\n",
    "orders/tasks.py": "import os\nos.environ['B_NAME']\n",
    "orders/forgotten.py": "",
    "billing/apps.py": "",
    "billing/models.py": "",
}
WEB = {"shop/__init__.py", "shop/settings.py", "shop/urls.py", "shop/middleware.py", "orders/__init__.py",
       "orders/models.py", "orders/urls.py", "orders/views.py", "billing/apps.py", "billing/models.py"}  # fmt: skip


@pytest.mark.parametrize(
    ("command", "modules"),
    [
        ("gunicorn shop.wsgi:application", WEB | {"shop/wsgi.py"}),
        ("python manage.py runserver", WEB | {"manage.py"}),
        ("celery -A shop worker", WEB | {"shop/celery.py", "shop/extra.py", "orders/tasks.py"}),
    ],
)
def test_django_loads_what_its_settings_name(command: str, modules: set[str], make_index: MakeIndex) -> None:
    [component] = make_index({"Procfile": f"web: {command}\n", **DJANGO}).components

    assert set(component.modules) == modules
    assert all(reach.certain for reach in component.modules.values())


def test_modules_named_in_texts_elsewhere(make_index: MakeIndex) -> None:
    index = make_index({
        "Procfile": "web: python main.py\n",
        "main.py": "from importlib import import_module\nimport_module('jobs.mail')\nprint('jobs.other')\n",
        "jobs/mail.py": "",
        "jobs/other.py": "",
    })  # fmt: skip

    assert set(index.components[0].modules) == {"main.py", "jobs/mail.py"}
