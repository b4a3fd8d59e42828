import pytest
from pydantic import ValidationError

from filot_worker.settings import GpuSettings, ServiceSettings


def test_gpu_settings_have_a_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCR_GPU_CONCURRENCY", "3")
    monkeypatch.setenv("CONCURRENCY", "9")
    assert GpuSettings().concurrency == 3


def test_blank_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCR_GPU_ENABLED", "")
    assert GpuSettings().enabled is True


def test_redis_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL")
    with pytest.raises(ValidationError, match="redis_url"):
        ServiceSettings()
