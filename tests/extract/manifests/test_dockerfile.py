"""What the shipped image sets and runs."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests.dockerfile import extract
from filot_lint.facts import ContainerSpec, EntryPoint, EnvProvision, EnvRead, Fact, Problem
from filot_lint.models import load_models
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
        ('CMD ["x"]\nENTRYPOINT ["node", "a.js"]', ("node", "a.js", "x")),
        ('ENTRYPOINT node a.js\nCMD ["ignored"]', ("node", "a.js")),
        ('ENTRYPOINT ["tini", "--", "/entry.sh"]\nCMD ["node", "a.js"]', ("/entry.sh", "node", "a.js")),
        ('ENTRYPOINT ["sh", "-c"]\nCMD ["exec node a.js"]', ("node", "a.js")),
        ("CMD cd api && npm run migrate && node a.js", ("node", "a.js")),
        ('CMD if [ -n "$X" ]; then node a.js; else node b.js; fi', ("node", "b.js")),
        ('CMD ["gosu", "app", "poetry", "run", "uvicorn", "app:app"]', ("uvicorn", "app:app")),
    ],
)
def test_command(text: str, command: tuple[str, ...]) -> None:
    (entry,) = [f for f in facts(f"FROM a\n{text}") if isinstance(f, EntryPoint)]

    assert entry.command == command


def test_a_new_entrypoint_forgets_an_inherited_command() -> None:
    found = [f for f in facts('FROM x AS a\nCMD ["old"]\nFROM a\nENTRYPOINT ["node"]') if isinstance(f, EntryPoint)]

    assert [f.command for f in found] == [("node",)]


def test_stages_that_are_built_by_name() -> None:
    text = (
        "FROM x AS base\nFROM base AS dev\nENV A=1\nCMD npm run dev\n"
        'FROM base AS build\nCMD ["never"]\nFROM base\nCOPY --from=build /a /a\nCMD ["node", "a.js"]'
    )
    found = facts(text)

    assert [(f.command, f.role, f.stage) for f in found if isinstance(f, EntryPoint)] == [
        (("node", "a.js"), "deployable", None),
        (("npm", "run", "dev"), "script", "dev"),
    ]
    assert not [f for f in found if isinstance(f, EnvProvision)]


def test_what_children_get_is_not_in_this_image() -> None:
    assert not [
        f for f in facts("FROM a\nONBUILD ENV A=1\nONBUILD RUN echo $B") if isinstance(f, EnvProvision | EnvRead)
    ]


@pytest.mark.parametrize(
    ("text", "files", "workdir"),
    [
        ("COPY a.sh /bin/b.sh", [("/bin/b.sh", "a.sh")], "/"),
        ("COPY a.sh /bin/", [("/bin/a.sh", "a.sh"), ("/bin", "a.sh")], "/"),
        ("WORKDIR /app\nCOPY . .", [("/app", ".")], "/app"),
        ("WORKDIR /app\nCOPY src ./src", [("/app/src", "src")], "/app"),
        ("ENV HOME_DIR=/srv\nWORKDIR $HOME_DIR/x\nCOPY a b", [("/srv/x/b", "a")], "/srv/x"),
        ('COPY --chown=1:1 ["a b", "/c"]', [("/c", "a b")], "/"),
        ("COPY *.json https://x/y $Z /c/", [], "/"),
        ("COPY --from=alpine /x /y", [], "/"),
        ("COPY <<E /x\nE\nCOPY a /b", [("/b", "a")], "/"),
    ],
)
def test_where_files_come_from(text: str, files: list[tuple[str, str]], workdir: str) -> None:
    (spec,) = [f for f in facts(f"FROM x\n{text}") if isinstance(f, ContainerSpec)]

    assert (list(spec.files), spec.workdir) == (files, workdir)


def test_files_are_followed_through_stages() -> None:
    text = (
        "FROM x AS build\nWORKDIR /app\nCOPY apps apps\nRUN make\nFROM build AS more\n"
        "FROM y\nCOPY --from=more /app/apps/api/dist /srv/dist\nCOPY --from=0 /app/dist /srv/all"
    )
    (spec,) = [f for f in facts(text) if isinstance(f, ContainerSpec)]

    assert spec.files == (("/srv/dist", "apps/api/dist"), ("/srv/all", "dist"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN python - <<EOF\nimport os\nos.environ['A']\nEOF", [("A", 4, 1)]),
        ("RUN <<EOF\n#!/usr/bin/env python3\nimport os\nos.getenv('A')\nEOF", [("A", 5, 1)]),
        ("RUN <<-EOF\n\techo $A\n\tEOF", [("A", 3, 8)]),
        ("RUN cat <<'EOF' > /x && echo $A\necho $B\nEOF", [("A", 2, 31)]),
        ("RUN cat <<A <<B && echo $C\n$D\nA\n$E\nB", [("C", 2, 26), ("D", 3, 2), ("E", 5, 2)]),
        ('CMD ["sh", "-c", "node a.js $A"]', [("A", 2, 30)]),
        ('HEALTHCHECK --interval=3s CMD ["/bin/sh", "-c", "curl :$A"]', [("A", 2, 57)]),
        ('HEALTHCHECK CMD ["curl", ":$A"]', []),
        ("HEALTHCHECK NONE", []),
        ('COPY <<"EOF" /x.sh\n#!/bin/sh\nexec node -p $A\nEOF', [("A", 4, 15)]),
        ("COPY <<EOF /x.sh\n#!/bin/sh\nexec node -p $A\nEOF", []),
        ("COPY <<EOF /x.py\nimport os\nos.environ['A']\nEOF", [("A", 4, 1)]),
        ("COPY <<EOF /etc/x.conf\nlisten $A\nEOF", []),
        ("ENV A=1\nRUN python -c 'import os; os.environ[\"A\"]'", []),
        ('SHELL ["powershell", "-Command"]\nRUN echo $A', []),
        ('SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN echo $A', [("A", 3, 11)]),
        ("EXPOSE ${PORT:-80}\nLABEL x=$Y\nENV A=$B", []),
    ],
)
def test_code_inside(text: str, expected: list[tuple[str, int, int]]) -> None:
    source = SourceFile("Dockerfile", f"FROM x\n{text}".encode(), Language.DOCKERFILE)
    found = [f for f in extract(source, load_models()) if isinstance(f, EnvRead)]

    assert [(f.name, f.line, f.column) for f in found] == expected
    assert {f.language for f in found} <= {"dockerfile"}


def test_what_instructions_bring() -> None:
    text = """FROM debian AS build
