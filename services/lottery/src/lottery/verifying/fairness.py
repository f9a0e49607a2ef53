"""Whether the sealed chances are the fairest ones: the certificate is the sealed one, and it is about this pool."""

from collections.abc import Iterator

from lottery.verifying.lines import Line
from lottery.verifying.record import Json
from lottery.verifying.seals import digest


def certificate_lines(sealed: Json, openings: Json) -> Iterator[Line]:
    """Check the certificate among the openings, where there is one."""
    certificate, what = openings["certificate"], "the certificate of fairness is the sealed one"
    if sealed["certificate_digest"] is None:
        if certificate is None:
            yield Line(None, what, "this way of drawing has none")
        else:
            yield Line(False, what, "the record speaks of none")
        return
    if certificate is None:
        yield Line(None, what, "it is not among the openings")
        return
    found = digest(certificate)
    yield Line(found == sealed["certificate_digest"], what, "" if found == sealed["certificate_digest"] else found)
