"""TypeScript and JavaScript to expressions."""

from __future__ import annotations

import pytest

from filot_lint.source import Language, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.syntax import typescript


def lower(text: str, language: Language = Language.TYPESCRIPT) -> x.Module:
    return typescript.lower(SourceFile("a.ts", text.encode(), language))


def value_of(text: str) -> x.Expression:
    statement = lower(f"const v = {text};").body[0]
    assert isinstance(statement, x.Assign)
    assert statement.value is not None
    return statement.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [(r"'a\nb'", "a\nb"), ("`a b`", "a b"), (r"`a\tb`", "a\tb"), ('"ü"', "ü"), ("''", "")],
)
def test_texts(text: str, expected: str) -> None:
    value = value_of(text)
    assert isinstance(value, x.Text)
    assert value.text == expected


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("a || b", "or"),
        ("a ?? b", "coalesce"),
        ("a && b", "and"),
        ("a === b", "=="),
        ("a !== b", "!="),
        ("a == b", "=="),
    ],
)
def test_operators(text: str, operator: str) -> None:
    value = value_of(text)
    assert isinstance(value, x.Binary)
    assert value.operator == operator


@pytest.mark.parametrize("text", ["a!", "a as string", "(a as any)"])
def test_claims_are_remembered(text: str) -> None:
    assert isinstance(value_of(text), x.Assertion)


@pytest.mark.parametrize("text", ["a satisfies T", "(a)", "await a"])
def test_what_says_nothing_disappears(text: str) -> None:
    assert isinstance(value_of(text), x.Name)


def test_a_constant_object_stays_an_object() -> None:
    assert isinstance(value_of("{ a: 1 } as const"), x.Mapping)


def test_optional_chaining_is_a_member() -> None:
    value = value_of("a?.b?.['c']")
    assert isinstance(value, x.Index)
    assert isinstance(value.object, x.Member)


def test_templates() -> None:
    value = value_of("`a${b}c`")
    assert isinstance(value, x.Template)
    assert [type(part).__name__ for part in value.parts] == ["Text", "Name", "Text"]


def test_destructuring() -> None:
    statement = lower("const { a, b: c, d = 1, ['e']: f, ...g } = h;").body[0]
    assert isinstance(statement, x.Assign)
    assert isinstance(statement.target, x.ObjectPattern)
    keys = [entry.key.text if isinstance(entry.key, x.Text) else None for entry in statement.target.entries]
    assert keys == ["a", "b", "d", "e", None]
    assert statement.target.entries[2].default is not None


def test_types_are_not_kept() -> None:
    text = (
        "interface A { X: string }\ntype B = typeof process.env.X;\n"
        "declare const c: string;\nexport type { D } from './d';"
    )
    kept = [s for s in lower(text).body if not isinstance(s, x.Export)]
    assert kept == []


def test_overloads_leave_one_function() -> None:
    body = lower("function f(a: string): string;\nfunction f(a: any) { return a; }").body
    assert [type(s).__name__ for s in body] == ["Function"]


def test_an_enum_is_an_object() -> None:
    statement = lower("export enum E { A = 'x', 'B-C' = 'y', D }").body[0]
    assert isinstance(statement, x.Assign)
    assert isinstance(statement.value, x.Mapping)
    assert len(statement.value.entries) == 3


def test_imports() -> None:
    module = lower(
        "import a, { b as c, type D } from 'e';\nimport * as f from 'g';\nimport type { H } from 'i';\nimport 'j';"
    )
    found = [(s.module, [n[:2] for n in s.names], s.type_only) for s in module.body if isinstance(s, x.Import)]
    assert found == [
        ("e", [("default", "a"), ("b", "c")], False),
        ("g", [("*", "f")], False),
        ("i", [("H", "H")], True),
        ("j", [], False),
    ]


def test_exports() -> None:
    module = lower(
        "export const a = 1, { b } = x;\nexport function c() {}\nexport class D {}\nconst e = 1;\n"
        "export { e as f };\nexport default e;\nexport * from './g';\nexport { h as i } from './j';\n"
    )
    assert module.exports == {"a": "a", "b": "b", "c": "c", "D": "D", "f": "e", "default": "e"}
    again = [(s.module, s.names) for s in module.body if isinstance(s, x.Export)]
    assert again == [("./g", [("*", "*")]), ("./j", [("h", "i")])]


def test_decorators_before_export_belong_to_the_class() -> None:
    statement = lower("@A(b)\nexport class C {}").body[0]
    assert isinstance(statement, x.Class)
    assert len(statement.decorators) == 1


def test_class_members() -> None:
    statement = lower("class A extends B { static c = 1; #d = 2; e() {} static { f(); } get g() { return 1; } }").body[
        0
    ]
    assert isinstance(statement, x.Class)
    assert [type(s).__name__ for s in statement.body] == ["Assign", "Assign", "Function", "Block", "Function"]
    assert len(statement.bases) == 1


def test_jsx() -> None:
    module = lower("const v = <A b={c} {...d}>{e} text</A>;", Language.TSX)
    assert module.errors == []
    assert lower("const v = <A b={c} />;", Language.JAVASCRIPT).errors == []


def test_errors_are_named_and_the_rest_kept() -> None:
    module = lower("export const a = 1;\nconst broken = {{;\nexport const b = 2;\n")
    assert module.errors
    assert {"a", "b"} <= set(module.exports)


def test_deep_nesting_is_cut_and_named() -> None:
    assert lower("const v = " + "[" * 400 + "]" * 400).truncated
    assert lower("if (a) {" * 400 + "}" * 400).truncated
    assert lower("f(() => " * 400 + "1" + ")" * 400).truncated


def test_a_long_chain_is_survived() -> None:
    assert lower("const v = a" + ".b()" * 3000).truncated


def test_an_empty_file_and_a_hash_bang() -> None:
    assert lower("").body == []
    assert lower("#!/usr/bin/env node\nconst a = 1;", Language.JAVASCRIPT).errors == []


@pytest.mark.parametrize(
    "text",
    [
        "const a = await original<typeof import('@/lib/env')>();",
        "const rows = await db.$queryRaw<{ id: string; key: string }[]>`select ${process.env.A_NAME}`;",
        "const Box = styled(Base)<{ error?: any }>`color: ${tone};`;",
        "export type * from './types';",
        "export type * as all from './types';",
        "class A { ready: (string) => boolean; }",
    ],
)
def test_types_that_the_grammar_does_not_know(text: str) -> None:
    source = f"{text}\nconst after = process.env.B_NAME;\n"
    module = lower(source)
    assert module.errors == []
    last = module.body[-1]
    assert isinstance(last, x.Assign)
    assert source[last.span.start : last.span.end] == "after = process.env.B_NAME"


def test_blanks_that_mend_nothing_are_not_made() -> None:
    [assign, *_] = lower("const a = low < mid > `text`;\nf(;").body
    assert isinstance(assign, x.Assign)
    assert isinstance(assign.value, x.Binary)
