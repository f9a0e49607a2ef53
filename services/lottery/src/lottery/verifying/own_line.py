"""What the record says of one person, found with the code on their receipt."""

from collections.abc import Iterator
from decimal import Decimal

from lottery.verifying.digits import PANELS
from lottery.verifying.lines import Line
from lottery.verifying.record import Json
from lottery.verifying.seals import line_of, salt_of_code


def own_lines(record: Json, code: str) -> Iterator[Line]:
    """Find the line of whoever has this code, and say what became of it."""
    try:
        name = line_of(salt_of_code(code))
    except ValueError as error:
        yield Line(False, "the code can be one", str(error))
        return
    line = next((line for line in record["sealed"]["lines"] if line["line"] == name), None)
    if line is None:
        yield Line(False, "your line is in the record", f"{name} is not among {len(record['sealed']['lines'])} lines")
        return
    yield Line(True, "your line is in the record", name)
    percent = (Decimal(line["chance"]) * 100).normalize()
    yield Line(True, f"your chance was {percent:f} %, and you stand on {line['panels']} of {PANELS} panels")
    if record["drawn"] is not None:
        yield Line(True, _fate(record["drawn"], name))


def _fate(drawn: Json, name: str) -> str:
    if name in drawn["panel"]:
        return "you are on the panel that was drawn"
    if name in drawn["alternates"]:
        return f"you are alternate number {drawn['alternates'].index(name) + 1}"
    return "you were not drawn"
