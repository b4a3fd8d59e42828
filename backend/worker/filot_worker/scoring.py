"""How sure we are that a document is what it claims to be."""

import os
import re
from enum import Enum

from filot_worker.ocr import Reading

LOW = float(os.getenv("REVIEW_SCORE_LOW") or "0.55")
HIGH = float(os.getenv("REVIEW_SCORE_HIGH") or "0.85")

NIK = re.compile(r"\b\d{16}\b")
NPWP = re.compile(r"\b\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}\b")


class Verdict(Enum):
    APPROVED = "approved"
    REVIEW = "in_review"
    REJECTED = "rejected"


def score(reading: Reading) -> float:
    """Confidence of the OCR, halved when no identity number was found."""
    found = NIK.search(reading.text) or NPWP.search(reading.text)
    return round(reading.confidence if found else reading.confidence / 2, 3)


def verdict(value: float) -> Verdict:
    if value >= HIGH:
        return Verdict.APPROVED
    return Verdict.REVIEW if value >= LOW else Verdict.REJECTED
