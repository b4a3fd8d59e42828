"""What a value looks like without saying it, and which variables are secrets.

The shapes, a closed set: `absent` (no value at all), `empty`, `placeholder`, `boolean`, `integer`, `number`,
`duration`, `url`, `url with credentials`, `localhost`, `localhost:port`, `localhost url`,
`localhost url with credentials`, `internal url with credentials` (of a default: opens nothing that others reach),
`host:port`, `path`, `e-mail`, `uuid`, `arn`, `reference` (made of `${X}`), `pem`, `jwt`, `token` (a provider's, or
random), `publishable` (handed out for browsers), `hex N`, `encrypted` (by dotenvx or SOPS), `json`, `list`, `word`,
`words`, `text`. All that begin with `localhost` mean the loopback interface.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from math import log2
from typing import Any
from typing import Literal as Choice

import msgspec

from filot_lint.resources import RULES

Kind = Choice["secret", "sensitive", "config", "public"]
Certainty = Choice["high", "medium", "low"]
Maker = Choice["service", "both", "others"]

MAX_TEXT = 4096
_LOCAL = r"(?:localhost|(?:[\w-]+\.){1,5}localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)"
_JWT = r"eyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*"
_REFERENCE = r"\$\{[^{}]*\}|\$[A-Za-z_]\w*"
_URL = r"(?P<scheme>[A-Za-z][A-Za-z0-9+.:-]{1,30})://(?:(?P<user>[^\s@/:]*)(?::(?P<password>[^\s/]*?))?@)?(?P<rest>\S*)"
_MARKED = (
    r"x{4,}|<[a-z][\w -]*>|replace[_-]with|change[_-]?me|^0+(?:-0+)+$"
    r"|(?:^|[^a-z])your[_-]?(?:[a-z]{1,20}[_-])?(?:key|secret|token|password)\b"
)
_SHAPES = (
    ("encrypted", r"encrypted:[A-Za-z0-9+/=]{20,}|ENC\[AES256_GCM,[^\]]*\]"),
    ("reference", rf"(?:(?:{_REFERENCE})[/:.@_-]?)+"),
    ("boolean", r"(?i:true|false|yes|no|on|off|[01])"),
    ("integer", r"[+-]?\d{1,15}"),
    ("number", r"[+-]?\d{1,15}\.\d{1,15}"),
    (
        "duration",
        r"(?i:(?:\d{1,9}(?:\.\d{1,6})?\s?(?:ms|s|m|h|d|w|y|secs?|seconds?|mins?|minutes?|hours?|days?|weeks?)){1,4})",
    ),
    ("uuid", r"(?i:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"),
    ("arn", r"arn:[\w${}-]*:\S+"),
    ("jwt", _JWT),
    ("localhost", _LOCAL),
    ("localhost:port", rf"{_LOCAL}:\d{{1,5}}"),
    ("host:port", r"(?:[A-Za-z0-9-]+\.){0,10}[A-Za-z0-9-]+:\d{1,5}"),
    ("e-mail", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    ("path", r"(?:/|\./|\.\./|~/|[A-Za-z]:\\)[^\n]*"),
    ("json", r"(?s:\{.*\}|\[.*\])"),
)


_NAMES_ONLY = r"(?i)(?:name|id|header|cookie|prefix|hash|digest|checksum|public|fingerprint|storage_?key|cache_?key)$"
"""What a name ends in that is about a secret without holding one."""


class Classification(msgspec.Struct, frozen=True):
    """What a variable is taken for, with the score and the reasons; never a value."""

    name: str
    kind: Kind
    score: int
    reasons: tuple[str, ...]
    confidence: Certainty

    @property
    def strong(self) -> bool:
        """Whether the evidence is good enough for an error, not only for silence about the value."""
        return self.kind == "secret" and self.score >= _rules()["thresholds"]["secret"] + 1


@cache
def _rules() -> dict[str, Any]:
    import tomli  # noqa: PLC0415  # only when something must be classified

    return tomli.loads((RULES / "secrets.toml").read_text(encoding="utf-8"))


def shape_of(text: str) -> str:
    """Say what a value looks like, in one of the words listed above."""
    text = text[:MAX_TEXT].strip()
    if not text or "-----BEGIN " in text:
        return "pem" if text else "empty"
    if (url := re.fullmatch(_URL, text)) is not None:
        return _url_shape(url)
    if is_placeholder(text):
        return "placeholder"
    if text.startswith(tuple(_rules()["public"]["values"])):
        return "publishable"
    if re.fullmatch(r"[0-9a-fA-F]{16,}", text):
        return f"hex {len(text)}"
    formal = next((shape for shape, form in _SHAPES if re.fullmatch(form, text)), None)
    return formal or ("token" if _is_token(text) else _prose_shape(text))


def _prose_shape(text: str) -> str:
    if re.fullmatch(r"[^\s,]+(?:\s*,\s*[^\s,]+)+,?", text):
        return "list"
    if re.fullmatch(r"[\w.:/@+=-]+", text):
        return "word"
    return "words" if re.fullmatch(r"[\w.,:;/@+='!?()&-]+(?: +[\w.,:;/@+='!?()&-]+)+", text) else "text"


def _url_shape(url: re.Match[str]) -> str:
    password, host = url["password"], re.split(r"[:/?#]", url["rest"], maxsplit=1)[0].lower()
    real = bool(password) and not _is_filler(password)
    if is_local(url[0]):
        return "localhost url with credentials" if real else "localhost url"
    if real:
        return "url with credentials"
    invented = host in _rules()["placeholders"]["hosts"] or is_placeholder(host) or is_placeholder(url["rest"])
    return "placeholder" if invented else "url"


def _is_filler(password: str) -> bool:
    word = password.lower()
    filler = word in _rules()["placeholders"]["passwords"] or is_placeholder(password)
    return filler or re.fullmatch(rf"(?:{_REFERENCE})+|%[\w()]+|\*+", password) is not None


def is_local(text: str) -> bool:
    """Whether an address, host or URL (or one of a list) means this very machine."""
    host = rf"(?:[A-Za-z][A-Za-z0-9+.:-]{{0,30}}://)?(?:[^@/\s]*@)?{_LOCAL}(?::\d{{1,5}})?(?:[/?#]\S*)?"
    return any(re.fullmatch(host, part.strip(), re.IGNORECASE) for part in text[:MAX_TEXT].split(","))


def is_placeholder(text: str) -> bool:
    """Whether a value only marks where one belongs."""
    word = text[:MAX_TEXT].strip().strip("\"'").lower()
    words = _rules()["placeholders"]
    if re.fullmatch(r"<[^<>]*>|\[[\w -]+\]|\{\{[^{}]*\}\}|x{3,}|\*{3,}|\.{3}|_{3,}|example|sample", word):
        return True
    if word in words["words"] or word.startswith(tuple(words["starts"])) or word.endswith(tuple(words["ends"])):
        return True
    return re.search(_MARKED, word) is not None


def credential_of(text: str, name: str | None) -> Choice["credentials", "token", "private-key", "named"] | None:
    """Say by what a literal is taken for a credential: by what it looks like, or by a random text behind a name."""
    if "PRIVATE KEY-----" in text:
        return "private-key" if re.search(r"KEY-----[\s\\n]*[A-Za-z0-9+/=\s\\]{64}", text[:MAX_TEXT]) else None
    text = text[:MAX_TEXT].strip()
    shape = shape_of(text)
    if shape == "url with credentials":
        return "credentials" if _opens_elsewhere(text) else None
    if shape != "token" and not shape.startswith("hex"):
        return None
    rules = _rules()
    if _is_provided(text):
        tested = "EXAMPLE" in text.upper() or "_test_" in text or _entropy(text[6:]) < 3.0  # noqa: PLR2004
        return None if tested or any(re.fullmatch(form, text) for form in rules["tokens"]["published"]) else "token"
    named = name is not None and is_secret(name) and not re.search(_NAMES_ONLY, name)
    return "named" if named and _is_token(text) else None


def _opens_elsewhere(url: str) -> bool:
    """Whether the password of a URL opens something that others can reach: no word everybody takes, no local name."""
    found = re.search(_URL, url)
    password, user = (found["password"].lower(), found["user"].lower()) if found is not None else ("", "")
    host = re.split(r"[:/?#]", found["rest"], maxsplit=1)[0] if found is not None else ""
    invented = password in {user, *_rules()["placeholders"]["weak"]} or host.endswith((".example", ".test", ".invalid"))
    return "." in host and not invented and not re.search(r"(?i)(^|\.)example\.(com|org|net)$", host)


def shape_of_default(text: str) -> str:
    """Say what a value looks like that stands in the source, and whether its password opens what others can reach."""
    shape = shape_of(text)
    near = shape == "url with credentials" and not _opens_elsewhere(text[:MAX_TEXT].strip())
    return "internal url with credentials" if near else shape


def looks_secret(text: str) -> bool:
    """Whether a text holds something that must not be shown, judged by the text alone."""
    text = text[:MAX_TEXT]
    if "PRIVATE KEY-----" in text:
        return True
    return any(_word_is_secret(word) for word in re.split(r"[\s\"'`,;()]+", text) if len(word) > 7)  # noqa: PLR2004


def _word_is_secret(word: str) -> bool:
    url = re.search(_URL, word)
    if url is not None:
        if url["password"] and not _is_filler(url["password"]):
            return True
        hidden = re.search(
            r"[?&](?:\w*(?:token|key|secret|password)|sig\w*|x-amz-signature)=([^&\s]{8,})", word, re.IGNORECASE
        )
        return hidden is not None and not _is_filler(hidden[1])
    for part in (word, word.partition("=")[2], word.rpartition(":")[2]):
        if part and not is_placeholder(part) and (_is_token(part) or re.fullmatch(_JWT, part) is not None):
            return True
    return False


def _is_provided(word: str) -> bool:
    """Whether a word is a token in the form of a provider; `sk-kept-in-the-vault` only looks like one."""
    spoken = re.fullmatch(r"[a-z]+(?:[-_][a-z]+)*", word)
    return spoken is None and any(re.fullmatch(form, word) for form in _rules()["tokens"]["patterns"])


def _is_token(word: str) -> bool:
    """Whether a word is a provider's token, or random enough to be one."""
    if _is_provided(word):
        return True
    length = len(word)
    if re.search(r"(?i)abcdefghij|qwertyuiop", word):
        return False
    if re.fullmatch(r"[0-9a-fA-F]{20,}", word):
        return length != 32 and _entropy(word) > 3.0  # noqa: PLR2004  # 32: account ids and MD5
    if length < 20 or re.fullmatch(r"[A-Za-z0-9+/_-]+={0,2}", word) is None:  # noqa: PLR2004
        return False
    mixed = all(re.search(form, word) for form in (r"\d", "[a-z]", "[A-Z]"))
    return mixed and _entropy(word) > 4.5  # noqa: PLR2004


