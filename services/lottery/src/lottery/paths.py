"""Where things are at the one address."""

PREFIX = "/lodtraekning"
API = f"{PREFIX}/api/assemblies"


def draw_path(assembly: str) -> str:
    """Return the path of an assembly's public page."""
    return f"{PREFIX}/{assembly}"


def record_path(assembly: str) -> str:
    """Return the path of the draw's public record."""
    return f"{draw_path(assembly)}/record.json"
