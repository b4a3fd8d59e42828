"""Which files are worth a look for secrets, by their bytes alone."""

from __future__ import annotations

import re

_PREFIXES = (
    b"PRIVATE KEY-----", b"AKIA", b"ASIA", b"sk_live_", b"rk_live_", b"whsec_", b"ghp_", b"gho_", b"ghr_", b"ghs_",
    b"ghu_", b"github_pat_", b"glpat-", b"xox", b"SG.", b"sk-", b"npm_", b"hf_", b"pypi-Ag", b"AGE-SECRET-KEY-",
)  # fmt: skip
_TOKEN = re.compile(
    rb"PRIVATE KEY-----|\b(?:A(?:KIA|SIA)[A-Z0-9]{12}|[sr]k_live_|whsec_|gh[oprsu]_[A-Za-z0-9]{20}|github_pat_|glpat-"
    rb"|xox[abeprs]-|SG\.[\w-]{16}|sk-(?:proj-|ant-|[A-Za-z0-9]{20})|npm_[A-Za-z0-9]{20}|hf_[A-Za-z0-9]{20}|pypi-Ag"
    rb"|AGE-SECRET-KEY-)"
)
_CREDENTIALS = re.compile(rb"://[^\s/@:'\"`{}$<>]{1,64}:[^\s/@'\"`{}$<>]{3,128}@")
_LONG_TEXT = re.compile(rb"['\"`]([A-Za-z0-9+/_=-]{16,400})['\"`]")
_DIGIT = re.compile(rb"\d")
_NAMED = re.compile(
    rb"(?i)(?:secret|passw|token|api_?key|private_?key|encryption_?key|signing_?key|credential|pepper)\w{0,40}['\"]?\]?"
    rb"\s{0,4}(?::\s{0,4}\w{1,20}\s{0,4})?[:=]\s{0,4}b?$"
)
_AROUND = 100
_COMPARED = re.compile(
    rb"[!=]= ?[\w$]{1,40}\.(?:[\w$]{1,40}\.){0,3}\w{0,40}?(?:[Ss]ecret|SECRET|[Aa]pi_?[Kk]ey|_KEY|_TOKEN|_key|_token)\b"
)


def suspected(data: bytes) -> bool:
    """Return whether a file may hold a secret, or compare something with one of the settings."""
    if any(prefix in data for prefix in _PREFIXES) and _TOKEN.search(data) is not None:
        return True
    if b"@" in data and _CREDENTIALS.search(data) is not None:
        return True
    return _COMPARED.search(data) is not None or any(map(_is_named, _LONG_TEXT.finditer(data)))


def _is_named(text: re.Match[bytes]) -> bool:
    """Return whether a long text stands behind a name that says it is a secret."""
    if _DIGIT.search(text[1]) is None:
        return False
    start = text.start()
    return _NAMED.search(text.string[max(start - _AROUND, 0) : start]) is not None
