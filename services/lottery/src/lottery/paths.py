"""Where things are at the one address."""

PREFIX = "/lodtraekning"
API = f"{PREFIX}/api/assemblies"
VERIFIER = f"{PREFIX}/lottery_verify.py"
ASSEMBLY = f"{PREFIX}/{{assembly}}"
PREPARE = f"{ASSEMBLY}/klargoer"
HISTORY = f"{ASSEMBLY}/historik"
SCREEN = f"{ASSEMBLY}/skaerm"
OWN_LINE = f"{ASSEMBLY}/min-linje"
SEATS = f"{ASSEMBLY}/pladser"
DRAW = f"{ASSEMBLY}/lod/{{draw}}"


def draw_path(assembly: str) -> str:
    """Return the path of an assembly's public page."""
    return ASSEMBLY.format(assembly=assembly)


def record_path(assembly: str) -> str:
    """Return the path of the draw's public record."""
    return f"{draw_path(assembly)}/record.json"


class Paths:
    """Where an assembly's pages are, for its templates."""

    def __init__(self, assembly: str) -> None:
        self._assembly = assembly
        self.public, self.record, self.verifier = draw_path(assembly), record_path(assembly), VERIFIER
        self.prepare = PREPARE.format(assembly=assembly)
        self.history = HISTORY.format(assembly=assembly)
        self.screen = SCREEN.format(assembly=assembly)
        self.own_line = OWN_LINE.format(assembly=assembly)
        self.seats = SEATS.format(assembly=assembly)

    def draw(self, draw: str, rest: str = "") -> str:
        """Return the path of one draw, or of a page under it."""
        return DRAW.format(assembly=self._assembly, draw=draw) + (f"/{rest}" if rest else "")

    def record_of(self, draw: str) -> str:
        """Return the path of an earlier draw's public record."""
        return f"{self.history}/{draw}/record.json"
