"""What the secretariat is shown of a text: every kind in both languages, filled in, and about nobody."""

from typing import Any

import pytest

from chassis.language import LANGUAGES, Lang
from notifications import fields
from notifications.catalogue import KINDS, Catalogue
from notifications.channels import Person
from notifications.channels.letter import Letterhead, Press
from notifications.formats import as_text
from notifications.previews import Previews, channels
from notifications.rendering import Renderer
from notifications.texts import Texts
from support.notifying import ASSEMBLY, CONTACT, LINKS, NOW, assembly

NO_SERVICE: Any = None
"""Nothing is enclosed with a ready text, so that nothing is asked of a database."""
CATALOGUE = Catalogue()
PRESS = Press(Letterhead())
PREVIEWS = Previews(CATALOGUE, Renderer(CATALOGUE, LINKS, CONTACT), Texts(NO_SERVICE), PRESS.pdf)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", KINDS)
async def test_every_ready_text_can_be_seen_with_each_of_its_fields_filled_in(template: str, language: Lang) -> None:
    key = (ASSEMBLY, template, language)
    out = await PREVIEWS.outgoing(assembly(), PREVIEWS.ready(key), NOW)
    examples = PREVIEWS.examples(assembly(), key, NOW)
    assert set(examples) == KINDS[template].allowed
    assert all(examples.values())
    assert "{" not in out.message.subject + as_text(out.message)
    named = CATALOGUE.get(language, template).fields()
    shown = out.message.subject + as_text(out.message)
    assert [name for name in named for part in examples[name].split(" · ") if part not in shown] == []


@pytest.mark.parametrize("template", KINDS)
async def test_a_preview_is_about_nobody_and_a_letter_where_letters_are_sent(template: str) -> None:
    out = await PREVIEWS.outgoing(assembly(), PREVIEWS.ready((ASSEMBLY, template, "da")), NOW)
    if isinstance(out.to, Person):
        assert (out.to.cpr, out.to.name, out.to.address.postcode) == ("", fields.NOBODY, "9999")
    pdf = await PREVIEWS.letter(assembly(), PREVIEWS.ready((ASSEMBLY, template, "da")), NOW)
    assert (pdf is not None) == ("letter" in channels(KINDS[template]))
    assert pdf is None or pdf.startswith(b"%PDF-")
