"""What ECS task definitions give to their containers."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests.ecs import extract
from filot_lint.facts import ContainerSpec, EntryPoint, EnvFile, EnvProvision, Fact, Problem, ServiceSpec
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"

TASK = """{
  "family": "filot-worker",
  "executionRoleArn": "arn:aws:iam::1:role/run",
  "requiresCompatibilities": ["EC2"],
  "cpu": "1024", "memory": "2048",
  "containerDefinitions": [
    {
      "name": "worker",
      "image": "1.dkr.ecr.eu-west-1.amazonaws.com/filot-worker:<TAG>",
      "command": ["python", "-m", "worker.main"],
      "stopTimeout": 120,
      "portMappings": [{"containerPort": 8080}],
      "environment": [
        {"name": "NODE_ENV", "value": "production"},
        {"value": "", "name": "EMPTY"}
      ],
      "secrets": [{"name": "REDIS_URL", "valueFrom": "arn:aws:secretsmanager:eu-west-1:1:secret:filot/redis"}],
      "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::filot/prod.env"}],
      "resourceRequirements": [{"type": "GPU", "value": "1"}],
      "healthCheck": {"command": ["CMD-SHELL", "curl -f http://localhost:8080/health || exit 1"]},
      "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/filot",
        "awslogs-region": "eu-west-1"}}
    }
  ]
}
"""


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("infra/ecs/task.json", data, Language.ECS), MODELS)


def test_provisions() -> None:
    found = [f for f in facts(TASK) if isinstance(f, EnvProvision)]

    assert [(f.name, f.channel, f.container, f.shape, f.reference, f.line, f.column) for f in found] == [
        ("NODE_ENV", "environment", "worker", "word", None, 14, 19),
        ("EMPTY", "environment", "worker", "empty", None, 15, 32),
        ("REDIS_URL", "secret", "worker", None, "arn:aws:secretsmanager:eu-west-1:1:secret:filot/redis", 17, 29),
    ]


def test_container() -> None:
    (spec,) = [f for f in facts(TASK) if isinstance(f, ContainerSpec)]

    assert (spec.name, spec.family, spec.cpu, spec.memory, spec.gpus) == ("worker", "filot-worker", "1024", "2048", "1")
    assert (spec.ports, spec.compatibilities, spec.stop_timeout) == (("8080",), ("EC2",), "120")
    assert (spec.log_driver, spec.log_group, spec.log_region) == ("awslogs", "/ecs/filot", "eu-west-1")
    assert spec.log_group_at is not None
    assert spec.log_group_at.line == spec.health_check_at.line + 1 if spec.health_check_at else False
    assert spec.execution_role == "arn:aws:iam::1:role/run"
    assert spec.health_check == ("CMD-SHELL", "curl -f http://localhost:8080/health || exit 1")
    assert (spec.line, spec.column) == (8, 16)


def test_places_of_settings() -> None:
    (spec,) = [f for f in facts(TASK) if isinstance(f, ContainerSpec)]
    (secret,) = [f for f in facts(TASK) if isinstance(f, EnvProvision) and f.channel == "secret"]
    at = (spec.image_at, spec.gpus_at, spec.health_check_at, secret.from_at)

    assert [None if place is None else (place.line, place.column) for place in at] == [
        (9, 17),
        (19, 58),
        (20, 34),
        (17, 55),
    ]
    assert (spec.start_period, spec.placement) == (None, ())


def test_what_a_computed_role_and_a_long_reference_say() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:shop/prod/Redis-aB3dE9xY7zQ2-K7qW2p"
    container = {"Name": "api", "Image": "x", "Secrets": [{"Name": "A", "ValueFrom": arn}]}
    task = {"ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "ContainerDefinitions": [container]}
    found = facts(json.dumps({"Resources": {"T": {"Properties": task}}}))

    assert [f.execution_role for f in found if isinstance(f, ContainerSpec)] == ["reference"]
    assert [f.reference for f in found if isinstance(f, EnvProvision)] == [arn]


def test_entry_point_and_env_file() -> None:
    (entry,) = [f for f in facts(TASK) if isinstance(f, EntryPoint)]
    (file,) = [f for f in facts(TASK) if isinstance(f, EnvFile)]

    assert (entry.component, entry.command, entry.image) == ("worker", ("python", "-m", "worker.main"), "filot-worker")
    assert (file.path, file.channel, file.container) == ("arn:aws:s3:::filot/prod.env", "ecs", "worker")


def test_cloudformation_spelling() -> None:
    container = {"Name": "api", "Image": "x", "Environment": [{"Name": "A", "Value": {"Ref": "P"}}]}
    stack = {"Resources": {"T": {"Properties": {"ContainerDefinitions": [container]}}}}
    (provision,) = [f for f in facts(json.dumps(stack)) if isinstance(f, EnvProvision)]

    assert (provision.name, provision.container, provision.shape) == ("A", "api", "reference")


STACK = """Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: shop-api
      ContainerDefinitions:
        - Name: api
          Image: !Sub "${Account}.dkr.ecr.amazonaws.com/shop-api:${Tag}"
          Command: [node, dist/index.js]
          Environment:
            - {Name: PLAIN, Value: production}
            - {Name: REFERRED, Value: !Ref Param}
            - {Name: JOINED, Value: !Join ["", [a, b]]}
          Secrets:
            - {Name: TOKEN, ValueFrom: !Sub "${Store}:token::"}
  Service:
    Type: AWS::ECS::Service
    Properties: {ServiceName: api, TaskDefinition: !Ref Task, DesiredCount: 2}
