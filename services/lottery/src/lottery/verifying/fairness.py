"""Whether the sealed chances are the fairest ones: the certificate is the sealed one, is about this pool, and holds."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from lottery.verifying.answers import People, kinds_of
from lottery.verifying.certificate import certified_chances, check
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.record import CHANCE_DECIMALS, Json
from lottery.verifying.seals import digest

ROUNDED = Fraction(2, 10**CHANCE_DECIMALS)
"""How far a chance in the record may be from the certificate's: it is rounded, and computed in binary fractions."""
SEALED_CERTIFICATE = "the certificate of fairness is the sealed one"
OF_THIS_POOL = "the certificate is about this pool, these quotas and the record's chances"
PROVES = "the certificate proves that no lottery within the quotas is fairer"


def certificate_lines(sealed: Json, certificate: Any, people: People) -> Iterator[Line]:
    """Check the certificate, where there is one. `people` are those of the openings."""
    if certificate is None or sealed["certificate_digest"] is None:
        if certificate is not None:
            yield Line(False, SEALED_CERTIFICATE, "the record speaks of none")
            return
        why = "this way of drawing has none" if sealed["certificate_digest"] is None else "it is not among the openings"
        yield from (Line(None, what, why) for what in (SEALED_CERTIFICATE, OF_THIS_POOL, PROVES))
        return
    found = digest(certificate)
    yield Line(found == sealed["certificate_digest"], SEALED_CERTIFICATE, found)
    lines = check(certificate)
    failing = [f"{line.what}: {line.detail}" for line in lines if not line.holds]
    yield flaws_line(PROVES, failing, f"{len(lines)} steps, {lines[-1].detail}")
    if failing:
        return  # its parts may not fit together
    if len(people) < len(sealed["lines"]):
        yield Line(None, OF_THIS_POOL, "people have left since")
    else:
        yield flaws_line(OF_THIS_POOL, _another_pool(sealed, certificate, people))


def _another_pool(sealed: Json, certificate: Json, people: People) -> Iterator[str]:
    order = [(row["criterion"], row["value"]) for row in sealed["quotas"]]
    quotas = sorted(certificate["quotas"], key=lambda row: (row["criterion"], row["value"]))
    if quotas != sealed["quotas"] or certificate["panel_size"] != sealed["panel_size"]:
        yield f"its quotas or panel size are others than those of {len(order)} values"
        return
    kinds = kinds_of(sealed, people)
    groups = list(_certified_kinds(sealed, certificate))
    if Counter(kinds.values()) != Counter(
        {kind: group["size"] for kind, group in zip(groups, certificate["groups"], strict=True)}
    ):
        yield "its groups are not those of the people"
        return
    chances = dict(zip(groups, certified_chances(certificate), strict=True))
    for line in sealed["lines"]:
        if abs(Fraction(line["chance"]) - chances[kinds[line["line"]]]) > ROUNDED:
            yield f"{line['line']} has {line['chance']}, certified is {float(chances[kinds[line['line']]]):.9f}"


def _certified_kinds(sealed: Json, certificate: Json) -> Iterator[Any]:
    """Return each group as `kinds_of` tells people apart: answers, and the answers of all in the household."""
    criteria = sorted({row["criterion"] for row in sealed["quotas"]})
    answers = [tuple(group["features"].get(criterion) for criterion in criteria) for group in certificate["groups"]]
    homes = [
        tuple(sorted(answers[group] for group, people in home["members"] for _ in range(people)))
        for home in certificate["households"]
    ]
    for own, group in zip(answers, certificate["groups"], strict=True):
        yield own, (own,) if group["household"] is None else homes[group["household"]]
