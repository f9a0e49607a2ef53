"""Settings of the way over Serviceplatformen (SF1601). See docs/operations/sf1601.md."""

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from notifications.settings_tls import MutualTls

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Sf1601Settings(MutualTls):
    """Whether post goes over Serviceplatformen; where that is, who we are there, and who may push receipts to us.

    `platform_url` and `issuer_url` end before `/service/` and `/runtime/`.
    """

    way: Literal["ngdp", "sf1601"] = Field(
        default="ngdp",
        description="how this municipality reaches Digital Post: its own interface, or Serviceplatformen",
    )
    platform_url: str = "https://prod.serviceplatformen.dk"
    issuer_url: str = "https://n2adgangsstyring.stoettesystemerne.dk"
    timeout_seconds: float = Field(default=30.0, gt=0, description="until a call's end is unknown")
    connections: int = Field(default=16, gt=0)
    letter_kind: int | None = Field(
        default=None, gt=0, description="ForsendelseTypeIdentifikator, which the print provider gives out"
    )
    letters: Literal["fjernprint", "folder"] = "fjernprint"
    receipts_from: frozenset[str] = Field(
        default=frozenset(), description="SHA-256, in hexadecimal, of the client certificates that may push receipts"
    )
    receipts_host: str = Field(
        default="", pattern=r"^[a-z0-9.-]*$", description="the host name at which a client certificate is asked for"
    )
    certificate_header: str = Field(
        default="ssl-client-cert", description="where the ingress puts a client's certificate, as URL-escaped PEM"
    )

    @field_validator("receipts_from")
    @classmethod
    def _fingerprints(cls, given: frozenset[str]) -> frozenset[str]:
        found = frozenset(one.replace(":", "").lower() for one in given)
        if any(len(one) != 64 or set(one) - set("0123456789abcdef") for one in found):
            raise ValueError(
                "a fingerprint is the SHA-256 of a certificate: 64 hexadecimal digits, with or without colons"
            )
        return found

    @model_validator(mode="after")
    def _mutual_tls(self) -> Self:
        for url in (self.platform_url, self.issuer_url):
            parts = urlsplit(url)
            if parts.scheme == "http" and parts.hostname in LOOPBACK:
                continue  # the stand-in on this machine
            if parts.scheme != "https":
                raise ValueError("SF1601: Serviceplatformen is called over https:// alone")
            if self.way == "sf1601" and self.certificate is None:
                raise ValueError("SF1601__CERTIFICATE must name the file of the municipality's certificate")
            if self.way == "sf1601" and self.receipts_from and not self.receipts_host:
                raise ValueError("SF1601__RECEIPTS_HOST must name the host that asks for client certificates")
        return self
