"""Where things are at the one address."""

PREFIX = "/opfoelgning"
API = f"{PREFIX}/api/assemblies"
DUTIES = f"{PREFIX}/opgaver"
COUNCIL = f"{PREFIX}/raadet"
RECOMMENDATION = f"{PREFIX}/{{assembly}}/anbefalinger/{{recommendation}}"
ANSWER = f"{PREFIX}/{{assembly}}/anbefalinger/{{recommendation}}/svar"
PUBLISH = f"{PREFIX}/{{assembly}}/status/{{milestone}}/udgiv"
EXTEND = f"{PREFIX}/{{assembly}}/status/{{milestone}}/udskyd"
EVENT = f"{PREFIX}/{{assembly}}/haendelser/{{event}}"
WHAT_IF = f"{PREFIX}/hvad-nu-hvis"


def dashboard_path(assembly: str) -> str:
    """Return the path of an assembly's public dashboard."""
    return f"{PREFIX}/{assembly}"


def recommendation_path(assembly: str, recommendation: str) -> str:
    """Return the path of a recommendation: its answer, and all that has become of it."""
    return RECOMMENDATION.format(assembly=assembly, recommendation=recommendation)


def status_path(assembly: str, milestone: str) -> str:
    """Return the path of a published status."""
    return f"{dashboard_path(assembly)}/status/{milestone}"


def answer_path(assembly: str, recommendation: str) -> str:
    """Return the path of the form for the council's answer."""
    return ANSWER.format(assembly=assembly, recommendation=recommendation)


def publish_path(assembly: str, milestone: str) -> str:
    """Return the path of the form that publishes a status."""
    return PUBLISH.format(assembly=assembly, milestone=milestone)


def extend_path(assembly: str, milestone: str) -> str:
    """Return the path of the form that moves a due day."""
    return EXTEND.format(assembly=assembly, milestone=milestone)


def event_path(assembly: str, event: str) -> str:
    """Return the path of the form that records an event's day."""
    return EVENT.format(assembly=assembly, event=event)
