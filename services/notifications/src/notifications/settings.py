"""Settings of notifications, besides those every service has."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator

from chassis.settings import CommonSettings
from contracts.notifications import Channel as ChannelName
from notifications.settings_sf1601 import Sf1601Settings
from notifications.settings_tls import MutualTls

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "test"})


class DigitalPostSettings(MutualTls):
    """Where Digital Post is (without `/apis/v1`), who sends, and with which certificate: NgDP wants mutual TLS."""

    url: str = "http://127.0.0.1:8090"
    credentials: SecretStr = Field(default=SecretStr("local-system"), description="<system's id>:<key>")
    sender_cvr: str = Field(default="00000000", pattern=r"^\d{8}$", description="the municipality's CVR number")
    timeout_seconds: float = Field(default=30.0, gt=0, description="until a call's end is unknown, also a container's")
    connections: int = Field(default=16, gt=0)
    container_messages: int = Field(default=500, gt=0, description="messages that go in one request")
    container_bytes: int = Field(default=32 * 2**20, gt=0, description="of them before compression")
    look_up_people: int = Field(default=100, gt=0, le=250, description="looked up in one request: they are in its URL")


class LetterSettings(BaseModel):
    """The folder that the print office fetches letters from."""

    folder: Path = Path(".local/letters")
    return_address: str = Field(default="", description="where the post brings a letter back to, in one line")


class SmtpSettings(BaseModel):
    """The mail server that takes the staff's e-mail."""

    host: str = "127.0.0.1"
    port: int = 1025
    start_tls: Literal["auto", "always", "never"] = "auto"
    username: str | None = None
    password: SecretStr | None = None
    sender: str = "borgersamling@localhost.localdomain"
    ca_file: Path | None = Field(
        default=None, description="who signed the mail server's certificate, if not a usual one"
    )
    timeout_seconds: float = Field(default=10.0, gt=0)


def _one_address(value: str) -> str:
    try:
        Address(addr_spec=value)
    except (ValueError, IndexError, HeaderParseError):
        raise ValueError("must be one e-mail address, without a name") from None
    return value


FunctionalAddress = Annotated[str, AfterValidator(_one_address)]


class StaffSettings(BaseModel):
    """Functional e-mail addresses of the roles that are written to; the secretariat's is also residents' to write to.

    The mandate says which of them are told of a deadline (`tell`, `escalation`): "officers" are the role officer. A
    wrong address stops the service at its start; a missing one is a problem on the list when a mandate names the role.
    """

    officer: FunctionalAddress | None = None
    secretariat: FunctionalAddress | None = None
    management: FunctionalAddress | None = Field(default=None, description="told when a status is late, say")
    council: FunctionalAddress | None = Field(default=None, description="the council as a whole, or its clerk")
    phone: str | None = Field(default=None, description="the secretariat's telephone number, printed in messages")

    def address(self, role: str) -> str | None:
        """Return a role's address; None for one that has none, or that there is not."""
        roles = {name: getattr(self, name) for name in ("officer", "secretariat", "management", "council")}
        return roles.get(role)


class RetrySettings(BaseModel):
    """How long what came to nothing waits: at random up to `base_seconds` doubled at each attempt, up to the cap."""

    base_seconds: float = Field(default=2.0, gt=0)
    cap_seconds: float = Field(default=600.0, gt=0)


class RateSettings(BaseModel):
    """A provider's limit: so many messages a second, and at most so many at one moment."""

    per_second: float = Field(gt=0)
    burst: int = Field(gt=0)


class ThresholdSettings(BaseModel):
    """When a job stops by itself: at least this share of the last `window` that ended failed, of at least `least`."""

    window: int = Field(default=200, gt=0, le=1000)
    least: int = Field(default=20, gt=0)
    share: float = Field(default=0.2, gt=0, le=1)


class PushedReceiptsSettings(BaseModel):
    """How NgDP proves that a receipt it pushes is from it; without a secret none is taken."""

    secret: SecretStr | None = Field(default=None, min_length=32)
    header: str = Field(default="X-Receipt-Secret", pattern=r"^[A-Za-z0-9-]+$")


class Settings(CommonSettings):
    """`links_base` begins the links in messages; it is the one address unless people know another."""

    digital_post: DigitalPostSettings = DigitalPostSettings()
    sf1601: Sf1601Settings = Sf1601Settings()
    letters: LetterSettings = LetterSettings()
    smtp: SmtpSettings = SmtpSettings()
    staff: StaffSettings = StaffSettings()
    retry: RetrySettings = RetrySettings()
    rates: dict[ChannelName, RateSettings] = Field(default={}, description="by channel; none where it is not named")
    threshold: ThresholdSettings = ThresholdSettings()
    pushed_receipts: PushedReceiptsSettings = PushedReceiptsSettings()
    links_base: str | None = None
    dispatch_seconds: float = Field(
        default=2.0, gt=0, description="how often to look for shipments, besides when some are made"
    )
    receipt_seconds: float = Field(default=2.0, gt=0, description="how often to ask for receipts")
    overdue_hours: float = Field(default=48.0, gt=0, description="without a receipt for so long, a shipment is overdue")
    batch_size: int = Field(default=500, gt=0, le=500, description="shipments in one transaction")
    lease_seconds: float = Field(default=20.0, gt=1, description="a dead sender's shipments are free again after this")

    unknown_wait_seconds: float = Field(
        default=60.0, gt=0, description="how long a message that may have been taken waits for its receipt first"
    )

    @property
    def links(self) -> str:
        """Return what links begin with, without a slash at the end."""
        return (self.links_base or self.public_url).rstrip("/")

    @model_validator(mode="after")
    def _links_are_https(self) -> Self:
        # Digital Post takes https links alone. On one machine there is no certificate, and the stand-in takes
        # http links to this machine; anything else would be refused by the real one, message by message.
        parts = urlsplit(self.links)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("LINKS_BASE (or PUBLIC_URL) must begin with https:// : Digital Post takes no other links")
        return self
