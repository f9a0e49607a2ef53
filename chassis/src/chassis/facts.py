"""What the chassis knows of a fact: that it has a type, a subject and a JSON form. Never which facts there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, Self


class FactLike(Protocol):
    """A versioned, frozen pydantic model with a place on the wire (`contracts.base.Fact` is one)."""

    speaker: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[int]

    @property
    def assembly(self) -> str:
        """The assembly it is about."""

    @classmethod
    def fact_type(cls) -> str:
        """`<speaker>.<name>.v<version>`."""

    @classmethod
    def subject_for(cls, assembly: str = "*") -> str:
        """`<speaker>.<assembly>.<name>.v<version>`."""

    def model_dump_json(self) -> str:
        """Return the body on the wire."""

    @classmethod
    def model_validate_json(cls, json_data: str | bytes) -> Self:
        """Read the body."""

    @classmethod
    def model_json_schema(cls, *, ref_template: str = ...) -> dict[str, Any]:
        """Return the body's JSON Schema."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came with a fact: its id and time (CloudEvents), its trace, and its attachment if it was asked for."""

    id: str
    time: datetime
    subject: str
    traceparent: str | None = None
    attachment: bytes | None = None


ATTACHMENT = "bs-attachment"
ATTACHMENT_DIGEST = "bs-attachment-sha256"


def cloud_event_headers(fact_type: str, source: str, event_id: str, time: datetime) -> dict[str, str]:
    """Return CloudEvents 1.0 binary mode headers, with the two ids NATS and FastStream read of their own accord."""
    return {
        "ce-specversion": "1.0",
        "ce-id": event_id,
        "ce-type": fact_type,
        "ce-source": source,
        "ce-time": time.isoformat(),
        "content-type": "application/json",
        "message_id": event_id,
        "correlation_id": event_id,
    }


def heard_from(headers: Mapping[str, str], subject: str) -> Heard:
    """Read what came with a fact; KeyError or ValueError when it is no CloudEvent."""
    return Heard(
        id=headers["ce-id"],
        time=datetime.fromisoformat(headers["ce-time"]),
        subject=subject,
        traceparent=headers.get("traceparent"),
    )
