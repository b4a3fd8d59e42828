"""The vocabulary: one observation in one file, with its place. Frozen, picklable, no syntax nodes, no secret values."""

from __future__ import annotations

from filot_lint.facts.deployment import ContainerSpec, EntryPoint, ImageBuild, ServiceSpec, TaskRendering
from filot_lint.facts.environment import (
    CommittedEnvFile,
    CommittedVariable,
    Condition,
    Default,
    EnvDeclaration,
    EnvFile,
    EnvMention,
    EnvProvision,
    EnvRead,
    EnvSpelling,
    Spelling,
    StoredValue,
)
from filot_lint.facts.linking import (
    Call,
    CallSite,
    DecoratedField,
    Definition,
    Effect,
    Exported,
    Factory,
    Imports,
    MemberUse,
    MethodCall,
    ModelClass,
    ModelField,
    Schema,
    SchemaField,
    SchemaPart,
    SchemaUse,
    Summary,
    TemporalType,
    Wrapper,
)
from filot_lint.facts.monitoring import MonitoringUse
from filot_lint.facts.observation import (
    SCHEMA,
    Access,
    AreaName,
    Ecosystem,
    EmptyText,
    Fact,
    Flow,
    Guard,
    Implied,
    Role,
    Unit,
    kebab,
    nullable,
    required_fields,
)
from filot_lint.facts.packages import Dependency, DependencyFile, Problem
from filot_lint.facts.pretence import GpuBranch, GpuUse, Sign, Substitute, TestDouble
from filot_lint.facts.secrecy import SecretAbsence, SecretComparison, SecretExposure, SecretLiteral, SecretUse
from filot_lint.facts.services import (
    CorsSetting,
    DatabaseConnection,
    Duration,
    Listener,
    ObjectStoreClient,
    ObjectStoreOperation,
    QueueSetting,
    QueueUse,
    RedisCommand,
    RedisConnection,
    RedisKey,
    TemporalConnection,
    TemporalStart,
    TemporalWorker,
    TlsSetting,
)

AnyFact = (
    EnvRead
    | EnvDeclaration
    | EnvSpelling
    | CommittedEnvFile
    | CommittedVariable
    | EnvMention
    | EnvProvision
    | StoredValue
    | EnvFile
    | RedisConnection
    | QueueUse
    | RedisKey
    | QueueSetting
    | Duration
    | RedisCommand
    | ObjectStoreClient
    | ObjectStoreOperation
    | TlsSetting
    | TemporalConnection
    | TemporalWorker
    | TemporalStart
    | DatabaseConnection
    | SecretUse
    | SecretComparison
    | SecretAbsence
    | SecretExposure
    | SecretLiteral
    | TestDouble
    | Substitute
    | GpuUse
    | GpuBranch
    | Listener
    | CorsSetting
    | MonitoringUse
    | EntryPoint
    | ContainerSpec
    | ImageBuild
    | ServiceSpec
    | TaskRendering
    | Imports
    | DependencyFile
    | Dependency
    | Problem
)
"""The published facts; those of `LINKER_ONLY` never leave the linker."""

LINKER_ONLY = (
    Exported,
    CallSite,
    MemberUse,
    MethodCall,
    Wrapper,
    Schema,
    SchemaUse,
    ModelClass,
    DecoratedField,
    Summary,
    Factory,
    Call,
    Definition,
    Effect,
    TemporalType,
)

__all__ = [
    "LINKER_ONLY",
    "SCHEMA",
    "Access",
    "AnyFact",
    "AreaName",
    "Call",
    "CallSite",
    "CommittedEnvFile",
    "CommittedVariable",
    "Condition",
    "ContainerSpec",
    "CorsSetting",
    "DatabaseConnection",
    "DecoratedField",
    "Default",
    "Definition",
    "Dependency",
    "DependencyFile",
    "Duration",
    "Ecosystem",
    "Effect",
    "EmptyText",
    "EntryPoint",
    "EnvDeclaration",
    "EnvFile",
    "EnvMention",
    "EnvProvision",
    "EnvRead",
    "EnvSpelling",
    "Exported",
    "Fact",
    "Factory",
    "Flow",
    "GpuBranch",
    "GpuUse",
    "Guard",
    "ImageBuild",
    "Implied",
    "Imports",
    "Listener",
    "MemberUse",
    "MethodCall",
    "ModelClass",
    "ModelField",
    "MonitoringUse",
    "ObjectStoreClient",
    "ObjectStoreOperation",
    "Problem",
    "QueueSetting",
    "QueueUse",
    "RedisCommand",
    "RedisConnection",
    "RedisKey",
    "Role",
    "Schema",
    "SchemaField",
    "SchemaPart",
    "SchemaUse",
    "SecretAbsence",
    "SecretComparison",
    "SecretExposure",
    "SecretLiteral",
    "SecretUse",
    "ServiceSpec",
    "Sign",
    "Spelling",
    "StoredValue",
    "Substitute",
    "Summary",
    "TaskRendering",
    "TemporalConnection",
    "TemporalStart",
    "TemporalType",
    "TemporalWorker",
    "TestDouble",
    "TlsSetting",
    "Unit",
    "Wrapper",
    "kebab",
    "nullable",
    "required_fields",
]
