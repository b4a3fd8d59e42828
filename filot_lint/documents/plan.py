"""Which files the report consists of, with their bytes; nothing is written here."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

import msgspec

from filot_lint.documents.claims import to_claims
from filot_lint.documents.conditions import SETTINGS, why_left_out
from filot_lint.documents.context import Context
from filot_lint.documents.manifest import Document
from filot_lint.documents.picture import NoRendererError, to_png
from filot_lint.documents.render import Renderer
from filot_lint.documents.secrets_json import to_json
from filot_lint.documents.svg import to_svg

CLAIMS = "claims"


class Planned(msgspec.Struct, frozen=True):
    """A file to be: its bytes, or the managed sections of a file that people own, or why it is left out.

    A section without text is left out: it is emptied where it stands, and never added. `obsolete`: an earlier file of
    ours must go.
    """

    id: str
    path: str
    data: bytes | None = None
    sections: dict[str, str | None] | None = None
    title: str = ""
    left_out: str | None = None
    obsolete: bool = False


def plan(
    root: Path, context: Context, only: frozenset[str] = frozenset(), *, html: bool = False
) -> tuple[Planned, ...]:
    """Render everything, or the documents chosen; the page in HTML only when it is asked for."""
    targets = {section.file: _on_disk(root, section.file) for section in context.manifest.sections}
    renderer = Renderer(context, targets)
    wanted = only | {d.id for d in context.manifest.documents if d.when == "html" and html}
    asked = (d for d in context.manifest.documents if d.when != "html" or d.id in wanted)
    documents = (d for d in asked if not only or d.id in wanted)
    planned = [_document(renderer, document) for document in documents if document.id != CLAIMS]
    sections = tuple(_sections(renderer, targets, only))
    chosen = [d for d in context.manifest.documents if d.id == CLAIMS and (not only or CLAIMS in only)]
    return (*planned, *(_claims(renderer, document) for document in chosen), *sections)


def document_ids(context: Context) -> tuple[str, ...]:
    """Return everything `--only` accepts."""
    return (*(d.id for d in context.manifest.documents), *dict.fromkeys(s.page for s in context.manifest.sections))


def _document(renderer: Renderer, document: Document) -> Planned:
    context = renderer.context
    folder = context.example_dir if document.place == "example-dir" else context.docs
    path = posixpath.join(folder, document.file)
    reason = why_left_out(context, document.id, document.when)
    if reason is not None:
        return Planned(document.id, path, left_out=reason, obsolete=True)
    try:
        data = _bytes(renderer, document, folder)
    except NoRendererError as error:
        return Planned(document.id, path, left_out=str(error))
    return Planned(document.id, path, data=data)


def _claims(renderer: Renderer, document: Document) -> Planned:
    """Return the twin of all documents in Markdown, whichever of them are to be written."""
    context = renderer.context
    others = [_document(renderer, d) for d in context.manifest.documents if d.kind == "markdown"]
    texts = {other.path: other.data.decode() for other in others if other.data is not None}
    path = posixpath.join(context.docs, document.file)
    reason = why_left_out(context, document.id, document.when)
    if reason is not None:
        return Planned(document.id, path, left_out=reason, obsolete=True)
    return Planned(document.id, path, data=to_claims(context.name, texts).encode("utf-8", "replace"))


def _bytes(renderer: Renderer, document: Document, folder: str) -> bytes:
    title = f"{renderer.context.name}: {document.title.partition(' (')[0].lower()}"
    match document.kind:
        case "json":
            return to_json(renderer.context).encode()
        case "svg":
            return to_svg(renderer.graph, title).encode()
        case "png":
            return to_png(to_svg(renderer.graph, title))
        case "html":
            return renderer.page(document.template or "", folder).encode("utf-8", "replace")
        case kind:
            if document.template is None:
                message = f"documents.toml: `{document.id}` has no template"
                raise ValueError(message)
            plain = kind in {"env", "text"}
            return renderer.document(document.template, folder, plain=plain, doc=document).encode("utf-8", "replace")


def _sections(renderer: Renderer, targets: dict[str, str], only: frozenset[str]) -> Iterator[Planned]:
    context = renderer.context
    for file, actual in targets.items():
        own = [s for s in context.manifest.sections if s.file == file]
        page = own[0].page
        if only and page not in only:
            continue
        if page in context.manifest.dropped:
            yield Planned(page, actual, left_out=SETTINGS)
            continue
        reasons = {s.name: why_left_out(context, s.id, s.when) for s in own}
        texts = {s.name: None if reasons[s.name] else renderer.section(s.template, s.name, "", section=s) for s in own}
        left_out = None if any(texts.values()) else "; ".join(dict.fromkeys(r for r in reasons.values() if r))
        yield Planned(page, actual, sections=texts, title=context.name, left_out=left_out)


def _on_disk(root: Path, name: str) -> str:
    """Return how a file in the root is spelled, whatever its case."""
    if (root / name).exists() and name in {p.name for p in root.iterdir()}:
        return name
    return next((p.name for p in sorted(root.iterdir()) if p.name.lower() == name.lower()), name)
