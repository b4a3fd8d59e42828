"""What a file says apart from its comments, to see that adding one changes nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from filot_lint.source import Language, SourceFile
from filot_lint.syntax.grammar import parse

if TYPE_CHECKING:
    from tree_sitter import Node

_HEREDOC = re.compile(r"<<-?\s*[\"']?(?P<word>\w+)[\"']?")


def meaning(source: SourceFile) -> object:
    """Return something that is equal for two texts that differ in their comments only; None where nobody can tell."""
    if source.path.endswith((".toml", ".replit")):
        return _toml(source)
    read = _READERS.get(source.language)
    return read(source) if read is not None else None


def _tree(grammar: str) -> Callable[[SourceFile], object]:
    def read(source: SourceFile) -> object:
        return list(_nodes(parse(grammar, source.data)))

    return read


def _nodes(root: Node) -> Iterator[tuple[str, int, bytes | None]]:
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if _is_silent(node):
            continue
        children = node.children
        yield node.type, depth, None if children else node.text
        if node.type in {"template_string", "heredoc_body", "jsx_text", "string"}:
            yield "text", depth, node.text
        stack.extend((child, depth + 1) for child in reversed(children))


def _is_silent(node: Node) -> bool:
    """Whether a node is a comment, or what JSX wraps one in and lays between lines."""
    if node.type == "jsx_expression":
        return bool(node.named_children) and all(child.type == "comment" for child in node.named_children)
    if node.type == "jsx_text":
        text = node.text or b""
        return b"\n" in text and not text.strip()
    return node.type == "comment"


def _yaml(source: SourceFile) -> object:
    import yaml  # noqa: PLC0415  # only for such files

    try:
        return [
            (type(event).__name__, getattr(event, "value", None), getattr(event, "anchor", None))
            for event in yaml.parse(source.text, Loader=yaml.SafeLoader)
        ]
    except yaml.YAMLError:
        return None


def _toml(source: SourceFile) -> object:
    import tomli  # noqa: PLC0415  # as above

    try:
        return tomli.loads(source.text)
    except tomli.TOMLDecodeError:
        return None


def _dotenv(source: SourceFile) -> object:
    from dotenv.parser import parse_stream  # noqa: PLC0415  # as above

    bindings = parse_stream(io.StringIO(source.text))
    return [(b.key, b.value, b.error) for b in bindings if b.key is not None or b.error]


def _dockerfile(source: SourceFile) -> object:
    """Return the lines that are no comments; Docker drops those inside a command, too, but not in a here-document."""
    kept: list[str] = []
    end: str | None = None
    for line in source.lines:
        if end is not None:
            kept.append(line)
            end = None if line.strip() == end else end
        elif line.strip() and not line.lstrip().startswith("#"):
            kept.append(line)
            started = _HEREDOC.search(line)
            end = started["word"] if started else None
        elif re.match(r"#\s*(syntax|escape|check)\s*=", line) and not kept:
            kept.append(line)
    return kept


def _lines(source: SourceFile) -> object:
    """Return the lines with something on them that are no comments, as the reader of a plain list takes them."""
    mark = "//" if source.language is Language.PRISMA else "#"
    return [line for line in source.lines if line.strip() and not line.lstrip().startswith(mark)]


_READERS: dict[Language, Callable[[SourceFile], object]] = {
    Language.PYTHON: _tree("python"),
    Language.TYPESCRIPT: _tree("typescript"),
    Language.TSX: _tree("tsx"),
    Language.JAVASCRIPT: _tree("javascript"),
    Language.SHELL: _tree("bash"),
    Language.DOTENV: _dotenv,
    Language.ENV_FILE: _dotenv,
    Language.DOCKERFILE: _dockerfile,
    Language.PRISMA: _lines,
    Language.PROCFILE: _lines,
    Language.REQUIREMENTS: _lines,
    Language.SETUP_CFG: _lines,
    **dict.fromkeys(
        (Language.COMPOSE, Language.GITHUB_ACTIONS, Language.BUILDSPEC, Language.KUBERNETES, Language.HOSTING), _yaml
    ),
}
