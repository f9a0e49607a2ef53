"""The evaluation of a follow-up as the public reads it: figures counted from the record, and what the council wrote."""

from datetime import date

from pydantic import BaseModel

from contracts.base import Text
from followup import repository
from followup.domain.evaluation import Figures, Kept, figures, waits_for
from followup.paths import dashboard_path, evaluation_path
from followup.words import as_text


class KeptView(BaseModel):
    """One promise: the day first promised, the day it had in the end, the day it was kept (null: not yet)."""

    milestone: str
    title: Text
    promised_on: date
    due_on: date
    reported_on: date | None
    days_late: int
    days_after_promise: int
    extensions: int


class EvaluationView(BaseModel):
    """The figures, and the council's own words once they are published. `waits_for` are milestones not reported."""

    assembly: str
    title: Text
    municipality: Text
    delivered_on: date | None
    evaluated_on: date | None
    text: str
    waits_for: tuple[Text, ...]
    kept: tuple[KeptView, ...]
    in_time: int
    late: int
    moved: int
    recommendations: int
    followed: int
    partly: int
    not_followed: int
    completed: int
    progress: int
    revised: int
    median_days_to_answer: int | None
    longest_days_to_answer: int | None
    dashboard: str
    path: str

    @property
    def possible(self) -> bool:
        """Whether the evaluation can be published now."""
        return self.evaluated_on is None and bool(self.kept) and not self.waits_for


async def evaluation_view(store: repository.Store, assembly_id: str) -> EvaluationView | None:
    """Return how an assembly's follow-up is, or would be, evaluated; None before it is announced."""
    assembly = await repository.assembly(store, assembly_id)
    if assembly is None or assembly.mandate is None:
        return None
    commitments = await repository.commitments(store, assembly_id)
    counted = figures(assembly, commitments, await repository.recommendations(store, assembly_id))
    written = assembly.evaluation
    return EvaluationView(
        assembly=assembly.id,
        title=as_text(assembly.mandate.title),
        municipality=as_text(assembly.mandate.municipality),
        delivered_on=assembly.delivery.on if assembly.delivery else None,
        evaluated_on=written.evaluated_on if written else None,
        text=written.text if written else "",
        waits_for=tuple(as_text(one.title) for one in waits_for(commitments)),
        kept=tuple(map(_kept, counted.kept)),
        dashboard=dashboard_path(assembly.id),
        path=evaluation_path(assembly.id),
        **{name: getattr(counted, name) for name in _NUMBERS},
    )


_NUMBERS = ("in_time", "late", "moved", *(name for name in Figures.__dataclass_fields__ if name != "kept"))


def _kept(one: Kept) -> KeptView:
    return KeptView(
        milestone=one.milestone,
        title=as_text(one.title),
        promised_on=one.promised_on,
        due_on=one.due_on,
        reported_on=one.reported_on,
        days_late=one.days_late,
        days_after_promise=one.days_after_promise,
        extensions=len(one.extensions),
    )
