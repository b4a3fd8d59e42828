"""FiLot's GPU OCR worker."""
