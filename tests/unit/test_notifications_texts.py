"""A text the secretariat writes: what is wrong with it is said by line and rule, in both languages."""

import pytest

from chassis.differences import Piece, differences
from chassis.language import LANGUAGES, Lang, Words
from notifications.catalogue import COMMON, KINDS, Catalogue
from notifications.domain.checking import BODY_LIMIT, Flaw, Rule, check, clean
from notifications.fields import FIELDS, listed
from notifications.template_words import OCCASIONS, flaw_words
from notifications.words import TEMPLATE_WORDS

GOOD = "Kære {name}\n\n[Meld dig til]({link})"
ASSEMBLY_NAME = {"assembly": "Dragørs borgersamling", "name": "Erik Eksempel"}

Told = tuple[str, int, Rule, str]


def under(line: str, rule: Rule, what: str = "") -> tuple[str, str, list[Told]]:
    """Return a text that is good but for its fifth line."""
    return "Hej", f"{GOOD}\n\n{line}", [("body", 5, rule, what or line)]


BROKEN: dict[str, tuple[str, str, list[Told]]] = {
    "no subject": ("", GOOD, [("subject", 0, Rule.NO_SUBJECT, "")]),
    "too long a subject": ("A" * 244 + " {name}", GOOD, [("subject", 0, Rule.LONG_SUBJECT, "258")]),
    "no body": ("Hej", "\n \n", [("body", 0, Rule.NO_BODY, "")]),
    "too long a body": ("Hej", "A" * (BODY_LIMIT + 1), [("body", 0, Rule.LONG_BODY, "10001")]),
    "an unknown field": under("Kære {fornavn}", Rule.UNKNOWN_FIELD, "fornavn"),
    "an unknown field in the subject": ("Hej {by}", GOOD, [("subject", 0, Rule.UNKNOWN_FIELD, "by")]),
    "an unknown field in a link": under("[Se]({url})", Rule.UNKNOWN_FIELD, "url"),
    "another message's field": under("{code}", Rule.UNKNOWN_FIELD, "code"),
    "a field that reaches into the program": under("{name.__class__}", Rule.NOT_A_FIELD, "name.__class__"),
    "a field with a conversion": under("{name!r}", Rule.NOT_A_FIELD, "name"),
    "a field with a number": under("Kære {0}", Rule.NOT_A_FIELD, "0"),
    "a lonely brace": under("Kære {name", Rule.LONELY_BRACE),
    "a field cut in two by bold": under("{na**m**e}", Rule.NOT_A_FIELD, "na**m**e"),
    "no link in an invitation": ("Hej", "Kære {name}", [("body", 0, Rule.MISSING_FIELD, "link")]),
    "the link where some have none": ("Hej", "Nr. {reference}: {link}", [("body", 0, Rule.MISSING_FIELD, "link")]),
    "a subject some would read None in": ("Nr. {reference}", GOOD, [("subject", 0, Rule.FIELD_SOME_LACK, "reference")]),
    "bold in the subject": ("**Hej**", GOOD, [("subject", 0, Rule.MARKUP, "**")]),
    "a heading": under("## Om os", Rule.MARKUP),
    "HTML": under("<b>Hej</b>", Rule.MARKUP, "<b>"),
    "a picture": under("![kort]", Rule.MARKUP),
    "italics": under("Det er *vigtigt* nu", Rule.MARKUP, "*vigtigt*"),
    "a list of stars": under("* et", Rule.MARKUP),
    "a table": under("| a | b |", Rule.MARKUP),
    "stars without their other half": under("Husk **det", Rule.LONELY_STARS),
    "a list right under a paragraph": ("Hej", f"{GOOD}\n\nHusk:\n- mad", [("body", 6, Rule.LIST_PLACE, "- mad")]),
    "a link within a paragraph": under("Se [her]({link}).", Rule.LINK_PLACE, "[her]({link})"),
    "a link to a name": under("[Se]({name})", Rule.LINK_ADDRESS, "{name}"),
    "a link that runs a program": under("[Se](javascript:alert)", Rule.LINK_ADDRESS, "javascript:alert"),
    "a link without https": under("[Se](http://dragoer.dk/x)", Rule.UNENCRYPTED, "http://dragoer.dk/x"),
    "an address without https": under("Se http://dragoer.dk.", Rule.UNENCRYPTED, "http://dragoer.dk"),
    "too long an address": under(f"[Se](https://a.dk/{'a' * 300})", Rule.LONG_ADDRESS, "313"),
    "paragraphs within a paragraph": (
        "Hej",
        f"{GOOD}\n\nHer: {{themes}}",
        [("body", 5, Rule.UNKNOWN_FIELD, "themes"), ("body", 5, Rule.BLOCK_PLACE, "themes")],
    ),
    "a character XML has not": under("Hej\x07", Rule.CHARACTER, "U+0007"),
}


def found(subject: str, body: str, template: str = "invitation") -> list[Flaw]:
    return check(*clean(subject, body), KINDS[template].rules(ASSEMBLY_NAME))


@pytest.mark.parametrize("why", BROKEN)
def test_a_text_that_breaks_a_rule_is_refused_with_the_line_and_the_rule(why: str) -> None:
    subject, body, flaws = BROKEN[why]
    assert [(flaw.place, flaw.line, flaw.rule, flaw.what) for flaw in found(subject, body)] == flaws


