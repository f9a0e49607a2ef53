"""What a person at the terminal is told: one line a part, in colour where there is any."""

from rich.console import Console


class Report:
    """Lines on standard output; plain, without colours, when nobody sits there."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)

    def part(self, name: str, line: str) -> None:
        """Tell what happened to a part."""
        style = "red" if "ended" in line else "green"
        self._console.print(f"  {name:<16}", line, style=style if self._console.is_terminal else None, markup=False)

    def line(self, text: str) -> None:
        """Say something."""
        self._console.print(text, markup=False)
