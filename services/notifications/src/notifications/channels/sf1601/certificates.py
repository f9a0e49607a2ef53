"""Certificates as text: the first of several, as the other side wants or shows it."""

import ssl


def first_der(pem: str) -> bytes:
    """Return the first certificate of a PEM text, a chain or a key after it or not, as DER. ValueError without any."""
    _, begin, rest = pem.partition(ssl.PEM_HEADER)
    body, end, _ = rest.partition(ssl.PEM_FOOTER)
    if not (begin and end):
        raise ValueError("there is no certificate in it")
    return ssl.PEM_cert_to_DER_cert(begin + body + end)
