"""Module names to files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from filot_lint.source import Language
from filot_lint.workspace.resolve import Resolver, TsConfig, load_packages, load_tsconfigs


def resolver(
    *paths: str, configs: Iterable[TsConfig] = (), packages: dict[str, tuple[str, str | None]] | None = None
) -> Resolver:
    files = {path: Language.PYTHON if path.endswith(".py") else Language.TYPESCRIPT for path in paths}
    return Resolver(files, list(configs), packages)


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("./b", "src/b.ts"),
        ("./b.js", "src/b.ts"),
        ("./b.ts", "src/b.ts"),
        ("./c", "src/c/index.tsx"),
        ("./c/", "src/c/index.tsx"),
        ("../d.mjs", "d.mts"),
        ("./e.jsx", "src/e.tsx"),
        ("./f.json", None),
        ("./missing", None),
        ("b", None),
        ("./b?raw", "src/b.ts"),
    ],
)
def test_relative_typescript(module: str, file: str | None) -> None:
    found = resolver("src/a.ts", "src/b.ts", "src/c/index.tsx", "d.mts", "src/e.tsx")
    assert found.resolve("src/a.ts", module) == file


def test_a_file_is_taken_before_a_folder() -> None:
    assert resolver("a.ts", "b.ts", "b/index.ts").resolve("a.ts", "./b") == "b.ts"


def test_a_path_never_leaves_the_workspace() -> None:
    assert resolver("a.ts", "b.ts").resolve("a.ts", "../../b") is None


def test_tsconfig_paths_and_base() -> None:
    config = TsConfig("tsconfig.json", {"baseUrl": ".", "paths": {"@/*": ["src/*"], "env": ["src/lib/env.ts"]}})
    found = resolver("src/lib/env.ts", "src/app/page.ts", "shared/x.ts", configs=[config])
    assert found.resolve("src/app/page.ts", "@/lib/env") == "src/lib/env.ts"
    assert found.resolve("src/app/page.ts", "env") == "src/lib/env.ts"
    assert found.resolve("src/app/page.ts", "shared/x") == "shared/x.ts"
    assert found.resolve("src/app/page.ts", "@/missing") is None


def test_the_nearest_tsconfig_counts(tmp_path: Path) -> None:
    (tmp_path / "apps/web").mkdir(parents=True)
    (tmp_path / "tsconfig.json").write_text('{"compilerOptions": {"paths": {"~/*": ["./root/*"]}}}')
    (tmp_path / "apps/web/tsconfig.json").write_text(
        '{ // comments and trailing commas\n "compilerOptions": {"paths": {"~/*": ["./app/*"],},},\n}'
    )
    configs = load_tsconfigs(tmp_path, ["tsconfig.json", "apps/web/tsconfig.json", "missing.json"])
    found = resolver("root/a.ts", "apps/web/app/a.ts", "apps/web/b.ts", "c.ts", configs=configs)
    assert found.resolve("apps/web/b.ts", "~/a") == "apps/web/app/a.ts"
    assert found.resolve("c.ts", "~/a") == "root/a.ts"


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', '{"compilerOptions": 5}', '{"compilerOptions": {"paths": 5}}'])
def test_broken_tsconfigs_are_passed_over(text: str, tmp_path: Path) -> None:
    (tmp_path / "tsconfig.json").write_text(text)
    configs = load_tsconfigs(tmp_path, ["tsconfig.json"])
    assert resolver("a.ts", configs=configs).resolve("a.ts", "x") is None


def test_packages_of_the_workspace(tmp_path: Path) -> None:
    for path, text in {
        "packages/lib/package.json": '{"name": "@shop/lib", "main": "./main.ts"}',
        "packages/ui/package.json": '{"name": "ui"}',
        "packages/bad/package.json": "{",
        "packages/list/package.json": "[]",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    packages = load_packages(tmp_path, sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.json")))
    found = resolver("packages/lib/main.ts", "packages/lib/a/env.ts", "packages/ui/src/index.ts", packages=packages)
    assert found.resolve("app.ts", "@shop/lib") == "packages/lib/main.ts"
    assert found.resolve("app.ts", "@shop/lib/a/env") == "packages/lib/a/env.ts"
    assert found.resolve("app.ts", "ui") == "packages/ui/src/index.ts"
    assert found.resolve("app.ts", "@shop/other") is None
    assert found.resolve("app.ts", "react") is None


@pytest.mark.parametrize(
    ("module", "file"),
    [
        (".b", "app/b.py"),
        (".", "app/__init__.py"),
        ("..c", "c.py"),
        ("app.b", "app/b.py"),
        ("app", "app/__init__.py"),
        ("app.d", "app/d/__init__.py"),
        ("c", "c.py"),
        ("os", None),
        (".missing", None),
    ],
)
def test_python(module: str, file: str | None) -> None:
    found = resolver("app/__init__.py", "app/a.py", "app/b.py", "app/d/__init__.py", "c.py")
    assert found.resolve("app/a.py", module) == file


def test_python_src_layouts_and_services_side_by_side() -> None:
    found = resolver(
        "one/src/pages/__init__.py", "one/src/pages/env.py", "one/src/main.py",
        "two/pages/__init__.py", "two/pages/env.py", "two/main.py",
    )  # fmt: skip
    assert found.resolve("one/src/main.py", "pages.env") == "one/src/pages/env.py"
    assert found.resolve("two/main.py", "pages.env") == "two/pages/env.py"
    assert found.resolve("one/src/pages/env.py", "pages") == "one/src/pages/__init__.py"


def test_a_package_that_is_the_workspace_itself() -> None:
    found = resolver("__init__.py", "main.py", "app/__init__.py", "app/a.py", "app/b.py")
    assert found.resolve("app/a.py", ".b") == "app/b.py"
    assert found.resolve("app/a.py", "app.b") == "app/b.py"
    assert found.resolve("app/a.py", "..main") == "main.py"


def test_a_module_does_not_import_itself() -> None:
    assert resolver("app/redis.py").resolve("app/redis.py", "redis") is None


def test_a_file_started_by_name() -> None:
    assert (
        resolver("worker/main.py", "worker/jobs/__init__.py").python_module("jobs", "worker")
        == "worker/jobs/__init__.py"
    )


@pytest.mark.parametrize(
    ("importer", "module", "file"),
    [
        ("web/src/routes/a.ts", "$lib/env", "web/src/lib/env.ts"),
        ("web/src/lib/deep/b.ts", "@/lib/env", "web/src/lib/env.ts"),
        ("web/src/routes/a.ts", "~/lib/env", "web/src/lib/env.ts"),
        ("api/a.ts", "$lib/env", None),
        ("web/src/routes/a.ts", "@", None),
        ("web/src/routes/a.ts", "@scope/lib/env", None),
    ],
)
def test_prefixes_that_bundlers_set_up(importer: str, module: str, file: str | None) -> None:
    found = resolver("web/src/routes/a.ts", "web/src/lib/env.ts", "web/src/lib/deep/b.ts", "api/a.ts")
    assert found.resolve(importer, module) == file
