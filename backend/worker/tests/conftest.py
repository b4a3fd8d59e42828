import os

# Settings are read at import, so they must be there before any test module is loaded.
os.environ["REDIS_URL"] = "redis://localhost:6379/15"
os.environ["DATABASE_URL"] = "postgresql://filot@localhost:5432/filot_test"
os.environ["CF_R2_ENDPOINT"] = "http://localhost:9000"
os.environ["CF_R2_ACCESS_KEY_ID"] = "test"
os.environ["CF_R2_SECRET_ACCESS_KEY"] = "test"
os.environ["CF_R2_BUCKET"] = "filot-test"
os.environ["TEMPORAL_ADDRESS"] = "localhost:7233"
os.environ["TEMPORAL_NAMESPACE"] = "default"
os.environ["TEMPORAL_API_KEY"] = "test"
os.environ.setdefault("PYTEST_OCR_SAMPLE", "ktp")
