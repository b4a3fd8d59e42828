"""What is built, run and deployed."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.facts.observation import Fact
from filot_lint.source import Location


class EntryPoint(Fact, frozen=True, kw_only=True):
    """A manifest, image or script names what a deployable runs.

    `component` is the deployable, `command` the words as written, `target` the source file (relative to the root)
    it resolves to, null when it does not. `script` is its name in a package.json, `stage` the target of a Dockerfile
    that is not its last one. A shell script runs it where its argument is one of `choices`, or `beside` what follows.
    `alternative` are the lines of the choice among programs, and of the branch, that it stands in.
    """

    component: str
    command: tuple[str, ...]
    origin: Choice["dockerfile", "ecs", "kubernetes", "compose", "procfile", "hosting", "package-json", "pyproject",
                   "replit", "shell", "supervisor", "config"]  # fmt: skip
    target: str | None = None
    image: str | None = None
    workdir: str | None = None
    role: Choice["deployable", "script"] = "deployable"
    script: str | None = None
    stage: str | None = None
    choices: tuple[str, ...] = ()
    beside: bool = False
    alternative: tuple[int, int] | None = None


class ContainerSpec(Fact, frozen=True, kw_only=True):
    """A container as an ECS task definition or a compose file describes it, or an image; nothing secret.

    `files` says where files of an image come from: (path in the image, path below the build context). `target` is the
    stage of the Dockerfile that a compose file builds. `start_period` is how long health checks may fail at first,
    `placement` the expressions that choose the machine. `commands` are the programs and packages that the
    instructions of an image name, `dotenv` the files of variables that it copies in. `entry` when the command takes the
    place of the entry point of the image, too. Those ending in `_at` are where a setting is written.
    """

    name: str
    origin: Choice["ecs", "compose", "dockerfile", "kubernetes"]
    family: str | None = None
    image: str | None = None
    image_at: Location | None = None
    command: tuple[str, ...] = ()
    dockerfile: str | None = None
    ports: tuple[str, ...] = ()
    gpus: str | None = None
    gpus_at: Location | None = None
    cpu: str | None = None
    memory: str | None = None
    health_check: tuple[str, ...] = ()
    health_check_at: Location | None = None
    start_period: str | None = None
    compatibilities: tuple[str, ...] = ()
    placement: tuple[str, ...] = ()
    log_driver: str | None = None
    log_group: str | None = None
    log_group_at: Location | None = None
    log_region: str | None = None
    execution_role: str | None = None
    stop_timeout: str | None = None
    target: str | None = None
    workdir: str | None = None
    files: tuple[tuple[str, str], ...] = ()
    commands: tuple[str, ...] = ()
    dotenv: tuple[tuple[str, Location], ...] = ()
    entry: bool = False


class ImageBuild(Fact, frozen=True, kw_only=True):
    """A script or compose file builds an image: which Dockerfile becomes which repository name."""

    dockerfile: str
    image: str


class ServiceSpec(Fact, frozen=True, kw_only=True):
    """An ECS service definition; those ending in `_at` are where a setting is written."""

    name: str
    cluster: str | None = None
    task_definition: str | None = None
    desired_count: str | None = None
    launch_type: str | None = None
    launch_type_at: Location | None = None
    placement: tuple[str, ...] = ()
    placement_at: Location | None = None


class TaskRendering(Fact, frozen=True, kw_only=True):
    """A pipeline puts another image into a task definition before it registers it; null for a file not known."""

    task_definition: str | None = None
    container: str | None = None
