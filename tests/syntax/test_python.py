"""Python to expressions."""

from __future__ import annotations

import pytest

from filot_lint.source import Language, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.syntax import python


def lower(text: str) -> x.Module:
    return python.lower(SourceFile("a.py", text.encode(), Language.PYTHON))


def value_of(text: str) -> x.Expression:
    statement = lower(text).body[0]
    assert isinstance(statement, x.Assign)
    assert statement.value is not None
    return statement.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"'a\n\x'", "a\n\\x"),
        (r"r'a\n'", r"a\n"),
        ("'a' \"b\"", "ab"),
        ("b'a'", "a"),
        ("'''a\nb'''", "a\nb"),
        ("'ü'", "ü"),
    ],
)
def test_texts(text: str, expected: str) -> None:
    value = value_of(f"v = {text}")
    assert isinstance(value, x.Text)
    assert value.text == expected


def test_f_strings_are_templates() -> None:
    value = value_of("v = f'{a}_b{c!r:>{d}}'")
    assert isinstance(value, x.Template)
    assert [type(part).__name__ for part in value.parts] == ["Name", "Text", "Name"]


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("a or b", "or"),
        ("a and b", "and"),
        ("a is None", "=="),
        ("a is not None", "!="),
        ("a not in b", "not in"),
        ("a in b", "in"),
        ("a + b", "+"),
        ("a | b", "|"),
    ],
)
def test_operators(text: str, operator: str) -> None:
    value = value_of(f"v = {text}")
    assert isinstance(value, x.Binary)
    assert value.operator == operator


def test_chained_assignment_binds_each_target() -> None:
    body = lower("a = b = 1").body
    assert [s.target.id for s in body if isinstance(s, x.Assign) and isinstance(s.target, x.Name)] == ["a", "b"]


def test_elif_nests() -> None:
    statement = lower("if a:\n    b()\nelif c:\n    d()\nelse:\n    e()\n").body[0]
    assert isinstance(statement, x.If)
    inner = statement.otherwise[0]
    assert isinstance(inner, x.If)
    assert len(inner.otherwise) == 1


def test_parameters() -> None:
    function = lower("def f(a, b: int = 1, /, *args, c=2, **kw): ...").body[0]
    assert isinstance(function, x.Function)
    names = [p.target.id for p in function.parameters if isinstance(p.target, x.Name)]
    assert names == ["a", "b", "args", "c", "kw"]
    assert [p.rest for p in function.parameters] == [False, False, True, False, False]
    assert [p.keywords for p in function.parameters] == [False, False, False, False, True]


def test_imports() -> None:
    module = lower("import a.b\nimport c as d\nfrom . import e\nfrom .f import g as h\nfrom i import *\n")
    found = [(s.module, [(n[0], n[1]) for n in s.names]) for s in module.body if isinstance(s, x.Import)]
    assert found == [
        ("a", [("*", "a")]),
        ("a.b", []),
        ("c", [("*", "d")]),
        (".", [("e", "e")]),
        (".f", [("g", "h")]),
        ("i", [("*", "*")]),
    ]


def test_a_handler_of_missing_keys_marks_the_body() -> None:
    block = lower("try:\n    a = b['x']\nexcept KeyError:\n    a = 1\n").body[0]
    assert isinstance(block, x.Block)
    assert isinstance(block.body[0], x.Block)
    assert block.body[0].kind == "caught"
    assert isinstance(block.body[-1], x.Block)
    assert block.body[-1].kind == "catch"


@pytest.mark.parametrize("handler", ["except ValueError:\n    a = 1", "except KeyError:\n    raise X from None"])
def test_other_handlers_do_not(handler: str) -> None:
    block = lower(f"try:\n    a = b['x']\n{handler}\n").body[0]
    assert isinstance(block, x.Block)
    assert isinstance(block.body[0], x.Assign)


def test_everything_at_module_level_is_exported() -> None:
    module = lower("A = 1\ndef f(): ...\nclass C: ...\nif x:\n    B = 2\ntry:\n    import d\nexcept E:\n    d = None\n")
    assert set(module.exports) == {"A", "f", "C", "B", "d"}


def test_errors_are_named_and_the_rest_kept() -> None:
    module = lower("a = 1\ndef broken(:\n    pass\nb = 2\n")
    assert module.errors
    assert {"a", "b"} <= set(module.exports)


def test_newer_syntax_is_no_error() -> None:
    text = (
        "type A[T] = list[T]\ndef f[T](x: T) -> T:\n    match x:\n        case {'k': v} if v: return v\n    return x\n"
    )
    assert lower(text).errors == []


def test_deep_nesting_is_cut_and_named() -> None:
    module = lower("v = " + "(" * 400 + "1" + ")" * 400)
    assert module.truncated
    assert module.errors == []


def test_deep_blocks_are_cut_and_named() -> None:
    lines = ["  " * depth + "if a:" for depth in range(200)]
    assert lower("\n".join([*lines, "  " * 200 + "b()"])).truncated


def test_a_long_chain_of_operators_is_survived() -> None:
    module = lower("v = " + " + ".join(["a"] * 3000))
    assert module.truncated


def test_an_empty_file_and_a_byte_order_mark() -> None:
    assert lower("").body == []
    marked = python.lower(SourceFile("a.py", b"\xef\xbb\xbfa = 1\n", Language.PYTHON))
    assert "a" in marked.exports


def test_columns_count_characters() -> None:
    source = SourceFile("a.py", 'v = "ü", w'.encode(), Language.PYTHON)
    value = python.lower(source).body[0]
    assert isinstance(value, x.Assign)
    assert isinstance(value.value, x.Array)
    assert source.locate(value.value.items[1].span).column == 10


@pytest.mark.parametrize(
    ("text", "name", "provided"),
    [
        ("a: Redis", "Redis", False),
        ("a: Redis | None = None", "Redis", False),
        ("a: Optional[Redis] = None", "Redis", False),
        ("a: Annotated[Redis, Depends(connect)]", "Redis", True),
        ("a: dict[str, int]", None, False),
        ("a", None, False),
    ],
)
def test_types_and_providers_of_parameters(text: str, name: str | None, provided: bool) -> None:  # noqa: FBT001
    function = lower(f"def f({text}): pass").body[0]
    assert isinstance(function, x.Function)
    [parameter] = function.parameters
    assert (parameter.annotation.id if isinstance(parameter.annotation, x.Name) else None) == name
    assert isinstance(parameter.default, x.Call) is provided
