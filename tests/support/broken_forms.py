"""Broken forms, named by what is broken, each with the exact words it is answered with in Danish and in English."""

from typing import NamedTuple

from registration.domain.form import CONSENT, Step

ABOUT = {"gender": "female", "tenure": "owner"}
EMAIL = (
    "email",
    "Skriv e-mailadressen som navn@eksempel.dk, eller lad feltet stå tomt",
    "Write the e-mail address like name@example.dk, or leave the field empty",
)
EMAIL_LONG = (
    "email",
    "Skriv en e-mailadresse på højst 254 tegn, eller lad feltet stå tomt",
    "Write an e-mail address of at most 254 characters, or leave the field empty",
)
NO_NUMBER = (
    "telephone",
    "Skriv telefonnummeret med cifre, som 12 34 56 78, eller lad feltet stå tomt",
    "Write the telephone number in digits, like 12 34 56 78, or leave the field empty",
)
NOT_DANISH = (
    "telephone",
    "Et dansk telefonnummer har 8 cifre: skriv det som 12 34 56 78, eller lad feltet stå tomt",
    "A Danish telephone number has 8 digits: write it like 12 34 56 78, or leave the field empty",
)
NOT_FOREIGN = (
    "telephone",
    "Skriv et udenlandsk telefonnummer med landekode, som +46 70 123 45 67, eller lad feltet stå tomt",
    "Write a foreign telephone number with its country code, like +46 70 123 45 67, or leave the field empty",
)
NOTE = (
    "correction_note",
    "Skriv kort, hvorfor registret er forkert, eller vælg det, registret siger",
    "Write a few words about why the register is wrong, or choose what it says",
)
NOTE_LONG = (
    "correction_note",
    "Skriv højst 500 tegn i »Hvad er forkert?«",
    "Write at most 500 characters in “What is wrong?”",
)
TEXT_LONG = (
    "needs_text",
    "Skriv højst 500 tegn i »Er der mere, vi skal vide?«",
    "Write at most 500 characters in “Is there more we should know?”",
)
CONSENT_MISSING = (
    "consent",
    "Sæt kryds ved dit samtykke; uden det kan du ikke være med i lodtrækningen",
    "Tick that you consent; without it you cannot be in the draw",
)
CONSENT_CHANGED = (
    "consent",
    "Teksten er ændret, siden du åbnede siden: læs den, og sæt kryds, hvis du giver samtykke",
    "The text has changed since you opened the page: read it, and tick that you consent",
)


class Broken(NamedTuple):
    """A form and its errors: field, Danish, English."""

    name: str
    step: Step
    fields: dict[str, str]
    errors: tuple[tuple[str, str, str], ...]


def _missing(criterion: str) -> tuple[str, str, str]:
    return (
        criterion,
        f"Vælg et af svarene til »{criterion}«",
        f"Choose one of the answers to “{criterion} (en)”",
    )


def _unknown(criterion: str, field: str = "") -> tuple[str, str, str]:
    return (
        field or criterion,
        f"Vælg et af de viste svar til »{criterion}«",
        f"Choose one of the answers that are shown for “{criterion} (en)”",
    )


def _tick(field: str, title: str) -> tuple[str, str, str]:
    return (
        field,
        f"Sæt kryds eller lad feltet stå tomt: »{title}«",
        f"Tick the box or leave it empty: “{title} (en)”",
    )


def _about(name: str, error: tuple[str, str, str], **fields: str) -> Broken:
    return Broken(name, Step.ABOUT, ABOUT | fields, (error,))


def _needs(name: str, error: tuple[str, str, str], **fields: str) -> Broken:
    return Broken(name, Step.NEEDS, fields, (error,))


def _check(name: str, error: tuple[str, str, str], **fields: str) -> Broken:
    return Broken(name, Step.CHECK, fields, (error,))


