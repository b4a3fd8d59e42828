"""ECS task definitions and services, as JSON or YAML (also as CloudFormation writes them; Terraform is not read)."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import REDACTED, repository, safe, safe_text, unwrapped
from filot_lint.extract.manifests.written import referred, written
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.trees.tree import Mapping, Scalar, Sequence, items_of, text_of, texts_of, walk
from filot_lint.extract.trees.tree_json import Reader
from filot_lint.extract.trees.tree_yaml import Reader as YamlReader
from filot_lint.facts import ContainerSpec, EntryPoint, EnvFile, EnvProvision, ServiceSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.place import Place
    from filot_lint.extract.trees.tree import Node
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import Location, SourceFile


_NAME = re.compile(r"[\w./:${}<>-]{1,2000}|.*[$<{].*", re.DOTALL)
"""What may be the name of a parameter, or is filled in later."""


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of one file; nothing when it is neither a task definition nor a service."""
    roots, problems = _roots(source)
    facts: list[Fact] = []
    for root in roots:
        for node in walk(root):
            if not isinstance(node, Mapping):
                continue
            if isinstance(containers := _get(node, "containerDefinitions"), Sequence):
                facts.extend(_task(source, node, containers))
            elif _get(node, "taskDefinition") is not None and _is_service(node):
                facts.append(_service(source, node, root))
        if not facts and isinstance(root, Sequence) and all(_is_container(item) for item in root.items):
            facts.extend(_task(source, Mapping(root.line, root.column), root))
    facts.extend(problem(source, message, line) for line, message in problems)
    return facts


def _roots(source: SourceFile) -> tuple[list[Node], list[tuple[int, str]]]:
    if source.path.endswith((".yml", ".yaml")):
        documents = YamlReader(readable(source))
        return documents.read(), documents.problems
    reader = Reader(readable(source))
    root = reader.read()
    return [] if root is None else [root], reader.problems


def _get(node: Node | None, key: str) -> Node | None:
    """Return a value by its ECS name or its CloudFormation name."""
    return node.get(key, key[0].upper() + key[1:]) if isinstance(node, Mapping) else None


def _text(node: Node | None, key: str) -> str | None:
    text = text_of(_get(node, key))
    return None if text is None else plain(text)


def _place(source: SourceFile, node: Node) -> Place:
    return place(source, node.line, node.column, len(node.text) if isinstance(node, Scalar) else None)


def _at(source: SourceFile, node: Node | None) -> Location | None:
    """Return where something is written."""
    length = len(node.text) if isinstance(node, Scalar) else None
    return None if node is None else source.at_line(node.line, node.column, length)


def _given(node: Node | None) -> str | None:
    """Return a text; what CloudFormation computes is given, too."""
    return plain(node.text) if isinstance(node, Scalar) and not node.is_null else None if node is None else "reference"


def _placement(node: Mapping) -> tuple[str, ...]:
    found = (_text(item, "expression") for item in items_of(_get(node, "placementConstraints")))
    return tuple(text for text in found if text is not None)


def _is_container(node: Node) -> bool:
    return isinstance(node, Mapping) and _get(node, "name") is not None and _get(node, "image") is not None


def _is_service(node: Mapping) -> bool:
    return any(_get(node, key) is not None for key in ("serviceName", "cluster", "desiredCount", "launchType"))


def _definition(root: Node, node: Mapping) -> str | None:
    """Return the task definition of a service; one that CloudFormation refers to goes by its family."""
    given = _get(node, "taskDefinition")
    name = text_of(given.get("Ref") if isinstance(given, Mapping) else given)
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    resource = resources.get(name) if isinstance(resources, Mapping) and name is not None else None
    properties = resource.get("Properties") if isinstance(resource, Mapping) else None
    return _text(properties, "family") or (None if name is None else plain(name))


def _service(source: SourceFile, node: Mapping, root: Node) -> ServiceSpec:
    name = _get(node, "serviceName")
    return ServiceSpec(
        name=_text(node, "serviceName") or posixpath.basename(source.path).partition(".")[0],
        cluster=_text(node, "cluster"),
        task_definition=_definition(root, node),
        desired_count=_text(node, "desiredCount"),
        launch_type=_text(node, "launchType"),
        launch_type_at=_at(source, _get(node, "launchType")),
        placement=_placement(node),
        placement_at=_at(source, _get(node, "placementConstraints")),
        **_place(source, node if name is None else name),
    )


