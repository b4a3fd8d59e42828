"""What `.env.example` files declare, and that no value leaves them."""

from __future__ import annotations

import io
import time
from typing import Any

import msgspec
import pytest
from dotenv import dotenv_values

from filot_lint.extract.dotenv import extract
from filot_lint.facts import CommittedEnvFile, CommittedVariable, EnvDeclaration, EnvSpelling, Fact, Problem
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"


def read(text: str | bytes, language: Language = Language.DOTENV) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile(".env.example", data, language), MODELS)


def spelled(text: str) -> list[tuple[str, str | None, int, int, int]]:
    facts = [fact for fact in read(text) if isinstance(fact, EnvSpelling)]
    return [(f.spelling, f.name, f.line, f.column, f.end_column) for f in facts]


def declared(text: str | bytes) -> dict[str, EnvDeclaration]:
    facts = read(text)
    assert not [fact for fact in facts if isinstance(fact, Problem)]
    return {fact.name: fact for fact in facts if isinstance(fact, EnvDeclaration)}


ORACLE = [
    "A=value # c",
    "B=v#c",
    "C=     # [REQUIRED] x",
    'D="q # h" # t',
    "E='$HOME'",
    "export F=x",
    "G = x",
    "H=two words",
    "I=$HOME/x",
    "J=pa$$word",
    'K="a\\nb"',
    'M="a\nb\nc"\nM2=1',
    "N=x  ",
    "S",
    "V=$(echo hi)",
    "U=`x`",
    "X=it's",
    "Y-Z=1",
    "  AD=1",
    "\tTAB=1",
    "D1=1\nD1=2",
    "# only a comment",
    "Q=''",
    'Q2=""',
    "W='single # quoted'   # tail",
    'P="esc \\" aped"',
    "lower_case=1",
    "dotted.key=1",
    "'quoted'=1",
    "EQ==x=y",
    "KEY= spaced",
    "U_NI=größe",
    "export  TWO=2",
    "EMPTY=\nNEXT=1",
    "BARE # comment",
]


@pytest.mark.parametrize("text", ORACLE)
def test_same_keys_as_python_dotenv(text: str) -> None:
    assert set(declared(text)) == set(dotenv_values(stream=io.StringIO(text)))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_same_keys_as_python_dotenv_in_one_file(ending: str) -> None:
    text = ending.join("\n".join(ORACLE).split("\n"))

    assert set(declared(text)) == set(dotenv_values(stream=io.StringIO(text, newline="")))


def test_the_place_is_that_of_the_name() -> None:
    facts = declared(b"\xef\xbb\xbfA=1\r\n  export B=2\r\n# C=3\r\n'D'=4")

    assert [(f.name, f.line, f.column, f.end_column) for f in facts.values()] == [
        ("A", 1, 1, 2),
        ("B", 2, 10, 11),
        ("C", 3, 3, 4),
        ("D", 4, 2, 3),
    ]


def test_shapes_stand_for_values() -> None:
    facts = declared("A=\nB=redis://localhost:6379 # local\nC='true'\nD\nE=    # [REQUIRED] text\nF=\"one\ntwo\"")

    assert {name: fact.shape for name, fact in facts.items()} == {
        "A": "empty",
        "B": "localhost url",
        "C": "boolean",
        "D": "absent",
        "E": "empty",
        "F": "text",
    }
    assert [name for name, fact in facts.items() if fact.inline_comment] == ["B", "E"]


def test_sections_come_from_banners() -> None:
    facts = declared(
        "# ======\n# The whole file\n# ======\n# Copy it to .env\n# All [REQUIRED] ones must be set\n# ======\n\n"
        "A=1\n\n# ------\n# Database [REQUIRED]\n# ------\nB=1\n\nC=1\n\n# === Mail ===\nD=1\n\n## Logging\nE=1\n"
        "\n# just words\nF=1\n"
        "\n# Cache\n# -----\nG=1\n"
    )

    assert {name: fact.section for name, fact in facts.items()} == {
        "A": "The whole file",
        "B": "Database",
        "C": "Database",
        "D": "Mail",
        "E": "Logging",
        "F": "Logging",
        "G": "Cache",
    }
    assert {name for name, fact in facts.items() if fact.required} == {"B", "C"}
    assert facts["F"].comment == "just words"


