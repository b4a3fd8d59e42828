"""What a manifest is for, as far as its path tells."""

from __future__ import annotations

import re
from typing import Literal as Choice

from filot_lint.facts import Fact

Purpose = Choice["production", "development", "open"]

DEVELOPMENT = frozenset({"dev", "devel", "develop", "development", "devcontainer", "local", "test", "tests", "testing",
                         "ci", "e2e", "override", "example", "examples", "sample", "demo", "debug", "playground",
                         "sandbox", "mock", "playwright", "cypress", "bench", "tilt", "gitpod", "minikube",
                         "kind"})  # fmt: skip
PRODUCTION = frozenset({"prod", "production", "prd", "live", "swarm"})
DOCUMENTS = frozenset({"doc", "docs", "documentation", "tutorial", "tutorials", "guide", "guides"})
"""Where manifests stand for others to copy."""
WHOLE = frozenset({"ecs", "kubernetes", "hosting"})
"""Manifests that exist for deploying only."""
STAGES = {
    word: stage
    for stage, words in {
        "development": ("dev", "devel", "develop", "development", "local", "sandbox"),
        "test": ("test", "testing", "qa", "uat", "ci", "e2e", "perf", "loadtest"),
        "staging": ("stage", "staging", "stg", "preprod", "preview", "beta", "canary"),
        "production": ("prod", "production", "live", "prd"),
    }.items()
    for word in words
}


def words_of(path: str) -> list[str]:
    """Return the lower-case words of a path."""
    return re.split(r"[^a-z0-9]+", path.lower())


def purpose(fact: Fact) -> Purpose:
    """Say whether a manifest is for production, for development, or does not say."""
    words = set(words_of(fact.file))
    if fact.area != "production" or (words & DEVELOPMENT and not words & PRODUCTION):
        return "development"
    deploys = fact.language in WHOLE and not words & DOCUMENTS
    return "production" if words & PRODUCTION or deploys else "open"


def stage_of(path: str) -> str | None:
    """Return the environment that the path of a manifest names."""
    return next((STAGES[word] for word in reversed(words_of(path)) if word in STAGES), None)
