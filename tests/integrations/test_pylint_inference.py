"""Names that astroid infers, and what that adds to the findings of other hosts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from pylint.lint import Run
from pylint.reporters import CollectingReporter

from filot_lint.facts import EnvRead
from filot_lint.findings import Finding
from filot_lint.integrations import pylint_inference
from filot_lint.integrations.pylint import families, symbol
from filot_lint.integrations.pylint_inference import TRIES, Inference
from filot_lint.integrations.single_file import check_text, surroundings
from filot_lint.models import load_models
from filot_lint.source import Language, Location
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import index_file

MakeWorkspace = Callable[[Mapping[str, str]], Path]
ROOT = Path(__file__).parents[2]
PLUGIN = "--load-plugins=filot_lint.integrations.pylint"
ENABLED = "--enable=" + ",".join(symbol(rule) for members in families().values() for rule in members)
SHELF = """import enum

QUEUE = "QUEUE_URL"
REGIONS = ["EU", "US"]

def key_of(kind):
    if kind == "old":
        return "OLD_KEY"
    return "NEW_KEY"

def padded(text):
    return text.center(9)

def mixed():
    return f"X_{padded(QUEUE)}" + QUEUE

def other(one):
    return QUEUE if one else input()

class Store:
    key = "STORE_KEY"

class Kind(enum.Enum):
    MAIN = "MAIN_KEY"
