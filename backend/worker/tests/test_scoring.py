import os

from filot_worker.ocr import Reading
from filot_worker.scoring import Verdict, score, verdict

SAMPLE = os.environ["PYTEST_OCR_SAMPLE"]


def test_an_identity_number_keeps_the_confidence() -> None:
    assert score(Reading(f"{SAMPLE} 3174012345678901", 0.9)) == 0.9


def test_without_one_it_is_halved() -> None:
    assert score(Reading("birthday party", 0.9)) == 0.45


def test_in_between_goes_to_a_person() -> None:
    assert [verdict(value) for value in (0.2, 0.7, 0.9)] == [Verdict.REJECTED, Verdict.REVIEW, Verdict.APPROVED]
