from filot_worker.queue import CPU_QUEUE, PROCESSING, DocumentQueue, Job
from filot_worker.settings import gpu


class Lists:
    """Just enough of Redis: the calls that were made, and the answers prepared for them."""

    def __init__(self, **answers: object) -> None:
        self.calls: list[tuple[object, ...]] = []
        self._answers = answers

    def __getattr__(self, command: str):
        def call(*arguments: object, **_options: object) -> object:
            self.calls.append((command, *arguments))
            return self._answers.get(command)

        return call


def test_small_scans_go_first() -> None:
    lists = Lists(lmove="a1")
    assert DocumentQueue(lists).take() == Job("a1", small=True)
    assert lists.calls[0] == ("lmove", CPU_QUEUE, PROCESSING, "LEFT", "RIGHT")


def test_then_the_gpu_list() -> None:
    lists = Lists(blmove="b2")
    assert DocumentQueue(lists).take() == Job("b2", small=False)
    assert lists.calls[1][:3] == ("blmove", gpu.queue_key, PROCESSING)


def test_a_failed_document_returns_to_its_list() -> None:
    lists = Lists(incr=1)
    assert DocumentQueue(lists).failed(Job("c3", small=True))
    assert ("rpush", CPU_QUEUE, "c3") in lists.calls
