"""What code does on each side of a question about the GPU."""

from __future__ import annotations

import textwrap

import pytest

from filot_lint.extract.code import lower
from filot_lint.extract.libraries.gpu_branches import gpu_branches
from filot_lint.facts import GpuBranch
from filot_lint.source import Language, SourceFile

PROBE = """
    import torch

    def probe():
        if not torch.cuda.is_available():
            return False
        log.info("found")
        return True

    def choose(job):
        if probe():
            return True
        counters.increment("fallbacks")
        if not flag("OCR_CPU_FALLBACK"):
            raise NoGpu("gone")
        log.error("slow now")
        return False
"""

RETRY = """
    async function processJob(id: string) {
      if (!id) return;
      try {
        if (attempts < MAX) {
          logger.warn("again");
          await requeue(id);
          return;
        }
        if (isGpuFallbackEnabled()) await runOnCpu(id);
        else process.exit(1);
      } catch (error) {
        if (gpu.available) { await report(error); }
      }
    }
    async function fallbackToCpu(id: string) { await read(id); }
    export const gpuQueueSize = () => { if (gpuQueue.length > 3) { shrink(); } };
"""


def branches(code: str, language: Language) -> list[GpuBranch]:
    suffix = "py" if language is Language.PYTHON else "ts"
    source = SourceFile(f"a.{suffix}", textwrap.dedent(code).encode(), language)
    return list(gpu_branches(source, lower(source)))


def test_what_stands_behind_a_return_is_the_other_side() -> None:
    found = {(b.function, *b.conditions): b for b in branches(PROBE, Language.PYTHON)}

    assert found["probe", "not (torch.cuda.is_available())"].gives == "false"
    assert found["probe", "torch.cuda.is_available()"].logs == ("info",)
    assert found["choose", "probe()"].ends == "returns"
    assert found["choose", "not (probe())"].calls == ("counters.increment",)
    raised = found["choose", "not (probe())", 'not (flag("OCR_CPU_FALLBACK"))']
    assert (raised.ends, raised.gives, raised.calls) == ("raises", "NoGpu", ())
    assert found["choose", "not (probe())", 'flag("OCR_CPU_FALLBACK")'].logs == ("error",)


def test_a_retry_beside_a_fallback_is_its_bound() -> None:
    found = {(b.function, *b.conditions): b for b in branches(RETRY, Language.TYPESCRIPT)}

    assert found["processJob", "attempts < MAX"].calls == ("requeue",)
    after = ("processJob", "not (attempts < MAX)")
    assert found[*after, "isGpuFallbackEnabled()"].calls == ("runOnCpu",)
    assert found[*after, "not (isGpuFallbackEnabled())"].ends == "exits"
    assert found["processJob", "an error is handled", "gpu.available"].calls == ("report",)
    assert found[("fallbackToCpu",)].calls == ("read",)
    assert not any(b.function == "gpuQueueSize" for b in found.values())


@pytest.mark.parametrize(
    "test",
    [
        'gpu.key === "ghp_q8Zr2LmX4vT7sWn1YbK6cJd9FhG3eQaPuVtR" && gpuEnabled',
        "gpuEnabled && " + " && ".join(f"part{n}" for n in range(30)),
    ],
)
def test_a_condition_that_may_hold_a_secret_or_is_long_is_not_shown(test: str) -> None:
    found = branches(f"function run() {{ if ({test}) {{ work(); }} }}", Language.TYPESCRIPT)

    assert [b.conditions for b in found] == [("a condition that is not shown",)]
