"""What the public and the officers are shown, as JSON and on pages alike."""

from followup.views.assembly import answer_view, assembly_view, assembly_views, counts, milestone_view
from followup.views.shapes import (
    AnswerView,
    AssemblyView,
    Counts,
    ElectionView,
    MilestoneView,
    RecommendationView,
    StatusView,
)

__all__ = [
    "AnswerView",
    "AssemblyView",
    "Counts",
    "ElectionView",
    "MilestoneView",
    "RecommendationView",
    "StatusView",
    "answer_view",
    "assembly_view",
    "assembly_views",
    "counts",
    "milestone_view",
]