def _entropy(word: str) -> float:
    size = len(word)
    return -sum(n / size * log2(n / size) for n in Counter(word).values())


def tokens(name: str) -> tuple[str, ...]:
    """Split a name into its upper-case words: `jwtSecret` and `JWT_SECRET` are the same."""
    found = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", name[:256])
    return tuple(word.upper() for word in found)


def _has(words: tuple[str, ...], phrases: Sequence[str], where: str = "any") -> str | None:
    """Return the first phrase that occurs as whole words."""
    text = "_" + "_".join(words) + "_"
    for phrase in phrases:
        found = text.endswith(f"_{phrase}_") if where == "last" else f"_{phrase}_" in text
        if found:
            return phrase
    return None


@cache
def _name_evidence(name: str) -> tuple[tuple[int, str], ...]:
    """Return points and reasons that the name alone gives."""
    rules, words = _rules(), tokens(name)
    if name in rules["harmless"]["names"]:
        return ()
    last = words[-1:]
    evidence: list[tuple[int, str]] = []
    for row in rules["name"]:
        found = _has(words, row["words"], row.get("where", "any"))
        if found is not None:
            evidence.append((row["points"], f"the name says {found}"))
    store = _has(words, rules["datastore"]["words"]) if last and last[0] in rules["datastore"]["last"] else None
    if store is not None:
        evidence.append((rules["datastore"]["points"], f"the URL of a {store} store carries credentials"))
    elif last and last[0] in rules["address"]["last"]:
        evidence.append((rules["address"]["points"], f"the name ends in {last[0]}"))
    if last == ("KEY",):
        other = _has(words, rules["key"]["not_with"])
        if other is not None:
            evidence.append((rules["key"]["not_with_points"], f"a key of a store ({other})"))
        elif not evidence:
            evidence.append((rules["key"]["points"], "the name ends in KEY"))
    return tuple(evidence)


