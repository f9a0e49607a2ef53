"""What can be wrong with a spreadsheet that comes back, and how the officer is told. Such a file changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chassis.language import N_
from followup.domain.answers import MOST_MONEY


class Rule(StrEnum):
    """The rule a cell, a row or the whole file breaks."""

    EMPTY = "not empty"
    NOT_A_TABLE = "a spreadsheet"
    LOCKED = "not locked"
    DAMAGED = "a whole file"
    UNPACKS_TOO_LARGE = "not too large"
    ENCODING = "UTF-8"
    TOO_MANY_ROWS = "at most so many rows"
    NO_TABLE = "known columns"
    TABLE_TWICE = "one table of each kind"
    COLUMN_MISSING = "all columns"
    COLUMN_UNKNOWN = "no other columns"
    COLUMN_TWICE = "each column once"
    OUTSIDE = "below a heading"
    FORMULA = "no formula"
    ERROR_VALUE = "no error"
    WHICH = "which recommendation"
    OTHER_ASSEMBLY = "this assembly"
    UNKNOWN = "a delivered recommendation"
    TWICE = "each recommendation once"
    READ_ONLY = "read only"
    VERDICT = "one of three"
    DAY = "a day"
    NO_SUCH_DAY = "a day that exists"
    MONEY = "whole kroner"
    PROGRESS = "per cent"
    LONG = "not too long"
    COMMITTEE = "a committee of the mandate"
    COMMITTEE_TWICE = "each committee once"
    NO_COMMITTEE = "a step has a committee"
    NO_DAY = "a step has a day"
    NO_ITEM = "a step has an agenda item"
    LINK = "a web address"
    VERSION = "the version that was taken out"
    VERSIONS_DIFFER = "the same version in both tables"
    ANSWER_CHANGED = "nobody has changed the answer since"
    WORK_CHANGED = "nobody has changed the work since"
    OTHER = "the house’s rules"


MESSAGES: dict[Rule, str] = {
    Rule.EMPTY: N_("The file is empty. Take the spreadsheet out anew and fill it in."),
    Rule.NOT_A_TABLE: N_("The file is no spreadsheet. Hand in an .xlsx or a .csv file."),
    Rule.LOCKED: N_("The file is locked with a password, or of an old kind. Save it as .xlsx without a password."),
    Rule.DAMAGED: N_("The file cannot be opened. Save it again in your spreadsheet program and hand that in."),
    Rule.UNPACKS_TOO_LARGE: N_("The file is too large when it is unpacked. Remove pictures and other sheets."),
    Rule.ENCODING: N_("The file is not in UTF-8. Save it as “CSV UTF-8”, or as .xlsx."),
    Rule.TOO_MANY_ROWS: N_("There are more rows than the sheet can have: at most %(most)s."),
    Rule.NO_TABLE: N_("The headings are not the sheet’s. Take the spreadsheet out anew and keep its first row."),
    Rule.TABLE_TWICE: N_("Two sheets have the same columns. Remove the one you do not mean."),
    Rule.COLUMN_MISSING: N_("The column is missing. Put it back: an empty column would erase what stands there."),
    Rule.COLUMN_UNKNOWN: N_("The column is not the sheet’s own and cannot be taken in. Remove it."),
    Rule.COLUMN_TWICE: N_("The column is there twice. Remove the one you do not mean."),
    Rule.OUTSIDE: N_("There is text outside the columns. Remove it, or put it where it belongs."),
    Rule.FORMULA: N_("The cell holds a formula. Write the text or the number itself."),
    Rule.ERROR_VALUE: N_("The cell holds an error, such as #REF!. Write the text or the number itself."),
    Rule.WHICH: N_("The row does not say which recommendation it is about. Write its id."),
    Rule.OTHER_ASSEMBLY: N_("The recommendation is another assembly’s. Hand the file in on that assembly’s page."),
    Rule.UNKNOWN: N_("No such recommendation is delivered. Do not change the ids."),
    Rule.TWICE: N_("The recommendation is in the sheet twice. Remove the row you do not mean."),
    Rule.READ_ONLY: N_("This cell cannot be changed here. Take the spreadsheet out anew, or write what stood there."),
    Rule.VERDICT: N_("Write one of: %(choices)s. Or leave the cell empty."),
    Rule.DAY: N_("Write the day as 2026-03-01 or 01-03-2026."),
    Rule.NO_SUCH_DAY: N_("There is no such day in the calendar."),
    Rule.MONEY: N_("Write whole kroner from 0 to %(most)s, or leave the cell empty."),
    Rule.PROGRESS: N_("Write a whole number from 0 to 100."),
    Rule.LONG: N_("Shorten the text to at most %(longest)s characters."),
    Rule.COMMITTEE: N_("The mandate has no such committee. Write one of: %(choices)s."),
    Rule.COMMITTEE_TWICE: N_("The committee is named twice."),
    Rule.NO_COMMITTEE: N_("Name the committee that treats it."),
    Rule.NO_DAY: N_("Write the day of the meeting."),
    Rule.NO_ITEM: N_("Write the item on the agenda."),
    Rule.LINK: N_("Begin the link with https:// and leave no blanks in it."),
    Rule.VERSION: N_("The number that says which version was taken out is missing or changed. Put it back."),
    Rule.VERSIONS_DIFFER: N_("The two sheets were not taken out together. Take the spreadsheet out anew."),
    Rule.ANSWER_CHANGED: N_("Somebody has changed the answer since the sheet was taken out. Take it out anew."),
    Rule.WORK_CHANGED: N_("Somebody has changed the work since the sheet was taken out. Take it out anew."),
    Rule.OTHER: N_("This cannot be saved. Write it on the recommendation’s own page to see why."),
}

STANDING: dict[Rule, dict[str, str | int]] = {Rule.MONEY: {"most": MOST_MONEY}}
"""What fills in a message wherever its rule is broken."""

Values = Mapping[str, str | int]


class Unreadable(ValueError):  # noqa: N818 - it is read as what it says of a cell
    """A cell, or a whole file, that breaks a rule; `values` fill in the rule's message."""

    def __init__(self, rule: Rule, **values: str | int) -> None:
        super().__init__(rule)
        self.rule, self.values = rule, values


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the sheet (empty in a CSV file), the row as a spreadsheet counts them, and the column's heading.

    Row 0 is the whole file, and an empty column the whole row.
    """

    rule: Rule
    sheet: str = ""
    row: int = 0
    column: str = ""
    values: Values = field(default_factory=dict)
