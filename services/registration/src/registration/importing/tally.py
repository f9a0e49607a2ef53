"""What a file would change, counted before anything is written: the difference report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chassis.mongo import Document
from chassis.vault import Vault
from registration.domain.registration import Status
from registration.domain.roll_changes import JUDGED, Outcome, outcome
from registration.importing.entries import Entry, identity_of

LISTED = 5000
"""How many people to judge are kept by their ids; all are counted."""
HELD = ("status", "why", "fingerprint", "identity", "features")
"""What is fetched of the people held, to compare with."""
GONE = "gone"
"""Why someone is to be judged whom the file does not hold."""


def outcome_of(entry: Entry, held: Document | None) -> Outcome:
    """Compare a row with the person held, if there is one."""
    if held is None:
        return outcome(None, None, entry.why, same=False, left=bool(entry.resident.left))
    same = held["fingerprint"] == entry.fingerprint
    left = bool(entry.resident.left)
    return outcome(Status(held["status"]), held["why"], entry.why, same=same, left=left)


class Tally:
    """The figures so far. No figure names anyone; those to judge stand by their opaque ids."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._rows = self._eligible = self._not_held = self._gone = self._gone_to_judge = self._to_judge = 0
        self._outcomes: Counter[Outcome] = Counter()
        self._columns: Counter[str] = Counter()
        self._ineligible: Counter[str] = Counter()
        self._leaving: Counter[str] = Counter()
        self._judged: list[dict[str, str]] = []

    def add(self, entries: Sequence[Entry], held: Mapping[str, Document]) -> None:
        """Count a batch of rows beside the people held with their ids."""
        for entry in entries:
            known = held.get(entry.person)
            result = outcome_of(entry, known)
            self._rows += 1
            self._outcomes[result] += 1
            self._not_held += known is None
            if entry.why is None:
                self._eligible += 1
            else:
                self._ineligible[entry.why] += 1
            if result is Outcome.LEAVES:
                self._leaving[str(entry.why)] += 1
            elif result is Outcome.TO_JUDGE:
                self._judge(entry.person, str(entry.why))
            elif result is Outcome.CHANGED and known is not None:
                self._columns.update(self._changed_columns(entry, known))

    def gone(self, people: Iterable[Document]) -> None:
        """Count people who are held and not in the file."""
        for person in people:
            self._gone += 1
            if Status(person["status"]) in JUDGED:
                self._gone_to_judge += 1
                self._judge(person["_id"], GONE)

    def report(self) -> dict[str, Any]:
        """Return the report."""
        return {
            "rows": self._rows,
            "eligible": self._eligible,
            "new": self._outcomes[Outcome.NEW],
            "changed": self._outcomes[Outcome.CHANGED],
            "unchanged": self._outcomes[Outcome.UNCHANGED],
            "not_held": self._not_held,
            "missing": self._gone,
            "missing_to_judge": self._gone_to_judge,
            "changed_columns": dict(sorted(self._columns.items())),
            "ineligible": dict(sorted(self._ineligible.items())),
            "leaving": dict(sorted(self._leaving.items())),
            "to_judge": self._to_judge,
            "judged": self._judged,
        }

    def _judge(self, person: str, why: str) -> None:
        self._to_judge += 1
        if len(self._judged) < LISTED:
            self._judged.append({"person": person, "why": why})

    def _changed_columns(self, entry: Entry, held: Document) -> list[str]:
        if entry.why or held["identity"] is None:
            return ["eligible"]
        before, after = self._vault.unlock(held["identity"]), identity_of(entry.resident)
        columns = [name for name in after if after[name] != before.get(name)]
        features = entry.features.keys() | held["features"].keys()
        return columns + [name for name in features if entry.features.get(name) != held["features"].get(name)]