BROKEN: tuple[Broken, ...] = (
    Broken("nothing is answered", Step.ABOUT, {}, (_missing("gender"), _missing("tenure"))),
    Broken("the first question is skipped", Step.ABOUT, {"tenure": "owner"}, (_missing("gender"),)),
    Broken("the last question is skipped", Step.ABOUT, {"gender": "other"}, (_missing("tenure"),)),
    _about("an answer that is not offered", _unknown("gender"), gender="robot"),
    _about("an answer to another question", _unknown("gender"), gender="owner"),
    _about("an answer in capitals", _unknown("gender"), gender="FEMALE"),
    _about("an answer of blanks", _unknown("tenure"), tenure="  "),
    _about("two answers in one", _unknown("tenure"), tenure="owner,tenant"),
    _about("an answer that is a command", _unknown("tenure"), tenure='{"$ne": ""}'),
    _about("a correction without a note", NOTE, right_district="st-magleby"),
    _about("a correction with a note of blanks", NOTE, right_district="st-magleby", correction_note=" \r\n\t"),
    _about("a note of what no keyboard types", NOTE, right_district="st-magleby", correction_note="\x00\x07"),
    _about(
        "a district there is not", _unknown("district", "right_district"), right_district="x", correction_note="Nej"
    ),
    _about("a note of too many words", NOTE_LONG, correction_note="æ" * 501),
    Broken(
        "a tick that is neither set nor empty",
        Step.PLACE,
        {"excluded_politician": "on"},
        (_tick("excluded_politician", "Jeg er folkevalgt"),),
    ),
    _needs("a need ticked with another word", _tick("need_transport", "Transport"), need_transport="ja"),
    _needs("too many words of needs", TEXT_LONG, needs_text="x" * 501),
    _needs("an e-mail address without an at sign", EMAIL, email="navn.eksempel.dk"),
    _needs("an e-mail address without a name", EMAIL, email="@eksempel.dk"),
    _needs("an e-mail address without a place", EMAIL, email="navn@"),
    _needs("an e-mail address without a country", EMAIL, email="navn@eksempel"),
    _needs("an e-mail address with two at signs", EMAIL, email="navn@@eksempel.dk"),
    _needs("an e-mail address that ends with a dot", EMAIL, email="navn@eksempel.dk."),
    _needs("an e-mail address with two dots together", EMAIL, email="navn@eksempel..dk"),
    _needs("two e-mail addresses", EMAIL, email="a@eksempel.dk b@eksempel.dk"),
    _needs("an e-mail address that is too long", EMAIL_LONG, email="a" * 244 + "@eksempel.dk"),
    _needs("a telephone number in words", NO_NUMBER, telephone="tolv fireogtredive"),
    _needs("a telephone number with a letter in it", NO_NUMBER, telephone="12 34 S6 78"),
    _needs("a telephone number with a plus inside", NO_NUMBER, telephone="1234+5678"),
    _needs("a telephone number that is too short", NOT_DANISH, telephone="12 34 56 7"),
    _needs("a telephone number that is too long", NOT_DANISH, telephone="12 34 56 78 9"),
    _needs("a Danish number with its country code and a digit missing", NOT_DANISH, telephone="+45 12 34 56 7"),
    _needs("a foreign number that is too short", NOT_FOREIGN, telephone="+46 12"),
    _needs("a foreign number that is too long", NOT_FOREIGN, telephone="+46 1234567890123456"),
    Broken("two fields wrong at once", Step.NEEDS, {"email": "ane", "telephone": "12"}, (EMAIL, NOT_DANISH)),
    _check("no consent", CONSENT_MISSING, consent_text=CONSENT),
    _check("a consent that says no", CONSENT_MISSING, consent="no", consent_text=CONSENT),
    _check("consent to an older text", CONSENT_CHANGED, consent="yes", consent_text="2026-11"),
    _check("consent to no text", CONSENT_CHANGED, consent="yes"),
)
