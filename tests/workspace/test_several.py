"""Commands that start several programs, and scripts that choose one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]
MAIN = "console.log(process.env.A_NAME);\n"
IMAGE = "FROM node\nWORKDIR /srv\nCOPY . .\n"
TWO = {"apps/web/server.js": MAIN, "apps/worker/worker.js": MAIN}


def found(index: Index) -> dict[str, tuple[str, ...]]:
    return {component.name: component.entries for component in index.components}


@pytest.mark.parametrize(
    "command",
    [
        (
            r'CMD ["sh", "-c", "x && exec concurrently -n web,worker \"cd /srv/apps/web && exec node server.js\"'
            r' \"cd /srv/apps/worker && node worker.js\""]'
        ),
        "CMD concurrently --names=web,worker 'node apps/web/server.js' 'node apps/worker/worker.js'",
        "CMD npm-run-all --parallel web worker",
        "CMD honcho start",
        "CMD pnpm --parallel run serve",
    ],
)
def test_each_program_of_a_command_is_a_deployable(command: str, make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": IMAGE + command + "\n",
        "docker-compose.yml": "services:\n  shop:\n    build: .\n",
        "package.json": json.dumps({
            "name": "shop",
            "scripts": {"web": "node apps/web/server.js", "worker": "node apps/worker/worker.js"},
        }),
        "apps/web/package.json": json.dumps({"name": "@x/web", "scripts": {"serve": "pm2 start npm -- run it",
                                                                           "it": "node server.js"}}),
        "apps/worker/package.json": json.dumps({"name": "@x/worker", "scripts": {"serve": "node worker.js"}}),
        "Procfile": "web: node apps/web/server.js\nworker: node apps/worker/worker.js\n",
        **TWO,
    })  # fmt: skip

    assert found(index) == {"web": ("apps/web/server.js",), "worker": ("apps/worker/worker.js",)}
    assert {component.containers for component in index.components} == {("shop",)}


ENTRY = """#!/bin/sh
work() { exec node apps/worker/worker.js; }
case "$1" in
  web) exec node apps/web/server.js ;;
  worker) shift; work ;;
  help) echo "web, worker" ;;
