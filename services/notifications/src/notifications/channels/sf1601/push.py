"""Who may push receipts to us, and what is replied. The receipts' own format carries no signature.

Beskedfordeler shows a client certificate. Whoever ends its connection (an ingress) passes the certificate on in a
header, as URL-escaped PEM. A host that asks nobody for a certificate may let through a header that a client has made
up, and a certificate is no secret: so only what comes by the host that asks is believed.
"""

from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import unquote

from notifications.channels.sf1601.certificates import first_der
from notifications.settings_sf1601 import Sf1601Settings

_OK, _REFUSED = 20, 40
_REPLY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ModtagBeskedOutput xmlns="urn:oio:sts:1.0.0"><StandardRetur xmlns="urn:oio:sagdok:3.0.0">'
    "<StatusKode>%d</StatusKode><FejlbeskedTekst>%s</FejlbeskedTekst></StandardRetur></ModtagBeskedOutput>"
)


def authentic(headers: Mapping[str, str], settings: Sf1601Settings) -> bool:
    """Say whether a push shows a certificate that is trusted, and has come by the host that asks for one.

    Without a fingerprint in the settings nobody is trusted. `headers` are looked up in lower case, as Starlette's are.
    """
    if settings.receipts_host and headers.get("host", "").partition(":")[0].lower() != settings.receipts_host:
        return False
    try:
        der = first_der(unquote(headers.get(settings.certificate_header.lower(), "")))
    except ValueError:  # none, or not in base64
        return False
    return sha256(der).hexdigest() in settings.receipts_from


def reply(*, taken: bool) -> bytes:
    """Return what Beskedfordeler waits for. Unless it is told "taken" it pushes the same message again."""
    return (_REPLY % ((_OK, "OK") if taken else (_REFUSED, "Beskeden kan ikke modtages"))).encode()
