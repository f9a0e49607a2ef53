"""Pairs of files that break one rule each, and where the command must say so: file, row, column, rule."""

from typing import NamedTuple

CATEGORIES = b"feature,value,min,max\ntenure,owner,1,2\ntenure,tenant,1,2\nage,young,1,3\nage,old,0,2\n"
RESPONDENTS = b"unique_id,tenure,age,street,postcode\n" + b"".join(
    f"p{number},{('owner', 'tenant')[number % 2]},{('young', 'old')[number % 3 == 0]},Vej {number},2791\n".encode()
    for number in range(8)
)
PANEL = 3


class Pair(NamedTuple):
    """A pair of files, and the place and rule that the refusal must name."""

    categories: bytes
    respondents: bytes
    place: str
    rule: str


def _categories(old: bytes, new: bytes, place: str, rule: str) -> Pair:
    assert old in CATEGORIES
    return Pair(CATEGORIES.replace(old, new, 1), RESPONDENTS, f"categories.csv{place}", rule)


def _people(old: bytes, new: bytes, place: str, rule: str) -> Pair:
    assert old in RESPONDENTS
    return Pair(CATEGORIES, RESPONDENTS.replace(old, new, 1), f"respondents.csv{place}", rule)


BROKEN: dict[str, Pair] = {
    "a minimum column is missing": _categories(b"min,", b"least,", ", row 1, min", "feature,value,min,max"),
    "the feature column is missing": _categories(b"feature,", b"what,", ", row 1, feature", "feature,value,min,max"),
    "one flexible bound without the other": Pair(
        b"feature,value,min,max,min_flex\ntenure,owner,1,2,1\ntenure,tenant,1,2,1\n",
        RESPONDENTS, "categories.csv, row 1, max_flex", "feature,value,min,max",
    ),
    "the quotas' file is empty": Pair(b"", RESPONDENTS, "categories.csv, row 1, header", "a header"),
    "a header and no quotas": Pair(
        b"feature,value,min,max\n", RESPONDENTS, "categories.csv, row 2, feature", "at least one quota"
    ),
    "a column that is there twice": _categories(b"min,max", b"min,MIN", ", row 1, MIN", "a column a name"),
    "a column without a name": _categories(b"max\n", b"max,\n", ", row 1, header", "a name a column"),
    "half a seat": _categories(b"owner,1,2", b"owner,1.5,2", ", row 2, min", "a whole number"),
    "a minimum below nought": _categories(b"owner,1,2", b"owner,-1,2", ", row 2, min", "a whole number, at least 0"),
    "no maximum": _categories(b"tenant,1,2", b"tenant,1,", ", row 3, max", "a whole number"),
    "a minimum above its maximum": _categories(b"tenant,1,2", b"tenant,2,1", ", row 3, min", "minimum <= maximum"),
    "a flexible minimum above the minimum": Pair(
        b"feature,value,min,max,min_flex,max_flex\ntenure,owner,1,2,2,2\ntenure,tenant,1,2,1,2\n",
        RESPONDENTS, "categories.csv, row 2, min_flex", "0 <= min_flex <= minimum",
    ),
    "a flexible maximum below the maximum": Pair(
        b"feature,value,min,max,min_flex,max_flex\ntenure,owner,1,2,1,2\ntenure,tenant,1,2,1,1\n",
        RESPONDENTS, "categories.csv, row 3, max_flex", "maximum <= max_flex",
    ),
    "minima above the panel's size": _categories(
        b"owner,1,2", b"owner,3,3", ", row 2 to 3, min", "sum of minima <= panel size"
    ),
    "maxima below the panel's size": _categories(
        b"owner,1,2\ntenure,tenant,1,2", b"owner,1,1\ntenure,tenant,1,1",
        ", row 2 to 3, max", "panel size <= sum of maxima",
    ),
    "a value twice, in other letters": _categories(
        b"age,young,1,3\nage,old", b"age,young,1,3\nAge, YOUNG ,0,1\nage,old", ", row 4 and 5, value", "listed once"
    ),
    "a value without a name": _categories(b"age,old", b"age,", ", row 5, value", "not blank"),
    "a feature without a name": _categories(b"age,old", b" ,old", ", row 5, feature", "not blank"),
    "a row with too many cells": _categories(b"age,old,0,2", b"age,old,0,2,7", ", row 5, row", "a cell a column"),
    "quotas in another encoding": _categories(b"age,old", "age,ældre".encode("cp1252"), ", encoding", "UTF-8"),
    "quotas that are a spreadsheet": Pair(
        b"PK\x03\x04\x00\x00", RESPONDENTS, "categories.csv, encoding", "text"
    ),
    "a quotation mark that never closes": _people(b"Vej 7", b'"Vej 7', ", quotation marks", "CSV"),
    "no column of ids": _people(b"unique_id", b"number", ", row 1, unique_id", "column present"),
    "no column of a feature": _people(b"tenure", b"housing", ", row 1, tenure", "column present"),
    "no column of the household": _people(b"postcode", b"zip", ", row 1, postcode", "column present"),
    "a feature that is there twice": _people(b"street", b"Tenure", ", row 1, Tenure", "a column a name"),
    "a blank answer": _people(b"p3,tenant", b"p3, ", ", row 5, tenure", "not blank"),
    "an answer that no category has": _people(b"p3,tenant", b"p3,castle", ", row 5, tenure", "a listed value"),
    "an id twice with other data": _people(b"p3,tenant", b"p2,tenant", ", row 5, unique_id", "an id a person"),
    "a row with too few cells": _people(b",Vej 4,2791", b",Vej 4", ", row 6, row", "a cell a column"),
    "people in another encoding": _people(b"Vej 1", "Ågade 1".encode("cp1252"), ", encoding", "UTF-8"),
    "nobody at all": Pair(
        CATEGORIES, RESPONDENTS.partition(b"\n")[0] + b"\n", "respondents.csv, row 2, id", "at least one person"
    ),
    "a salt for some and not for others": Pair(
        CATEGORIES,
        RESPONDENTS.replace(b"postcode\n", b"postcode,salt\n").replace(b"2791\n", b"2791,\n"),
        "respondents.csv, row 2, salt", "not blank",
    ),
    "two people with the same salt": Pair(
        CATEGORIES,
        RESPONDENTS.replace(b"postcode\n", b"postcode,salt\n").replace(b"2791\n", b"2791,same\n"),
        "respondents.csv, salt", "a salt a person",
    ),
}  # fmt: skip
