"""What the stand-in is told, from environment variables `STANDIN__...`, and the faults it can be asked for."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from borgersamling.standin.sf1601.options import Sf1601Options


def share(of: str) -> float:
    """Declare a share from 0 to 1 of something that goes wrong."""
    value: float = Field(default=0.0, ge=0, le=1, description=of)
    return value


class Options(BaseSettings):
    """Addresses, the seed that everything follows from, who has no Digital Post, and the faults.

    A fault of an answer happens by chance to a share of the calls. A fault of a message or a person follows from the
    seed and the message's UUID or the person's number: it is the same however often and in what order they come.
    """

    model_config = SettingsConfigDict(
        env_prefix="STANDIN__", env_nested_delimiter="__", extra="ignore", validate_assignment=True
    )

    host: str = "127.0.0.1"
    port: int = 8090
    smtp_port: int = Field(default=1025, description="0: any free port, for tests")
    data: Path = Path(".local/standin")
    letters: Path | None = Field(default=None, description="the print office's folder, to show what lies in it")
    seed: str = "2025"
    credentials: str = "local-system"
    credentials_uses: int = Field(default=0, ge=0, description="calls until the credentials end; 0: never")

    exempt_share: float = Field(default=0.07, ge=0, le=1, description="people who have no Digital Post")
    closed_share: float = share("people whose mailbox is closed")
    quarantined_share: float = share("people who are new and cannot get Digital Post yet")
    unknown_share: float = share("people about whom the look-up says UNKNOWN; they get what is sent")
    not_registered_share: float = share("people who are registered at the look-up and not at the sending")
    not_registered_at: Literal["receipt", "answer"] = "receipt"

    unavailable_share: float = share("sendings answered with 503")
    busy_share: float = share("sendings answered with 429")
    busy_seconds: int = Field(default=1, ge=0, description="the Retry-After of a 429")
    unauthorized_share: float = share("calls answered with 401")
    forbidden_share: float = share("sendings answered with 403")
    bad_request_share: float = share("messages refused at once with 400 memo.invalid")
    broken_share: float = share("sendings answered with 500 after they were taken")
    silent_share: float = share("sendings accepted and not answered in time")
    silent_seconds: float = Field(default=30.0, ge=0)
    look_up_unavailable_share: float = share("look-ups answered with 503")
    same_uuid: Literal["same-receipt", "refuse", "deliver-again"] = "same-receipt"
    container_check: Literal["later", "at-once"] = Field(
        default="later", description="a container with a bad message: INVALID for it by receipt, or 400 for all"
    )

    receipt_seconds: float = Field(default=0.2, ge=0, description="until a message's receipt is there")
    invalid_share: float = share("messages accepted and later INVALID")
    missing_receipt_share: float = share("messages that have no receipt, ever")
    late_receipt_share: float = share("receipts that come late")
    late_receipt_seconds: float = Field(default=30.0, ge=0)
    reordered_receipt_share: float = share("messages whose RECEIVED comes after their last receipt")
    doubled_receipt_share: float = share("receipts that come twice, each with an id of its own")
    repeated_receipt_share: float = share("receipts handed out once more after they were acknowledged")
    unmatched_receipt_share: float = share("messages beside whose receipt is one for a message nobody sent")

    mail_refused_share: float = share("e-mail addresses that the mail server does not know")
    mail_busy_share: float = share("mails that the mail server puts off")
    mail_silent_share: float = share("mails accepted and not answered in time")

    push_url: str = Field(default="", description="receipts are pushed here instead of waiting to be fetched")
    push_header: str = "X-Receipt-Secret"
    push_secret: str = ""
    push_seconds: float = Field(default=0.05, gt=0, description="how often to look for receipts to push")

    sf1601: Sf1601Options = Sf1601Options()

    def in_force(self) -> dict[str, object]:
        """Return what is not as usual: the faults that were asked for."""
        usual = {"host", "port", "smtp_port", "data", "letters", "seed", "credentials", "push_header", "push_secret"}
        return {
            name: getattr(self, name)
            for name, field in type(self).model_fields.items()
            if name not in usual and getattr(self, name) != field.default
        }
