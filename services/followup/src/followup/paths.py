"""Where things are at the one address."""

PREFIX = "/opfoelgning"
API = f"{PREFIX}/api/assemblies"


def dashboard_path(assembly: str) -> str:
    """Return the path of an assembly's public dashboard."""
    return f"{PREFIX}/{assembly}"


def recommendation_path(assembly: str, recommendation: str) -> str:
    """Return the path of a recommendation and its answer on the dashboard."""
    return f"{dashboard_path(assembly)}#recommendation-{recommendation}"


def status_path(assembly: str, milestone: str) -> str:
    """Return the path of a published status."""
    return f"{dashboard_path(assembly)}/status/{milestone}"
