"""Commands that start several programs: `concurrently`, `run-p`, `honcho start`, `pnpm --parallel run start`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.manifests.command import MANAGERS, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CONCURRENTLY = frozenset({
    "-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-s", "--success", "-l", "--prefix-length", "-t",
    "--timestamp-format", "-m", "--max-processes", "--restart-tries", "--restart-after", "--kill-signal",
    "--name-separator", "--default-input-target", "--hide", "--teardown",
})  # fmt: skip
"""Options of `concurrently` that take a value."""
_SHORTHANDS = ("npm:", "pnpm:", "yarn:", "bun:", "node:")
_EVERYWHERE = frozenset({"-r", "--recursive", "--parallel", "foreach"})


class Part(NamedTuple):
    """One program among several: its words and what it is called.

    `processes` means those of a Procfile, `configuration` those of a file of supervisord or uWSGI, `services` those of
    s6, `everywhere` a script of every package of the workspace.
    """

    words: tuple[str, ...]
    name: str | None = None
    workdir: str | None = None
    processes: bool = False
    everywhere: bool = False
    configuration: bool = False
    services: bool = False


def parts_of(words: Sequence[str]) -> list[Part]:
    """Return the programs that a command starts beside each other; none when it is a program itself."""
    name = words[0].rpartition("/")[2] if words else ""
    if name in MANAGERS:
        return _packages(words)
    reader = _READERS.get(name)
    return reader(words) if reader is not None else []


def _concurrently(words: Sequence[str]) -> list[Part]:
    names: list[str] = []
    found: list[Part] = []
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        if word.startswith("-"):
            value = value if equals or flag not in _CONCURRENTLY else (rest.pop(0) if rest else "")
            names = value.split(",") if flag in {"-n", "--names"} else names
        elif word.startswith(_SHORTHANDS):
            manager, _, script = word.partition(":")
            found.append(Part((manager, "run", *script.split()), script.split()[0] if script else None))
        else:
            run = steps(word)
            found += [Part(run[-1].words, None, run[-1].workdir)] if run else [Part(())]
    named = (part._replace(name=name.strip() or part.name) for part, name in zip(found, names, strict=False))
    return [part for part in (*named, *found[len(names) :]) if part.words]


def _run_all(words: Sequence[str]) -> list[Part]:
    """Read `run-p a b` and `npm-run-all -p a b`; those in sequence are followed like any script."""
    parallel = words[0].rpartition("/")[2] == "run-p"
    found: list[Part] = []
    for word in words[1:]:
        if word == "--":
            break
        if word in {"-p", "--parallel", "-s", "--sequential", "--serial"}:
            parallel = word in {"-p", "--parallel"}
        elif parallel and not word.startswith("-"):
            found.append(Part(("npm", "run", *word.split()), word.split()[0] if word.split() else None))
    return found


def _procfile(words: Sequence[str]) -> list[Part]:
    if tuple(words[1:2]) != ("start",):
        return []
    return [Part(tuple(w for w in words[2:] if not w.startswith("-")), processes=True)]


def _supervisord(words: Sequence[str]) -> list[Part]:
    return [Part(tuple(word for word in words[1:] if word.endswith((".conf", ".ini"))), configuration=True)]


def _uwsgi(words: Sequence[str]) -> list[Part]:
    """Read `uwsgi --ini shop.ini`; without a file the command names the application itself."""
    given = tuple(word.removeprefix("--ini=") for word in words[1:] if word.endswith(".ini"))
    return [Part(given, configuration=True)] if given else []


def _init(words: Sequence[str]) -> list[Part]:
    """Read `/init`, with which s6 starts the services of an image."""
    return [Part((), services=True)] if words[0] == "/init" else []


def _pm2(words: Sequence[str]) -> list[Part]:
    """Read `pm2 start npm --name x -- start`; a file that it is given is found like any other."""
    if words[1:2] and words[1] == "start" and words[2:3] and words[2] in MANAGERS and "--" in words:
        name = words[words.index("--name") + 1] if "--name" in words[:-1] else None
        return [Part((words[2], *words[list(words).index("--") + 1 :]), name)]
    return []


def _packages(words: Sequence[str]) -> list[Part]:
    """Read `pnpm --parallel run start` and `yarn workspaces foreach run start`."""
    if not _EVERYWHERE.intersection(words):
        return []
    rest = [word for word in words[1:] if not word.startswith("-")]
    rest = [word for word in rest if word not in {"run", "exec", "workspaces", "foreach"}]
    return [Part((rest[0],), everywhere=True)] if rest else []


def _turbo(words: Sequence[str]) -> list[Part]:
    rest = [word for word in words[1:] if not word.startswith("-") and word != "run"]
    return [Part((script,), everywhere=True) for script in rest[:1]]


_READERS: dict[str, Callable[[Sequence[str]], list[Part]]] = {
    "concurrently": _concurrently,
    "run-p": _run_all,
    "npm-run-all": _run_all,
    "npm-run-all2": _run_all,
    "honcho": _procfile,
    "foreman": _procfile,
    "overmind": _procfile,
    "supervisord": _supervisord,
    "uwsgi": _uwsgi,
    "init": _init,
    "pm2": _pm2,
    "pm2-runtime": _pm2,
    "turbo": _turbo,
    "lerna": _turbo,
}
