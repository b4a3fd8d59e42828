"""Identity documents in Cloudflare R2."""

import boto3
from botocore.config import Config

from filot_worker.settings import service

_client = boto3.client(
    "s3",
    endpoint_url=service.r2_endpoint,
    region_name="auto",
    aws_access_key_id=service.r2_access_key_id,
    aws_secret_access_key=service.r2_secret_access_key.get_secret_value(),
    config=Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"max_attempts": 4, "mode": "standard"},
    ),
)

REVIEW_LINK_SECONDS = 3600


def download(key: str) -> bytes:
    return _client.get_object(Bucket=service.r2_bucket, Key=key)["Body"].read()


def review_link(key: str) -> str:
    """A link that a BULI2 reviewer can open for an hour."""
    parameters = {"Bucket": service.r2_bucket, "Key": key}
    return _client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=REVIEW_LINK_SECONDS)
