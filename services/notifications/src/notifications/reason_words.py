"""Reason codes in words for the secretariat: what happened, what to do about it, and whether to send again.

The words are the msgids of the page's language. A code that is not in the table, a provider's new one say, has words of
its own too, so that nothing is shown as a bare code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.language import N_


@dataclass(frozen=True, slots=True)
class Reason:
    """What happened and what to do. `again`: whether it makes sense to send this shipment again, after that."""

    happened: str
    to_do: str
    again: bool


_ROLL = N_("Correct the address in the roll of residents, import the roll, and send again.")
_TELL_IT = N_("Tell those who run the system, with the code. Send again when they have mended it.")
_BY_ITSELF = N_("Nothing: it is tried again by itself. Tell those who run the system if it lasts more than an hour.")
_NOTHING = N_("Nothing.")
_SHORTEN = N_("Make the attachments smaller, or put them on the assembly's page and link to them. Then send again.")
_TEXT = N_("Look at the text of the message, and correct it. Then send again.")
_CALL = N_("Reach the person another way, by telephone for example.")


def _address(happened: str) -> Reason:
    return Reason(happened, _ROLL, again=True)


def _waits(happened: str) -> Reason:
    return Reason(happened, _BY_ITSELF, again=False)


REASONS: Mapping[str, Reason] = {
    # The printer would not take the address (channels/addresses.py).
    "address-name-missing": _address(N_("There is no name in the address, so the letter was not written.")),
    "address-name-too-long": _address(N_("The name is longer than the 130 characters that the printer takes.")),
    "address-name-malformed": _address(N_("The name holds a character that the printer cannot print.")),
    "address-street-missing": _address(N_("There is no street in the address.")),
    "address-street-too-long": _address(N_("The street's name is longer than the 40 characters the printer takes.")),
    "address-street-malformed": _address(N_("The street's name holds a character that the printer cannot print.")),
    "address-house-number-missing": _address(N_("There is no house number in the address.")),
    "address-house-number-malformed": _address(
        N_("The house number is not 1 to 999 with at most one letter after it.")
    ),
    "address-floor-malformed": _address(N_("The floor is not 1 to 99, st, kl or k2 to k9.")),
    "address-door-too-long": _address(N_("The door is longer than the 4 characters that the printer takes.")),
    "address-door-malformed": _address(N_("The door holds a character that the printer cannot print.")),
    "address-postcode-missing": _address(N_("There is no postcode in the address.")),
    "address-postcode-malformed": _address(N_("The postcode is not four digits.")),
    "address-city-missing": _address(N_("There is no town in the address.")),
    "address-city-too-long": _address(N_("The town's name is longer than the 20 characters that the printer takes.")),
    "address-city-malformed": _address(N_("The town's name holds a character that the printer cannot print.")),
    # Who it is to.
    "recipient-unknown": Reason(
        N_("Registration does not know the person, or they can no longer be invited."),
        N_("Look the person up. If they are to take part, invite them anew from their page."),
        again=False,
    ),
    "erased": Reason(N_("The person's data were erased before it was sent."), _NOTHING, again=False),
    "outdated": Reason(
        N_("Its time was over before it was sent: the person had answered, or a deadline or a code had run out."),
        _NOTHING,
        again=False,
    ),
    "no-digital-post": Reason(
        N_("The person has no Digital Post, and this message is not sent as a letter."),
        N_("Help the person another way, by telephone for example. They can also sign in with MitID."),
        again=True,
    ),
    "recipient.not.registered": Reason(
        N_("Digital Post says that the person has no Digital Post, or has closed it."),
        N_("Send again, and the person is looked up once more. If it fails again, reach them by letter or telephone."),
        again=True,
    ),
    "contact.point.id.format.not.allowed": Reason(
        N_("Digital Post refuses the person's CPR number."),
        N_("Check the CPR number in the roll of residents, and import the roll. Then send again."),
        again=True,
    ),
    "no-address": Reason(
        N_("No e-mail address is set up for this role of the staff."),
        N_("Ask those who run the system to set the address. Then send again."),
        again=True,
    ),
    "recipient-refused": Reason(
        N_("The mail server refuses the e-mail address."),
        N_("Check that the address is written right and still in use. Then send again."),
        again=True,
    ),
    "recipient-malformed": Reason(
        N_("What is set up as the e-mail address is not one."),
        N_("Ask those who run the system to set the address. Then send again."),
        again=True,
    ),
    # What it says.
    "not-rendered": Reason(N_("The text names something that the system does not know here."), _TEXT, again=True),
    "not-made": Reason(
        N_("The text, or the name, holds a character that the channel cannot carry."), _TEXT, again=True
    ),
    "not-typeset": Reason(
        N_(
            "The letter could not be made as a PDF that everyone can read. It holds an emoji, say, which cannot be "
            "printed."
        ),
        _TEXT,
        again=True,
    ),
    "attachment-too-large": Reason(
        N_("The letter and its attachments are together more than the 7 MB that the printer takes."),
        _SHORTEN,
        again=True,
    ),
    "file.extension.not.allowed": Reason(
        N_("Digital Post does not take files of an attachment's kind."),
        N_("Make the attachment a PDF file. Then send again."),
        again=True,
    ),
    "file.empty.not.allowed": Reason(
        N_("An attachment is empty."), N_("Attach the right file. Then send again."), again=True
    ),
    "empty.notification.not.allowed": Reason(N_("The message has no subject."), _TEXT, again=True),
    "do.not.deliver.until.date.too.early": Reason(
        N_("The day from which it may be delivered is over."), _TELL_IT, again=True
    ),
    "do.not.deliver.until.date.too.late": Reason(
        N_("The day from which it may be delivered is too far ahead."), _TELL_IT, again=True
    ),
    "memo.invalid": Reason(N_("Digital Post refuses the message as it is built."), _TELL_IT, again=True),
    "memo.duplicate": Reason(
        N_("Digital Post has had this message before, so it is not delivered twice."), _NOTHING, again=False
    ),
    "refused": Reason(N_("The provider refused the message and gave no reason."), _TELL_IT, again=True),
    # What somebody decided.
    "cancelled": Reason(N_("Somebody cancelled the job before this was sent."), _NOTHING, again=False),
    "recalled": Reason(N_("The letter was called back before it left the printer."), _CALL, again=False),
    # What is wrong here.
    "not-a-person": Reason(N_("This channel writes to residents alone."), _TELL_IT, again=False),
    "not-for-email": Reason(N_("Residents are not written to by e-mail."), _TELL_IT, again=False),
    "standin.real.person": Reason(
        N_("The practice system does not take a CPR number that may be a real person's."),
        N_("Use made-up residents for practice."),
        again=False,
    ),
    # Not failed: it waits.
    "template-refused": Reason(
        N_("The text that was written for this message breaks a rule by now."),
        N_("Correct the text of the message. It is then sent by itself."),
        again=False,
    ),
    "assembly-unknown": _waits(N_("The assembly has not been announced to this part of the system yet.")),
    "recipients-unresolved": _waits(N_("Registration does not answer who the person is.")),
    "look-up-failed": _waits(N_("Digital Post does not answer whether the person has Digital Post.")),
    "sender-lost": _waits(
        N_("The part of the system that was sending it ended, so nobody knows yet whether it was taken.")
    ),
    "receipts-unasked": _waits(N_("It may have been taken, and the provider does not hand out its receipts.")),
    "unreachable": _waits(N_("The provider cannot be reached.")),
    "no-answer": _waits(N_("The provider did not answer, so nobody knows yet whether it was taken.")),
    "no-reply": _waits(N_("The provider's answer could not be read, so nobody knows yet whether it was taken.")),
    "no-token": _waits(N_("Serviceplatformen gives us no access.")),
    "folder-unavailable": _waits(N_("The folder for letters cannot be written to.")),
    "credentials-refused": _waits(N_("The mail server refuses our password.")),
    "no-starttls": _waits(N_("The mail server offers no encryption, and without it nothing is sent.")),
    "certificate-refused": _waits(N_("The mail server cannot prove who it is, and to a stranger nothing is sent.")),
}

_FAMILIES: tuple[tuple[re.Pattern[str], Reason], ...] = (
    (re.compile(r"http-(401|403)"), _waits(N_("The provider refuses our access."))),
    (re.compile(r"http-429"), _waits(N_("The provider asks us to send more slowly."))),
    (re.compile(r"http-5\d\d"), _waits(N_("The provider has a fault at its end."))),
    (re.compile(r"http-\d{3}|not-accepted"), Reason(N_("The provider refused the message."), _TELL_IT, again=True)),
    (re.compile(r"code-\d{1,5}"), Reason(N_("The printer could not make or post the letter."), _TELL_IT, again=True)),
    (re.compile(r"smtp-4\d\d"), _waits(N_("The mail server asks us to come back later."))),
    (re.compile(r"smtp-\d{3}"), Reason(N_("The mail server refused the mail."), _TELL_IT, again=True)),
    (re.compile(r"address-.*"), _address(N_("The printer would not take the address."))),
    (re.compile(r"attachment-.*"), Reason(N_("An attachment cannot be sent as it is."), _SHORTEN, again=True)),
)
UNKNOWN = Reason(N_("It was refused for a reason that is not known here."), _TELL_IT, again=True)


def reason_words(code: str) -> Reason:
    """Return what a reason code means."""
    if known := REASONS.get(code):
        return known
    return next((reason for pattern, reason in _FAMILIES if pattern.fullmatch(code)), UNKNOWN)
