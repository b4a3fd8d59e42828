"""The documents table, which the API owns; the worker only updates its rows."""

import psycopg

from filot_worker.settings import service


def _connect() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        service.database_url.get_secret_value(), connect_timeout=5, application_name="filot-ocr-worker"
    )


def storage_key(document_id: str) -> str:
    with _connect() as connection:
        row = connection.execute("select storage_key from documents where id = %s", (document_id,)).fetchone()
    if row is None:
        raise LookupError(f"document {document_id} is not in the database")
    return str(row[0])


def save_score(document_id: str, score: float, status: str) -> None:
    with _connect() as connection:
        connection.execute(
            "update documents set score = %s, status = %s, updated_at = now() where id = %s",
            (score, status, document_id),
        )
