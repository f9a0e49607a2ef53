"""What the pages of the texts say: who gets a message and when, and what is wrong with a text or a file."""

from math import ceil
from typing import NamedTuple

from chassis.language import N_, Lang, Words
from contracts.notifications import ERASED, SIGN_IN_CODE
from notifications.catalogue import ADDRESSES, Kind
from notifications.domain.checking import ADDRESS_LIMIT, BODY_LIMIT, SUBJECT_LIMIT, Flaw, Rule
from notifications.domain.enclosing import MIB, MOST_TITLE, Refusal, Refused
from notifications.fields import listed
from notifications.repository.templates import Act

LANGUAGE_WORDS: dict[Lang, str] = {"da": N_("Danish"), "en": N_("English")}
ACT_WORDS: dict[Act, str] = {
    "text": N_("New words"),
    "ready": N_("Back to the ready text"),
    "enclosed": N_("A file was enclosed"),
    "taken-out": N_("A file was taken out"),
}


class Occasion(NamedTuple):
    """Who gets a message, and when."""

    who: str
    when: str


_MEMBERS = N_("The members")
_SECRETARIAT = N_("The secretariat")
_FOLLOWERS = N_("Who follows the assembly by e-mail")
_MOVED = N_("When the deadline of a status is moved")
_NAMED = N_("Those the mandate names, the council’s officers for example")
OCCASIONS: dict[str, Occasion] = {
    "invitation": Occasion(N_("Everyone who can take part"), N_("When they are invited, once a person")),
    "reminder": Occasion(N_("Those invited who have not answered"), N_("When the secretariat reminds them")),
    "receipt": Occasion(N_("Who has signed up"), N_("At once")),
    "drawn": Occasion(N_("Those who were drawn"), N_("When the draw is published")),
    "alternate": Occasion(N_("Those who were drawn as alternates"), N_("When the draw is published")),
    "not-drawn": Occasion(N_("Those who signed up and were not drawn"), N_("When the draw is published")),
    SIGN_IN_CODE: Occasion(N_("A member who signs in"), N_("When they ask for a code")),
    "seat-taken-over": Occasion(N_("The alternate whose turn it is"), N_("When a seat becomes free")),
    "seat-reminder": Occasion(N_("Those drawn who have not answered"), N_("Before their deadline")),
    "seat-returned": Occasion(
        N_("Who was noted as having left by mistake"), N_("When the secretariat gives the seat back")
    ),
    "seat-not-free": Occasion(
        N_("The alternate who was offered that seat"), N_("When the secretariat gives the seat back")
    ),
    "session-call": Occasion(_MEMBERS, N_("When a session is scheduled, and when somebody joins later")),
    "session-changed": Occasion(_MEMBERS, N_("When a session gets another time or place")),
    ERASED: Occasion(N_("Who is erased from their case"), N_("Before the data is gone")),
    "job-stopped": Occasion(_SECRETARIAT, N_("When a mailing has stopped by itself")),
    "session-call-staff": Occasion(_SECRETARIAT, N_("When a session is scheduled, for its calendar")),
    "session-changed-staff": Occasion(_SECRETARIAT, N_("When a session gets another time or place, for its calendar")),
    "minutes": Occasion(_MEMBERS, N_("When minutes are published")),
    "evaluation": Occasion(_MEMBERS, N_("After the last session")),
    "materials": Occasion(_MEMBERS, N_("When material is published")),
    "delivery": Occasion(_MEMBERS, N_("When the recommendations are delivered")),
    "status-due-soon": Occasion(_NAMED, N_("Some days before a status is due")),
    "status-due": Occasion(_NAMED, N_("On the day a status is due")),
    "status-overdue": Occasion(_NAMED, N_("When a status is late")),
    "status-extended": Occasion(_MEMBERS, _MOVED),
    "status-extended-follower": Occasion(_FOLLOWERS, _MOVED),
    "status-extended-staff": Occasion(N_("The council’s officers"), _MOVED),
    "status-published": Occasion(_MEMBERS, N_("When a status is published")),
    "follow-confirm": Occasion(N_("Who asks to follow the assembly by e-mail"), N_("At once")),
    "status-published-follower": Occasion(_FOLLOWERS, N_("When a status is published")),
}

