"""What a command line gives to the programs it runs: variables, and files of variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from filot_lint.extract.manifests.command import ASSIGNMENT, OPERATORS, PREFIXES, split

if TYPE_CHECKING:
    from collections.abc import Sequence

_SETTERS = {"env", "cross-env", "cross-env-shell"}
_ENV_FILE_FLAGS = {"--env-file", "--env-file-if-exists"}
_LOADERS = {
    "dotenv": {"-e", "-f", "--file"},
    "dotenvx": {"-f"},
    "env-cmd": {"-f", "--file"},
}
"""Programs that read a file of variables, `.env` unless told otherwise, and run another program."""

Reader = Literal["bundler", "node", "dotenv-cli", "dotenvx", "env-cmd", "docker", "compose"]
_READERS: dict[str, Reader] = {"dotenv": "dotenv-cli", "dotenvx": "dotenvx", "env-cmd": "env-cmd"}
_NODE = {"node", "nodemon", "tsx", "ts-node"}
_BUNDLERS = {
    "astro": {"build", "dev", "preview"},
    "next": {"build", "dev", "start"},
    "nuxt": {"build", "dev"},
    "nuxi": {"build", "dev"},
    "nx": {"build", "dev", "run", "serve", "start"},
    "react-scripts": {"build", "start"},
    "vite": {"build", "dev", "preview"},
}
"""Commands that read the `.env` of their folder without being told, and expand it."""


def env_files(words: Sequence[str]) -> list[tuple[int, str]]:
    """Return the files of variables that a command line names, each with the position of its word."""
    found: list[tuple[int, str]] = []
    names = [word.rpartition("/")[2] for word in words[:3]]
    loader = next((index for index, name in enumerate(names) if name in _LOADERS), None)
    flags = _ENV_FILE_FLAGS | (_LOADERS[names[loader]] if loader is not None else set())
    for index, word in enumerate(words):
        flag, equals, value = word.partition("=")
        if word == "--":
            flags = _ENV_FILE_FLAGS
        if flag in flags:
            at = index if equals else index + 1
            path = value if equals else words[at] if at < len(words) else ""
            if path not in {"", "/dev/null"}:
                found.append((at, path))
    if loader is not None and not found and ("--" in words or names[loader] == "env-cmd"):
        found.append((loader, ".env"))
    return found


def reader_of(words: Sequence[str]) -> Reader | None:
    """Return the program that reads the file of variables which a command line names."""
    names = [word.rpartition("/")[2] for word in words[:3]]
    loader = next((name for name in names if name in _LOADERS), None)
    if loader is not None:
        return _READERS[loader]
    if names[:1] == ["docker-compose"] or "compose" in names[1:]:
        return "compose"
    return "docker" if names[:1] in (["docker"], ["podman"], ["nerdctl"]) else "node" if _NODE & set(names) else None


def bundles(words: Sequence[str]) -> int | None:
    """Return the position of the program on a command line that reads `.env` by itself."""
    found = (
        index
        for index, (word, after) in enumerate(zip(words, (*words[1:], ""), strict=True))
        if after in _BUNDLERS.get(word, ()) or (word == "vite" and after[:1] in {"", "-"})
    )
    return next(found, None)


def is_env_file(path: str) -> bool:
    """Whether a file holds variables, judged by its name."""
    name = path.rpartition("/")[2]
    return name.startswith(".env") or name.endswith(".env") or name == "env"


def assigned(text: str) -> list[str]:
    """Return the variables that a command line sets for the programs it runs, in order."""
    found: list[str] = []
    head = True
    for word in split(text):
        if word in OPERATORS:
            head = True
        elif head and ASSIGNMENT.fullmatch(word):
            found.append(word.partition("=")[0])
        elif word not in PREFIXES:
            head = False
    return found


def commands(text: str) -> list[tuple[str, ...]]:
    """Return the commands of a line as they are written, without what they set."""
    found: list[list[str]] = [[]]
    for word in split(text):
        if word in OPERATORS:
            found.append([])
        elif found[-1] or not (ASSIGNMENT.fullmatch(word) or word in _SETTERS):
            found[-1].append(word)
    return [tuple(words) for words in found if words]
