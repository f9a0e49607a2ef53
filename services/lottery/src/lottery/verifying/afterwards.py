"""What happened to the seats after the draw, told again from the drawn panel with the answers behind the lines."""

from collections.abc import Iterator
from itertools import groupby

from lottery.verifying.answers import People, composition_of
from lottery.verifying.drawn import composition_flaws
from lottery.verifying.lines import Line, flaws_line
from lottery.verifying.record import Json


def afterwards_lines(record: Json, people: People) -> Iterator[Line]:
    """Check what was said of the quotas at each change, and that nobody joined someone of their household."""
    if not record["afterwards"]:
        return
    seated, unseen = set(record["drawn"]["panel"]), 0
    wrong: list[str] = []
    together: list[str] = []
    for at, changes in groupby(record["afterwards"], key=lambda change: str(change["at"])):
        said = True
        for change in changes:
            seated.discard(change["left"])
            if change["joined"] is not None:
                together += _shares_a_home(change["joined"], seated, record["drawn"]["panel"], people)
                seated.add(change["joined"])
            said = change["quotas_hold"]
        if not all(line in people for line in seated):
            unseen += 1
        elif said != (not list(composition_flaws(record["sealed"], composition_of(record["sealed"], seated, people)))):
            wrong.append(f"{at}: it is said that they {'do' if said else 'do not'}")
    if unseen:
        yield Line(None, "every change can be opened", f"{unseen} with people who have left since")
    yield flaws_line("the quotas hold after a change where that is said, and only there", wrong)
    yield flaws_line("nobody took a seat beside someone of their household", together)


def _shares_a_home(joined: str, seated: set[str], panel: list[str], people: People) -> Iterator[str]:
    """Say whether someone joined a household's other; a member of the drawn panel may come back to the seat."""
    home = people[joined]["household"] if joined in people and joined not in panel else ""
    if home and any(people[line]["household"] == home for line in seated if line in people):
        yield joined
