"""The list of problems: what somebody has to look at, in codes and opaque ids. Nothing here is about a person by name.

The same problem again is the same entry, with its number of times and the last time counted up.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from chassis.mongo import Document
from chassis.transaction import Transaction

PROBLEMS = "problems"
Kind = Literal[
    "template-refused",
    "address-refused",
    "attachment-too-large",
    "receipt-unknown",
    "receipt-forged",
    "receipt-contradicts",
    "job-stopped",
    "credentials-refused",
    "audience-unreachable",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong. `about` are opaque ids and codes that tell it from others: `shipment`, `job`, `role`."""

    kind: Kind
    assembly: str | None = None
    about: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id, the same each time it is seen."""
        said = "|".join([self.kind, self.assembly or "", *(f"{k}={v}" for k, v in sorted(self.about.items()))])
        return hashlib.sha256(said.encode()).hexdigest()[:32]


async def note(tx: Transaction, problem: Problem) -> None:
    """Put a problem on the list, or count it up; one that was solved is open again."""
    first: Document = {
        "kind": problem.kind,
        "assembly": problem.assembly,
        "about": problem.about,
        "first_at": tx.now,
    }
    await tx.collection(PROBLEMS).update(
        {"_id": problem.id},
        {
            "$setOnInsert": first,
            "$set": {"last_at": tx.now, "solved_at": None, "solved_by": None},
            "$inc": {"times": 1},
        },
        upsert=True,
    )


async def solve(tx: Transaction, kind: Kind, assembly: str, about: dict[str, str], by: str) -> int:
    """Note that the open problems of a kind that are about this are solved, and return how many there were."""
    where: Document = {"kind": kind, "assembly": assembly, "solved_at": None}
    where |= {f"about.{name}": value for name, value in about.items()}
    return await tx.collection(PROBLEMS).update_many(where, {"$set": {"solved_at": tx.now, "solved_by": by}})
