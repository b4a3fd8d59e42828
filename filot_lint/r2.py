"""What Cloudflare R2 makes of the operations of S3, and the permission a token needs (`rules/r2_operations.toml`)."""

from __future__ import annotations

from functools import cache
from typing import Any
from typing import Literal as Choice

import msgspec

from filot_lint.resources import RULES

Permission = Choice["read", "write", "list", "admin"]
Effect = Choice["missing", "ignored"]


class Support(msgspec.Struct, frozen=True):
    """What becomes of an operation, or of a parameter of one; without an `effect` it does what it does on S3.

    `harmless` are the values of a parameter that ask for nothing else.
    """

    permission: Permission | None = None
    effect: Effect | None = None
    why: str = ""
    harmless: frozenset[str] = frozenset()


@cache
def operations() -> dict[str, Support]:
    """Return what is known of each operation, by its S3 name."""
    return _rows("operation")


@cache
def parameters() -> dict[str, Support]:
    """Return the parameters that R2 does not understand, or only for some values."""
    return _rows("parameter")


def _rows(kind: str) -> dict[str, Support]:
    import tomli  # noqa: PLC0415  # only where something is stored

    data: dict[str, list[dict[str, Any]]] = tomli.loads((RULES / "r2_operations.toml").read_text(encoding="utf-8"))
    return {
        name: msgspec.convert({key: content for key, content in row.items() if key != "name"}, Support)
        for row in data[kind]
        for name in row["name"]
    }
