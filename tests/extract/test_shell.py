"""Which variables a script takes from its environment."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.shell import extract
from filot_lint.facts import Default, EnvFile, EnvRead, Fact, ImageBuild, Problem
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("scripts/deploy.sh", data, Language.SHELL), MODELS)


def reads(text: str) -> list[EnvRead]:
    return [fact for fact in facts(text) if isinstance(fact, EnvRead)]


def names(text: str) -> list[str | None]:
    return [read.name for read in reads(text)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("echo $A ${B}", ["A", "B"]),
        ('echo "$A and ${B%%.*} ${#C} ${D[0]}"', ["A", "B", "C", "D"]),
        ("A=1; echo $A", []),
        ("echo $A; A=1; echo $A", ["A"]),
        ("for A in x y; do echo $A; done", []),
        ("read -r A B; echo $A $B", []),
        ("while IFS= read -r LINE; do echo $LINE; done", []),
        ("getopts ab: OPT; echo $OPT", []),
        ("printf -v A x; echo $A", []),
        ("declare -A MAP; echo ${MAP[x]}", []),
        ("f() { local A=1; echo $A; }", []),
        ("f() { local A=1; }; echo $A", ["A"]),
        ("f() { echo $A; }; A=1; f", []),
        ('f() { if [ -z "$A" ]; then A=1; fi; }', ["A"]),
        ("A=1 cmd; echo $A", ["A"]),
        ("echo $1 $# $? $@ $name $IFS $RANDOM ${BASH_SOURCE[0]}", []),
        ("echo $HOME $http_proxy", ["HOME", "http_proxy"]),
        ("echo '$A' # $B", []),
        ('echo "\\$A \\${B}"', []),
        ("awk '{print $1 $NF}'", []),
        ("cat <<EOF\n$A\nEOF\n", ["A"]),
        ("cat <<'EOF'\n$A\nEOF\n", []),
        ("echo $(( A + 1 ))", ["A"]),
        ("printenv A", ["A"]),
        ("docker run -e A -e B=1 --env=C -e D=$E img", ["E", "A", "C"]),
        ("RED='\\033'; NC='\\033'; echo -e \"${RED}x${NC}\"", []),
        ('PATH="$PATH:/opt"; echo $PATH', ["PATH"]),
    ],
)
def test_names(code: str, expected: list[str]) -> None:
    assert names(code) == expected


def test_place_is_that_of_the_name() -> None:
    (read,) = reads('# é\necho "é ${REDIS_URL}"')

    assert (read.line, read.column, read.end_column) == (2, 11, 20)


@pytest.mark.parametrize(
    ("code", "access", "default", "required"),
    [
        ("echo $A", "read", None, None),
        ("A=${A:-x}; echo $A", "read", Default("literal", "x"), False),
        ('A="${A:-x}"', "read", Default("literal", "x"), False),
        ("A=${A-}", "read", Default("empty", ""), False),
        (": ${A:=x}", "read", Default("literal", "x"), False),
        ("A=${A:-$HOST}", "read", Default("env", "HOST"), False),
        ("B=1; A=${A:-$B}", "read", Default("expression"), False),
        ("A=${A:-$(date)}", "read", Default("expression"), False),
        (": ${A:?must be set}", "read", None, True),
        ("echo ${A:+set}", "presence", None, False),
        ("echo ${A+x}", "presence", None, False),
        ("[ -n $A ]", "presence", None, None),
        ("[[ -v A ]]", "presence", None, None),
        ("test -z $A", "presence", None, None),
        ("[ -z $A ] && exit 1", "presence", None, True),
        ("[ -n $A ] || { echo no; exit 1; }", "presence", None, True),
        ("if [[ -z $A ]]; then echo no; exit 1; fi", "presence", None, True),
        ("if [ -z $A ]; then echo no; fi", "presence", None, None),
        ("if [ -z $A ]; then echo no; else exit 1; fi", "presence", None, None),
        ("A=${A:-}; if [ -z $A ]; then exit 1; fi", "read", Default("empty", ""), True),
    ],
)
def test_meaning(code: str, access: str, default: Default | None, required: bool | None) -> None:  # noqa: FBT001
    read = reads(code)[0]

    assert (read.name, read.access, read.default, read.required) == ("A", access, default, required)


def test_exports_are_writes() -> None:
    assert [(r.name, r.access) for r in reads("export A=1\nexport B=${B:-2}")] == [("B", "read"), ("A", "write")]


def test_loops_over_names_are_presence_tests() -> None:
    code = 'required=(A B)\nfor v in "${required[@]}" "C"; do if [ -z "${!v:-}" ]; then exit 1; fi; done'

    assert [(r.name, r.access, r.required, r.line) for r in reads(code)] == [
        ("A", "presence", True, 1),
        ("B", "presence", True, 1),
        ("C", "presence", True, 2),
    ]


def test_a_sourced_library_may_set_names() -> None:
    (read,) = reads("source lib/colors.sh; echo $RED")

    assert read.reason == "lib/colors.sh may set it"


def test_env_files() -> None:
    code = "D=backend\nsource $D/.env\n. ./prod.env\ndocker run --env-file=.env x\n"
    code += "export $(grep -v '^#' .env | xargs)\ncp .env b"
    found = [(f.path, f.channel, f.line) for f in facts(code) if isinstance(f, EnvFile)]

    assert found == [
        ("backend/.env", "shell", 2),
        ("./prod.env", "shell", 3),
        (".env", "docker", 4),
        (".env", "shell", 5),
    ]


@pytest.mark.parametrize(
    ("code", "dockerfile", "image"),
    [
        ("docker build -t filot-api .", "Dockerfile", "filot-api"),
        ("docker build -t ghcr.io/x/filot-api:1 backend", "backend/Dockerfile", "filot-api"),
        (
            'R=worker; docker build --file Dockerfile.gpu --tag "$REG/$R:$TAG" --build-arg A=b .',
            "Dockerfile.gpu",
            "worker",
        ),
        ("R=${R:-worker}; docker buildx build -f a/Dockerfile -t $R:${T:-$(git x)} a", "a/Dockerfile", "worker"),
    ],
)
def test_image_builds(code: str, dockerfile: str, image: str) -> None:
    (build,) = [f for f in facts(code) if isinstance(f, ImageBuild)]

    assert (build.dockerfile, build.image) == (dockerfile, image)


def test_images_built_by_a_function_are_those_of_its_calls() -> None:
    code = """
    push() {
      local name="$1" file="$2"
      docker build -f "$file" -t "$REGISTRY/filot-$name:$TAG" .
    }
    push api Dockerfile
    push gpu Dockerfile.gpu
    push "$OTHER" Dockerfile.other
    """

    assert [(f.dockerfile, f.image) for f in facts(code) if isinstance(f, ImageBuild)] == [
        ("Dockerfile", "filot-api"),
        ("Dockerfile.gpu", "filot-gpu"),
    ]


def test_unknown_images_are_not_guessed() -> None:
    assert not [f for f in facts("docker build -t $IMAGE .") if isinstance(f, ImageBuild)]


def test_secret_defaults_are_redacted() -> None:
    found = facts(f"A=${{JWT_SECRET:-hunter22}}\nB=${{PORT:-{CANARY}}}\nC=${{REDIS_URL:-redis://:s3cr3tvalue@h:1}}")
    encoded = msgspec.json.encode(found).decode()

    assert not any(text in encoded for text in ("hunter22", CANARY, "s3cr3tvalue"))
    assert [f.default.kind for f in found if isinstance(f, EnvRead) and f.default] == ["redacted"] * 3


def test_broken_scripts_still_give_facts() -> None:
    found = facts("echo $A\nif [ ; then (((\n")

    assert any(isinstance(f, Problem) for f in found)
    assert any(isinstance(f, EnvRead) and f.name == "A" for f in found)


def test_hostile_input() -> None:
    begin = time.perf_counter()
    msgspec.json.encode(facts(b"echo \xff$A \xe9${B:-\xff}\n"))
    for code in (
        "(" * 20_000,
        "$(" * 3_000,
        "${A:-" * 2_000,
        "a && " * 3_000,
        "[ -z $A ] && " * 1_000 + "exit 1",
        "A0=x\n" + "".join(f'A{i}="{f"$A{i - 1}" * 50}"\n' for i in range(1, 30)) + "docker build -t $A29 .",
        "A=$A;" * 3_000,
        "x" * 40_000,
    ):
        facts(code)
    assert time.perf_counter() - begin < 20
    with pytest.raises(SourceError):
        facts(b"echo \0")
