"""What people read: both languages, every kind, and what stops a service whose templates are wrong."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import pytest

from chassis.language import Words
from notifications.catalogue import KINDS, Catalogue
from notifications.channels import Person
from notifications.domain.checking import Rule, check
from notifications.domain.message import TemplateError, parse
from notifications.domain.shipment import Shipment
from notifications.formats import as_html, as_text
from notifications.rendering import Renderer
from notifications.repository.shipments import new_document
from support.notifying import ASSEMBLY, FIELDS, LINKS, NOW, assembly, message, person_id, recipient

EVERY_KIND = sorted(KINDS)


def sources() -> dict[tuple[str, str], str]:
    folder = files("notifications") / "messages"
    return {(lang, name): (folder / lang / f"{name}.md").read_text("utf-8") for lang in ("da", "en") for name in KINDS}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("template", EVERY_KIND)
def test_every_message_is_whole_in_both_languages(template: str, language: str) -> None:
    text = as_text(message(template, language).message)
    assert "{" not in text
    assert "http://127.0.0.1:8080/" in text


@pytest.mark.parametrize("template", [name for name in EVERY_KIND if KINDS[name].resident])
def test_a_resident_is_greeted_by_name(template: str) -> None:
    assert as_text(message(template).message).startswith("Kære Åse Prøve Nr1\n")


def test_an_invitation_says_until_when_and_where_to_sign_up() -> None:
    out = message("invitation")
    text = as_text(out.message)
    assert "senest 10. marts 2025 kl. 12:00" in text
    assert "Meld dig til lodtrækningen:\nhttp://127.0.0.1:8080/tilmelding/l/token00000001" in text
    assert "36 pladser" in text
    assert (out.action.code, out.action.url) == ("TILMELDING", "http://127.0.0.1:8080/tilmelding/l/token00000001")


def addressed(reference: str) -> Person:
    known = recipient(1)
    return Person(known.cpr, known.name, known.address, known.link, "da", reference=reference)


@pytest.mark.parametrize("template", ["invitation", "reminder"])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", "Dit referencenummer: 123 456 789\nHav det klar, hvis du hellere vil melde dig til på telefon."),
        ("en", "Your reference number: 123 456 789\nHave it ready if you would rather sign up by telephone."),
    ],
)
def test_who_has_a_reference_number_reads_it_and_who_has_none_reads_nothing_of_it(
    template: str, language: str, words: str
) -> None:
    assert words in as_text(message(template, language, addressed("123 456 789")).message)
    without = as_text(message(template, language, addressed("")).message)
    assert words.split(":", maxsplit=1)[0] not in without
    assert "\n\n\n" not in without


def test_a_reminder_says_that_the_invitation_stands_until_when_and_how_to_say_no() -> None:
    out = message("reminder")
    text = as_text(out.message)
    assert "Invitationen gælder stadig. Du kan melde dig til senest 10. marts 2025 kl. 12:00." in text
    assert "sig nej tak ved det samme link. Så får du ikke flere påmindelser." in text
    assert (out.action.code, out.action.url) == ("TILMELDING", "http://127.0.0.1:8080/tilmelding/l/token00000001")


def test_how_the_secretariat_is_reached_is_plain_text_and_no_html() -> None:
    words = Words("en", "notifications")
    reached = Renderer(Catalogue(), LINKS, "Møller & O’Neil's desk", "12 34 56 78")._reached(words, "Dragør")
    assert reached == "Møller & O’Neil's desk or call 12 34 56 78"


def test_a_call_says_when_in_danish_time() -> None:
    text = as_text(message("session-call").message)
    assert "Begynder: 9. april 2025 kl. 17:00" in text
    assert "Sted: Rådhuset" in text


@pytest.mark.parametrize(("language", "words"), [("da", "om 1 dag"), ("en", "in 1 day:")])
def test_one_day_is_not_one_days(language: str, words: str) -> None:
    out = message("status-due-soon", language)
    assert words in out.message.subject + "\n" + as_text(out.message)


def test_what_stands_in_a_title_is_never_read_as_markup() -> None:
    html = as_html(message("session-call").message, "da")
    assert "Første møde &amp; &lt;åbning&gt;" in html
    assert "<åbning>" not in html


def test_a_list_is_one_list_in_html() -> None:
    html = as_html(message("status-published").message, "da")
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 3


def test_a_template_with_an_unknown_field_stops_the_start() -> None:
    wrong = sources() | {("da", "invitation"): "# Hej\n\nKære {fornavn}\n"}
    with pytest.raises(TemplateError, match=r"messages/da/invitation.md: unknown field fornavn"):
        Catalogue(wrong)


def test_a_message_to_officers_cannot_name_a_resident() -> None:
    wrong = sources() | {("en", "status-due"): "# Due\n\nDear {name}\n"}
    with pytest.raises(TemplateError, match=r"messages/en/status-due.md: unknown field name"):
        Catalogue(wrong)


def test_a_template_missing_in_one_language_stops_the_start() -> None:
    lacking = {key: text for key, text in sources().items() if key != ("en", "drawn")}
    with pytest.raises(TemplateError, match=r"messages/en/drawn.md: the template is missing"):
        Catalogue(lacking)


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("Hej\n\nTekst", "first line must be the subject"),
        ("# Hej\n", "there is no body"),
        ("# Hej\n\nEn {link", "a brace without its other half"),
        ("# Hej\n\n{name.__class__}", "not a plain field name"),
        ("# Hej\n\n{name!r}", "not a plain field name"),
    ],
)
def test_a_template_that_breaks_a_rule_is_refused_with_the_rule(source: str, rule: str) -> None:
    with pytest.raises(TemplateError, match=rule):
        parse("x", source).fields()


def themed(*themes: dict[str, Any], template: str = "status-published", language: str = "da") -> str:
    """Return what a member reads of these themes."""
    shipment = Shipment(
        ASSEMBLY, template, "event", person=person_id(1), fields=FIELDS[template] | {"themes": list(themes)}
    )
    known = recipient(1)
    to = Person(known.cpr, known.name, known.address, known.link, language)
    document = new_document(shipment, NOW, job="", bulk=False)
    return as_text(Renderer(Catalogue(), LINKS, "x").render(document, assembly(), to, "digital-post").message)


def theme(title: str, *, mine: bool = False, news: Sequence[dict[str, Any]] = (), **more: Any) -> dict[str, Any]:
    stands = {"followed": 6, "partly": 3, "not_followed": 1, "completed": 0, "changed": len(news), "first": False}
    return stands | {"title": {"da": title, "en": title}, "mine": mine, "news": list(news)} | more


NEWS = {"number": 4, "title": "Møder & {name} **nu**", "answer": "partly", "progress": 40}


def test_a_recipient_reads_first_what_is_new_in_their_theme_then_a_line_of_each_other() -> None:
    news = [
        NEWS | {"was": "not-followed", "was_progress": 10},
        NEWS | {"number": 5, "was": "partly", "was_progress": 40},
        NEWS | {"number": 6, "was": None, "was_progress": None},
    ]
    text = themed(
        theme("Samskabelse", changed=2),
        theme("Forebyggelse", mine=True, news=news, completed=2),
        theme("Økonomi"),
    )
    assert (
        "Dit tema: Forebyggelse\n6 fulgt, 3 delvist fulgt, 1 ikke fulgt; 2 er afsluttet\n\n"
        "Nyt siden sidste status:\n\n"
        "- Anbefaling 4, Møder & {name} **nu**: delvist fulgt (før: ikke fulgt), 40 % gennemført (før: 10 %)\n"
        "- Anbefaling 5, Møder & {name} **nu**: delvist fulgt, svaret er skrevet om\n"
        "- Anbefaling 6, Møder & {name} **nu**: delvist fulgt, 40 % gennemført\n\n"
        "De andre temaer\n\n"
        "- Samskabelse: 6 fulgt, 3 delvist fulgt, 1 ikke fulgt; 2 nye siden sidste status\n"
        "- Økonomi: 6 fulgt, 3 delvist fulgt, 1 ikke fulgt; intet nyt\n"
    ) in text
    assert "Vælg, hvilke temaer du læser om først:\nhttp://127.0.0.1:8080/tilmelding/l/token00000001/temaer" in text


def test_who_chose_no_theme_reads_of_all_and_in_the_first_status_nothing_is_since_the_last() -> None:
    text = themed(theme("Forebyggelse", first=True, changed=3))
    assert "Tema for tema\n\n- Forebyggelse: 6 fulgt, 3 delvist fulgt, 1 ikke fulgt\n" in text
    first = themed(theme("Forebyggelse", mine=True, first=True, news=[NEWS | {"was": None, "was_progress": None}]))
    assert "Svarene:\n\n- Anbefaling 4" in first
    assert "De andre temaer" not in first


def test_a_theme_of_mine_in_which_nothing_happened_says_so_in_english_too() -> None:
    assert "Your theme: Prevention\n6 followed, 3 partly followed, 1 not followed\n\nNothing is new in it" in themed(
        theme("Prevention", mine=True), language="en"
    )


def test_a_status_of_before_themes_were_said_is_a_whole_message_without_them() -> None:
    fields = {name: value for name, value in FIELDS["status-published"].items() if name != "themes"}
    document = new_document(Shipment(ASSEMBLY, "status-published", "e", fields=fields), NOW, job="", bulk=False)
    known = recipient(1)
    to = Person(known.cpr, known.name, known.address, known.link, "da")
    text = as_text(Renderer(Catalogue(), LINKS, "x").render(document, assembly(), to, "digital-post").message)
    assert "- Ikke fulgt: 2\n\nLæs hele status:" in text


@pytest.mark.parametrize("body", ["Her: {themes}", "- {themes}", "{themes}\nog mere", "[{themes}]({link})"])
def test_a_field_that_is_paragraphs_stands_alone(body: str) -> None:
    rules = KINDS["status-published"].rules()
    flaws = check("Ny status", f"[Læs]({{link}})\n\n{body}", rules)
    assert (Rule.BLOCK_PLACE, "themes") in [(flaw.rule, flaw.what) for flaw in flaws]
    assert check("Ny status", "[Læs]({link})\n\n{themes}", rules) == []
