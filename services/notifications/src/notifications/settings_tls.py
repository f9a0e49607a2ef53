"""How we prove over TLS who we are, and whom we believe. Files are the machine's secrets, not its environment's."""

import ssl
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr


class MutualTls(BaseModel):
    """Our certificate, and who signs theirs."""

    certificate: Path | None = Field(
        default=None, description="PEM: our function certificate (OCES3), its chain after it"
    )
    key: Path | None = Field(default=None, description="PEM; none when it is in the certificate's file")
    key_password: SecretStr | None = None
    ca: Path | None = Field(default=None, description="PEM: who signs the other side's; the machine's own list")

    def context(self) -> ssl.SSLContext:
        """Return TLS as it is set. OSError or ssl.SSLError when a file cannot be used."""
        context = ssl.create_default_context(cafile=self.ca)
        if self.certificate is not None:
            password = self.key_password.get_secret_value() if self.key_password else None
            context.load_cert_chain(self.certificate, self.key, password)
        return context
