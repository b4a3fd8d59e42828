"""What a command runs: the words of a manifest to a source file of the workspace."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

from filot_lint.extract.manifests.command import ASSIGNMENT, MANAGERS, SERVERS
from filot_lint.extract.manifests.programs import program_of
from filot_lint.extract.manifests.several import Part, parts_of
from filot_lint.facts import ContainerSpec, EntryPoint, Fact
from filot_lint.source import Language
from filot_lint.workspace.images import images_of
from filot_lint.workspace.places import IS_FILE, Files, Launch, Place, one, parents
from filot_lint.workspace.resolve import Resolver

_RUNNERS = frozenset({"node", "nodejs", "ts-node", "ts-node-dev", "tsx", "nodemon", "bun", "deno", "python",
                      "python3", "uv", "poetry", "pipenv", "run", "exec", "dumb-init", "tini", "--", "env", "npx",
                      "pnpm", "yarn", "npm", "sh", "bash", "-c", "dotenv", "cross-env", "pm2", "pm2-runtime",
                      "start", "watch", "opentelemetry-instrument", "ddtrace-run", "newrelic-admin", "run-program",
                      "xvfb-run"})  # fmt: skip
_NODE = frozenset({"node", "nodejs", "bun", "tsx", "ts-node"})
_MODULE = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_][\w.]*)?(\(\))?$")
_NAME = re.compile(r"[\w-]+")
ROUNDS = 8
_CONFIGURED = frozenset({"gunicorn", "hypercorn"})
"""Servers whose settings may be Python code."""
_CHOOSING = frozenset({"--filter", "-F", "-w", "--workspace", "--prefix", "-C", "--dir", "--cwd"})


class Commands:
    """Resolves commands against the files of a workspace."""

    def __init__(self, resolver: Resolver, facts: Iterable[Fact], shells: Iterable[str]) -> None:
        """Take the scripts of packages and of shells, and what images hold, from the facts.

        `shells` are all shell scripts: one that starts nothing is not mistaken for another of its name.
        """
        self.resolver = resolver
        self.supervised: dict[str, list[EntryPoint]] = defaultdict(list)
        self.processes: dict[str, list[EntryPoint]] = defaultdict(list)
        self.scripts: dict[tuple[str, str], EntryPoint] = {}
        self.packages: dict[str, str] = {}
        self.shells: dict[str, list[EntryPoint]] = {path: [] for path in shells}
        specs: list[ContainerSpec] = []
        self.manifests: set[str] = set()
        for fact in facts:
            if fact.language == Language.PACKAGE_JSON:
                self.manifests.add(posixpath.dirname(fact.file))
            if fact.language == Language.SHELL:
                self.shells.setdefault(fact.file, []).extend([fact] if isinstance(fact, EntryPoint) else [])
            elif isinstance(fact, EntryPoint) and fact.script is not None:
                self.scripts.setdefault((posixpath.dirname(fact.file), fact.script), fact)
                self.packages.setdefault(fact.component, posixpath.dirname(fact.file))
            elif isinstance(fact, EntryPoint) and fact.origin == "supervisor":
                self.supervised[fact.file].append(fact)
            elif isinstance(fact, EntryPoint) and fact.origin == "procfile":
                self.processes[posixpath.dirname(fact.file)].append(fact)
            elif isinstance(fact, ContainerSpec):
                specs.append(fact)
        self.images = images_of(specs)
        mains = {home: entry for (home, name), entry in self.scripts.items() if name == "main"}
        self.files = Files(resolver, mains)

    def launches(self, entry: EntryPoint) -> list[Launch]:
        """Return the programs of the workspace that a command starts, and through which shell scripts."""
        return self._words([word for word in entry.command if not ASSIGNMENT.fullmatch(word)], self._place(entry))

    def through(self, image: EntryPoint, words: Sequence[str]) -> list[Launch]:
        """Return what words start as arguments of the script that is the entry point of an image."""
        place = self._place(image)
        for word in image.command if words else ():
            choices = {choice for run in self.shells.get(self._shell(word, place) or "", ()) for choice in run.choices}
            if any(fnmatchcase(words[0], choice) for choice in choices):
                return self._words([word, *words], place)
        return []

    def _place(self, entry: EntryPoint) -> Place:
        directory = posixpath.dirname(entry.file)
        own = (directory,) if entry.origin == "package-json" else None
        if entry.workdir is not None and not entry.workdir.startswith("/"):
            directory = posixpath.normpath(posixpath.join(directory, entry.workdir)).removeprefix("./").strip(".")
        image = "" if entry.origin == "dockerfile" else entry.component
        return Place(directory, entry.workdir, own, self.images.get((entry.file, image)))

    def _words(self, words: Sequence[str], place: Place, rounds: int = ROUNDS) -> list[Launch]:
        if not rounds:
            return []
        parts = parts_of(words)
        if parts:
            return [launch for part in parts for launch in self._part(part, place, rounds - 1)]
        script = self._script(words, place)
        if script is not None:
            home = posixpath.dirname(script.file)
            inner = place._replace(directory=home, bases=(home,))
            if _CHOOSING.intersection(word.partition("=")[0] for word in words) or "workspace" in words:
                inner = Place(home, None, (home,))
            if script.workdir is not None:
                inner = self.files.inside(inner, script.workdir)
            return self._words([w for w in script.command if "=" not in w], inner, rounds - 1)
        at, shell = next(
            ((i, path) for i, word in enumerate(words) if (path := self._shell(word, place)) is not None), (0, None)
        )
        found = self._program(words, place)
        if shell is None or found is not None:
            scripts = () if shell is None else (shell,)
            return [] if found is None else [found._replace(scripts=scripts, words=tuple(words))]
        inner = place._replace(directory=posixpath.dirname(shell), bases=None)
        through = self._branches(shell, words[at + 1 :], inner, rounds - 1)
        return [launch._replace(scripts=(shell, *launch.scripts)) for launch in through]

    def _branches(self, shell: str, given: Sequence[str], place: Place, rounds: int) -> list[Launch]:
        """Return what a script starts: in the branches that fit its arguments, in any of them if there are none."""
        branches: dict[tuple[str, ...], list[EntryPoint]] = {}
        for run in self.shells[shell]:
            branches.setdefault(run.choices, []).append(run)
        straight = branches.pop((), [])
        chosen = list(branches)
        if given and not given[0].startswith("$"):
            chosen = [choices for choices in chosen if any(fnmatchcase(given[0], choice) for choice in choices)][:1]
        found: list[Launch] = []
        for choices in chosen:
            named = next((choice for choice in choices if _NAME.fullmatch(choice)), None)
            runs = self._sequence(branches[choices], place, rounds)
            found += [launch._replace(name=launch.name or named) for launch in runs]
        return found or self._sequence(straight, place, rounds)

    def _sequence(self, runs: Sequence[EntryPoint], place: Place, rounds: int) -> list[Launch]:
        """Return the last program of a sequence, what may run in its stead, and what runs beside it."""
        found: list[Launch] = []
        last: EntryPoint | None = None
        branches: set[tuple[int, int]] = set()
        for run in reversed(runs):
            fits = last is None or _instead(run, last, branches)
            here = place if run.workdir is None else self.files.inside(place, run.workdir)
            started = self._words(run.command, here, rounds) if run.beside or fits else []
            started = started or (self._words(run.command, place, rounds) if here != place and fits else [])
            found = [*started, *found]
            if started and fits and not run.beside:
                last = last or run
                branches |= {run.alternative} if run.alternative is not None else set()
        return list(dict.fromkeys(found))

    def _part(self, part: Part, place: Place, rounds: int) -> list[Launch]:
        """Return what one of several programs is."""
        runs: list[EntryPoint] = []
        if part.processes:
            runs = [p for p in self.processes[place.directory] if not part.words or p.component in part.words]
        elif part.configuration:
            runs = self._supervised(part.words, place)
        elif part.services:
            runs = self._services(place)
        elif part.everywhere:
            named = ((home, name, run) for (home, name), run in self.scripts.items())
            runs = [run for home, name, run in named if name == part.words[0] and home != place.directory]
        else:
            inner = place if part.workdir is None else self.files.inside(place, part.workdir)
            return [launch._replace(name=part.name or launch.name) for launch in self._words(part.words, inner, rounds)]
        found: list[Launch] = []
        for run in runs:
            here = place if run.workdir is None else self.files.inside(place, run.workdir)
            home = self._place(run) if part.everywhere else here
            found += [launch._replace(name=launch.name or run.component.rpartition("/")[2])
                      for launch in self._words(run.command, home, rounds)]  # fmt: skip
        return found

    def _supervised(self, words: Sequence[str], place: Place) -> list[EntryPoint]:
        """Return the programs of the configuration that supervisord is given, of the only one if it is given none."""
        traced = [path for word in words for path in self.files.traced(word, place)]
        named = [path for path in self.supervised if posixpath.basename(path) in {*map(posixpath.basename, words)}]
        options = [path for path in traced if path in self.supervised] or (named if words else list(self.supervised))
        return self.supervised[options[0]] if options[:1] and (traced or len(options) == 1) else []

    def _services(self, place: Place) -> list[EntryPoint]:
        """Return the services of s6 that stand in an image."""
        folders = tuple(f"{path}/" for path in self.files.traced("/etc/s6-overlay/s6-rc.d", place))
        return [run for path, runs in self.supervised.items() if path.startswith(folders) for run in runs]

    def _program(self, words: Sequence[str], place: Place) -> Launch | None:
        program = program_of(words)
        if program is not None and program.loads:
            return self.files.loaded(program, words, place)
        for index, word in enumerate(words):
            if word == "-m" and index + 1 < len(words) and words[index + 1] not in SERVERS:
                found = self.files.module(words[index + 1], place)
                package = found is not None and posixpath.basename(found) == "__init__.py"
                main = posixpath.join(posixpath.dirname(found or ""), "__main__.py")
                return one(main if package and main in self.resolver.files else found)
        served = next((posixpath.basename(word) for word in words if posixpath.basename(word) in SERVERS), None)
        settings = _settings(words) if served in _CONFIGURED else None
        launch = self._named([word for word in words if settings is None or not word.endswith(settings)], place, served)
        near = place._replace(bases=(place.directory,))
        unsaid = [settings.removeprefix("file:")] if settings else program.first if program is not None else ()
        further = next((found for path in unsaid if (found := self.files.file(path, near)) is not None), None)
        if launch is None or settings is None or further is None:
            return launch or one(further)
        return launch._replace(targets=(*launch.targets, further))

    def _named(self, words: Sequence[str], place: Place, served: str | None) -> Launch | None:
        """Return the first file or application that words name."""
        first = "node" if place.bases is not None else ""
        for before, word in zip((first, *words), words, strict=False):
            if IS_FILE.search(word) or (posixpath.basename(before) in _NODE and not word.startswith("-")):
                launch = self.files.built(word, place) or one(self.files.file(word, place))
            elif served and posixpath.basename(word) not in SERVERS | _RUNNERS and _MODULE.match(word):
                launch = one(self.files.application(word, place, served))
            else:
                continue
            if launch is not None:
                return launch
        return None

    def _shell(self, word: str, place: Place) -> str | None:
        """Return the shell script of the workspace that a word names."""
        if word.startswith("-") or not word:
            return None
        for path in self.files.traced(word, place):
            if path in self.shells:
                return path
        bare = posixpath.normpath(word).lstrip("/")
        ends = [path for path in self.shells if posixpath.basename(path) == posixpath.basename(bare)]
        near = [path for path in ends if path == bare or path == posixpath.join(place.directory, bare)]
        return near[0] if near else ends[0] if len(ends) == 1 and "." in posixpath.basename(bare) else None

    def _script(self, words: Sequence[str], place: Place) -> EntryPoint | None:
        """Return the package.json script that `npm run x`, `npm start`, `yarn x` or `pnpm --filter app x` means."""
        if not words or words[0] not in MANAGERS:
            return None
        rest, homes = list[str](), list[str]()
        for before, word in pairwise(words):
            name, equals, value = word.partition("=")
            chosen = value if name in _CHOOSING and equals else word if before in _CHOOSING | {"workspace"} else None
            if chosen is not None:
                folder = posixpath.normpath(posixpath.join(place.directory, chosen))
                homes += [self.packages[chosen]] if chosen in self.packages else [folder] if "/" in chosen else []
            elif word not in {"run", "workspace"} and not word.startswith("-"):
                rest.append(word)
        own = [*self.files.homes(place), *parents(place.directory, ())]
        others = () if self.manifests.intersection(own) else self.files.directories
        for parent in homes or dict.fromkeys((*own, *others)):
            found = self.scripts.get((parent, rest[0])) if rest else None
            if found is not None:
                return found
        return None


def _instead(run: EntryPoint, last: EntryPoint, branches: set[tuple[int, int]]) -> bool:
    """Return whether a program runs where the last one of a script does not: in another branch of the same choice."""
    if run.alternative is None or last.alternative is None or run.alternative in branches:
        return False
    return run.alternative[0] == last.alternative[0]


def _settings(words: Sequence[str]) -> str | None:
    """Return the file of settings that a server is given: `-c gunicorn.conf.py`, `--config=gunicorn.conf.py`."""
    for before, word in pairwise(words):
        if before in {"-c", "--config"}:
            return word
        if word.startswith("--config="):
            return word.partition("=")[2]
    return None
