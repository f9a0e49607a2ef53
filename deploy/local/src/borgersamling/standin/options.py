"""What the stand-in is told, from environment variables `STANDIN__...`, and the faults it can be asked for."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Options(BaseSettings):
    """Addresses, the seed that decides who is exempt, and shares (0 to 1) of calls that go wrong."""

    model_config = SettingsConfigDict(env_prefix="STANDIN__", extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8090
    smtp_port: int = Field(default=1025, description="0: any free port, for tests")
    data: Path = Path(".local/standin")
    seed: str = "2025"
    credentials: str = "local-system"
    exempt_share: float = Field(default=0.07, ge=0, le=1, description="people who have no Digital Post")
    receipt_seconds: float = Field(default=0.2, ge=0, description="until a message's second receipt is there")

    unavailable_share: float = Field(default=0.0, ge=0, le=1, description="sendings answered with 503")
    look_up_unavailable_share: float = Field(default=0.0, ge=0, le=1, description="look-ups answered with 503")
    silent_share: float = Field(default=0.0, ge=0, le=1, description="sendings accepted and not answered in time")
    silent_seconds: float = Field(default=30.0, ge=0)
    invalid_share: float = Field(default=0.0, ge=0, le=1, description="messages accepted and later INVALID")
    repeated_receipt_share: float = Field(default=0.0, ge=0, le=1, description="receipts handed out once more")
    same_uuid: Literal["same-receipt", "refuse", "deliver-again"] = "same-receipt"
