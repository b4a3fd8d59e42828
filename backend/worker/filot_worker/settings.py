"""What the worker must be given. Anything missing stops it at import, before it takes a document."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Connections; the same variables the API uses."""

    model_config = SettingsConfigDict(env_ignore_empty=True, hide_input_in_errors=True)

    redis_url: SecretStr
    database_url: SecretStr

    r2_endpoint: str = Field(validation_alias="CF_R2_ENDPOINT")
    r2_access_key_id: str = Field(validation_alias="CF_R2_ACCESS_KEY_ID")
    r2_secret_access_key: SecretStr = Field(validation_alias="CF_R2_SECRET_ACCESS_KEY")
    r2_bucket: str = Field(validation_alias="CF_R2_BUCKET")

    temporal_address: str
    temporal_namespace: str
    temporal_api_key: SecretStr
    temporal_task_queue: str = "filot-review"


class GpuSettings(BaseSettings):
    """How this worker uses its GPU."""

    model_config = SettingsConfigDict(env_prefix="OCR_GPU_", env_ignore_empty=True)

    enabled: bool = True
    queue_key: str = "filot:ocr:gpu:queue"
    concurrency: int = Field(default=4, ge=1, le=16)
    weights_dir: str = "/opt/models"


service = ServiceSettings()
gpu = GpuSettings()
