"""Functions that no code of a deployable calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from filot_lint.workspace.index import Index

MakeIndex = Callable[[Mapping[str, str]], Index]

_TYPESCRIPT = {"Dockerfile": 'FROM node:22\nCMD ["node", "src/main.js"]\n'}
_PYTHON = {"Dockerfile": 'FROM python:3.12\nCMD ["python", "-m", "app.main"]\n', "app/__init__.py": ""}


def idle(index: Index) -> set[str]:
    """Return the variables all reads of which stand in functions that nothing calls."""
    return {
        name
        for name, reads in index.reads.items()
        if all(read.components and read.uncalled == read.components for read in reads)
    }


def test_a_function_nobody_names_does_not_run(make_index: MakeIndex) -> None:
    index = make_index({
        **_TYPESCRIPT,
        "src/main.ts": 'import { used } from "./jobs";\nused();\n',
        "src/jobs.ts": (
            "export const loaded = process.env.AT_LOAD;\n"
            "export function used() { return process.env.IN_USED; }\n"
            "export const idle = async () => process.env.IN_IDLE;\n"
            "function inner() { return process.env.IN_INNER; }\n"
            "export function idleToo() { return inner(); }\n"
        ),
    })  # fmt: skip
    assert idle(index) == {"IN_IDLE", "IN_INNER"}


def test_an_import_or_export_alone_is_no_call(make_index: MakeIndex) -> None:
    index = make_index({
        **_TYPESCRIPT,
        "src/main.ts": 'import { first } from "./index";\nfirst();\n',
        "src/index.ts": 'export { one as first, two } from "./jobs";\nexport * from "./jobs";\n',
        "src/jobs.ts": (
            "function one() { return process.env.IN_ONE; }\n"
            "function two() { return process.env.IN_TWO; }\n"
            "export { one, two };\n"
        ),
    })  # fmt: skip
    assert idle(index) == {"IN_TWO"}


def test_commonjs_exports_are_no_calls(make_index: MakeIndex) -> None:
    index = make_index({
        **_TYPESCRIPT,
        "src/main.js": 'const jobs = require("./jobs");\njobs.used();\n',
        "src/jobs.js": (
            "function used() { return process.env.IN_USED; }\n"
            "function idle() { return process.env.IN_IDLE; }\n"
            "exports.late = () => process.env.IN_LATE;\n"
            "module.exports = { used, idle };\n"
        ),
    })  # fmt: skip
    assert idle(index) == {"IN_IDLE", "IN_LATE"}


@pytest.mark.parametrize(
    "code",
    [
        "export default function handler() { return process.env.MARK; }\n",
        "export class Jobs { constructor() { this.mark = process.env.MARK; } }\nnew Jobs();\n",
        "class Jobs extends Base { onStart() { return process.env.MARK; } }\nregister(Jobs);\n",
        "const table = { run() { return process.env.MARK; } };\n",
        "const table = { run: () => process.env.MARK };\n",
        "export function byName() { return process.env.MARK; }\nregistry.get('byName');\n",
        "app.get('/', function page() { return process.env.MARK; });\n",
        "export const wrapped = cache(async () => process.env.MARK);\n",
    ],
)
def test_what_a_framework_or_a_table_may_call_counts_as_called(make_index: MakeIndex, code: str) -> None:
    index = make_index({**_TYPESCRIPT, "src/main.ts": 'import "./jobs";\n', "src/jobs.ts": code})
    assert not idle(index)


def test_methods_of_a_class_nobody_names(make_index: MakeIndex) -> None:
    index = make_index({
        **_PYTHON,
        "app/main.py": "from app import jobs\njobs.Used().run()\n",
        "app/jobs.py": (
            "import os\n\n"
            "class Used:\n"
            "    def run(self):\n        return os.environ['IN_RUN']\n"
            "    def halt(self):\n        return os.environ['IN_HALT']\n\n"
            "class Idle:\n"
            "    def __init__(self):\n        self.a = os.environ['IN_IDLE']\n"
            "    def run(self):\n        return os.environ['IN_IDLE_RUN']\n"
        ),
    })  # fmt: skip
    assert idle(index) == {"IN_HALT", "IN_IDLE", "IN_IDLE_RUN"}


def test_decorated_functions_and_all_in_python(make_index: MakeIndex) -> None:
    index = make_index({
        **_PYTHON,
        "app/main.py": "from app.jobs import *\n",
        "app/jobs.py": (
            "import os\n\n"
            "__all__ = ['listed']\n\n"
            "@app.task\ndef task():\n    return os.environ['IN_TASK']\n\n"
            "def listed():\n    return os.environ['IN_LISTED']\n"
        ),
    })  # fmt: skip
    assert idle(index) == {"IN_LISTED"}


def test_the_command_and_the_entry_file_call_too(make_index: MakeIndex) -> None:
    index = make_index({
        "Dockerfile": 'FROM python:3.12\nCMD ["uvicorn", "--factory", "app.web:make"]\n',
        "app/__init__.py": "",
        "app/web.py": "import os\nfrom app.parts import build\n\ndef make():\n    return build()\n",
        "app/parts.py": "import os\n\ndef build():\n    return os.environ['IN_BUILD']\n",
    })  # fmt: skip
    assert not idle(index)


def test_each_deployable_answers_for_itself(make_index: MakeIndex) -> None:
    index = make_index({
        "api.Dockerfile": 'FROM node:22\nCMD ["node", "src/api.js"]\n',
        "worker.Dockerfile": 'FROM node:22\nCMD ["node", "src/worker.js"]\n',
        "src/api.js": 'import { push } from "./queue";\npush();\n',
        "src/worker.js": 'import { pull } from "./queue";\npull();\n',
        "src/queue.js": (
            "export function push() { return process.env.PUSHES; }\n"
            "export function pull() { return process.env.PULLS; }\n"
        ),
    })  # fmt: skip
    [push], [pull] = index.reads["PUSHES"], index.reads["PULLS"]
    assert push.components == pull.components == ("api", "worker")
    assert push.uncalled == ("worker",)
    assert pull.uncalled == ("api",)


def test_what_runs_only_where_a_file_is_started(make_index: MakeIndex) -> None:
    script = (
        "import os\n\ndef main():\n    return os.environ['IN_MAIN']\n\n"
        "if __name__ == '__main__':\n    main()\n    os.environ['AT_START']\n"
    )
    tried = script.replace("main()", "try_it()")
    index = make_index({**_PYTHON, "app/main.py": "from app import tool\n" + script, "app/tool.py": tried})
    entry, tool = (
        {r.name: (r.guard, r.uncalled) for reads in index.reads.values() for r in reads if r.file == file}
        for file in ("app/main.py", "app/tool.py")
    )
    [name] = [component.name for component in index.components]
    assert entry == {"IN_MAIN": ("always", ()), "AT_START": ("always", ())}
    assert tool == {"IN_MAIN": ("always", (name,)), "AT_START": ("main", (name,))}


def test_without_a_deployable_any_file_may_be_started(make_index: MakeIndex) -> None:
    index = make_index({"tool.py": "import os\nif __name__ == '__main__':\n    os.environ['AT_START']\n"})
    assert [read.guard for read in index.reads["AT_START"]] == ["always"]
