"""Is there a GPU, and what happens when there is none."""

import logging
import os

import torch

from filot_worker import counters
from filot_worker.settings import gpu

log = logging.getLogger(__name__)


class GpuUnavailable(RuntimeError):
    """The GPU is wanted, absent, and the CPU may not stand in."""


def _flag(name: str, default: str) -> bool:
    return os.environ.get(name, default).strip().lower() in {"1", "true", "yes", "on"}


def probe() -> bool:
    """Ask the driver, not the environment."""
    if not torch.cuda.is_available():
        return False
    log.info("gpu found: %s", torch.cuda.get_device_name(0))
    return True


def choose() -> bool:
    """True to read on the GPU, False to read on the CPU."""
    if not gpu.enabled:
        log.info("gpu switched off by configuration")
        return False
    if probe():
        return True
    counters.increment("gpu_fallback_total")
    if not _flag("OCR_CPU_FALLBACK", "true"):
        raise GpuUnavailable("no CUDA device, and OCR_CPU_FALLBACK is off")
    log.error("no CUDA device: falling back to the CPU, expect a tenth of the throughput")
    return False
