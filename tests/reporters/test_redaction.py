"""No value of a manifest, and no secret of the code, is in a code frame."""

from __future__ import annotations

import pytest

from filot_lint.reporters.frame import frame
from filot_lint.reporters.safe_text import width
from filot_lint.source import Language, Location, SourceFile

TOKEN = "gho_" + "0aB1cD2eF3" * 4
NAMES = {"JWT_SECRET", "REGION"}


def shown(line: str, language: Language) -> str:
    source = SourceFile("f", line.encode("utf-8", "surrogateescape"), language)
    result = frame(Location("f", 1, 1, 1, 2), {"f": source}, NAMES)
    assert result is not None
    return result.text


@pytest.mark.parametrize(
    ("language", "line", "text"),
    [
        (Language.DOTENV, "JWT_SECRET=canary", "JWT_SECRET=…"),
        (Language.DOTENV, "export A = 'canary'  # canary", "export A = …"),
        (Language.DOTENV, "# A=canary", "# A=…"),
        (Language.DOTENV, "canary", "…"),
        (Language.DOTENV, "EMPTY=", "EMPTY="),
        (Language.ECS, '  "value": "canary",', '  "value": "…",'),
        (Language.ECS, '{"name": "A", "value": "can\\"ary"}', '{"name": "A", "value": "…"}'),
        (Language.ECS, '"command": ["sh", "canary"]', '"command": ["…", "…"]'),
        (Language.ECS, '"image": "api:1", "cpu": 256', '"image": "api:1", "cpu": 256'),
        (Language.ECS, '"value": "canary', '"value": "…'),
        (Language.COMPOSE, "      A: canary", "      A: …"),
        (Language.COMPOSE, "      - A=canary", "      - A=…"),
        (Language.COMPOSE, "      canary of a block", "      …"),
        (Language.COMPOSE, "    environment:", "    environment:"),
        (Language.COMPOSE, "    image: api:1", "    image: api:1"),
        (Language.DOCKERFILE, "ENV A=canary B='can ary'", "ENV A=… B=…"),
        (Language.DOCKERFILE, "ENV A canary", "ENV A …"),
        (Language.DOCKERFILE, 'CMD ["node", "dist/index.js"]', 'CMD ["node", "dist/index.js"]'),
        (Language.DOCKERFILE, "HEALTHCHECK CMD curl -u me:canary http://a", "HEALTHCHECK CMD curl -u me:… http://a"),
        (Language.DOCKERFILE, 'RUN curl -H "A: Bearer canary" b', 'RUN curl -H "A: Bearer …" b'),
        (Language.ECS, '{"valueFrom": "arn:aws:ssm:a:1:parameter/b"}', '{"valueFrom": "arn:aws:ssm:a:1:parameter/b"}'),
        (Language.ECS, '{"valueFrom": "can ary"}', '{"valueFrom": "…"}'),
        (Language.KUBERNETES, "  - name: JWT_SECRET", "  - name: JWT_SECRET"),
        (Language.KUBERNETES, "    value: canary", "    value: …"),
        (Language.KUBERNETES, "  - {name: JWT_SECRET, value: canary}", "  - {name: …"),
        (Language.HOSTING, 'JWT_SECRET = "canary"', "JWT_SECRET = …"),
        (Language.MARKDOWN, "PORT=canary", "PORT=…"),
        (Language.MARKDOWN, "export JWT_SECRET='can ary'", "export JWT_SECRET…"),
        (Language.MARKDOWN, "| `JWT_SECRET` | canary |", "| `JWT_SECRET…"),
        (Language.MARKDOWN, "| `REGION` | eu |", "| `REGION` | eu |"),
        (Language.SHELL, 'JWT_SECRET="canary" run', "JWT_SECRET=… run"),
        (Language.SHELL, "echo ${JWT_SECRET:-canary} ${REGION:-eu}", "echo ${JWT_SECRET:-…} ${REGION:-eu}"),
        (Language.SHELL, f"curl -u {TOKEN} url", "curl -u … url"),
        (Language.PYTHON, 'os.getenv("JWT_SECRET", "canary")', 'os.getenv("JWT_SECRET", "…")'),
        (Language.PYTHON, 'jwt_secret: str = "canary"', 'jwt_secret: str = "…"'),
        (Language.PYTHON, 'os.getenv("REGION", "eu")', 'os.getenv("REGION", "eu")'),
        (Language.PYTHON, """f"can {os.environ['JWT_SECRET']} ary\"""", """f"…{os.environ['JWT_SECRET']}…\""""),
        (Language.PYTHON, 'jwt_secret = "{canary}"', 'jwt_secret = "…"'),
        (Language.TYPESCRIPT, "`${process.env.JWT_SECRET || 'canary'}`", "`${process.env.JWT_SECRET || '…'}`"),
        (Language.TYPESCRIPT, "env('JWT_SECRET'); // canary", "env('JWT_SECRET'); //…"),
        (Language.PYTHON, 'env("JWT_SECRET")  # canary', 'env("JWT_SECRET")  #…'),
        (Language.PYTHON, 'env("REGION")  # eu', 'env("REGION")  # eu'),
        (Language.TYPESCRIPT, "process.env.REDIS_URL ?? 'redis://a:6379'", "process.env.REDIS_URL ?? 'redis://a:6379'"),
        (Language.TYPESCRIPT, "process.env.REDIS_URL ?? 'redis://:canary@a'", "process.env.REDIS_URL ?? '…'"),
        (Language.TYPESCRIPT, "process.env.JWT_SECRET || `can'ary`", "process.env.JWT_SECRET || `…`"),
        (Language.TYPESCRIPT, "const jwtSecret = 'canary", "const jwtSecret = '…"),
        (Language.TYPESCRIPT, f"const a = '{TOKEN}';", "const a = '…';"),
        (Language.TYPESCRIPT, f"// {TOKEN}", "// …"),
        (Language.TYPESCRIPT, "const a = process.env.REGION ?? 'eu';", "const a = process.env.REGION ?? 'eu';"),
    ],
)
def test_what_of_a_line_is_shown(language: Language, line: str, text: str) -> None:
    assert shown(line, language) == text


