"""What an e-mail address looks like: enough to catch slips of the hand, and whatever would be more than one address."""

import re

LONGEST_EMAIL = 254
"""RFC 5321: the longest address a mail server takes."""

_BEFORE, _LABEL = r'[^@\s,;:<>()\[\]"\\]+', r'[^@\s.,;:<>()\[\]"\\]+'
_EMAIL = re.compile(rf"{_BEFORE}@{_LABEL}(\.{_LABEL})+")


def email_rule(email: str) -> str:
    """Return the rule that what someone typed breaks, a key of the page's advice; empty when it may be an address."""
    if len(email) > LONGEST_EMAIL:
        return "e-mail too long"
    return "" if _EMAIL.fullmatch(email) else "no e-mail"


def as_sent(email: str) -> str:
    """Return an address as any mail server takes it: a domain with Danish letters in its ASCII form (IDNA)."""
    name, at, host = email.rpartition("@")
    try:
        return f"{name}{at}{host.encode('idna').decode('ascii')}"
    except UnicodeError:  # a label that no domain can have
        return email
