"""What the settings and the profile of a workspace make of the documents: names, titles, groups, what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from filot_lint.config import SECTION, Config, ConfigError, GroupConfig, nearest, place_of
from filot_lint.documents.manifest import Document, Group, Manifest, Section
from filot_lint.profiles import Profile


def settle(manifest: Manifest, config: Config, profile: Profile | None) -> Manifest:
    """Return the manifest for one workspace; its settings come before its profile.

    Raises `ConfigError` where the settings name what there is not, or one file twice.
    """
    chosen = config.documents
    documents = {d.id: d for d in manifest.documents}
    sections = {s.id: s for s in manifest.sections}
    pages = {s.page: s.file for s in manifest.sections}
    _known(config, "leave-out", chosen.leave_out, {*documents, *sections, *pages})
    _known(config, "titles", chosen.titles, {*documents, *sections})
    _known(config, "files", chosen.files, {*documents, *pages})
    theirs = profile.document_prefix if profile else None
    prefix = next(p for p in (chosen.prefix, theirs, manifest.prefix) if p is not None)
    settled = msgspec.structs.replace(
        manifest,
        prefix=prefix,
        documents=tuple(_document(d, prefix, config) for d in manifest.documents),
        sections=tuple(_section(s, config) for s in manifest.sections),
        groups=_groups(manifest.groups, {**(profile.groups if profile else {}), **config.variable_groups}),
        dropped=frozenset(chosen.leave_out).union(s.id for s in manifest.sections if s.page in chosen.leave_out),
    )
    _distinct(settled, config)
    return settled


def _document(document: Document, prefix: str, config: Config) -> Document:
    usual = document.file.replace("{prefix}", prefix)
    file = config.documents.files.get(document.id, usual)
    if Path(file).suffix != Path(usual).suffix:
        message = f"`{file}` is no name for `{document.id}`: let it end in `{Path(usual).suffix}`"
        raise ConfigError(_at(config, "files", document.id) + message)
    title = config.documents.titles.get(document.id, document.title)
    return msgspec.structs.replace(document, file=file, title=title)


def _section(section: Section, config: Config) -> Section:
    file = config.documents.files.get(section.page, section.file)
    title = config.documents.titles.get(section.id, section.title)
    return msgspec.structs.replace(section, file=file, title=title)


def _groups(groups: tuple[Group, ...], added: Mapping[str, GroupConfig]) -> tuple[Group, ...]:
    """Put new groups before those that only collect what is left, and say more about known ones."""
    known = {group.id for group in groups}
    new = [_group(Group(key, key), more) for key, more in added.items() if key not in known]
    place = next((n for n, group in enumerate(groups) if group.secrets_only), len(groups) - 1)
    more = [_group(group, added[group.id]) if group.id in added else group for group in groups]
    return (*more[:place], *new, *more[place:])


def _group(group: Group, more: GroupConfig) -> Group:
    return msgspec.structs.replace(
        group,
        title=more.title or group.title,
        names=(*more.variables, *group.names),
        rotation=more.rotation or group.rotation,
    )


def _known(config: Config, key: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            advice = f"did you mean `{hint}`?" if hint else f"there are {', '.join(sorted(known))}"
            message = f"no document or section is called `{name}`; {advice}"
            raise ConfigError(_at(config, key, name) + message)


def _distinct(manifest: Manifest, config: Config) -> None:
    """Refuse settings that give two documents one file; where they stand does not matter."""
    owners: dict[str, str] = {}
    for key, file in (*((d.id, d.file) for d in manifest.documents), *((s.page, s.file) for s in manifest.sections)):
        other = owners.setdefault(file.casefold(), key)
        if other != key:
            message = f"`{key}` and `{other}` would both be written to `{file}`"
            raise ConfigError(_at(config, "files", key) + message)


def _at(config: Config, key: str, name: str) -> str:
    """Return the place of a name below a key of the settings, and the key."""
    if config.origin is None:
        return f"`documents.{key}`: "
    path = Path(config.origin)
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    section = SECTION if path.name == "pyproject.toml" else ()
    place = place_of(path, text, (*section, "documents", key, name))
    line = int(place.rsplit(":", 2)[1])
    quoted = (f'"{name}"', f"'{name}'")
    written = enumerate(text.splitlines()[line - 1 :], line)
    found = next((n for n, row in written if any(q in row for q in quoted)), None)
    return f"{path}:{found}: `documents.{key}`: " if found else f"{place}: `documents.{key}`: "
