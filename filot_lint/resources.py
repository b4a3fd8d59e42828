"""Where the rule catalogue and the document templates live."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _locate(name: str) -> Path:
    """Return a data folder: inside the package when installed, beside it in a checkout."""
    packaged = _PACKAGE / "_data" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


RULES = _locate("rules")
REPORT = _locate("report")