_RULES: dict[Rule, str] = {
    Rule.NO_SUBJECT: N_("Write a subject."),
    Rule.LONG_SUBJECT: N_("It has %(what)s characters with its fields filled in, and may have %(subject_limit)s."),
    Rule.NO_BODY: N_("Write the message."),
    Rule.LONG_BODY: N_("The message has %(what)s characters and may have %(body_limit)s."),
    Rule.UNKNOWN_FIELD: N_("There is no field {%(what)s} in this message. You can use: %(allowed)s."),
    Rule.NOT_A_FIELD: N_("{%(what)s} is not the name of a field. Between the braces stands a field’s name alone."),
    Rule.LONELY_BRACE: N_("A brace stands without its other half. A field is written {assembly}."),
    Rule.MISSING_FIELD: N_(
        "The field {%(what)s} is missing: without it the message is of no use. It cannot stand in the same paragraph "
        "as a field that not everyone has."
    ),
    Rule.FIELD_SOME_LACK: N_("Not everyone has {%(what)s}, so it cannot stand in the subject."),
    Rule.LONELY_STARS: N_("Two stars stand without their other half. Bold words are written **so**, on one line."),
    Rule.MARKUP: N_(
        "“%(what)s” would be shown as it stands. What is understood: **bold**, lists whose lines begin with a hyphen "
        "and a space, and links on a line of their own."
    ),
    Rule.LIST_PLACE: N_("A list needs an empty line before it."),
    Rule.LINK_PLACE: N_("A link has words and stands alone, with an empty line before and after it: [Words]({link})."),
    Rule.LINK_ADDRESS: N_("A link leads to an address that begins with https://, or to one of these: %(addresses)s."),
    Rule.LONG_ADDRESS: N_("The address of the link has %(what)s characters and may have %(address_limit)s."),
    Rule.UNENCRYPTED: N_("“%(what)s” does not begin with https://. Digital Post takes no other addresses."),
    Rule.BLOCK_PLACE: N_(
        "The field {%(what)s} is paragraphs of its own. It stands alone, with an empty line around it."
    ),
    Rule.CHARACTER: N_("There is a character that cannot be sent (%(what)s). Write the words anew instead of copying."),
}
_REFUSALS: dict[Refusal, str] = {
    Refusal.NO_TITLE: N_("Write a title with letters or digits in it."),
    Refusal.LONG_TITLE: N_("The title has %(size)s characters and may have %(most)s."),
    Refusal.TITLE_TAKEN: N_("Another file that is enclosed has this title."),
    Refusal.ENCLOSED_ALREADY: N_("This very file is enclosed already."),
    Refusal.NOT_A_PDF: N_("The file is not a PDF. Save it as a PDF and choose that one."),
    Refusal.CUT_SHORT: N_("The file is a PDF without its end. It may have been cut off on its way: save it anew."),
    Refusal.ENCRYPTED: N_("The file is locked with a password. Save it without one."),
    Refusal.TOO_LARGE: N_("The file is %(size)s MB. A file may be %(most)s MB."),
    Refusal.TOO_LARGE_ON_PAPER: N_(
        "The letter and all that is enclosed would be %(size)s MB together. The printer takes %(most)s MB, and who has "
        "no Digital Post gets a letter."
    ),
    Refusal.TOO_LARGE_TOGETHER: N_("All that is enclosed would be %(size)s MB together. It may be %(most)s MB."),
}
_OF_TITLE = frozenset({Refusal.NO_TITLE, Refusal.LONG_TITLE, Refusal.TITLE_TAKEN})


def braced(names: list[str]) -> str:
    """Return fields as they are written in a text."""
    return ", ".join(f"{{{name}}}" for name in names)


def flaw_words(words: Words, kind: Kind, flaw: Flaw) -> tuple[str, str]:
    """Return the form's field that a flaw is in, and what to say of it."""
    allowed = listed(kind)
    said = words.gettext(
        _RULES[flaw.rule],
        what=flaw.what,
        allowed=braced(allowed),
        addresses=braced([name for name in allowed if name in ADDRESSES]),
        subject_limit=SUBJECT_LIMIT,
        body_limit=words.format_number(BODY_LIMIT),
        address_limit=ADDRESS_LIMIT,
    )
    if not flaw.line:
        return flaw.place, said
    return flaw.place, words.gettext("Line %(line)s: %(said)s", line=flaw.line, said=said)


def refusal_words(words: Words, refused: Refused) -> tuple[str, str]:
    """Return the form's field that is refused, and what to say of it."""
    if refused.most == MOST_TITLE:
        size, most = str(refused.size), str(MOST_TITLE)
    else:  # rounded up: what is too large never reads as what it may be
        size, most = (words.format_number(ceil(number / MIB * 10) / 10) for number in (refused.size, refused.most))
    said = words.gettext(_REFUSALS[refused.why], size=size, most=most)
    return ("title" if refused.why in _OF_TITLE else "file"), said
