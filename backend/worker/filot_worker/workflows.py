"""The review of one document, from its score to a decision."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

REVIEW_DEADLINE = timedelta(days=3)


@dataclass
class ReviewInput:
    document_id: str
    storage_key: str


@dataclass
class Escalation:
    document_id: str
    storage_key: str
    score: float


@workflow.defn(name="DocumentReviewWorkflow")
class DocumentReviewWorkflow:
    def __init__(self) -> None:
        self._score: float | None = None
        self._needs_review = False
        self._decision: str | None = None

    @workflow.run
    async def run(self, document: ReviewInput) -> str:
        await workflow.wait_condition(lambda: self._score is not None)
        if self._needs_review:
            await workflow.execute_activity(
                "request_review",
                Escalation(document.document_id, document.storage_key, self._score or 0.0),
                start_to_close_timeout=timedelta(seconds=30),
            )
        await workflow.wait_condition(lambda: self._decision is not None, timeout=REVIEW_DEADLINE)
        return self._decision or "expired"

    @workflow.signal
    def scored(self, score: float, status: str) -> None:
        self._score = score
        self._needs_review = status == "in_review"
        if not self._needs_review:
            self._decision = status

    @workflow.signal
    def review_completed(self, decision: str) -> None:
        self._decision = decision