@pytest.mark.parametrize(
    ("comment", "required", "condition"),
    [
        ("# [REQUIRED] The key", True, None),
        ("# [REQUIRED in production] The key", True, "production"),
        ("# [required for queue operations]", True, "queue operations"),
        ("# [OPTIONAL] The key", False, None),
        ("# The key (required)", True, None),
        ("# The key (optional)", False, None),
        ("# The key (required in production)", True, "production"),
        ("# Required: the key", True, None),
        ("# Optional. The key", False, None),
        ("# Required in production", True, "production"),
        ("# The key, optional", False, None),
        ("# Must be set in production", True, "production"),
        ("# Not required locally", False, None),
        ("# @required", True, None),
        ("# @required=false", False, None),
        ("# @optional @sensitive", False, None),
        ("# Password (if required)", False, None),
        ("# [CRITICAL] rotate it", None, None),
        ("# Requires a restart", None, None),
        ("# Optional features are listed here", None, None),
    ],
)
def test_requirement(comment: str, required: bool | None, condition: str | None) -> None:  # noqa: FBT001
    above, trailing = declared(f"{comment}\nA=1")["A"], declared(f"A= {comment}")["A"]

    assert (above.required, above.condition) == (required, condition)
    assert (trailing.required, trailing.condition) == (required, condition)


def test_own_marker_beats_the_banner() -> None:
    facts = declared("# ---\n# Redis [REQUIRED in production]\n# ---\nA=1 # [OPTIONAL]\nB=1")

    assert (facts["A"].required, facts["A"].condition) == (False, None)
    assert (facts["B"].required, facts["B"].condition) == (True, "production")


def test_comments_belong_to_their_key() -> None:
    facts = declared(
        "# above A\n# and more\nA=1\nB=1   # behind B\n      # Format: x\nC=1\n\n# a lonely remark\n\nD=1\n# last\n"
    )

    assert {name: fact.comment for name, fact in facts.items()} == {
        "A": "above A and more",
        "B": "behind B. Format: x",
        "C": None,
        "D": None,
    }


@pytest.mark.parametrize(
    "line",
    [
        "# REDIS_CA=/etc/ca.pem",
        "#REDIS_CA=",
        "# export REDIS_CA=1",
        "# REDIS_CA=my app # note",
        "#redis_ca=1",
        '# REDIS_CA="a b c"',
    ],
)
def test_declarations_switched_off(line: str) -> None:
    (fact,) = declared(line).values()

    assert fact.commented_out
    assert fact.name.upper() == "REDIS_CA"


@pytest.mark.parametrize(
    "line",
    [
        "# NOTE: X=1 means on",
        "# see https://x.io/?a=b",
        "# X = 1",
        "# NODE_ENV=production turns the cache on",
        "# mode=fast",
        "# a b=c",
    ],
)
def test_prose_is_no_declaration(line: str) -> None:
    assert declared(line) == {}


def test_duplicates_point_to_the_first_active_line() -> None:
    facts = [f for f in read("# A=0\nA=1\nA=1\nA=2\n# A=3") if isinstance(f, EnvDeclaration)]

    assert [(f.line, f.repeats, f.differs) for f in facts] == [
        (1, None, False),
        (2, None, False),
        (3, 2, False),
        (4, 2, True),
        (5, None, False),
    ]


def test_malformed_lines_are_told_and_the_rest_is_read() -> None:
    text = 'R:yaml\ntwo words\nO="unterminated\nP="x" tail\nGOOD=1\n'

    assert [(line, kind, name) for kind, name, line, *_ in spelled(text)] == [
        (1, "colon", None),
        (2, "no-declaration", None),
        (3, "unclosed-quote", "O"),
        (4, "text-after-quote", "P"),
    ]
    assert [f.name for f in read(text) if isinstance(f, EnvDeclaration)] == ["O", "P", "GOOD"]


def test_values_never_leave() -> None:
    text = "\n".join(
        [
            f"A={CANARY}",
            f"# B={CANARY}",
            f'C="{CANARY}\n{CANARY}"',
            f"# the key is {CANARY}",
            f"D=1 # was {CANARY}",
            "# JWT_SECRET=hunter22 in development only",
            "E=1",
            f"broken line {CANARY}",
            f'F="{CANARY}',
            CANARY,
            f"{CANARY}==",
            "q7Rk2ZpW9sLx4VbT8nYd",
            "G=1 # was q7Rk2ZpW9sLx4VbT8nYd",
        ]
    )
    encoded = msgspec.json.encode(read(text)).decode()

    assert CANARY not in encoded
    assert "hunter22" not in encoded
    assert "q7Rk2" not in encoded
    assert '"E"' in encoded


def test_a_comment_about_formats_stays() -> None:
    fact = declared("A= # Format: postgresql://user:pass@host:port/db")["A"]

    assert fact.comment == "Format: postgresql://user:pass@host:port/db"


def test_hostile_input() -> None:
    begin = time.perf_counter()
    long = "A=" + "x" * 40_000
    (problem,) = [f for f in read(f"{long}\nB=1") if isinstance(f, Problem)]
    assert problem.line == 1
    assert read("# " + "-a" * 8_000 + "\n" + "#" * 16_000 + "\n" + "'" * 16_000 + "\n" + '"' * 16_000)
    msgspec.json.encode(read(b"A=\xff\xfe # \xe9t\xe9\n\xff=1\n"))
    read("\n".join(f'K{i}="' for i in range(2_000)))
    assert time.perf_counter() - begin < 5
    with pytest.raises(SourceError, match="not a text file"):
        read(b"A=1\0")
    assert read("") == []


