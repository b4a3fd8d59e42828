"""Object storage: Cloudflare R2 and what else speaks S3."""
