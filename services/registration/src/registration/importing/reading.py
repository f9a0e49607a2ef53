"""One reading of a file from end to end, a batch at a time: in a thread, so that a resident's form does not wait."""

from collections.abc import Iterable, Iterator

from registration.domain.assembly import Assembly
from registration.domain.encoding import TextForm
from registration.domain.problems import N_, Problems, RowProblem
from registration.domain.resident import Resident, RollRules
from registration.domain.roll import read_roll
from registration.importing.entries import Entry, entry_of
from registration.importing.index import Index

BATCH = 1000
"""Rows of a batch."""


class Reading:
    """Where a reading has got to: `row` is the last row looked at, `over` says that there are no more.

    `pieces` of the file are read.
    """

    def __init__(
        self, pieces: Iterable[bytes], form: TextForm, rules: RollRules, assembly: Assembly, key: bytes, index: Index
    ) -> None:
        self.problems = Problems()
        self.row = self.pieces = 0
        self.over = False
        self._assembly, self._key, self._index = assembly, key, index
        self._wanted_bands = sum(criterion.is_age for criterion in assembly.roll_criteria)
        self._rows = read_roll(self._counted(pieces), form, rules, self._first_row)

    def batch(self) -> list[Entry]:
        """Read on for as many rows as a batch has, and return those without a problem."""
        entries: list[Entry] = []
        for _ in range(BATCH):
            found = next(self._rows, None)
            if found is None:
                self.over = True
                break
            if isinstance(found, list):
                self.problems.refuse(*found)
                self.row = max(self.row, found[-1].row)
                continue
            self.row = found.row
            entry = entry_of(self._key, self._assembly, found)
            if not entry.why and not self._has_band(entry):
                message = N_("the assembly's age bands leave the age of an eligible resident out")
                self.problems.refuse(RowProblem(found.row, found.key_column, N_("age band"), message))
                continue
            entries.append(entry)
        return entries

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            self.pieces += 1

    def _first_row(self, resident: Resident) -> int:
        return self._index.first_row(resident.person(self._key, self._assembly.id), resident.row)

    def _has_band(self, entry: Entry) -> bool:
        bands = sum(c.is_age and c.id in entry.features for c in self._assembly.roll_criteria)
        return bands == self._wanted_bands
