"""What the stand-in is told of SF1601, from environment variables `STANDIN__SF1601__...`."""

from pathlib import Path

from pydantic import BaseModel, Field


class Sf1601Options(BaseModel):
    """How long tokens live, what replies leave out, and where receipts are pushed. All other faults are Options'."""

    token_seconds: int = Field(default=3600, gt=0, description="what a token's life is said to be")
    token_works_seconds: float | None = Field(default=None, ge=0, description="what it is, where that is less")
    without_transmission_share: float = Field(default=0.0, ge=0, le=1, description="messages replied to without an id")
    recalled_share: float = Field(default=0.0, ge=0, le=1, description="letters called back at the printer's")
    push_url: str = Field(default="", description="where receipts are pushed; they wait while there is none")
    push_certificate: Path | None = Field(
        default=None, description="PEM: shown with each push as an ingress passes a client's certificate on"
    )
    push_header: str = "ssl-client-cert"
