"""What the roll's pages call things."""

from chassis.language import N_, Words
from registration.domain.assembly import Assembly
from registration.domain.eligibility import AGE, DIED, MOVED_OUT, POSTCODE, excluded
from registration.domain.problems import RowProblem
from registration.domain.resident import RollRules
from registration.importing.tally import GONE
from registration.use_cases.imports import State

STATE_WORDS = {
    State.RECEIVING: N_("On its way in"),
    State.RECEIVED: N_("Waits to be checked"),
    State.CHECKING: N_("Is checked"),
    State.CHECKED: N_("In order, waits for you"),
    State.REFUSED: N_("Refused: there are errors in it"),
    State.WRITING: N_("Is written"),
    State.WRITTEN: N_("Written"),
    State.DISCARDED: N_("Discarded, nothing was written"),
}
WHY_WORDS = {
    AGE: N_("Too young"),
    POSTCODE: N_("Lives outside the assembly’s postcodes"),
    MOVED_OUT: N_("Has moved out"),
    DIED: N_("Has died"),
    GONE: N_("Is not in the file"),
}
COLUMN_WORDS = {
    "cpr": N_("CPR number: ten digits, with or without a dash"),
    "birth_date": N_("Date of birth, such as 1970-01-31 or 31-01-1970; needed where the CPR number is blank"),
    "name": N_("First names and surname, at most 130 characters"),
    "street": N_("Street, at most 40 characters"),
    "house_number": N_("House number with its letter, such as 12B"),
    "floor": N_("Floor: 1-99, st, kl, k2-k9, or blank"),
    "door": N_("Door, such as tv, mf, th or 3; or blank"),
    "postcode": N_("Postcode, four digits"),
    "city": N_("City, at most 20 characters"),
    "protected": N_("Whether the address is protected: yes or no; blank is no"),
    "left": N_("Blank; or moved-out or died for someone who lives there no more (also fraflyttet, død)"),
}


def why_words(words: Words, assembly: Assembly, why: str) -> str:
    """Say why someone cannot be invited (any more)."""
    for exclusion in assembly.exclusions:
        if why == excluded(exclusion.id):
            return words.text(exclusion.title)
    return words.gettext(WHY_WORDS[why]) if why in WHY_WORDS else why


def columns(words: Words, assembly: Assembly, rules: RollRules) -> list[tuple[str, str, str]]:
    """Return the columns of this assembly's file: name, what stands in it, and whether it must be there."""
    titles = {criterion.id: criterion for criterion in assembly.criteria}
    must, may = words.gettext(N_("Must be there")), words.gettext(N_("May be left out"))
    rows = []
    for column in rules.table.columns:
        if column in titles:
            values = ", ".join(f"{v.id} ({words.text(v.title)})" for v in titles[column].values)
            said = words.gettext(
                N_("%(title)s, one of: %(values)s"), title=words.text(titles[column].title), values=values
            )
            if column in rules.streets:
                said += " " + words.gettext(N_("Where it is blank, the street decides."))
            elif column in rules.known:
                said += " " + words.gettext(N_("Blank where it is not known."))
        else:
            said = words.gettext(COLUMN_WORDS[column])
        rows.append((column, said, must if column == "cpr" or column in rules.table.required else may))
    return rows


def problem_rows(words: Words, problems: list[RowProblem]) -> list[list[str]]:
    """Return what is wrong with a file as rows of a table: row, column, rule and what to do."""
    return [
        [
            words.format_number(problem.row) if problem.row else words.gettext(N_("The file")),
            problem.column or words.gettext(N_("The row")),
            words.gettext(problem.rule_text, **problem.told),
            words.gettext(problem.message_text, **problem.told),
        ]
        for problem in problems
    ]
