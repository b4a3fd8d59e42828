"""What the shipped image sets and runs."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.dockerfile import extract
from filot_lint.facts import ContainerSpec, EntryPoint, EnvProvision, EnvRead, Fact, Problem
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"

IMAGE = r"""# syntax=docker/dockerfile:1
ARG NODE=20
FROM --platform=$BUILDPLATFORM node:${NODE} AS base
WORKDIR /app
ENV NODE_ENV=production \
    # said in between
    PORT=8080 TITLE="two words"
ENV OLD some text

FROM base AS build
ARG NPM_TOKEN
ENV ONLY_HERE=x
RUN echo $NPM_TOKEN $NODE_ENV \
  # and $NOT_THIS

  && echo "$FROM_OUTSIDE" '$QUOTED' && X=1 && echo $X
RUN <<EOT
echo $IN_HEREDOC
EOT
RUN python3 <<'EOT'
print("$SILENT")
EOT

FROM base
WORKDIR src
COPY <<FILE /x
FROM not-a-stage
FILE
EXPOSE 8080 9090/udp
HEALTHCHECK --interval=3s CMD curl -f http://localhost:${PORT}/health || exit 1
ENTRYPOINT ["tini", "--"]
CMD exec node dist/index.js --queue $QUEUE
"""


def facts(text: str | bytes, path: str = "backend/Dockerfile") -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile(path, data, Language.DOCKERFILE), MODELS)


def test_only_the_shipped_stages_provide() -> None:
    provisions = [f for f in facts(IMAGE) if isinstance(f, EnvProvision)]

    assert [(p.name, p.channel, p.shape, p.line, p.column) for p in provisions] == [
        ("NODE", "image-arg", "integer", 2, 5),
        ("NODE_ENV", "image-env", "word", 5, 5),
        ("PORT", "image-env", "integer", 7, 5),
        ("TITLE", "image-env", "words", 7, 15),
        ("OLD", "image-env", "words", 8, 5),
        ("NPM_TOKEN", "image-arg", None, 11, 5),
    ]
    assert {p.manifest for p in provisions} == {"backend/Dockerfile"}


def test_reads_are_what_the_image_does_not_set() -> None:
    reads = [(f.name, f.line, f.column) for f in facts(IMAGE) if isinstance(f, EnvRead)]

    assert reads == [("FROM_OUTSIDE", 16, 13), ("IN_HEREDOC", 18, 7), ("QUEUE", 32, 38)]


def test_what_runs() -> None:
    (spec,) = [f for f in facts(IMAGE) if isinstance(f, ContainerSpec)]
    (entry,) = [f for f in facts(IMAGE) if isinstance(f, EntryPoint)]

    assert (spec.image, spec.ports) == ("node:${NODE}", ("8080", "9090/udp"))
    assert spec.health_check == ("CMD-SHELL", "curl -f http://localhost:${PORT}/health || exit 1")
    assert (entry.component, entry.workdir, entry.line) == ("backend", "/app/src", 32)
    assert entry.command == ("node", "dist/index.js", "--queue", "$QUEUE")


@pytest.mark.parametrize(
    ("path", "component"),
    [("Dockerfile", "app"), ("api/Dockerfile", "api"), ("backend/Dockerfile.gpu", "gpu"), ("gpu.Dockerfile", "gpu")],
)
def test_component(path: str, component: str) -> None:
    (entry,) = [f for f in facts('FROM a\nCMD ["node", "x.js"]', path) if isinstance(f, EntryPoint)]

    assert entry.component == component


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('ENTRYPOINT ["python", "-m"]\nCMD ["worker.main"]', ("python", "-m", "worker.main")),
        ('CMD ["sh", "-c", "migrate && exec uvicorn app:app"]', ("uvicorn", "app:app")),
        ("CMD ['not', 'json']", ("[not,", "json]")),
        ("CMD node a.js\nCMD node b.js", ("node", "b.js")),
        ('CMD ["x"]\nENTRYPOINT ["node", "a.js"]', ("node", "a.js")),
    ],
)
def test_command(text: str, command: tuple[str, ...]) -> None:
    (entry,) = [f for f in facts(f"FROM a\n{text}") if isinstance(f, EntryPoint)]

    assert entry.command == command


def test_escape_directive() -> None:
    found = facts("# escape=`\nFROM a\nENV A=1 `\n    B=C:\\x\n")

    assert [f.name for f in found if isinstance(f, EnvProvision)] == ["A", "B"]


def test_values_never_leave() -> None:
    text = (
        f"FROM a\nENV A={CANARY} B='{CANARY}'\nARG C={CANARY}\nENV D {CANARY}\n"
        f'CMD ["redis-server", "--requirepass", "hunter22", "--token={CANARY}"]\n'
        f'HEALTHCHECK CMD curl -H "Authorization: Bearer {CANARY}" http://x\n'
    )
    encoded = msgspec.json.encode(facts(text)).decode()

    assert CANARY not in encoded
    assert "hunter22" not in encoded


def test_broken_files() -> None:
    assert [f.line for f in facts("FROM a\n=?!\nENV A=1\nRUN <<EOF\n$B") if isinstance(f, Problem)] == [2, 4]
    assert facts("") == []
    with pytest.raises(SourceError):
        facts(b"FROM a\0")


def test_hostile_input() -> None:
    begin = time.perf_counter()
    msgspec.json.encode(facts(b'FROM \xff\nENV A=\xff\nRUN echo \xff $B\nCMD ["\\ud800"]\n'))
    for text in (
        "FROM a\nENV " + "A=1 " * 10_000,
        "FROM a\nRUN " + "echo $A \\\n" * 3_000,
        "FROM a\n" + "RUN echo $A\n" * 1_000,
        "FROM a\nCMD " + "[" * 40_000,
        "FROM a\nENV A=" + '"' * 39_999,
        "FROM a AS a\n" * 500,
        "FROM a\nRUN " + "<<A " * 5_000,
    ):
        facts(text)
    assert time.perf_counter() - begin < 20
