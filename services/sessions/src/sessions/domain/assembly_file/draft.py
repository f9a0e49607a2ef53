"""A file in the middle of being checked: the parts that have their shape, each with its path.

The rules between fields run on whatever is whole, so that one missing field does not hide the contradictions elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where: `criteria[1].values[2].maximum`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass(frozen=True)
class Draft:
    """Access to the well-shaped parts of a raw file."""

    raw: Mapping[str, Any]

    def part(self, name: str, kind: type[P]) -> P | None:
        """Return the part if it has its shape."""
        return _shaped(self.raw.get(name), kind)

    def items(self, name: str, kind: type[P]) -> list[tuple[str, P]]:
        """Return the well-shaped items of a list, each with its path (`sessions[3]`)."""
        raw = self.raw.get(name)
        if not isinstance(raw, list):
            return []
        shaped = [(f"{name}[{place}]", _shaped(item, kind)) for place, item in enumerate(raw)]
        return [(path, item) for path, item in shaped if item is not None]

    def ids(self, name: str, within: str = "") -> list[tuple[str, str]]:
        """Return the ids of a list's items, whether or not the rest of the item has its shape."""
        raw = self.raw.get(name)
        found: list[tuple[str, str]] = []
        for place, item in enumerate(raw if isinstance(raw, list) else []):
            if not isinstance(item, Mapping):
                continue
            path = f"{name}[{place}]"
            if within:
                found += [(f"{path}.{inner}", value) for inner, value in Draft(item).ids(within)]
            elif isinstance(item.get("id"), str):
                found.append((f"{path}.id", item["id"]))
        return found


def _shaped(raw: Any, kind: type[P]) -> P | None:
    try:
        return kind.model_validate(raw)
    except ValidationError:
        return None
