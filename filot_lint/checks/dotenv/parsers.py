"""What parsers of files of variables make of a line, where that is not what its author meant.

Tried with dotenv 14 to 17, dotenv-expand 1000, Node 20, python-dotenv 1.2, decouple 3.8, django-environ, starlette,
bash and Docker 28; read in the source of the ECS agent and compose-go.
"""

from __future__ import annotations

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "dotenv": "dotenv",
    "dotenv-14": "dotenv before 15",
    "dotenv-expand": "dotenv-expand",
    "bundler": "the framework's loader",
    "nestjs": "@nestjs/config",
    "node": "Node's `--env-file`",
    "python-dotenv": "python-dotenv",
    "decouple": "decouple",
    "django-environ": "django-environ",
    "starlette": "starlette",
    "compose": "compose",
    "docker": "`docker --env-file`",
    "ecs": "ECS",
    "shell": "the shell",
    "xargs": "`xargs`",
}
COMMON = {"dotenv": "typescript", "node": "typescript", "python-dotenv": "python", "decouple": "python",
          "compose": None, "docker": None, "shell": None}  # fmt: skip
"""Those that are named where nothing tells which one reads a file, with the language that they are for."""

FOREIGN = frozenset({"docker", "ecs", "shell", "xargs"})
"""Those that read such a file without being made for its format; FIL907 is about them."""

_LITERAL = ("decouple", "starlette", "django-environ", "docker", "ecs")
_ALIKE = ("dotenv", "dotenv-expand", "bundler", "nestjs", "node")

MISREAD: Mapping[str, tuple[str, ...]] = {
    "backticks": ("python-dotenv", "decouple", "starlette", "django-environ", "compose", "docker", "ecs", "shell",
                  "xargs", "dotenv-14"),
    "bare-reference": ("dotenv", "dotenv-14", "node", "python-dotenv", *_LITERAL, "xargs"),
    "blank-after-equals": ("django-environ", "docker", "ecs", "shell", "xargs"),
    "blank-before-equals": ("django-environ", "docker", "ecs", "shell", "xargs"),
    "colon": (*_ALIKE, "dotenv-14", "python-dotenv", *_LITERAL, "shell", "xargs"),
    "command-substitution": ("dotenv", "dotenv-14", "bundler", "nestjs", "node", "python-dotenv", *_LITERAL,
                             "compose", "xargs"),
    "comment-as-value": ("dotenv-14", *_LITERAL, "compose", "xargs"),
    "comment-touching": ("dotenv-14", "python-dotenv", *_LITERAL, "compose", "shell", "xargs"),
    "digit-first": ("shell", "xargs"),
    "dollar": ("dotenv-expand", "bundler", "compose", "shell"),
    "export": ("dotenv-14", "decouple", "starlette", "docker", "ecs"),
    "hash": _ALIKE,
    "indented": ("django-environ", "ecs"),
    "inline-comment": (*_LITERAL, "xargs"),
    "inner-quote": ("shell", "xargs"),
    "invalid-name": ("django-environ", "shell", "xargs"),
    "multi-line": ("dotenv-14", *_LITERAL, "xargs"),
    "no-declaration": (*_ALIKE, "dotenv-14", "python-dotenv", *_LITERAL, "compose", "shell", "xargs"),
    "no-equals": (*_ALIKE, "dotenv-14", "python-dotenv", "decouple", "starlette", "django-environ", "ecs", "shell",
                  "xargs"),
    "quoted-braces": ("dotenv-expand", "bundler", "python-dotenv"),
    "quoted-comment": (*_LITERAL, "xargs"),
    "quoted-dollar": ("dotenv-expand", "bundler"),
    "quotes": ("docker", "ecs"),
    "reference": ("dotenv", "dotenv-14", "node", *_LITERAL, "xargs"),
    "shell-character": ("shell",),
    "text-after-quote": (*_ALIKE[:-1], "dotenv-14", "python-dotenv", *_LITERAL, "compose", "shell"),
    "trailing-blank": ("django-environ", "docker", "ecs"),
    "unclosed-quote": (*_ALIKE, "dotenv-14", "python-dotenv", *_LITERAL, "compose", "shell", "xargs"),
    "words": ("shell", "xargs"),
}  # fmt: skip


def misreads(parser: str, spelling: str) -> bool:
    """Whether a parser makes something else of a piece of a line than its author meant."""
    return parser in MISREAD[spelling]


def listed(parsers: tuple[str, ...]) -> str:
    """Return the names of parsers as words of a sentence."""
    names = list(dict.fromkeys(LABELS[parser] for parser in parsers))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
