"""Text from an image: EasyOCR on the GPU, Tesseract on the CPU."""

import io
import os
from dataclasses import dataclass
from typing import Protocol

import numpy
import pytesseract
from PIL import Image

from filot_worker.settings import gpu

TESSERACT_NAMES = {"id": "ind", "en": "eng"}
LANGUAGES = (os.getenv("OCR_LANGUAGES") or "id,en").split(",")


@dataclass(frozen=True)
class Reading:
    text: str
    confidence: float


class Reader(Protocol):
    def read(self, document: bytes) -> Reading: ...


class GpuReader:
    def __init__(self) -> None:
        import easyocr

        self._engine = easyocr.Reader(LANGUAGES, gpu=True, model_storage_directory=gpu.weights_dir)

    def read(self, document: bytes) -> Reading:
        pixels = numpy.asarray(Image.open(io.BytesIO(document)).convert("RGB"))
        lines = self._engine.readtext(pixels)
        return _reading([(text, float(confidence)) for _box, text, confidence in lines])


class CpuReader:
    def read(self, document: bytes) -> Reading:
        languages = "+".join(TESSERACT_NAMES.get(language, language) for language in LANGUAGES)
        data = pytesseract.image_to_data(
            Image.open(io.BytesIO(document)), lang=languages, output_type=pytesseract.Output.DICT
        )
        words = zip(data["text"], data["conf"], strict=True)
        return _reading([(text, float(conf) / 100) for text, conf in words if text.strip() and float(conf) >= 0])


def _reading(words: list[tuple[str, float]]) -> Reading:
    if not words:
        return Reading("", 0.0)
    return Reading("\n".join(text for text, _ in words), sum(score for _, score in words) / len(words))
