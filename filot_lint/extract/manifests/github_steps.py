"""Well-known actions: which image is built from which Dockerfile, which ECS service gets which task definition."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.command import repository, safe_text
from filot_lint.extract.manifests.pipeline import EXPRESSION, given
from filot_lint.extract.place import place, plain
from filot_lint.extract.trees.tree import Mapping, Scalar, text_of
from filot_lint.facts import ImageBuild, ServiceSpec, TaskRendering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import EnvProvision
    from filot_lint.source import SourceFile

BUILD = "docker/build-push-action"
METADATA = "docker/metadata-action"
RENDER = "aws-actions/amazon-ecs-render-task-definition"
DEPLOY = "aws-actions/amazon-ecs-deploy-task-definition"
MAX_TAGS = 50
_OUTPUT = re.compile(r"\$\{\{\s*steps\.(?P<step>[\w-]+)\.outputs\.(?P<name>[\w-]+)\s*\}\}")
_ENV = re.compile(r"\s*env\.(\w+)\s*")
_NAME = re.compile(r"[A-Za-z_]\w*")


def _action(step: Mapping) -> str:
    return (text_of(step.get("uses")) or "").partition("@")[0]


def _inputs(step: Mapping) -> Mapping | None:
    inputs = step.get("with")
    return inputs if isinstance(inputs, Mapping) else None


def _filled(text: str, constants: dict[str, str]) -> str:
    """Put in `${{ env.X }}` where the file says what it is; what is not known becomes `$`."""

    def known(found: re.Match[str]) -> str:
        name = _ENV.fullmatch(found[1])
        return constants.get(name[1], "$") if name is not None else "$"

    return EXPRESSION.sub(known, text)


def _input(step: Mapping, key: str, steps: list[Mapping], constants: dict[str, str]) -> str | None:
    """Return an input of an action, taken from the step that makes it if need be."""
    inputs = _inputs(step)
    text = text_of(inputs.get(key)) if inputs is not None else None
    output = _OUTPUT.search(text) if text is not None else None
    if output is not None:
        maker = next((other for other in steps if text_of(other.get("id")) == output["step"]), None)
        if maker is not None and maker is not step and (_action(maker), output["name"]) in _MADE:
            return _input(maker, _MADE[_action(maker), output["name"]], [], constants)
    return None if text is None else _filled(text, constants)


_MADE = {(METADATA, "tags"): "images", (RENDER, "task-definition"): "task-definition"}


def image_builds(
    source: SourceFile, step: Mapping, steps: list[Mapping], constants: dict[str, str], scope: str
) -> Iterator[ImageBuild | EnvProvision]:
    """Yield what `docker/build-push-action` builds, and the arguments it gives to the build."""
    uses, inputs = step.get("uses"), _inputs(step)
    if _action(step) != BUILD or inputs is None or not isinstance(uses, Scalar):
        return
    context = _input(step, "context", steps, constants) or "."
    path = _input(step, "file", steps, constants) or posixpath.join(context, "Dockerfile")
    tags = re.split(r"[\s,]+", _input(step, "tags", steps, constants) or "")
    names = dict.fromkeys(repository(re.sub(r"\s", "", tag)) for tag in tags[:MAX_TAGS])
    for name in names:
        if name and "$" not in name + path and "://" not in context:
            at = place(source, uses.line, uses.column, len(uses.text))
            yield ImageBuild(dockerfile=plain(posixpath.normpath(path)), image=plain(name), **at)
    arguments = inputs.get("build-args")
    if isinstance(arguments, Scalar):
        yield from _arguments(source, arguments, scope)


def _arguments(source: SourceFile, scalar: Scalar, scope: str) -> Iterator[EnvProvision]:
    first = scalar.line + (scalar.style in {"|", ">"})
    for number in range(first, min(scalar.end_line, len(source.lines)) + 1):
        line = source.lines[number - 1]
        begin = scalar.column - 1 if number == scalar.line else len(line) - len(line.lstrip())
        name, equals, value = line[begin:].strip("\"'").partition("=")
        if equals and _NAME.fullmatch(name):
            key = Scalar(name, number, begin + 1)
            yield given(source, key, value, scope, channel="image-arg")


def renderings(
    source: SourceFile, step: Mapping, steps: list[Mapping], constants: dict[str, str]
) -> Iterator[TaskRendering]:
    """Yield which task definition gets its image from the pipeline."""
    uses = step.get("uses")
    if _action(step) != RENDER or not isinstance(uses, Scalar):
        return
    file = _input(step, "task-definition", steps, constants)
    container = _input(step, "container-name", steps, constants)
    yield TaskRendering(
        task_definition=None if file is None or "$" in file else plain(posixpath.normpath(file)),
        container=None if container is None or "$" in container else plain(container),
        **place(source, uses.line, uses.column, len(uses.text)),
    )


def services(
    source: SourceFile, step: Mapping, steps: list[Mapping], constants: dict[str, str]
) -> Iterator[ServiceSpec]:
    """Yield which service a deployment updates; the task definition is the file it is registered from."""
    inputs = _inputs(step)
    name = inputs.get("service") if inputs is not None else None
    if _action(step) != DEPLOY or not isinstance(name, Scalar) or not name.text:
        return

    def said(key: str) -> str | None:
        text = _input(step, key, steps, constants)
        return None if text is None or "$" in text else safe_text(text)

    service = said("service")
    if service is not None:
        yield ServiceSpec(
            name=service,
            cluster=said("cluster"),
            task_definition=said("task-definition"),
            desired_count=said("desired-count"),
            **place(source, name.line, name.column, len(name.text)),
        )
