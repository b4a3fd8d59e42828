"""Command lines as manifests write them: split into words, freed of shell noise and of secrets."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.place import plain
from filot_lint.secrets import is_secret, looks_secret

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_COMMAND = 8192
REDACTED = "<redacted>"
OPERATORS = {"&&", "||", ";", "|", "&", ";;"}
_KEYWORDS = {"if", "then", "else", "elif", "fi", "while", "until", "do", "done", "{", "}", "!", "(", ")"}
_NO_PROGRAMS = {"[", "[[", "test", "set", ":", "true", "echo", "export", "for", "case", "esac"}
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=.*", re.DOTALL)
PREFIXES = {
    "exec",
    "env",
    "cross-env",
    "cross-env-shell",
    "time",
    "nohup",
    "npx",
    "dotenv",
    "env-cmd",
    "sudo",
    "tini",
    "dumb-init",
}
_USERS = {"gosu", "su-exec", "s6-setuidgid"}
"""Wrappers whose first argument is a user."""
_STARTERS = {
    ("poetry", "run"), ("uv", "run"), ("pipenv", "run"), ("pdm", "run"), ("rye", "run"), ("pnpm", "exec"),
    ("npm", "exec"), ("yarn", "exec"), ("dotenvx", "run"), ("doppler", "run"),
}  # fmt: skip
_SHELLS = {"sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash", "/usr/bin/bash", "/bin/ash", "zsh"}
RUNNERS = {
    "node", "nodejs", "ts-node", "ts-node-dev", "ts-node-esm", "tsnd", "tsx", "nodemon", "bun", "deno", "vite-node",
    "babel-node", "swc-node", "esno", "jiti",
}  # fmt: skip
MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "celery", "arq", "dramatiq", "huey_consumer",
                     "huey_consumer.py", "saq", "taskiq", "flask", "fastapi", "granian", "waitress-serve",
                     "rq", "uwsgi"})  # fmt: skip
"""Programs that serve or work for a Python module named on their command line."""
_WITH_VALUE = {
    "-r", "--require", "--loader", "--experimental-loader", "--import", "-P", "--project", "-C", "--conditions",
    "--ext", "-e", "--ignore", "-i", "-w", "--delay", "-d", "-x", "--tsconfig", "--env-file", "-O",
    "--compiler-options",
}  # fmt: skip
_RUN_ALL = {"run-s", "run-p", "npm-run-all", "npm-run-all2"}
_SECRET_FLAGS = {"requirepass", "masterauth"}
_LOGINS = {"-u", "--user", "--proxy-user"}
_REFERENCE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_]\w*)(?P<rest>[^{}]*)\}|(?P<bare>[A-Za-z_]\w*))")


class Step(NamedTuple):
    """One command of a command line: the words and the folder it runs in."""

    words: tuple[str, ...]
    workdir: str | None = None


class Reference(NamedTuple):
    """A `$X` or `${X…}` in a text, with its offset and what follows the name (`:-default`)."""

    name: str
    offset: int
    rest: str


def split(text: str) -> tuple[str, ...]:
    """Split a command line as a shell would; broken quoting falls back to white space."""
    text = text[:MAX_COMMAND]
    lexer = shlex.shlex(text, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return tuple(lexer)
    except ValueError:
        return tuple(text.split())


def steps(text: str) -> list[Step]:
    """Return the programs of a command line one by one, without `cd`, `exec`, assignments, keywords and wrappers."""
    found: list[Step] = []
    workdir: str | None = None
    current: list[str] = []
    for word in (*split(text.replace("\\\n", " ").replace("\n", " ; ")), ";"):
        if word not in OPERATORS:
            if current or word not in _KEYWORDS:
                current.append(word)
            continue
        if current[:1] == ["cd"]:
            workdir = current[1] if len(current) > 1 else workdir
        elif (bare := unwrapped(tuple(current))) and bare[0] not in _NO_PROGRAMS:
            found.append(Step(bare, workdir))
        current = []
    return found


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """Drop leading assignments and wrappers; `sh -c "…"` becomes the last command inside."""
    rest = list(words)
    while rest:
        if ASSIGNMENT.fullmatch(rest[0]) or rest[0] == "--":
            rest.pop(0)
        elif (name := rest[0].rpartition("/")[2]) in PREFIXES | _USERS or (name, *rest[1:2]) in _STARTERS:
            rest = rest[2 if name not in PREFIXES else 1 :]
            while rest and rest[0].startswith("-"):
                flag = rest.pop(0)
                if flag in {"-e", "-f", "-c", "-p"} and len(rest) > 1:
                    rest.pop(0)
        else:
            break
    if len(rest) > 2 and rest[0] in _SHELLS and re.fullmatch(r"-\w*c", rest[1]):  # noqa: PLR2004
        inner = steps(rest[2])
        return inner[-1].words if inner else ()
    return tuple(rest)


def shell_text(words: Sequence[str]) -> str | None:
    """Return the code of `sh -c "…"`, wherever it stands among the words."""
    for index, word in enumerate(words[:-2]):
        if word in _SHELLS and re.fullmatch(r"-\w*c", words[index + 1]):
            return words[index + 2]
    return None


def script_of(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the script and its arguments behind a JavaScript runner; None when nothing is run."""
    if not words or words[0].rpartition("/")[2] not in RUNNERS:
        return None
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        if word == "--exec" and rest:
            inner = script_of(split(rest[0]))
            rest = [*inner, *rest[1:]] if inner else rest[1:]
        elif word in _WITH_VALUE:
            rest = rest[1:]
        elif word in {"run", "watch", "--"}:
            continue
        elif not word.startswith("-"):
            return (word, *rest)
        elif word in {"--eval", "-p", "--print", "--test"}:
            return None
    return None