ARG TOKEN
RUN apt-get install -y gcc
FROM debian
COPY --from=build /usr/bin/jq /usr/bin/
COPY .env .env.example conf/prod.env /srv/
RUN set -e; DEBIAN_FRONTEND=x apt-get -y install \\
    curl=7.* wget && ./setup.sh
HEALTHCHECK CMD curl localhost
"""
    (spec,) = [f for f in facts(text) if isinstance(f, ContainerSpec)]
    (argument,) = [f for f in facts(text) if isinstance(f, EnvProvision)]

    assert spec.commands == (
        "jq", "bin", ".env", ".env.example", "prod.env", "srv", "set", "curl", "wget", "./setup.sh", "setup.sh",
    )  # fmt: skip
    assert [(name, at.line, at.column) for name, at in spec.dotenv] == [(".env", 6, 6), ("conf/prod.env", 6, 24)]
    assert spec.image_at is not None
    assert spec.health_check_at is not None
    assert (spec.image_at.line, spec.health_check_at.line) == (4, 9)
    assert argument.scope == "build"


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
        "FROM a\n" + "COPY a b\n" * 2_000,
        "".join(f"FROM s{i - 1} AS s{i}\nCOPY --from=s{i - 1} / /\nCOPY . .\n" for i in range(300)),
        "FROM a\n" + "".join(f"ENV A{i}=$A{i - 1}$A{i - 1}\n" for i in range(1, 60)) + "WORKDIR $A59\n",
        'FROM a\nCMD ["sh", "-c", "' + "$A " * 5_000 + '"]',
    ):
        facts(text)
    assert time.perf_counter() - begin < 20
