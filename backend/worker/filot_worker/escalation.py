"""Documents with an in-between score go to BULI2, where people look at them."""

import os

import httpx


class Buli2:
    def __init__(self) -> None:
        self._callback = os.environ["PUBLIC_API_URL"].rstrip("/") + "/callbacks/buli2"
        self._http = httpx.Client(
            base_url=os.environ["BULI2_API_URL"],
            headers={"authorization": f"Bearer {os.environ['BULI2_API_KEY']}"},
            timeout=int(os.getenv("BULI2_TIMEOUT_MS") or "10000") / 1000,
        )

    def request_review(self, document_id: str, link: str, score: float) -> str:
        response = self._http.post(
            "/v1/reviews",
            json={"documentId": document_id, "documentUrl": link, "score": score, "callbackUrl": self._callback},
        )
        response.raise_for_status()
        return str(response.json()["ticketId"])