def test_the_mark_follows_its_text() -> None:
    line = "\tcheck(漢, '\x1b', " + f"'{TOKEN}', here)"
    source = SourceFile("f", line.encode(), Language.TYPESCRIPT)
    column = line.index("here") + 1
    result = frame(Location("f", 1, column, 1, column + 4), {"f": source}, NAMES)
    assert result is not None
    assert result.text == "    check(漢, '\\x1b', '…', here)"
    wide = result.text.replace("漢", "漢 ")  # two columns
    assert wide[result.start : result.end] == "here"


def test_very_long_lines_are_cut_around_the_mark() -> None:
    line = "x" * 5000 + "here" + "y" * 5000
    result = frame(Location("f", 1, 5001, 1, 5005), {"f": SourceFile("f", line.encode(), Language.PYTHON)}, NAMES)
    assert result is not None
    assert len(result.text) < 200
    assert result.text[result.start : result.end] == "here"


@pytest.mark.parametrize("around", ["x", "漢", "e\u0301", "\t", "\ufe0f", "\u0e31"])
@pytest.mark.parametrize("widest", [40, 77, 160])
def test_lines_are_cut_by_columns(around: str, widest: int) -> None:
    source = SourceFile("f", (around * 300 + "here" + around * 300).encode(), Language.PYTHON)
    column = 300 * len(around) + 1
    result = frame(Location("f", 1, column, 1, column + 4), {"f": source}, NAMES, None, widest)
    assert result is not None
    assert width(result.text) <= widest
    before, found, _ = result.text.partition("here")
    assert (width(before), found) == (result.start, "here")
    assert result.end == result.start + 4


def test_a_mark_at_the_end_of_a_long_line_is_seen() -> None:
    source = SourceFile("f", b"x" * 300, Language.PYTHON)
    result = frame(Location("f", 1, 300, 1, 301), {"f": source}, NAMES, None, 50)
    assert result is not None
    assert (len(result.text), result.text[result.start : result.end]) == (49, "x")
    whole = frame(Location("f", 1, 1, 1, 301), {"f": source}, NAMES, None, 50)
    assert whole is not None
    assert (whole.start, whole.end) == (0, 48)


def test_places_outside_the_file_have_no_frame() -> None:
    source = SourceFile("f", b"one\n", Language.PYTHON)
    assert frame(Location("f", 9, 1, 9, 2), {"f": source}, NAMES) is None
    assert frame(Location("g", 1, 1, 1, 2), {"f": source}, NAMES) is None
    beyond = frame(Location("f", 1, 90, 4, 2), {"f": source}, NAMES)
    assert beyond is not None
    assert beyond.end == beyond.start + 1
