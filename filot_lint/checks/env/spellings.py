"""Whether two names of variables look like two spellings of one setting."""

from __future__ import annotations

from functools import lru_cache

from filot_lint.secrets import tokens

_VENDORS = frozenset({"CF", "CLOUDFLARE", "AWS"})
_SYNONYMS = (
    ("ENDPOINT", "ADDRESS", "ADDR"),
    ("PASSWORD", "PASS", "PWD", "PASSWD"),
    ("URL", "URI"),
    ("SIGNATURE", "HMAC", "SIGNING"),
    ("DATABASE", "DB"),
    ("ENVIRONMENT", "ENV"),
    ("USERNAME", "USER"),
    ("ENABLED", "ENABLE"),
    ("DISABLED", "DISABLE"),
    ("DIRECTORY", "DIR"),
    ("EXPIRATION", "EXPIRY", "EXPIRES"),
)
_MEANING = {word: group[0] for group in _SYNONYMS for word in group}
_ENDINGS: dict[tuple[str, ...], tuple[str, ...]] = {("BUCKET", "NAME"): ("BUCKET",), ("SECRET", "KEY"): ("SECRET",)}
_LONG = 5
"""Shorter words differ by one letter and mean different things: `HOST` and `PORT`, `MIN` and `MAX`."""


def same_setting(one: str, other: str) -> bool:
    """Whether two names differ by a synonym, a vendor's prefix, an underscore or one wrong letter alone."""
    if one == other:
        return False
    first, second = _meaning(one), _meaning(other)
    return first == second or one.replace("_", "") == other.replace("_", "") or _misspelt(first, second)


@lru_cache(maxsize=8192)
def _meaning(name: str) -> tuple[str, ...]:
    words = tuple(_MEANING.get(word, word) for word in tokens(name))
    if len(words) > 2 and words[0] in _VENDORS:  # noqa: PLR2004  # `AWS_REGION` is no `REGION`
        words = words[1:]
    return words[:-2] + _ENDINGS.get(words[-2:], words[-2:])


def _misspelt(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    if len(first) != len(second):
        return False
    different = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return len(different) == 1 and all(len(word) >= _LONG for word in different[0]) and _one_slip(*different[0])


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter is missing, wrong, or two neighbours have changed places."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    return short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
