"""What only looks like the real thing, and where a GPU is looked for."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.facts.observation import Fact
from filot_lint.source import Location

Sign = Choice["name", "word", "file", "folder", "import", "stands-for", "made-up", "unfinished", "refuses",
              "idle"]  # fmt: skip


"""Why something is taken for a double: its name is that of one (`name`) or only holds such a word (`word`), its file or
folder is called so, it is a library for tests, it has the base or interface of what it is named after (`stands-for`),
it asks nobody for what it answers (`made-up`), it always ends by raising that it is not implemented yet (`unfinished`)
or at all (`refuses`), or does nothing but log that it is a stand-in (`idle`)."""


class TestDouble(Fact, frozen=True, kw_only=True):
    """A mock, stub or fake, by definition or by import. `evidence` lists why it is taken for one, `signs` in short.

    `heirs` is the place of a class that builds on the one it stands in, which is then only a base.
    """

    __test__ = False

    symbol: str
    form: Choice["class", "function", "module", "import", "flag"]
    evidence: tuple[str, ...]
    signs: tuple[Sign, ...] = ()
    heirs: Location | None = None


class Substitute(Fact, frozen=True, kw_only=True):
    """Something fake or made up takes the place of the real thing, and the program goes on.

    `symbol` is what stands in; `form` says that it is a `double`, a `sample` text, or made from the `clock` or at
    `random`. `where`: a variable is `missing` (`names`), an `error` is handled, or an `answer` of a service lacks
    something (`names` then holds what).
    """

    symbol: str
    form: Choice["double", "sample", "clock", "random"]
    where: Choice["missing", "error", "answer"]
    names: tuple[str, ...] = ()
    test_at: Location | None = None


class GpuUse(Fact, frozen=True, kw_only=True):
    """Code imports a library that can use a GPU, or names the command that lists them (`probe`)."""

    library: str
    form: Choice["library", "probe"]


class GpuBranch(Fact, frozen=True, kw_only=True):
    """What code does on one side of a question about the GPU, told in the words of the source.

    `function` is where it stands; `conditions` lead there, the outermost first. `logs` are the levels it writes at,
    `calls` the functions it calls; `ends` tells how it is left, null where it goes on, `gives` the constant it
    returns, or the class of what it raises. `switches` are the variables that the conditions ask, by themselves or by
    a name or function of the file.
    """

    function: str
    conditions: tuple[str, ...]
    logs: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    ends: Choice["raises", "returns", "exits"] | None = None
    gives: str | None = None
    switches: tuple[str, ...] = ()
