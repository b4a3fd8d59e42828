"""What Kubernetes manifests give to containers."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests.kubernetes import extract
from filot_lint.facts import ContainerSpec, EntryPoint, EnvFile, EnvProvision, Fact, Problem
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"
DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      initContainers: [{name: wait, image: busybox}]
      containers:
        - name: api
          image: ghcr.io/shop/api:1
          command: [sh, -c]
          args: ["exec node dist/index.js"]
          workingDir: /app
          ports: [{containerPort: 8080}]
          resources: {limits: {cpu: "1", memory: 1Gi, nvidia.com/gpu: 1}}
          livenessProbe: {exec: {command: [cat, /app/ok]}}
          env:
            - {name: PLAIN, value: production}
            - name: TOKEN
              valueFrom: {secretKeyRef: {name: shop, key: token}}
            - name: SETTING
              valueFrom: {configMapKeyRef: {name: conf, key: setting}}
            - name: POD_IP
              valueFrom: {fieldRef: {fieldPath: status.podIP}}
          envFrom:
            - configMapRef: {name: conf}
            - secretRef: {name: shop, optional: true}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {LOG_LEVEL: info, nginx.conf: "listen 80;"}
---
apiVersion: v1
kind: Secret
metadata: {name: shop}
stringData: {TOKEN: x}
"""


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("k8s/shop.yaml", data, Language.KUBERNETES), MODELS)


def test_variables() -> None:
    found = [f for f in facts(DEPLOYMENT) if isinstance(f, EnvProvision)]

    assert [(f.name, f.channel, f.container, f.scope, f.shape, f.reference, f.line) for f in found] == [
        ("PLAIN", "environment", "api", None, "word", None, 18),
        ("TOKEN", "environment", "api", None, "reference", "Secret shop: token", 19),
        ("SETTING", "environment", "api", None, "reference", "ConfigMap conf: setting", 21),
        ("POD_IP", "environment", "api", None, "reference", None, 23),
        ("LOG_LEVEL", "environment", None, "ConfigMap conf", "word", None, 32),
        ("TOKEN", "environment", None, "Secret shop", "word", None, 37),
    ]


def test_objects_that_are_handed_over_whole() -> None:
    assert [(f.path, f.container, f.channel, f.required) for f in facts(DEPLOYMENT) if isinstance(f, EnvFile)] == [
        ("ConfigMap conf", "api", "kubernetes", True),
        ("Secret shop", "api", "kubernetes", False),
    ]


def test_container_and_what_it_runs() -> None:
    prepares, spec = (f for f in facts(DEPLOYMENT) if isinstance(f, ContainerSpec))
    (entry,) = [f for f in facts(DEPLOYMENT) if isinstance(f, EntryPoint)]

    assert (prepares.name, prepares.image) == ("wait", "busybox")
    assert (spec.name, spec.family, spec.image, spec.origin) == ("api", "shop", "ghcr.io/shop/api:1", "kubernetes")
    assert (spec.cpu, spec.memory, spec.gpus, spec.ports) == ("1", "1Gi", "1", ("8080",))
    assert (spec.health_check, spec.workdir) == (("cat", "/app/ok"), "/app")
    assert (entry.command, entry.image, entry.workdir) == (("node", "dist/index.js"), "api", "/app")


@pytest.mark.parametrize(
    "text",
    [
        "kind: Pod\nspec: {containers: [{name: a}]}",
        "kind: StatefulSet\nspec: {template: {spec: {containers: [{name: a}]}}}",
        "kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}}",
        "kind: List\nitems: [{kind: Pod, spec: {containers: [{name: a}]}}]",
    ],
)
def test_workloads(text: str) -> None:
    assert [f.name for f in facts(text) if isinstance(f, ContainerSpec)] == ["a"]


def test_other_kinds_are_silent() -> None:
    assert facts("kind: Service\nspec: {ports: [{name: A}]}") == facts("a: b") == facts("") == []


def test_values_never_leave() -> None:
    text = DEPLOYMENT.replace("production", CANARY).replace("TOKEN: x", f"TOKEN: {CANARY}").replace("info", CANARY)

    assert CANARY not in msgspec.json.encode(facts(text)).decode()


def test_broken_and_hostile_files() -> None:
    begin = time.perf_counter()
    assert [type(f) for f in facts("kind: Pod\nspec: {containers: [{name: a}, }")][-1] is Problem
    bomb = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 20) if i else '{name: A}'}]\n" for i in range(30))
    for text in (
        "kind: Pod\nspec: " + "[" * 40_000,
        bomb + "kind: Pod\nspec: {containers: *a29}",
        "&r {kind: List, items: [*r]}",
        "kind: [x]",
        "kind: Pod\nspec: {containers: {a: b}}",
        "kind: Pod\nspec: {containers: [{name: [x], env: {a: b}, envFrom: [x, {secretRef: 1}], command: {a: b}}]}",
        "kind: ConfigMap\ndata: [x]\nmetadata: x",
        "kind: ConfigMap\ndata: {A: 1, A: 2, B: [x]}",
    ):
        msgspec.json.encode(facts(text))
    assert time.perf_counter() - begin < 20
    with pytest.raises(SourceError):
        facts(b"\0")


def test_what_prepares_a_pod_is_no_deployable() -> None:
    text = DEPLOYMENT.replace(
        "[{name: wait, image: busybox}]",
        "[{name: wait, image: busybox, command: [node, wait.js]},"
        " {name: proxy, image: proxy, restartPolicy: Always, command: [node, proxy.js]}]",
    )
    found = facts(text)

    assert [f.name for f in found if isinstance(f, ContainerSpec)][:2] == ["wait", "proxy"]
    assert [(f.component, f.role) for f in found if isinstance(f, EntryPoint)][:2] == [
        ("wait", "script"),
        ("proxy", "deployable"),
    ]
