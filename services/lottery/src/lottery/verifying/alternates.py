"""Who stands by, and in which order: chosen so that the quotas can be kept when people drop out as they usually do.

The idea is that of Assos, Baharav, Flanigan and Procaccia (Alternates, Assemble! Selecting Optimal Alternates for
Citizens' Assemblies, 2025): let chances to drop out decide in many imagined courses who leaves, and choose the
alternates who mend most of them. Theirs is an integer program; this is a rule that anyone can run again, one alternate
after the other, each the one who can take a seat in most of the courses where the earlier ones have left one open.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lottery.verifying.answers import People
from lottery.verifying.dice import Dice

COURSES = 1000
"""Imagined courses. More of them change the lists, and hardly how often they suffice."""
USUAL_RATE = "0.150"
"""How many drop out where no rates are known, in a course of some three months.

Of the 99 members of the Irish Citizens' Assembly of 2016-2018, 15 were replaced between its opening in October and the
meeting in January (11 of them before November), and 53 in all its eighteen months, 20 of whom had never come
(citizensassembly.ie: 2016-2018 Citizens' Assembly, Selection of members).
"""
SURE_TO_COME, SURE_TO_LEAVE = Fraction("0.01"), Fraction("0.9")
_MILLION = 1_000_000

ALTERNATES_RULE = (
    "The rest of the pool is put in a fair order made of SHA-256 of 'alternates', this record's digest and the digits. "
    f"{COURSES} courses are imagined, in each of which every member drops out with the chance that `dropout` gives "
    f"({USUAL_RATE} where it gives none), by SHA-256 of 'courses', this record's digest and the digits. The next "
    "alternate is always who can take a seat that was left, in the place of who left it and within the quotas, in most "
    "of the courses, the fair order deciding between equals; in each of them the first such seat is taken, unless the "
    "alternate drops out too. People of a member's or an earlier alternate's household come after everyone else. When "
    "a member leaves, the seat goes to whom of those within the quotas leaves the seats nearest to the middle of them "
    "(the smallest sum of squares), the order deciding between equals; never to one of a member's household."
)

Place = tuple[int, ...]
"""What someone counts for: the number of their value's quota, criterion by criterion."""


def alternates_of(
    people: People,
    panel: Collection[str],
    quotas: Sequence[Mapping[str, Any]],
    wanted: int,
    seed: str,
    dropout: Mapping[str, Any],
) -> tuple[str, ...]:
    """Return up to `wanted` lines in the order in which they are asked.

    `people` holds everyone's row of the openings, `quotas` and `dropout` are the record's own, `seed` is its digest and
    the digits.
    """
    return tuple(line for line, _ in chosen_alternates(people, panel, quotas, wanted, seed, dropout))


def chosen_alternates(
    people: People,
    panel: Collection[str],
    quotas: Sequence[Mapping[str, Any]],
    wanted: int,
    seed: str,
    dropout: Mapping[str, Any],
) -> Iterator[tuple[str, int]]:
    """Give the lines one by one, each with the number of imagined courses in which no seat is open any more."""
    courses = Courses(people, panel, quotas, seed, dropout)
    homes = {people[line]["household"] for line in panel} - {""}
    # People who count for the same are candidates one at a time: who is first in the fair order.
    queues: dict[tuple[bool, Place, int], deque[tuple[int, str]]] = {}
    for number, line in enumerate(Dice("alternates", seed).shuffled(sorted(set(people) - set(panel)))):
        last = people[line]["household"] in homes
        kind = (last, courses.place(line), courses.rates[line])
        queues.setdefault(kind, deque()).append((number, line))
    while queues and wanted > 0:
        kind = min(queues, key=lambda one: (one[0], -courses.gain(one[1], one[2]), queues[one][0][0]))
        number, line = queues[kind].popleft()
        if not queues[kind]:
            del queues[kind]
        home = people[line]["household"]
        if not kind[0] and home in homes:
            # An earlier alternate's household: behind everyone else, in the fair order.
            queue = queues.setdefault((True, *kind[1:]), deque())
            queue.append((number, line))
            queues[True, kind[1], kind[2]] = deque(sorted(queue))
            continue
        if home:
            homes.add(home)
        courses.join(line)
        wanted -= 1
        yield line, courses.mended()


class Courses:
    """The imagined courses. What can be said of a value is a whole number with a bit for each course.

    Members leave one after the other, and each seat is given on before the next is left: who takes it must keep the
    quotas with everyone else who was drawn or has joined.
    """

    def __init__(
        self,
        people: People,
        panel: Collection[str],
        quotas: Sequence[Mapping[str, Any]],
        seed: str,
        dropout: Mapping[str, Any],
    ) -> None:
        self._people, self._quotas = people, quotas
        self._dice = Dice("courses", seed)
        self._rows = {(row["criterion"], row["value"]): number for number, row in enumerate(quotas)}
        self._criteria = sorted({row["criterion"] for row in quotas})
        self.rates = {line: leaving_rate(people[line]["features"], dropout) for line in people}
        self._by_criterion = [
            [number for number, row in enumerate(quotas) if row["criterion"] == criterion]
            for criterion in self._criteria
        ]
        full = Counter(number for line in panel for number in self.place(line))
        self._seats = [[full[number] for number in range(len(quotas))] for _ in range(COURSES)]
        members = sorted(panel)
        self._left: list[list[Place | None]] = []
        """Of each course, who left and is not replaced yet; None where the seat is filled again."""
        for _ in range(COURSES):
            leavers = [line for line in members if self._dice.below(_MILLION) < self.rates[line]]
            self._left.append([self.place(line) for line in self._dice.shuffled(leavers)])
        self._gone = [[0] * len(quotas) for _ in range(max(map(len, self._left)))]
        """By place in the order of leaving and by value: in which courses who left there had the value."""
        for course, left in enumerate(self._left):
            for turn, place in enumerate(left):
                for number in place or ():
                    self._gone[turn][number] |= 1 << course
        self._may_go, self._may_come = [0] * len(quotas), [0] * len(quotas)
        for course in range(COURSES):
            for number in range(len(quotas)):
                self._look(course, number)
        self._fits = self._fitting()

    def place(self, line: str) -> Place:
        features = self._people[line]["features"]
        return tuple(self._rows[criterion, features[criterion]] for criterion in self._criteria)

    def mended(self) -> int:
        """Return in how many courses no seat is open."""
        return sum(not any(left) for left in self._left)

    def gain(self, place: Place, rate: int) -> int:
        """Return in how many courses someone could take a seat, times the chance that they do, in millionths."""
        somewhere = 0
        for fits in self._fits:
            fitting = fits[place[0]]
            for number in place[1:]:
                fitting &= fits[number]
            somewhere |= fitting
        return somewhere.bit_count() * (_MILLION - rate)

    def join(self, line: str) -> None:
        """Let someone take the first seat where they fit, in every course where they do not drop out."""
        place, seen = self.place(line), 0
        for turn, fits in enumerate(self._fits):
            fitting = ~seen
            for number in place:
                fitting &= fits[number]
            seen |= fitting
            while fitting:
                bit = fitting & -fitting
                fitting ^= bit
                if self._dice.below(_MILLION) >= self.rates[line]:
                    self._seat(bit.bit_length() - 1, turn, place)
        self._fits = self._fitting()

    def _seat(self, course: int, turn: int, joined: Place) -> None:
        left, self._left[course][turn] = self._left[course][turn], None
        for gone, here in zip(left or (), joined, strict=True):
            self._gone[turn][gone] &= ~(1 << course)
            if gone != here:
                self._seats[course][gone] -= 1
                self._seats[course][here] += 1
                self._look(course, gone)
                self._look(course, here)

    def _fitting(self) -> list[list[int]]:
        """Return by place in the order of leaving and by value: in which courses the value may come for who left there.

        It may where the value is the same, or where theirs can spare a seat and this one can have one more.
        """
        fits = []
        for gone in self._gone:
            row = list(gone)
            for numbers in self._by_criterion:
                spared = 0
                for number in numbers:
                    spared |= gone[number] & self._may_go[number]
                for number in numbers:
                    row[number] |= spared & self._may_come[number]
            fits.append(row)
        return fits

    def _look(self, course: int, number: int) -> None:
        """See whether a value can spare a seat, and whether it can have one more."""
        bit, seats, row = 1 << course, self._seats[course][number], self._quotas[number]
        for may, does in ((self._may_go, seats > row["minimum"]), (self._may_come, seats < row["maximum"])):
            may[number] = may[number] | bit if does else may[number] & ~bit


def leaving_rate(features: Mapping[str, str], dropout: Mapping[str, Any]) -> int:
    """Return someone's chance to drop out, in millionths: everyone's rate times a factor for each of their values."""
    rate = Fraction(dropout.get("everyone", USUAL_RATE))
    for criterion, factors in dropout.get("factors", {}).items():
        rate *= Fraction(factors.get(features.get(criterion, ""), "1"))
    return 0 if not rate else round(min(max(rate, SURE_TO_COME), SURE_TO_LEAVE) * _MILLION)
