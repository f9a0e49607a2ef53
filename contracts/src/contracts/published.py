"""The committed form of the contracts: a JSON Schema a fact, and an example of each."""

import json
from pathlib import Path
from typing import Any

from contracts.base import Fact

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"
EXAMPLES = ROOT / "examples"


def render(fact: type[Fact]) -> str:
    """Return the schema as committed: sorted, so that a change shows as itself."""
    schema = fact.model_json_schema()
    schema["$id"] = f"urn:borgersamling:{fact.fact_type()}"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def read(path: Path) -> dict[str, Any]:
    """Read a committed schema or example."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
