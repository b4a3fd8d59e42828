"""Inference that neither runs what it reads about nor changes what pylint itself finds out.

While it is entered, astroid keeps modules of its own: where it may not load an extension it reads a stub instead, and
stubs in pylint's memory would become false alarms. Pylint puts what it checks at the head of `sys.path`, so that what
is imported then may be a file of the repository; inside nothing is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec
from threading import get_ident
from types import ModuleType
from typing import Any

from astroid import nodes  # type: ignore[import-untyped]  # it ships no types
from astroid.manager import AstroidManager  # type: ignore[import-untyped]
from astroid.util import Uninferable  # type: ignore[import-untyped]

MAX_VALUES = 100

_BROUGHT: tuple[object, ...] = (BuiltinImporter, FrozenImporter)

_own: dict[str, Any] = {}


@contextmanager
def apart() -> Iterator[None]:
    """Change what astroid may do and remember, for the questions of this thread; where it has other names, fail."""
    guard = _Guard(get_ident())
    changes = [*_barred(), (AstroidManager, "brain", _brain())]
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in changes]
    sys.meta_path.insert(0, guard)
    try:
        for owner, name, value in changes:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)
        sys.meta_path.remove(guard)


def _brain() -> dict[str, Any]:
    """Return what astroid remembers for us; it begins anew when pylint's memory does."""
    shared = AstroidManager.brain
    if "builtins" not in shared["astroid_cache"]:
        AstroidManager().bootstrap()
    builtins = shared["astroid_cache"]["builtins"]
    if not _own or _own["astroid_cache"].get("builtins") is not builtins:
        _own.update(
            shared,
            astroid_cache={"builtins": builtins},
            _mod_file_cache={},
            _failed_import_hooks=[],
            always_load_extensions=False,
            extension_package_whitelist=set(),
            max_inferable_values=MAX_VALUES,
        )
    return _own


def _no_extension(_: object, modname: str) -> bool:
    """Load none, not even one that is called like a module of the standard library."""
    del modname
    return False


def _nothing(*_: object, **__: object) -> Iterator[object]:
    """Know nothing."""
    yield Uninferable


def _only_added(kind: type) -> object:
    """Return the inference of an operator for `+` alone."""
    infer = vars(kind)["_infer"]

    def inferred(node: Any, *arguments: object, **keywords: object) -> Iterator[object]:  # noqa: ANN401  # no types
        return infer(node, *arguments, **keywords) if node.op in {"+", "+="} else _nothing()

    return inferred


@cache
def _barred() -> list[tuple[type, str, object]]:
    """Return what astroid may not do: texts are the engine's to build, nested ones would take all memory there is."""
    return [
        (AstroidManager, "_can_load_extension", _no_extension),
        (nodes.JoinedStr, "_infer", _nothing),
        (nodes.BinOp, "_infer", _only_added(nodes.BinOp)),
        (nodes.AugAssign, "_infer", _only_added(nodes.AugAssign)),
    ]


class _Guard:
    """Finds modules as ever, with a loader that refuses for all that Python does not bring with it."""

    def __init__(self, thread: int) -> None:
        self.thread = thread

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that the other finders have; astroid loads its own modules when it needs them."""
        if get_ident() != self.thread or name.startswith("astroid."):
            return None
        others = (finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec"))
        spec = next((found for finder in others if (found := finder.find_spec(name, path, target)) is not None), None)
        if spec is not None and spec.loader is not None and spec.loader not in _BROUGHT:
            spec.loader = _Refusal()  # type: ignore[assignment]  # it loads nothing, which is its purpose
        return spec


class _Refusal:
    """Loads nothing."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        message = f"{spec.name} is not loaded while names are inferred"
        raise ImportError(message)

    def exec_module(self, module: ModuleType) -> None:
        """Stay away: loaders have both methods."""
