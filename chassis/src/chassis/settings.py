"""Settings every service has, from environment variables named `A__B`."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.vault import master_keys


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
    proxies: str = Field(
        default="127.0.0.1", description="who may say X-Forwarded-For: addresses, or * where only the ingress gets here"
    )
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
    """Bearer tokens by role, for programs; people sign in (`SignInSettings`)."""

    tokens: dict[str, SecretStr] = {}


class FormsSettings(BaseModel):
    """How forms are guarded. The key is the same in all services: each page has the form that signs out."""

    key: SecretStr = Field(description="at least 32 characters; changing it makes every open form unusable")
    least_seconds: float = Field(default=1.0, description="faster than this nobody fills in a public form")
    per_address: str = Field(default="60/minute", description="forms from one address, in each process")
    per_link: str = Field(default="20/minute", description="forms by one personal link, in each process")
    guesses_per_address: str = Field(default="30/minute", description="personal links that do not exist")


class OidcSettings(BaseModel):
    """An OpenID Connect provider; without an issuer nobody can sign in with it."""

    issuer: str | None = Field(
        default=None, description="its discovery document is {issuer}/.well-known/openid-configuration"
    )
    client_id: str = "borgersamling"
    scope: str = Field(default="openid", description="what is asked of the provider, with spaces between")
    client_secret: SecretStr | None = None
    state_key: SecretStr | None = Field(default=None, description="signs the cookie of a sign-in under way")


class SignInSettings(OidcSettings):
    """The municipality's own provider, for staff."""

    roles_claim: str = Field(default="roles", description="where the ID token says the role; dots lead into objects")
    hours: float = Field(default=8.0, gt=0, description="how long staff stay signed in")


class Both(BaseModel):
    """A text in the two languages of the pages."""

    da: str
    en: str


class EncryptionSettings(BaseModel):
    """Where the master keys are mounted, for services that hold names."""

    keys: Path = Field(description="a folder of key files (chassis.vault.master_keys)")

    @field_validator("keys")
    @classmethod
    def _in_order(cls, folder: Path) -> Path:
        master_keys(folder)
        return folder


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
    forms: FormsSettings
    sign_in: SignInSettings = SignInSettings()
    member_sign_in_offered: bool = Field(
        default=False, description="the sign-in page offers members MitID: registration has MEMBER_SIGN_IN__ISSUER"
    )
    site: Site = Site()
    topology: Path = Path("deploy/nats/topology.yaml")
    public_url: str = Field(default="http://127.0.0.1:8080", description="the one address people use")