def followed(words: tuple[str, ...]) -> list[str]:
    """Return the scripts of the same package that a command runs, in order."""
    name = words[0].rpartition("/")[2] if words else ""
    if name in MANAGERS:
        rest = [word for word in words[1:] if not word.startswith("-") and word not in {"run", "run-script"}]
        return rest[:1]
    if name in _RUN_ALL:
        return [word for word in words[1:] if not word.startswith("-")]
    if name == "concurrently":
        parts = [
            split(word.replace("npm:", "npm run ", 1)) for word in words[1:] if " " in word or word.startswith("npm:")
        ]
        return [script for part in parts for script in followed(part)]
    return []


def safe(words: tuple[str, ...]) -> tuple[str, ...]:
    """Replace what may be a secret among the words of a command."""
    kept: list[str] = []
    flag = ""
    for word in words:
        named = flag.startswith("-") and _names_secret(flag) and not word.startswith(("-", "$"))
        kept.append(REDACTED if named or _logs_in(flag, word) else safe_text(word))
        flag = word
    return tuple(kept)


def safe_text(text: str) -> str:
    """Replace what may be a secret inside a text, which may be a whole command line."""
    if " " not in text:
        return _safe_word(text)
    pieces = text[:MAX_COMMAND].split(" ")
    hide, flag = False, ""
    for index, piece in enumerate(pieces):
        bare = piece.strip("\"'")
        bearer = bare.lower() in {"bearer", "basic"}
        if (hide and bare and not bare.startswith(("-", "$"))) or _logs_in(flag, bare):
            pieces[index] = REDACTED
        else:
            pieces[index] = _safe_word(piece)
        hide, flag = bearer or (bare.startswith("-") and "=" not in bare and _names_secret(bare)), bare
    return plain(" ".join(pieces))


def _logs_in(flag: str, word: str) -> bool:
    """Whether a word is `user:password` behind the flag of `curl` for it; two numbers are a user and a group."""
    return flag in _LOGINS and re.fullmatch(r"[^\s:$]+:(?!\$)(?!\d+$).+", word) is not None


def _names_secret(flag: str) -> bool:
    name = flag.strip("\"'").lstrip("-").replace("-", "_")
    return name in _SECRET_FLAGS or (len(name) > 1 and is_secret(name.upper()))


def _safe_word(word: str) -> str:
    name, equals, value = word.partition("=")
    if equals and value and not value.strip("\"'").startswith("$") and _names_secret(name):
        return plain(f"{name}={REDACTED}")
    return REDACTED if looks_secret(word) else plain(word)


def references(text: str) -> list[Reference]:
    """Return the variables a text refers to; a doubled or escaped dollar sign begins none."""
    found = []
    for match in _REFERENCE.finditer(text):
        before = len(text[: match.start()]) - len(text[: match.start()].rstrip("$"))
        if before % 2 or text[: match.start()].endswith("\\"):
            continue
        group = "braced" if match["braced"] else "bare"
        found.append(Reference(match[group], match.start(group), match["rest"] or ""))
    return found


def repository(image: str) -> str:
    """Return the repository name of an image: no registry, no tag, no digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]