"""


class Seen(NamedTuple):
    """What two hosts say of the same file, as line and message."""

    flake8: set[tuple[int, str]]
    pylint: set[tuple[int, str]]


See = Callable[[str], Seen]
MakeIndex = Callable[[Mapping[str, str]], Index]


@pytest.fixture
def seen(
    make_workspace: MakeWorkspace, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> See:
    """Return a function that shows a file to both hosts; `shelf` is installed, `jobs` belongs to the workspace."""

    def see(text: str) -> Seen:
        names = "KEY = 'JOB_KEY'\nKEYS = ['FIRST_KEY', 'LAST_KEY']\n"
        root = make_workspace({".env.example": "OTHER=\n", "jobs/__init__.py": "", "jobs/names.py": names})
        (tmp_path_factory.getbasetemp() / "installed").mkdir(exist_ok=True)
        (tmp_path_factory.getbasetemp() / "installed" / "shelf.py").write_text(SHELF, "utf-8")
        monkeypatch.syspath_prepend(tmp_path_factory.getbasetemp() / "installed")
        monkeypatch.chdir(root)
        surroundings.cache_clear()
        oracle = Inference(text, "jobs.a", str(root / "jobs/a.py"))
        return Seen(_said(check_text(text, "jobs/a.py")), _said(check_text(text, "jobs/a.py", oracle=oracle)))

    return see


def _said(findings: list[Finding]) -> set[tuple[int, str]]:
    return {(finding.location.line, finding.message) for finding in findings}


def undocumented(line: int, name: str) -> tuple[int, str]:
    return line, f"`{name}` is read here, but `.env.example` does not declare it"


START = "import os, sys\nimport shelf\n"
ADDED = {
    "a constant": ("URL = os.environ[shelf.QUEUE]\n", "QUEUE_URL"),
    "a part of a name": ("URL = os.getenv(f'{shelf.QUEUE}_old'.upper())\n", "QUEUE_URL_OLD"),
    "what a variable holds": ("key = 'X_' + shelf.QUEUE; URL = os.environ[key]\n", "X_QUEUE_URL"),
    "a test of presence": ("print(shelf.QUEUE in os.environ)\n", "QUEUE_URL"),
    "an argument of a reader": ("get = lambda name: os.environ['X_' + name]; URL = get(shelf.QUEUE)\n", "X_QUEUE_URL"),
    "what a function returns": ("URL = os.environ[shelf.key_of('new')]\n", "NEW_KEY", "OLD_KEY"),
    "an attribute of a class": ("URL = os.environ[shelf.Store.key]\n", "STORE_KEY"),
    "a member of an enum": ("URL = os.environ[shelf.Kind.MAIN.value]\n", "MAIN_KEY"),
    "elements": ("URLS = [os.environ[f'{r}_URL'] for r in shelf.REGIONS]\n", "EU_URL", "US_URL"),
    "a default": ("URL = os.environ[os.environ.get('WHICH', shelf.QUEUE)]\n", "QUEUE_URL"),
    "one alternative": ("key = shelf.QUEUE if sys.argv else sys.argv[1]; URL = os.environ[key]\n", "QUEUE_URL"),
}
SAME = {
    "a name that is written": "URL = os.environ['QUEUE_URL']\n",
    "a module of the workspace": "from names import KEY; URL = os.environ[KEY]\n",
    "a relative import": "from .names import KEYS; URLS = [os.environ[key] for key in KEYS]\n",
    "a function that may return anything": "URL = os.environ[shelf.other(sys.argv)]\n",
    "a parameter with a default": "get = lambda name=shelf.QUEUE: os.environ[name]\n",
    "a text that astroid cannot compute": "URL = os.environ['X_' + shelf.QUEUE.center(99)]\n",
    "a text that astroid computes wrongly": "URL = os.environ[shelf.padded('x')]; OLD = os.environ[shelf.mixed()]\n",
    "a module that is not there": "import nowhere; URL = os.environ[nowhere.QUEUE]\n",
    "input": "URL = os.environ[input()]\n",
}


@pytest.mark.parametrize("case", [pytest.param(case, id=title) for title, case in ADDED.items()])
def test_inference_adds_names_and_nothing_else(case: tuple[str, ...], seen: See) -> None:
    text, *names = case
    found = seen(START + text)
    assert found.pylint - found.flake8 == {undocumented(3, name) for name in names}
    assert found.flake8 <= found.pylint


@pytest.mark.parametrize("text", [pytest.param(text, id=title) for title, text in SAME.items()])
def test_what_stays_computed_is_the_same_everywhere(text: str, seen: See) -> None:
    found = seen(START + text)
    assert found.pylint == found.flake8


def place_of(text: str) -> Location:
    """Return where the last line stands, which is an expression."""
    lines = text.removesuffix("\n").split("\n")
    return Location("a.py", len(lines), 1, len(lines), len(lines[-1]) + 1)


def asked(text: str) -> tuple[str, ...] | None:
    return Inference(text, "a", "/nowhere/a.py").texts(place_of(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a = 'X'\na\n", ("X",)),
        ("\ufeffa = 'X'\na\n", ("X",)),
        ("é = {'ü': 'X'}\né['ü']\n", ("X",)),
        ("a = ['X']\nb = ['Y']\nfor n in a + b:\n    pass\nn\n", ("X", "Y")),
        ("a = 'X'\nf'{a}'\n", None),
        ("a = 'X'\nb = a + 'Y'\nb\n", None),
        ("a = 'X'.strip()\na\n", None),
        ("a = str('X')\na\n", None),
        ("a = b'X'\na\n", None),
        ("a = 1\na\n", None),
        ("def f():\n    return input() or 'X'\nf()\n", None),
        ("import math\nmath.__name__\n", None),
    ],
)
def test_only_texts_that_stand_in_a_file_count(text: str, names: tuple[str, ...] | None) -> None:
    assert asked(text) == names


def _chain(first: str, line: str, count: int = 40) -> str:
    return first + "".join(line.format(i, i + 1) for i in range(count)) + f"a{count}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(_chain("a0 = 'x'\n", "a{1} = f'{{a{0}}}{{a{0}}}'\n"), id="texts that double"),
        pytest.param(_chain("a0 = ['x']\n", "a{1} = [*a{0}, *a{0}]\n") + "[0]", id="lists that double"),
        pytest.param("a = ['x'] * 10**8\na[0]", id="a list that is large"),
        pytest.param(
            _chain("def a0(x):\n    return x\n", "def a{1}(x):\n    return a{0}(x) or a{0}(x)\n") + "(1)",
            id="functions that call twice",
        ),
        pytest.param("def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(1)", id="functions without end"),
        pytest.param("a = 'x'\n" + "(" * 3 + " + ".join(["a"] * 3000) + ")" * 3, id="a long sum"),
        pytest.param("a" + ".b" * 4000, id="a long path"),
        pytest.param("a = 1\na[", id="no Python"),
        pytest.param("a = '\udc80'\na", id="no text"),
    ],
)
def test_what_has_no_end_is_given_up(text: str) -> None:
    started = time.monotonic()
    assert asked(text) is None
    assert time.monotonic() - started < 20


def test_a_file_has_so_many_questions_only() -> None:
    count = TRIES + 5
    text = "".join(f"a{i} = 'X{i}'\n" for i in range(count)) + "".join(f"a{i:<4}\n" for i in range(count))
    oracle = Inference(text, "a", "/nowhere/a.py")
    places = [Location("a.py", count + i + 1, 1, count + i + 1, len(f"a{i}") + 1) for i in range(count)]
    answers = [oracle.texts(place) for place in places]
    assert answers == [(f"X{i}",) for i in range(TRIES)] + [None] * 5
    assert oracle.texts(places[0]) == ("X0",)


def test_a_file_has_so_much_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pylint_inference, "SECONDS", 0.0)
    assert asked("a = 'X'\na\n") is None


class Known:
    """An oracle made up: what it says of places, and what it was asked."""

    def __init__(self, answers: dict[tuple[int, int], tuple[str, ...]]) -> None:
        """Take the answers, by line and column."""
        self.answers = answers
        self.asked: list[tuple[int, int]] = []

    def texts(self, place: Location) -> tuple[str, ...] | None:
        """Answer, and remember the question."""
        self.asked.append((place.line, place.column))
        return self.answers.get((place.line, place.column))


def test_names_stand_in_facts_as_if_they_were_written(make_index: MakeIndex) -> None:
    config = make_index({}).config
    text = b"import os\nfrom shelf import HOSTS\nfor host in HOSTS:\n    os.environ[f'{host}_URL']\n"
    oracle = Known({(4, 19): ("EU", "US")})
    index = index_file("a.py", text, Language.PYTHON, config, load_models(), oracle=oracle)
    assert {read.name for read in index.of(EnvRead)} == {"EU_URL", "US_URL"}
    assert index.dynamic_reads == []
    alone = index_file("a.py", text, Language.PYTHON, config, load_models())
    assert [read.pattern for read in alone.dynamic_reads] == [".*_URL"]


def test_nobody_is_asked_for_what_the_workspace_shows(make_index: MakeIndex) -> None:
    config = make_index({}).config
    text = b"import os\nfrom shelf import a, b\nK = 'KEY'\nos.environ[K]\nos.environ['X']\na(os.getenv('Y', b))\n"
    oracle = Known({})
    index_file("a.py", text, Language.PYTHON, config, load_models(), oracle=oracle)
    assert oracle.asked == []


def test_pylint_hands_its_inference_to_the_engine(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({".env.example": "OTHER=\n", "a.py": "import os\nX = os.environ['X_' + os.name.upper()]\n"})
    reporter = CollectingReporter()
    Run(["--rcfile=/dev/null", PLUGIN, "--disable=all", ENABLED, str(root / "a.py")], reporter=reporter, exit=False)
    assert {(m.line, m.msg) for m in reporter.messages} == {undocumented(2, "X_NT"), undocumented(2, "X_POSIX")}


def test_the_wheel_infers_too(make_workspace: MakeWorkspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(home), str(ROOT)]
    subprocess.run(build, cwd=home, check=True, capture_output=True)
    (wheel,) = home.glob("*.whl")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-index",
        "--no-deps",
        "--target",
        str(home / "site"),
        str(wheel),
    ]
    subprocess.run(pip, cwd=home, check=True, capture_output=True)
    (home / "site" / "shelf.py").write_text(SHELF, "utf-8")
    root = make_workspace({".env.example": "OTHER=\n", "a.py": START + "URL = os.environ[shelf.QUEUE]\n"})
    code = "import filot_lint, pylint; print(filot_lint.__file__); pylint.run_pylint()"
    command = [sys.executable, "-c", code, "--rcfile=/dev/null", PLUGIN, "--disable=all", ENABLED, "a.py"]
    environment = {**os.environ, "PYTHONPATH": str(home / "site")}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(str(home / "site"))
    assert "`QUEUE_URL` is read here" in done.stdout