def _task(source: SourceFile, task: Mapping, containers: Sequence) -> Iterator[Fact]:
    for container in containers.items:
        if isinstance(container, Mapping):
            name = _text(container, "name") or "container"
            yield _container(source, task, container, name)
            yield from _entry_point(source, container, name)
            yield from _variables(source, container, name)


def _container(source: SourceFile, task: Mapping, container: Mapping, name: str) -> ContainerSpec:
    log = _get(container, "logConfiguration")
    options = _get(log, "options")
    group, region = (
        options.get(f"awslogs-{key}") if isinstance(options, Mapping) else None for key in ("group", "region")
    )
    at = _get(container, "name")
    image, check, gpus = _get(container, "image"), _get(container, "healthCheck"), _gpu(container)
    text = text_of(image)
    return ContainerSpec(
        name=name,
        origin="ecs",
        family=_text(task, "family"),
        image=None if text is None else safe_text(text),
        image_at=_at(source, image),
        command=safe((*texts_of(_get(container, "entryPoint")), *texts_of(_get(container, "command")))),
        ports=tuple(filter(None, (_text(port, "containerPort") for port in items_of(_get(container, "portMappings"))))),
        gpus=_text(gpus, "value"),
        gpus_at=_at(source, _get(gpus, "value")),
        cpu=_text(container, "cpu") or _text(task, "cpu"),
        memory=_text(container, "memory") or _text(task, "memory"),
        health_check=safe(texts_of(_get(check, "command"))),
        health_check_at=_at(source, _get(check, "command")),
        start_period=_text(check, "startPeriod"),
        compatibilities=tuple(plain(text) for text in texts_of(_get(task, "requiresCompatibilities"))),
        placement=_placement(task),
        log_driver=_text(log, "logDriver"),
        log_group=_given(group),
        log_group_at=_at(source, group),
        log_region=_given(region),
        execution_role=_given(_get(task, "executionRoleArn")),
        stop_timeout=_text(container, "stopTimeout"),
        entry=bool(texts_of(_get(container, "entryPoint"))),
        **_place(source, container if at is None else at),
    )


def _gpu(container: Mapping) -> Node | None:
    resources = items_of(_get(container, "resourceRequirements"))
    return next((resource for resource in resources if _text(resource, "type") == "GPU"), None)


def _entry_point(source: SourceFile, container: Mapping, name: str) -> Iterator[EntryPoint]:
    command, entry = _get(container, "command"), _get(container, "entryPoint")
    words = safe(unwrapped((*texts_of(entry), *texts_of(command))))
    image = _text(container, "image")
    at = command if command is not None else entry
    if words and at is not None:
        yield EntryPoint(
            component=name,
            command=words,
            origin="ecs",
            image=None if image is None else repository(image),
            workdir=_text(container, "workingDirectory"),
            **_place(source, at),
        )


def _reference(given: Node | None) -> str | None:
    """Return where a secret is taken from; what cannot be a name may be the secret itself."""
    if not isinstance(given, Scalar):
        return None
    text = plain(f"{given.tag} {given.text}".strip())
    if given.text.startswith("arn:") or not given.text:
        return text
    return safe_text(text) if given.tag or _NAME.fullmatch(given.text) else REDACTED


def _variables(source: SourceFile, container: Mapping, name: str) -> Iterator[Fact]:
    for entry in items_of(_get(container, "environment")):
        variable, value = _get(entry, "name"), _get(entry, "value")
        if isinstance(variable, Scalar):
            stands = value is None or (isinstance(value, Scalar) and not value.tag)
            yield EnvProvision(
                name=plain(variable.text),
                channel="environment",
                container=name,
                manifest=source.path,
                **(written(variable.text, text_of(value)) if stands else referred()),
                **_place(source, variable),
            )
    for entry in items_of(_get(container, "secrets")):
        variable = _get(entry, "name")
        if isinstance(variable, Scalar):
            given = _get(entry, "valueFrom")
            yield EnvProvision(
                name=plain(variable.text),
                channel="secret",
                container=name,
                reference=_reference(given),
                from_at=_at(source, given),
                manifest=source.path,
                **_place(source, variable),
            )
    for entry in items_of(_get(container, "environmentFiles")):
        path = _get(entry, "value")
        if isinstance(path, Scalar):
            yield EnvFile(path=plain(path.text), container=name, channel="ecs", **_place(source, path))
