"""The schemas of MeMo 1.2, which the project may not contain: tests read them from beside it."""

from functools import cache
from pathlib import Path

import pytest
from lxml import etree

MEMO = "{https://DigitalPost.dk/MeMo-1}"
SCHEMAS = Path(__file__).parents[3] / "shared/memo/xsd-1.2"


@cache
def memo_schema() -> etree.XMLSchema:
    """Return the schema; the test is skipped where there is none."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"the MeMo schemas, which the project may not contain, are not at {SCHEMAS}")
    return etree.XMLSchema(etree.parse(SCHEMAS / "MeMo_core.xsd"))