SPELLINGS = [
    ("A=value # c", [("inline-comment", 9, 12)]),
    ("B=v#c", [("hash", 4, 5)]),
    ("B=#fff", [("hash", 3, 4)]),
    ("C=     # [REQUIRED] x", [("comment-as-value", 8, 22)]),
    ("C=# x", [("comment-touching", 3, 6)]),
    ('D="q # h" # t', [("quotes", 3, 10), ("quoted-comment", 11, 14)]),
    ("E='$HOME'", [("quotes", 3, 10), ("quoted-dollar", 4, 5)]),
    ("E='${HOME}'", [("quotes", 3, 12), ("quoted-braces", 4, 5)]),
    ("export F=x", [("export", 1, 7)]),
    ("G =x", [("blank-before-equals", 2, 3)]),
    ("G= x", [("blank-after-equals", 3, 4)]),
    ("G=  ", []),
    ("H=two words", [("words", 7, 12)]),
    ("I=$HOME/x", [("bare-reference", 3, 8)]),
    ("I=${OTHER}/x", [("reference", 3, 11)]),
    ("J=pa$$word", [("dollar", 5, 6)]),
    ("J=us$", []),
    ('M="a\nb" # t', [("multi-line", 3, 5)]),
    ("N=x  ", [("trailing-blank", 4, 6)]),
    ('O="unterminated', [("unclosed-quote", 3, 16)]),
    ('P="x" tail', [("text-after-quote", 3, 11)]),
    ("S", [("no-equals", 1, 2)]),
    ("R: yaml", [("colon", 1, 8)]),
    ("V=$(echo hi)", [("command-substitution", 3, 5)]),
    ("U=`x`", [("backticks", 3, 6)]),
    ("X=it's", [("inner-quote", 5, 6)]),
    ("Y-Z=1", [("invalid-name", 1, 4)]),
    ("1A=x", [("digit-first", 1, 3)]),
    ("'Q'=1", [("invalid-name", 2, 3)]),
    ("  AD=1", [("indented", 1, 3)]),
    ("URL=http://x/?a=1&b=2", [("shell-character", 18, 19)]),
    ('J={"a":1}', [("inner-quote", 4, 5)]),
    ('EMPTY=""', []),
    ("# A=value # c", []),
    ("<<<<<<< HEAD", [("no-declaration", 1, 13)]),
]


@pytest.mark.parametrize(("text", "wanted"), SPELLINGS, ids=[text for text, _ in SPELLINGS])
def test_how_a_line_is_written(text: str, wanted: list[tuple[str, int, int]]) -> None:
    assert [(kind, begin, end) for kind, _, _, begin, end in spelled(text)] == wanted


def test_a_reference_is_told_by_the_names_of_the_file() -> None:
    assert [kind for kind, *_ in spelled("HOSTED=x\nA=$HOSTED\nB=$UNKNOWN")] == ["bare-reference", "dollar"]


def test_a_committed_file_declares_nothing_and_keeps_its_values() -> None:
    facts = read(f"A={CANARY}\nB=\n# C=1\nD=a # b", Language.ENV_FILE)

    assert [type(fact) for fact in facts] == [CommittedEnvFile, CommittedVariable, CommittedVariable, EnvSpelling]
    assert [(f.name, f.line, f.shape) for f in facts if isinstance(f, CommittedVariable)] == [
        ("A", 1, "token"),
        ("D", 4, "word"),
    ]
    assert CANARY not in msgspec.json.encode(facts).decode()


@pytest.mark.parametrize(
    ("text", "encrypted"),
    [
        (b"A=1", False),
        (b'A="encrypted:BNr24F4vW9CQ37LOXeRgOL6QlwtJfAoAVXtSdSfpicPDHtqo2bhbqoZ6"', True),
        (b"A=ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops_version=3.8.1", True),
        (b"\0GITCRYPT\0\x01\x02", True),
    ],
)
def test_encrypted_files(text: bytes, encrypted: bool) -> None:  # noqa: FBT001
    (file,) = [fact for fact in read(text, Language.ENV_FILE) if isinstance(fact, CommittedEnvFile)]

    assert file.encrypted is encrypted


def test_a_flood_of_spellings_is_cut() -> None:
    text = "\n".join(f"K{i}=`$(x) # 'y\" &&" for i in range(20_000))
    begin = time.perf_counter()

    assert len(spelled(text)) == 2000
    assert time.perf_counter() - begin < 10


def test_a_suppression_says_nothing_about_the_variable() -> None:
    text = "# where it is\n# filot-lint: ignore[FIL102] required by the vendor's image\nREVIEW_URL=\n"
    (found,) = declared(text).values()
    assert (found.comment, found.required) == ("where it is", None)
