"""What the record says of the draw itself and of the time after it, checked from the record alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from lottery.verifying.digits import digits_of_seed, digits_of_signature, panel_number
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.record import Json

PEOPLE_WHO_TYPE = 2
BY_HAND = ("dice", "balls")
SEATS_PASSED_ON = "each seat that was left and taken was one that could be"


def drawn_lines(record: Json) -> Iterator[Line]:
    """Check what was drawn, when, and with what randomness."""
    sealed, drawn = record["sealed"], record["drawn"]
    yield flaws_line("the times follow each other", _time_flaws(record))
    if record["voided"] is not None:
        yield Line(drawn is None, "a draw that was declared void has drawn nobody", record["voided"]["why"])
    if drawn is None:
        yield Line(None, "the panel is drawn as it was announced", "it is not drawn yet")
        early = ["seats were passed on before anyone was drawn"] if record["afterwards"] else []
        yield flaws_line(SEATS_PASSED_ON, early)
        return
    yield flaws_line("the number comes from the randomness that was announced", _randomness_flaws(sealed, drawn))
    flaws = list(_panel_flaws(sealed, drawn))
    yield flaws_line("the digits pick the panel with their number, and it is the panel", flaws, drawn["digits"])
    yield flaws_line("the alternates are in the pool and not on the panel, each once", _alternate_flaws(sealed, drawn))
    yield flaws_line("the drawn panel's composition keeps the quotas", composition_flaws(sealed, drawn["composition"]))
    yield flaws_line(SEATS_PASSED_ON, _afterwards_flaws(record))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment


def _time_flaws(record: Json) -> Iterator[str]:
    drawn, voided = record["drawn"], record["voided"]
    times = [
        ("announced_at", record["announced_at"]),
        ("draws_at", record["sealed"]["draws_at"]),
        ("drawn_at", drawn["drawn_at"] if drawn else None),
        *(("afterwards.at", one["at"]) for one in record["afterwards"]),
    ]
    ends = [("announced_at", record["announced_at"]), ("voided.at", voided["at"] if voided else None)]
    for course in (times, ends):
        known = [(name, text) for name, text in course if text is not None]
        try:
            moments = [(name, _moment(text)) for name, text in known]
        except ValueError as error:
            yield str(error)
            return
        for (earlier, first), (later, second) in pairwise(moments):
            if second < first:
                yield f"{later} is before {earlier}"


def _randomness_flaws(sealed: Json, drawn: Json) -> Iterator[str]:
    announced, proof = sealed["randomness"], drawn["randomness"]
    source, digits = announced.get("source"), drawn["digits"]
    if proof and source != "drand":
        yield "there is a proof of a beacon's round, and none was announced"
    if source in BY_HAND:
        if drawn["entered_by"] < PEOPLE_WHO_TYPE:
            yield f"the digits were typed in by {drawn['entered_by']}, not by two"
    elif source == "drand":
        yield from _beacon_flaws(announced, proof, digits)
    elif source == "seed":
        if (given := digits_of_seed(str(announced.get("seed")))) != digits:
            yield f"the seed gives {given}"
    elif source != "digits":
        yield f"{source} is no source of randomness"


def _beacon_flaws(announced: Json, proof: Json, digits: str) -> Iterator[str]:
    if proof.get("round") != announced.get("round"):
        yield f"round {announced.get('round')} was announced, round {proof.get('round')} was used"
    try:
        given = digits_of_signature(str(proof.get("signature", "")))
    except ValueError:
        yield "the round's signature is not written in hex"
        return
    if given != digits:
        yield f"the round's signature gives {given}"


def _panel_flaws(sealed: Json, drawn: Json) -> Iterator[str]:
    try:
        number = panel_number(drawn["digits"])
    except ValueError as error:
        yield str(error)
        return
    if number != drawn["panel_number"]:
        yield f"they pick panel {number:03d}"
    if drawn["panel"] != panel_of(sealed, number):
        yield f"its lines are not those of panel {number:03d}"


def panel_of(sealed: Json, number: int) -> list[str]:
    """Return the lines of a panel."""
    return [sealed["lines"][place]["line"] for place in sealed["portfolio"]["panels"][number]]


def _alternate_flaws(sealed: Json, drawn: Json) -> Iterator[str]:
    alternates, known = drawn["alternates"], {line["line"] for line in sealed["lines"]}
    if len(set(alternates)) != len(alternates):
        yield "one is there twice"
    if len(alternates) > sealed["alternates"]["count"]:
        yield f"{len(alternates)} are there, {sealed['alternates']['count']} were announced"
    expected = min(sealed["alternates"]["count"], len(known) - len(drawn["panel"]))
    if len(alternates) < expected:
        yield f"{len(alternates)} are there, {expected} could be"
    for line in alternates:
        if line not in known:
            yield f"{line} is not in the pool"
        elif line in drawn["panel"]:
            yield f"{line} is on the panel"


def composition_flaws(sealed: Json, composition: Json) -> Iterator[str]:
    """Say which quotas these seats, by criterion and value, do not keep."""
    rows: Sequence[Json] = sealed["quotas"]
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row["criterion"], set()).add(row["value"])
    if {criterion: set(values) for criterion, values in composition.items()} != wanted:
        yield "its criteria and values are not those of the quotas"
        return
    for row in rows:
        seats = composition[row["criterion"]][row["value"]]
        if not row["minimum"] <= seats <= row["maximum"]:
            yield f"{row['criterion']}, {row['value']}: {seats} seats for {row['minimum']} to {row['maximum']}"
    for criterion, values in sorted(composition.items()):
        if sum(values.values()) != sealed["panel_size"]:
            yield f"{criterion}: {sum(values.values())} seats of {sealed['panel_size']}"


def _afterwards_flaws(record: Json) -> Iterator[str]:
    drawn = record["drawn"]
    seated, may_join = set(drawn["panel"]), set(drawn["alternates"])
    open_seats: set[str] = set()
    for one in record["afterwards"]:
        left, joined = one["left"], one["joined"]
        if left not in seated | open_seats:
            yield f"{left} left a seat without having one"
        seated.discard(left)
        open_seats.add(left)
        may_join.add(left)  # a no that was a mistake is taken back by joining again
        if joined is None:
            continue
        if joined not in may_join:
            yield f"{joined} took a seat without being an alternate who waits"
        may_join.discard(joined)
        open_seats.discard(left)
        seated.add(joined)