def _value_evidence(shape: str | None, name_score: int) -> tuple[int, str] | None:
    rows = _rules()["value"]
    for kind, row in rows.items():
        if shape in row["shapes"] and (kind != "weak" or name_score < _rules()["thresholds"]["secret"]):
            return row["points"], f"the value is shaped like: {shape}"
    return None


def classify(name: str, shape: str | None = None, uses: Sequence[str] = ()) -> Classification:
    """Weigh all evidence about one variable."""
    rules, words = _rules(), tokens(name)
    if shape == "publishable":
        return Classification(name, "public", 0, ("the value is one that a service hands out for browsers",), "high")
    evidence = list(_name_evidence(name))
    name_score = sum(points for points, _ in evidence)
    kinds = int(name_score > 0)
    value = _value_evidence(shape, name_score)
    if value is not None and not (value[0] < 0 and shape in rules["value"]["weak"]["shapes"] and name_score == 0):
        evidence.append(value)
        kinds += value[0] > 0
    weights = {use: rules["uses"].get(use, 0) for use in uses}
    for chosen in (
        max(weights.items(), key=lambda w: w[1], default=None),
        min(weights.items(), key=lambda w: w[1], default=None),
    ):
        if chosen is not None and chosen[1] != 0 and (chosen[1], f"it is used as: {chosen[0]}") not in evidence:
            evidence.append((chosen[1], f"it is used as: {chosen[0]}"))
            kinds += chosen[1] > 0
    return _verdict(name, words, evidence, kinds)


