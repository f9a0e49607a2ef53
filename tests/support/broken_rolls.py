"""Rolls that are broken, each in one way, named by it, with what is said about it: row, column, rule and words."""

from datetime import date
from typing import NamedTuple

from support.rolls import COLUMNS, cpr, roll, row

GOOD = [row(1), row(2), row(3)]
HEADER = ";".join(COLUMNS)
LINE = ";".join(row(1).values())
ALL = "cpr, birth_date, name, street, house_number, floor, door, postcode, city, protected, district, tenure, left"


class Broken(NamedTuple):
    """A file, and what is first said of it."""

    body: bytes
    row: int
    column: str
    rule: str
    message: str


def field(column: str, value: str, rule: str, message: str) -> Broken:
    """A roll whose third resident has a wrong value in one column."""
    columns = (*COLUMNS, *({column} - set(COLUMNS)))
    rows = [row(7), row(8), row(1) | {column: value}, row(9)]
    return Broken(roll(rows, columns=columns), 4, column, rule, message)


def without_cpr(born: str, rule: str, message: str) -> Broken:
    """A roll whose third resident has no CPR number."""
    rows = [row(7), row(8), row(1, cpr="") | {"birth_date": born}, row(9)]
    return Broken(roll(rows, columns=(*COLUMNS, "birth_date")), 4, "birth_date", rule, message)


def file(body: bytes | str, at: int, column: str, rule: str, message: str) -> Broken:
    """A file that is wrong as a whole, or in its header."""
    return Broken(body.encode() if isinstance(body, str) else body, at, column, rule, message)


_TEN = "a CPR number is ten digits, with or without a dash after the sixth"
_DAY = "the first six digits are not a day of the calendar"
_NOBODY = "nobody living was born on the day this CPR number gives"
_NUMBER = "is 1-999 without leading zeros, and a letter A-Z if there is one"
_FLOOR = "is 1-99, st, kl or k2-k9, or blank"
_DISTRICTS = "is one of: soevang, st-magleby"
_QUOTE = "a quotation mark is not closed, or stands inside a text without being doubled"
_MIXED = "the file is UTF-8 but not all through: it was put together from two encodings"
_CONTROL = "a control character: this is not a text file"

