"""The Temporal side of the worker: runs review workflows and their activities."""

from concurrent.futures import ThreadPoolExecutor

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from filot_worker import storage
from filot_worker.escalation import Buli2
from filot_worker.settings import service
from filot_worker.workflows import DocumentReviewWorkflow, Escalation


class Activities:
    def __init__(self, buli2: Buli2) -> None:
        self._buli2 = buli2

    @activity.defn
    def request_review(self, escalation: Escalation) -> str:
        link = storage.review_link(escalation.storage_key)
        return self._buli2.request_review(escalation.document_id, link, escalation.score)


async def connect() -> Client:
    return await Client.connect(
        service.temporal_address,
        namespace=service.temporal_namespace,
        api_key=service.temporal_api_key.get_secret_value(),
        tls=True,
    )


def build(client: Client) -> Worker:
    activities = Activities(Buli2())
    return Worker(
        client,
        task_queue=service.temporal_task_queue,
        workflows=[DocumentReviewWorkflow],
        activities=[activities.request_review],
        activity_executor=ThreadPoolExecutor(max_workers=4),
    )


async def report_score(client: Client, document_id: str, score: float, status: str) -> None:
    handle = client.get_workflow_handle(f"document-review-{document_id}")
    await handle.signal("scored", args=[score, status])