def _verdict(name: str, words: tuple[str, ...], evidence: list[tuple[int, str]], kinds: int) -> Classification:
    rules = _rules()
    score = sum(points for points, _ in evidence)
    reasons = tuple(f"{reason} ({points:+d})" for points, reason in evidence)
    published = _has(words, rules["public"]["words"])
    if published is not None:
        return Classification(name, "public", min(score, 0), (f"{published} is made to be published",), "high")
    harmless = _has(words, rules["harmless"]["last"], "last") or _has(words, rules["harmless"]["words"])
    harmless = harmless or _has(words[:1], rules["harmless"]["first"])
    if harmless is not None:
        return Classification(name, "config", min(score, 0), (f"{harmless} is a measure, switch or reference",), "high")
    identifier = _has(words, rules["sensitive"]["words"], "last")
    if identifier is not None:
        return Classification(name, "sensitive", min(score, 1), (f"{identifier} identifies, it does not open",), "high")
    conflicting = score > 0 and any(points < 0 for points, _ in evidence)
    if score >= rules["thresholds"]["secret"]:
        sure: Certainty = "high" if kinds > 1 and score >= rules["thresholds"]["strong"] else "medium"
        return Classification(name, "secret", score, reasons, "low" if conflicting else sure)
    if name.startswith(tuple(rules["public"]["prefixes"])):
        return Classification(name, "public", score, ("its prefix publishes it to browsers",), "high")
    return Classification(name, "config", score, reasons, "low" if score > 0 else "high" if score < 0 else "medium")


def is_secret(name: str) -> bool:
    """Whether the name alone is reason enough never to show the value."""
    return _by_name(name).kind == "secret"


@cache
def _by_name(name: str) -> Classification:
    return classify(name)


@cache
def made_by(name: str) -> Maker:
    """Say who makes a secret up: the service itself, it and another side together, or somebody else."""
    words, rules = tokens(name), _rules()["own"]
    if _has(words, rules["foreign"]) is not None and _has(words, rules["checks"]) is None:
        return "others"
    if _has(words, (*rules["checks"], *rules["words"])) is not None or set(words) <= set(rules["plain"]):
        return "service"
    return "both" if _has(words, rules["shared"]) is not None else "others"


def published_by(name: str) -> str | None:
    """Return the prefix by which a bundler publishes a variable."""
    return next((prefix for prefix in _rules()["public"]["prefixes"] if name.startswith(prefix)), None)


def unpublished(name: str) -> Classification:
    """Weigh what a variable would be without its public prefix; some keys are made for browsers."""
    bare = name.removeprefix(published_by(name) or "")
    verdict, made = classify(bare), _has(tokens(bare), _rules()["public"]["services"])
    trial = _has(tokens(bare), _rules()["public"]["trial"])
    if trial is not None:
        return Classification(name, "public", 0, (f"{trial} accounts are for everybody",), "medium")
    if made is not None and verdict.score <= _rules()["thresholds"]["secret"]:
        return Classification(name, "public", 0, (f"keys of {made} are made for browsers",), "medium")
    return verdict


@cache
def suggests_secret(name: str) -> bool:
    """Whether a name says, or hints, that it holds a secret: use may settle what `ADMIN_KEY` leaves open."""
    verdict = _by_name(name)
    return verdict.kind == "secret" or (verdict.kind == "config" and verdict.score > 0)


def plain_text(name: str, text: str | None) -> str | None:
    """Return a value that may be told in full: a switch, a measure or a word of a closed list; null for all others."""
    rules, bare = _rules()["plain"], (text or "")[:MAX_TEXT].strip()
    plain = bare.lower() in rules["words"] or (len(bare) <= rules["length"] and shape_of(bare) in rules["shapes"])
    hinted = suggests_secret(name) or _by_name(name).kind == "sensitive" or _has(tokens(name), rules["not_with"])
    return bare if plain and not hinted and may_show(name, bare) else None


@lru_cache(maxsize=8192)
def may_show(name: str | None, text: str) -> bool:
    """Whether a literal may be written out: neither the name nor the text suggests a secret.

    The address of a datastore is shown when it carries no credentials: `redis://localhost:6379` is what rules
    are about.
    """
    shape = shape_of(text)
    if looks_secret(text) or re.fullmatch(r"hex \d+", shape) or "credentials" in shape:
        return False
    if name is None or shape == "empty" or not any(character.isalnum() for character in text):
        return True
    verdict = _by_name(name)
    harmless = shape in {"boolean", "integer", "number", "duration", "url", "localhost url", "path", "reference"}
    if verdict.kind == "secret":
        address = any("carries credentials" in reason for reason in verdict.reasons)
        return address and len(verdict.reasons) == 1 and shape in {"url", "localhost url", "reference"}
    return harmless or verdict.score <= 0 or verdict.kind in {"public", "sensitive"}
