"""Which variables a script takes from its environment."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.shell.shell import extract
from filot_lint.facts import Default, EntryPoint, EnvFile, EnvRead, Fact, ImageBuild, Problem
from filot_lint.models import load_models
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("scripts/deploy.sh", data, Language.SHELL), MODELS)


def reads(text: str) -> list[EnvRead]:
    return [fact for fact in facts(text) if isinstance(fact, EnvRead)]


def names(text: str) -> list[str | None]:
    return [read.name for read in reads(text) if read.access != "write"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("echo $A ${B}", ["A", "B"]),
        ('echo "$A and ${B%%.*} ${#C} ${D[0]}"', ["A", "B", "C", "D"]),
        ("A=1; echo $A", []),
        ("echo $A; A=1; echo $A", ["A"]),
        ('A="${A:-}"; [ -n "$A" ] && A="${A#x}"', ["A"]),
        ('A="${A:-$B}"; A="${A:-d}"', ["A", "A", "B"]),
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
        ('cat <<EOF\n  $A\nx: ${B}\n  ${C:-d} $D\n\t"$E"\n  \\$F\nEOF\n', ["A", "B", "C", "D", "E"]),
        ("cat <<-EOF\n\t$A\n\tEOF\n", ["A"]),
        ('cat <<"EOF"\n  $A\nEOF\n', []),
        ("echo $(( A + 1 ))", ["A"]),
        ("printenv A", ["A"]),
        ("docker run -e A -e B=1 --env=C -e D=$E img", ["E", "A", "C"]),
        ("RED='\\033'; NC='\\033'; echo -e \"${RED}x${NC}\"", []),
        ('PATH="$PATH:/opt"; echo $PATH', ["PATH"]),
        ("unset A; echo $A", []),
        ("A+=x; echo $A", ["A"]),
        (": ${A:=x}; echo $A", ["A"]),
        ("[ -z $(cmd $A) ]", ["A"]),
        ("case $A in x) echo $B;; esac", ["A", "B"]),
        ("B=($A); echo ${B[@]} ${#B[@]} ${!B[@]}", ["A"]),
        ("declare -A M=([k]=$A); for k in ${!M[@]}; do echo ${M[$k]}; done", ["A"]),
        ("echo ${A,,} ${B^^} ${C:0:3} ${D//x/y} ${E@Q} ${#F}", ["A", "B", "C", "D", "E", "F"]),
        ("for ((I=0; I<3; I++)); do echo $I; done", []),
        ("perl -e 'print $ENV{A}'; sed 's/$A/x/'; grep '$B' f; jq '.x | $C'", []),
        ("echo \"it's $A\" 'it is $B'", ["A"]),
        ('"$A" --version; ${B:-python} x', ["A", "B"]),
    ],
)
def test_names(code: str, expected: list[str]) -> None:
    assert sorted(map(str, names(code))) == sorted(expected)


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
        ("A=${A:-${HOST:-x}}", "read", Default("env", "HOST"), False),
        ("[[ ! -v A ]] && exit 1", "presence", None, True),
        ('[ "$A" ] || exit 1', "presence", None, True),
        ('if [ ! "$A" ]; then exit 1; fi', "presence", None, True),
        ('if ! [ -n "$A" ]; then exit 1; fi', "presence", None, True),
        ('test ! -z "$A" || exit 1', "presence", None, True),
        ('if [ -n "$A" ]; then echo; else exit 1; fi', "presence", None, True),
        ('if [ -z "$A" ] || [ -z "$B" ]; then exit 1; fi', "presence", None, True),
        ("if [[ -z $A || -z $B ]]; then exit 1; fi", "presence", None, True),
        ('if [ -z "$A" ] && [ -z "$B" ]; then exit 1; fi', "presence", None, None),
        ("if [[ -z $A && -z $B ]]; then exit 1; fi", "presence", None, None),
        ('if [ -z "$A" -a -z "$B" ]; then exit 1; fi', "presence", None, None),
        ('[ "$MODE" = x ] && [ -z "$A" ] && exit 1', "presence", None, None),
        ('[ -z "$A" ] && exit 0', "presence", None, None),
        ('if [ -z "$URL" ]; then if [ -n "$A" ] && [ -n "$B" ]; then x; else exit 1; fi; fi', "presence", None, None),
        ('if [ -z "$A" ]; then if [ -n "$B" ]; then A=x; else exit 1; fi; fi', "presence", None, None),
        ('if [ -n "$A" ]; then x; elif y; then z; else exit 1; fi', "presence", None, None),
        ('case $MODE in s3) [ -z "$A" ] && exit 1;; esac', "presence", None, None),
        ('check() { if [ -z "$A" ]; then exit 1; fi; }', "presence", None, True),
        ('is_set() { [ -n "$A" ] || return 1; }', "presence", None, None),
        ('[ "$A" = production ] && exit 1', "read", None, None),
        ('[ -z "$A" ] && A=x', "read", Default("literal", "x"), False),
        ('if [ -z "$A" ]; then export A=x; fi', "read", Default("literal", "x"), False),
        ('if [ -z "$A" ]; then A=$HOST; fi', "read", Default("env", "HOST"), False),
    ],
)
def test_meaning(code: str, access: str, default: Default | None, required: bool | None) -> None:  # noqa: FBT001
    read = next(read for read in reads(code) if read.name == "A" and read.access != "write")

    assert (read.name, read.access, read.default, read.required) == (
        "A",
        access,
        default,
        required,
    )


def test_exports_are_writes() -> None:
    assert [(r.name, r.access) for r in reads("export A=1\nexport B=${B:-2}")] == [("B", "read"), ("A", "write")]
    assert [(r.name, r.access) for r in reads("A=1 B=2 node x\nenv C=3 node y\nIFS=, read d")] == [
        ("A", "write"),
        ("B", "write"),
        ("C", "write"),
    ]


def test_loops_over_names_are_presence_tests() -> None:
    code = 'required=(A B)\nfor v in "${required[@]}" "C"; do if [ -z "${!v:-}" ]; then exit 1; fi; done'

    assert [(r.name, r.access, r.required, r.line) for r in reads(code)] == [
        ("A", "presence", True, 1),
        ("B", "presence", True, 1),
        ("C", "presence", True, 2),
    ]


FILE_ENV = """
file_env() {
    local var="$1"
    local fileVar="${var}_FILE"
    local def="${2:-}"
    if [ "${!var:-}" ] && [ "${!fileVar:-}" ]; then
        echo >&2 "both $var and $fileVar are set"
        exit 1
    fi
    local val="$def"
    if [ "${!var:-}" ]; then
        val="${!var}"
    elif [ "${!fileVar:-}" ]; then
        val="$(< "${!fileVar}")"
    fi
    export "$var"="$val"
    unset "$fileVar"
}
file_env 'DB_PASSWORD'
file_env "DB_USER" postgres
"""


def test_functions_that_read_by_name() -> None:
    found = {(r.name, r.access, r.line, r.column) for r in reads(FILE_ENV)}

    assert found == {
        ("DB_PASSWORD", "read", 19, 11),
        ("DB_PASSWORD_FILE", "read", 19, 11),
        ("DB_USER", "read", 20, 11),
        ("DB_USER_FILE", "read", 20, 11),
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("name=A; echo ${!name}", ["A"]),
        ('check() { [ -z "${!1}" ] && exit 1; }; check A; check B', ["A", "B"]),
        ('check() { for v in "$@"; do [ -n "${!v}" ] || exit 1; done; }; check A B', ["A", "B"]),
        ('for v in A B; do check $v; done; check() { echo "${!1}"; }', ["A", "B"]),
        ('list="A B"; for v in $list; do echo "${!v}"; done', ["A", "B"]),
        ('list="\n A\n B\n"; for v in $list; do echo "${!v}"; done', ["A", "B"]),
        ('for v in A B; do eval "x=\\$$v"; done', ["A", "B"]),
        ('for v in A B; do eval x="\\${$v:-}"; done', ["A", "B"]),
        ('for v in a b; do echo "$(v=${v^^}_KEY; echo ${!v})"; done', []),
        ("name=A; printenv $name", ["A"]),
        ("v=A; [[ -v $v ]] || exit 1", ["A"]),
        ("A=1; name=A; echo ${!name}", []),
        ('outer() { inner "$1"; }; inner() { echo "${!1}"; }; outer A', ["A"]),
        ("envsubst '$A ${B}' < x", ["A", "B"]),
        ("export A=${A:-1}; envsubst '$A ${B}' < x", ["A", "B"]),
    ],
)
def test_names_that_are_computed(code: str, expected: list[str]) -> None:
    assert [name for name in names(code) if name is not None] == expected


@pytest.mark.parametrize(
    ("code", "access", "pattern"),
    [
        ('echo "${!1}"', "read", None),
        ("for v in ${!APP_@}; do echo; done", "read", "APP_.*"),
        ("for v in ${!APP_*}; do echo; done", "read", "APP_.*"),
        ('v="APP_$1"; echo ${!v}', "read", "APP_.*"),
        ("for v in $(env | grep '^APP_' | cut -d= -f1); do echo; done", "read", "APP_.*"),
        ("envsubst < a.template > a", "copy", None),
    ],
)
def test_names_that_stay_unknown(code: str, access: str, pattern: str | None) -> None:
    (read,) = [read for read in reads(code) if read.name is None]

    assert (read.access, read.pattern) == (access, pattern)
    assert read.reason


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("bash -c 'echo $A'", [("A", 1, 16)]),
        ("A=1; bash -c 'echo $A'", []),
        ('sh -c "echo \\$A $B"', [("B", 1, 18)]),
        ('sh -c "echo \\$A"', [("A", 1, 15)]),
        ("trap 'rm $A' EXIT", [("A", 1, 11)]),
        ("su postgres -c 'psql $A'", [("A", 1, 23)]),
        ("ssh host 'echo $A'; docker exec x sh -c 'echo $B'", []),
        ("ssh host <<'END'\necho $A\nEND", []),
        ("bash <<'END'\n  echo $A\nEND", [("A", 2, 9)]),
        ("python3 - <<'END'\nimport os\nx = os.environ['A']\nEND", [("A", 3, 5)]),
        ("python3 - <<-END\n\timport os\n\tx = os.environ['A']\n\tEND", [("A", 3, 6)]),
        ("python -c 'import os; os.getenv(\"A\")'", [("A", 1, 23)]),
        ('python -c "import os; os.environ[\\"A\\"]"', [("A", 1, 23)]),
        ("node -e 'console.log(process.env.A)'", [("A", 1, 22)]),
        ("poetry run python -c 'import os; os.getenv(\"A\")'", [("A", 1, 34)]),
        ("cat <<'END' > x.py\nimport os\nos.environ['A']\nEND", []),
        ("python manage.py <<'END'\nimport os\nos.environ['A']\nEND", []),
    ],
)
def test_programs_inside_a_script(code: str, expected: list[tuple[str, int, int]]) -> None:
    source = SourceFile("a.sh", code.encode(), Language.SHELL)
    found = [f for f in extract(source, load_models()) if isinstance(f, EnvRead)]

    assert [(f.name, f.line, f.column) for f in found] == expected
    assert {f.language for f in found} <= {"shell"}


def test_what_a_script_starts() -> None:
    code = "export A=1\nnpm ci\npython manage.py migrate\nf() { node inner.js; }\nexec gunicorn -b :$PORT app.wsgi\nls"
    found = [f for f in facts(code) if isinstance(f, EntryPoint)]

    assert [(f.command, f.line, f.role, f.origin) for f in found] == [
        (("python", "manage.py", "migrate"), 3, "script", "shell"),
        (("gunicorn", "-b", ":${PORT}", "app.wsgi"), 5, "script", "shell"),
    ]


@pytest.mark.parametrize(
    ("code", "folder"),
    [
        ("cd app\npython main.py", "app"),
        ("cd a && cd /srv/app && python main.py", "/srv/app"),
        ('cd "$DIR"\npython main.py', None),
        ("f() { cd app; }\npython main.py", None),
        ("python main.py\ncd app", None),
    ],
)
def test_where_a_script_starts_a_program(code: str, folder: str | None) -> None:
    [entry] = [fact for fact in facts(code) if isinstance(fact, EntryPoint)]
    assert entry.workdir == folder


def test_a_sourced_library_may_set_names() -> None:
    (read,) = reads("source lib/colors.sh; echo $RED")

    assert read.reason == "lib/colors.sh may set it"


def test_env_files() -> None:
    code = "D=backend\nsource $D/.env\n. ./prod.env\ndocker run --env-file=.env x\n"
    code += "export $(grep -v '^#' .env | xargs)\ncp .env b\n"
    code += 'eval "$(cat a.env)"\nnode --env-file=b.env x.js\nnpx dotenv -e c.env -- node x\ndotenv -- node x\n'
    code += (
        'while read -r L; do export "$L"; done < d.env\nset -a; . <(grep X e.env); docker compose --env-file f.env up'
    )
    found = [(f.path, f.channel, f.line) for f in facts(code) if isinstance(f, EnvFile)]

    assert found == [
        ("backend/.env", "shell", 2),
        ("./prod.env", "shell", 3),
        (".env", "docker", 4),
        (".env", "shell", 5),
        ("a.env", "shell", 7),
        ("b.env", "shell", 8),
        ("c.env", "shell", 9),
        (".env", "shell", 10),
        ("e.env", "shell", 12),
        ("f.env", "docker", 12),
        ("d.env", "shell", 11),
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
        "".join(f"f{i}() {{ f{i + 1} $1 $2; f{i + 1} $2 $1; echo ${{!1}}; }}\n" for i in range(30)) + "f0 A B",
        "".join(f'A{i}="$A{i + 1}$A{i + 1}$A{i + 2}"\n' for i in range(200)) + "echo ${!A0}",
        'v="' + "$A" * 500 + '"; A=x; A=y; echo ${!v}',
        "for v in " + "A " * 5_000 + "; do echo ${!v}; done",
        "bash -c '" * 500,
        "python - <<E\n" * 500,
    ):
        facts(code)
    assert time.perf_counter() - begin < 20
    with pytest.raises(SourceError):
        facts(b"echo \0")


@pytest.mark.parametrize(
    ("code", "required"),
    [
        ('if [ -f "$A" ]; then cat x; fi', False),
        ('test -r "$A" && cat x', False),
        ('[ "$A" = yes ] && echo x', False),
        ('[[ "$A" == yes* ]] && echo x', False),
        ('[ -f "$A" ] || exit 1', None),
        ('if [ "$A" != yes ]; then exit 1; fi', None),
        ('[ "$(cat "$A")" = yes ]', None),
        ('if [ -f x ]; then cat "$A"; fi', None),
        ('[ -z "$A" ] && exit 1', True),
    ],
)
def test_what_is_compared_may_be_missing(code: str, required: bool | None) -> None:  # noqa: FBT001
    assert [read.required for read in reads(code) if read.name == "A"] == [required]
