"""Who may push receipts to us, and what is replied. The receipts' own format carries no signature.

Beskedfordeler shows a client certificate. Whoever ends its connection (an ingress) passes the certificate on in a
header, as URL-escaped PEM, and overwrites that header whatever a client has put there.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256
from urllib.parse import unquote

from notifications.channels.sf1601.certificates import first_der

_OK, _REFUSED = 20, 40
_REPLY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ModtagBeskedOutput xmlns="urn:oio:sts:1.0.0"><StandardRetur xmlns="urn:oio:sagdok:3.0.0">'
    "<StatusKode>%d</StatusKode><FejlbeskedTekst>%s</FejlbeskedTekst></StandardRetur></ModtagBeskedOutput>"
)


def authentic(headers: Mapping[str, str], header: str, fingerprints: Collection[str]) -> bool:
    """Say whether the certificate in `header` is one of those trusted, by its SHA-256 in hexadecimal.

    No fingerprints: nobody is. `headers` are looked up in lower case, as Starlette's are.
    """
    try:
        der = first_der(unquote(headers.get(header.lower(), "")))
    except ValueError:  # none, or not in base64
        return False
    return sha256(der).hexdigest() in fingerprints


def reply(*, taken: bool) -> bytes:
    """Return what Beskedfordeler waits for. Unless it is told "taken" it pushes the same message again."""
    return (_REPLY % ((_OK, "OK") if taken else (_REFUSED, "Beskeden kan ikke modtages"))).encode()