def test_every_rule_is_broken_by_some_text_and_has_its_words() -> None:
    assert {rule for _, _, flaws in BROKEN.values() for _, _, rule, _ in flaws} == set(Rule)
    words = {lang: Words(lang, "notifications") for lang in LANGUAGES}
    for rule in Rule:
        said = [flaw_words(words[lang], KINDS["invitation"], Flaw(rule, "body", 3, "x"))[1] for lang in LANGUAGES]
        assert said[0].startswith("Linje 3: ")
        assert said[1].startswith("Line 3: ")
        assert said[0] != said[1]


FIELDS_OF_AN_INVITATION = (
    "{name}, {purpose}, {panel_size}, {deadline}, {link}, {reference}, {assembly}, {municipality}, {contact}, "
    "{assembly_link}."
)
SAID = {
    ("an unknown field", "da"): (
        f"Linje 5: Feltet {{fornavn}} findes ikke i denne besked. Du kan bruge: {FIELDS_OF_AN_INVITATION}"
    ),
    ("an unknown field", "en"): (
        f"Line 5: There is no field {{fornavn}} in this message. You can use: {FIELDS_OF_AN_INVITATION}"
    ),
    ("no subject", "da"): "Skriv et emne.",
    ("a link to a name", "da"): (
        "Linje 5: Et link fører til en adresse, der begynder med https://, eller til et af disse felter: {link}, "
        "{assembly_link}."
    ),
    ("no link in an invitation", "da"): (
        "Feltet {link} mangler, og uden det kan beskeden ikke bruges. Det kan ikke stå i samme afsnit som et felt, "
        "ikke alle har."
    ),
    ("too long a subject", "da"): "Emnet fylder 258 tegn, når felterne er udfyldt. Det må fylde 256.",
    ("too long a body", "da"): "Beskeden fylder 10001 tegn og må fylde 10.000.",
}


@pytest.mark.parametrize(("why", "language"), SAID)
def test_the_words_name_the_line_the_rule_and_what_can_be_done(why: str, language: Lang) -> None:
    subject, body, _ = BROKEN[why]
    (flaw,) = found(subject, body)
    _, said = flaw_words(Words(language, "notifications"), KINDS["invitation"], flaw)
    assert said == SAID[why, language]


def test_what_was_typed_is_shown_as_it_was_and_is_no_markup_on_the_page() -> None:
    (flaw,) = found(*BROKEN["HTML"][:2])
    said = flaw_words(Words("en", "notifications"), KINDS["invitation"], flaw)[1]
    assert said.startswith("Line 5: “&lt;b&gt;” would be shown as it stands.")


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_lines() -> None:
    flaws = found("", "Kære {fornavn}\n\n# Om\n\nHusk **det")
    assert [(flaw.place, flaw.line) for flaw in flaws] == [("subject", 0), ("body", 1), ("body", 3), ("body", 5)]


@pytest.mark.parametrize(
    "body",
    [
        "Kære {name}\n\n{link}",
        "Ring 32 89 01 00 * hverdage * 9-15\n\n{link}",
        "Skriv til fornavn_efternavn@a_b.dk\n\n{link}",
        "1. først\n2. så\n\n{link}",
        "- et\n- **to** og\n  mere\n\n[Se](https://dragoer.dk/folder?a=1)\n\n[Meld dig til]({link})",
        "Se https://dragoer.dk og 3 < 4 & {{tuborg}}\n\n{link}",
        "Dit nummer: {reference}\n\n[Meld dig til]({link})",
    ],
)
def test_what_people_write_is_not_taken_for_markup(body: str) -> None:
    assert found("Hej {name}", body) == []


def test_what_a_browser_sends_is_kept_with_plain_line_ends_and_nothing_around_it() -> None:
    assert clean("  Hej \n der ", "\r\n\r\nKære  \r\n\r\n  du\r\n\r\n") == ("Hej der", "Kære\n\n  du")


@pytest.mark.parametrize("template", KINDS)
def test_the_ready_texts_break_no_rule_and_can_be_saved_as_they_are(template: str) -> None:
    catalogue = Catalogue()
    for lang in LANGUAGES:
        subject, body = catalogue.words(lang, template)
        assert found(subject, body, template) == []
        assert KINDS[template].required <= catalogue.get(lang, template).fields()


def test_every_kind_says_who_gets_it_and_when_and_every_field_what_it_means() -> None:
    assert set(OCCASIONS) == set(TEMPLATE_WORDS) == set(KINDS)
    assert {name for kind in KINDS.values() for name in listed(kind)} == set(FIELDS)
    assert all(kind.required <= kind.fields | COMMON for kind in KINDS.values())


def test_differences_are_told_word_by_word() -> None:
    assert differences("Vi ses mandag.\n\nHej", "Vi ses på tirsdag.\n\nHej") == [
        Piece("same", "Vi ses "),
        Piece("removed", "mandag."),
        Piece("added", "på tirsdag."),
        Piece("same", "\n\nHej"),
    ]
    assert differences("a b", "a b") == [Piece("same", "a b")]
    assert differences("", "a") == [Piece("added", "a")]