BROKEN: dict[str, Broken] = {
    "no CPR number": field("cpr", "", "ten digits", _TEN),
    "a CPR number cut short": field("cpr", "12345", "ten digits", _TEN),
    "a CPR number with a letter": field("cpr", "010170000O", "ten digits", _TEN),
    "born on the 30th of February": field("cpr", "9002701234", "birth date", _DAY),
    "born in the 13th month": field("cpr", "6113701234", "birth date", _DAY),
    "born tomorrow": field("cpr", cpr(1, date(2025, 1, 2)), "birth date", _NOBODY),
    "born in 1858": field("cpr", "6101585001", "birth date", _NOBODY),
    "neither CPR number nor birth date": without_cpr("", "required", "must not be blank where the CPR number is"),
    "a birth date in words": without_cpr("1. maj 1970", "date", "is a date as YYYY-MM-DD or DD-MM-YYYY"),
    "a birth date of two-digit year": without_cpr("01-05-70", "date", "is a date as YYYY-MM-DD or DD-MM-YYYY"),
    "a birth date on no day": without_cpr("31-02-1970", "date", "is not a day of the calendar"),
    "a birth date to come": without_cpr("2025-01-02", "birth date", "nobody living was born on this day"),
    "no name": field("name", " ", "required", "must not be blank"),
    "an endless name": field("name", "x" * 131, "at most 130 characters", "has 131 characters"),
    "a name over two lines": field("name", "To\nlinjer", "one line", "must not hold a line break"),
    "no street": field("street", "", "required", "must not be blank"),
    "a street no printer takes": field("street", "x" * 41, "at most 40 characters", "has 41 characters"),
    "no house number": field("house_number", "", "house number", _NUMBER),
    "a house number with a zero before it": field("house_number", "012", "house number", _NUMBER),
    "house number 1000": field("house_number", "1000", "house number", _NUMBER),
    "a house number of two letters": field("house_number", "12AB", "house number", _NUMBER),
    "two house numbers": field("house_number", "12-14", "house number", _NUMBER),
    "the hundredth floor": field("floor", "100", "floor", _FLOOR),
    "a first cellar by number": field("floor", "k1", "floor", _FLOOR),
    "a floor in words": field("floor", "stuen", "floor", _FLOOR),
    "a door of five characters": field("door", "12345", "at most 4 characters", "has 5 characters"),
    "a postcode of three digits": field("postcode", "279", "four digits", "a postcode is four digits"),
    "a postcode with its country": field("postcode", "DK-2791", "four digits", "a postcode is four digits"),
    "no city": field("city", "", "required", "must not be blank"),
    "a city of 21 letters": field("city", "x" * 21, "at most 20 characters", "has 21 characters"),
    "no district": field("district", "", "known value", _DISTRICTS),
    "a district elsewhere": field("district", "amager", "known value", _DISTRICTS),
    "a district by its title": field("district", "Soevang", "known value", _DISTRICTS),
    "tenure by another word": field("tenure", "squatter", "known value", "is one of: owner, tenant"),
    "perhaps protected": field(
        "protected", "måske", "yes or no", "is yes or no (also ja, nej, 1, 0, true, false; blank is no)"
    ),
    "left for a holiday": field(
        "left", "ferie", "moved out or died", "is moved-out or died (also fraflyttet, død), or blank"
    ),
    "an empty file": file(b"", 0, "", "not empty", "the file is empty"),
    "only a mark and blank lines": file(b"\xef\xbb\xbf\r\n\r\n", 0, "", "not empty", "the file is empty"),
    "a header alone": file(HEADER, 0, "", "not empty", "the file has a header and no residents"),
    "no header": file(LINE, 1, "", "header", f"the first row names the columns: {ALL}"),
    "a column missing": file(
        roll(GOOD, columns=COLUMNS[:-1]), 1, "protected", "required column", "the column is missing"
    ),
    "nobody’s number or birth": file(
        roll(GOOD, columns=COLUMNS[1:]), 1, "cpr", "required column", "the column is missing"
    ),
    "a column nobody knows": file(
        roll(GOOD, columns=[*COLUMNS, "phone"]), 1, "column 11", "known column", f"is none of: {ALL}"
    ),
    "a column twice": file(f"{HEADER};cpr\n{LINE};x", 1, "cpr", "one column a name", "the column is there twice"),
    "a field too many": file(
        f"{HEADER}\n{LINE};x",
        2,
        "",
        "as many fields as the header",
        "has 11 fields, the header 10; is a text with “;” in quotes?",
    ),
    "a field too few": file(
        f"{HEADER}\n{LINE}\n{LINE.rsplit(';', 1)[0]}",
        3,
        "",
        "as many fields as the header",
        "has 9 fields, the header 10; is a text with “;” in quotes?",
    ),
    "a quote never closed": file(f'{HEADER}\n{LINE}\n"{LINE}', 3, "", "quotes", _QUOTE),
    "a line without end": file(
        f"{HEADER}\n{LINE}\n" + "x" * 100_001,
        3,
        "",
        "row length",
        "the row is longer than 100000 characters: is this a CSV file?",
    ),
    "the same person twice": file(
        roll([row(1), row(2), row(1, name="Andet Navn")]), 4, "cpr", "one row a person", "the same person as in row 2"
    ),
    "the same person twice without a number": file(
        roll([row(1, cpr="") | {"birth_date": "1970-01-01"}] * 2, columns=(*COLUMNS, "birth_date")),
        3,
        "birth_date",
        "one row a person",
        "the same person as in row 2",
    ),
    "a zip file": file(b"PK\x03\x04" + bytes(40), 1, "", "text", _CONTROL),
    "a control character": file(roll([row(1), row(2, name="Pr\x07ve")]), 3, "", "text", _CONTROL),
    "a byte no encoding has": file(
        f"{HEADER}\n{LINE}".encode("cp1252") + b"\x81", 2, "", "encoding", "a byte is neither UTF-8 nor Windows-1252"
    ),
    "UTF-16": file(roll(GOOD, encoding="utf-16"), 1, "", "encoding", "the file is UTF-16; save it as CSV UTF-8"),
    "two encodings in one": file(roll(GOOD) + roll(GOOD, encoding="cp1252"), 6, "", "encoding", _MIXED),
    "UTF-8 cut in the middle": file(roll(GOOD, encoding="utf-8-sig")[:-4] + b"\xc3", 4, "", "encoding", _MIXED),
}