esac
"""


def test_a_script_that_chooses_by_its_argument(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": IMAGE + 'ENTRYPOINT ["/srv/entry.sh"]\nCMD ["web"]\n',
        "entry.sh": ENTRY,
        "docker-compose.yml": "services:\n  front:\n    build: .\n  back:\n    build: .\n    command: worker\n"
        "  nothing:\n    build: .\n    command: help\n",
        **TWO,
    })  # fmt: skip

    assert {c.entries: c.containers for c in index.components} == {
        ("apps/web/server.js",): ("front",),
        ("apps/worker/worker.js",): ("back",),
    }


def test_without_an_argument_every_branch_counts(make_index: MakeIndex) -> None:
    index = make_index({"Dockerfile": IMAGE + 'ENTRYPOINT ["/srv/entry.sh"]\n', "entry.sh": ENTRY, **TWO})

    assert found(index) == {"web": ("apps/web/server.js",), "worker": ("apps/worker/worker.js",)}


@pytest.mark.parametrize(
    ("script", "entries"),
    [
        ('if [ "$KIND" = worker ]; then\n  node apps/worker/worker.js\nelse\n  node apps/web/server.js\nfi\n', 2),
        ('case "$KIND" in\n  w) node apps/worker/worker.js ;;\n  *) node apps/web/server.js ;;\nesac\n', 2),
        ("node apps/worker/worker.js &\nexec node apps/web/server.js\n", 2),
        ("node apps/worker/worker.js\nexec node apps/web/server.js\n", 1),
        ('if [ "$ONCE" ]; then\n  node apps/worker/worker.js\nelse\n  echo no\nfi\nexec node apps/web/server.js\n', 1),
    ],
)
def test_what_a_script_runs_in_the_end_or_beside(script: str, entries: int, make_index: MakeIndex) -> None:
    index = make_index({"Dockerfile": IMAGE + 'CMD ["./run.sh"]\n', "run.sh": "#!/bin/sh\n" + script, **TWO})

    assert len(index.components) == entries
    assert ("apps/web/server.js",) in [component.entries for component in index.components]


def test_arguments_that_a_script_does_not_look_at_start_nothing(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": IMAGE + "ENTRYPOINT /srv/run.sh\n",
        "run.sh": "#!/bin/sh\nexec node apps/web/server.js\n",
        "docker-compose.yml": "services:\n  back:\n    build: .\n    command: unknown-program\n",
        **TWO,
    })  # fmt: skip

    assert [component.containers for component in index.components] == [()]


SUPERVISED = (
    "[supervisord]\nnodaemon=true\n\n[program:web]\ncommand=node apps/web/server.js --key %(ENV_KEY)s\n"
    "[program:worker]\ndirectory=/srv/apps/worker\ncommand = node worker.js ; the second\n"
    "[program:proxy]\ncommand=nginx\n"
)


@pytest.mark.parametrize("command", ["supervisord -n -c /etc/shop.conf", "supervisord"])
def test_supervised_programs(command: str, make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": f"{IMAGE}COPY deploy/shop.conf /etc/shop.conf\nCMD {command}\n",
        "deploy/shop.conf": SUPERVISED,
        "nginx.conf": "server { listen 80; }\n",
        **TWO,
    })  # fmt: skip

    assert found(index) == {"web": ("apps/web/server.js",), "worker": ("apps/worker/worker.js",)}


def test_a_configuration_that_nobody_starts(make_index: MakeIndex) -> None:
    assert found(make_index({"deploy/shop.conf": SUPERVISED, **TWO})) == {}


UWSGI = """[uwsgi]
http-socket = :8000
chdir = /srv/app
module = shop.wsgi:application
attach-daemon = ./manage.py sendmails --loop
"""
SHOP = {"app/shop/wsgi.py": "import os\nos.environ['A_NAME']\n", "app/manage.py": "import os\n"}


def test_the_programs_of_uwsgi(make_index: MakeIndex) -> None:
    image = f'{IMAGE}CMD ["uwsgi", "/srv/deploy/uwsgi.ini"]\n'
    index = make_index({"Dockerfile": image, "deploy/uwsgi.ini": UWSGI, "deploy/other.ini": UWSGI, **SHOP})

    assert found(index) == {"web": ("app/shop/wsgi.py",), "sendmails": ("app/manage.py",)}


@pytest.mark.parametrize(
    "options", ["--http :8000 --module shop.wsgi:application", "--wsgi-file shop/wsgi.py --master"]
)
def test_uwsgi_without_a_file(options: str, make_index: MakeIndex) -> None:
    index = make_index({"Dockerfile": f"{IMAGE}WORKDIR /srv/app\nCMD uwsgi {options}\n", **SHOP})

    assert [component.entries for component in index.components] == [("app/shop/wsgi.py",)]


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("gunicorn -c gunicorn.conf.py shop.wsgi", "workers = 2\n"),
        ("gunicorn", 'wsgi_app = "shop.wsgi:application"\n'),
        ("gunicorn --config=gunicorn.conf.py", 'wsgi_app = "shop.wsgi:application"\n'),
    ],
)
def test_the_settings_of_gunicorn(command: str, settings: str, make_index: MakeIndex) -> None:
    image = f"{IMAGE}WORKDIR /srv/app\nCMD {command}\n"
    index = make_index({"Dockerfile": image, "app/gunicorn.conf.py": settings, **SHOP})

    [component] = index.components
    assert "app/shop/wsgi.py" in component.modules


def test_the_services_of_s6(make_index: MakeIndex) -> None:
    services = "deploy/root/etc/s6-overlay/s6-rc.d"
    index = make_index({
        "Dockerfile": f'{IMAGE}COPY deploy/root/etc/s6-overlay /etc/s6-overlay\nENTRYPOINT ["/init"]\n',
        f"{services}/web/type": "longrun\n",
        f"{services}/web/run": "#!/command/with-contenv sh\ncd /srv/apps/web\nexec node server.js\n",
        f"{services}/jobs/type": "longrun\n",
        f"{services}/jobs/run": "#!/command/with-contenv /bin/bash\ncd $X\nexec s6-setuidgid node node jobs.js\n",
        f"{services}/setup/type": "oneshot\n",
        f"{services}/setup/run": "#!/command/with-contenv sh\nnode setup.js\n",
        "setup.js": "\n",
        "jobs.js": "\n",
        **TWO,
    })  # fmt: skip

    assert found(index) == {"web": ("apps/web/server.js",), "jobs": ("jobs.js",)}
    assert f"{services}/web/run" in index.components[1].scripts
