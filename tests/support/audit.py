"""What the audit lines of the log say."""

from typing import Any


def refusals(lines: list[Any]) -> list[str]:
    """Return why requests were refused, in their order."""
    return [line["reason"] for line in lines if line["event"] == "refused" and line.get("kind") == "audit"]