"""


def test_cloudformation_as_yaml() -> None:
    found = extract(SourceFile("infra/stack.yml", STACK.encode(), Language.ECS), MODELS)
    (spec,) = [f for f in found if isinstance(f, ContainerSpec)]
    (run,) = [f for f in found if isinstance(f, EntryPoint)]
    (service,) = [f for f in found if isinstance(f, ServiceSpec)]

    assert [(f.name, f.channel, f.shape, f.reference) for f in found if isinstance(f, EnvProvision)] == [
        ("PLAIN", "environment", "word", None),
        ("REFERRED", "environment", "reference", None),
        ("JOINED", "environment", "reference", None),
        ("TOKEN", "secret", None, "!Sub ${Store}:token::"),
    ]
    assert (spec.name, spec.family, run.image) == ("api", "shop-api", "shop-api")
    assert (service.name, service.task_definition, service.desired_count) == ("api", "shop-api", "2")


def test_several_containers_and_placeholders_in_a_wrapper() -> None:
    text = """{"taskDefinition": {"family": "x", "containerDefinitions": [
      {"name": "api", "image": "${IMAGE}", "cpu": <CPU>, "dependsOn": [{"containerName": "log"}],
       "environment": [{"name": "A", "value": "<VALUE>"}], "secrets": [{"name": "S", "valueFrom": "/shop/s"}]},
      {"name": "log", "image": "<ACCOUNT>.dkr.ecr/log:1"}
    ]}}"""
    found = facts(text)

    assert [(f.name, f.image) for f in found if isinstance(f, ContainerSpec)] == [
        ("api", "${IMAGE}"),
        ("log", "<ACCOUNT>.dkr.ecr/log:1"),
    ]
    assert [(f.name, f.shape, f.reference) for f in found if isinstance(f, EnvProvision)] == [
        ("A", "placeholder", None),
        ("S", None, "/shop/s"),
    ]


def test_bare_container_list() -> None:
    (spec,) = [f for f in facts('[{"name": "api", "image": "x"}]') if isinstance(f, ContainerSpec)]

    assert spec.name == "api"


def test_service() -> None:
    text = '{"serviceName": "ocr", "cluster": "c", "taskDefinition": "t", "desiredCount": 2, "launchType": "EC2"}'
    (service,) = facts(text)

    assert isinstance(service, ServiceSpec)
    assert (service.name, service.cluster, service.task_definition) == ("ocr", "c", "t")
    assert (service.desired_count, service.launch_type) == ("2", "EC2")


def test_other_json_is_silent() -> None:
    for text in ('{"clusterName": "x"}', "[]", "{}", '"x"', "1", ""):
        assert facts(text) == []


def test_unquoted_placeholders_are_told_and_the_rest_is_read() -> None:
    found = facts(TASK.replace('"1024"', "<CPU>").replace("120,", "${STOP},"))

    assert [f.line for f in found if isinstance(f, Problem)] == [5, 11]
    assert len([f for f in found if isinstance(f, EnvProvision)]) == 3


def test_a_truncated_file_gives_what_stands_before() -> None:
    found = facts(TASK[: TASK.index('"secrets"')])

    assert [f.name for f in found if isinstance(f, EnvProvision)] == ["NODE_ENV", "EMPTY"]
    assert [f.problem for f in found if isinstance(f, Problem)] == ["unparsable"]


def test_values_never_leave() -> None:
    container = {
        "name": "a",
        "image": "x",
        "environment": [{"name": "A", "value": CANARY}, {"name": "JWT_SECRET", "value": "hunter22"}],
        "command": ["server", "--password", "hunter22", f"--url=redis://:{CANARY}@h"],
        "secrets": [{"name": "B", "valueFrom": CANARY}],
    }
    for text in (json.dumps({"containerDefinitions": [container]}), json.dumps([container])[:-2] + f"{CANARY} ]"):
        encoded = msgspec.json.encode(facts(text)).decode()
        assert CANARY not in encoded
        assert "hunter22" not in encoded


def test_hostile_input() -> None:
    begin = time.perf_counter()
    for text in (
        "[" * 40_000,
        '{"a":' * 20_000,
        '{"containerDefinitions": [' + "1," * 100_000,
        '{"containerDefinitions": [{"name": "' + "x" * 40_000,
        '{"containerDefinitions": [{"name": "\\ud800", "image": "\\ud800", "environment": [{"name": "\\ud800"}]}]}',
        '{"containerDefinitions": {"a": 1}, {}: [], "x"}]]]',
        "}" * 40_000,
        "-" * 40_000,
    ):
        msgspec.json.encode(facts(text))
    msgspec.json.encode(facts(b'{"containerDefinitions": [{"name": "\xff", "image": "x"}]}'))
    assert time.perf_counter() - begin < 10
    with pytest.raises(SourceError):
        facts(b"{\0}")


def test_a_login_is_no_part_of_a_command() -> None:
    command = ["CMD-SHELL", f"curl -u admin:{CANARY[:9]} http://localhost/ || exit 1"]
    container = {"name": "a", "image": "a", "healthCheck": {"command": command}, "command": ["run", "--user", "10:10"]}
    (spec,) = [f for f in facts(json.dumps({"containerDefinitions": [container]})) if isinstance(f, ContainerSpec)]

    assert spec.health_check == ("CMD-SHELL", "curl -u <redacted> http://localhost/ || exit 1")
    assert spec.command == ("run", "--user", "10:10")


def test_what_cannot_be_a_name_is_not_kept() -> None:
    secrets = [{"name": "A", "valueFrom": "rain in may!"}, {"name": "B", "valueFrom": "/shop/b"}]
    task = {"containerDefinitions": [{"name": "a", "image": "a", "secrets": secrets}]}

    found = [f.reference for f in facts(json.dumps(task)) if isinstance(f, EnvProvision)]
    assert found == ["<redacted>", "/shop/b"]
