"""Settings every service has, from environment variables named `A__B`."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Nats(BaseModel):
    """Where the broker is and who we are there."""

    url: str = "nats://127.0.0.1:4222"
    user: str | None = None
    password: SecretStr | None = None


class Mongo(BaseModel):
    """Where the database server is; each service has a database of its own."""

    uri: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?replicaSet=rs0&directConnection=true")
    database: str | None = Field(default=None, description="defaults to the service's name")


class Http(BaseModel):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = 8000
    max_body_bytes: int = Field(default=256 * 1024, description="largest request body but where a route says otherwise")


class ClockSettings(BaseModel):
    """`rehearsal` lets a rehearsal move the time; production runs on `system`."""

    mode: Literal["system", "rehearsal"] = "system"


class TelemetrySettings(BaseModel):
    """Where traces go: a file of JSON lines, an OpenTelemetry collector, both or neither."""

    traces_file: Path | None = None
    otlp_endpoint: str | None = None


class Log(BaseModel):
    """How much is logged."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class IdentitySettings(BaseModel):
    """Bearer tokens by role, for staff APIs until a municipality's OIDC provider is connected."""

    tokens: dict[str, SecretStr] = {}


class Both(BaseModel):
    """A text in the two languages of the pages."""

    da: str
    en: str


class Site(BaseModel):
    """What every page says of itself in header and footer; a municipality sets its own."""

    title: Both = Both(da="Borgersamling", en="Citizens’ assembly")
    authority: Both | None = None
    contact: Both | None = None
    statement: str = "/was"  # the easy address every Danish authority uses for its accessibility statement


class CommonSettings(BaseSettings):
    """What the chassis needs of every service; a service's own settings subclass this."""

    model_config = SettingsConfigDict(env_nested_delimiter="__", extra="ignore")

    nats: Nats = Nats()
    mongo: Mongo = Mongo()
    http: Http = Http()
    clock: ClockSettings = ClockSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    log: Log = Log()
    identity: IdentitySettings = IdentitySettings()
    site: Site = Site()
    topology: Path = Path("deploy/nats/topology.yaml")
    public_url: str = Field(default="http://127.0.0.1:8080", description="the one address people use")
