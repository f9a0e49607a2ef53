"""A shipment and a recipient into the message they read. In memory alone: nothing made here is stored or logged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chassis.language import Lang, Words
from chassis.mongo import Document
from notifications.catalogue import BLOCKS, KINDS, LACKABLE, Catalogue
from notifications.channels import Action, Attachment, Calendar, ChannelName, Follower, Outgoing, Person, StaffMember
from notifications.domain.message import Block, Template, TemplateError
from notifications.domain.shipment import State, uuid_from
from notifications.theme_words import theme_blocks


@dataclass(frozen=True, slots=True)
class Assembly:
    """What is known of an assembly, from `assembly-announced`."""

    id: str
    municipality: Mapping[str, str]
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    panel_size: int
    sign_up_closes_at: datetime
    evaluation_link: str | None = None
    last_session: str | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a message and what is enclosed with it, as of a version.

    `template` is None for words that were saved once and break today's rules: nothing is sent in them.
    """

    template: Template | None
    version: int
    attachments: tuple[Attachment, ...] = ()


Key = tuple[str, str, str]
"""Assembly, template, language."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """The assemblies' own words: those that hold, and by the version's id those a doubtful attempt was made in."""

    holding: Mapping[Key, Wording]
    earlier: Mapping[str, Wording] = field(default_factory=dict)

    def of(self, shipment: Document, lang: Lang) -> Wording | None:
        """Return a shipment's words; None for the ready ones.

        An attempt of unknown end is repeated in its own words: if the first was taken, they are what was read.
        """
        key = (shipment["assembly"], shipment["template"], str(lang))
        if doubtful(shipment):
            return self.earlier.get(version_id(key, shipment["template_version"]))
        return self.holding.get(key)


def doubtful(shipment: Document) -> bool:
    """Say whether an attempt of unknown end was made of a shipment."""
    return shipment["state"] == State.UNKNOWN and shipment["template_version"] is not None


def version_id(key: Key, number: int) -> str:
    """Return the id of a version of a text."""
    return "/".join([*key, str(number)])


class Renderer:
    """Makes messages. `links` is the one address; `contact` where residents may write, `phone` where they may call."""

    def __init__(self, catalogue: Catalogue, links: str, contact: str | None, phone: str | None = None) -> None:
        self._catalogue = catalogue
        self._links = links
        self._contact = contact
        self._phone = phone
        self._words: dict[Lang, Words] = {"da": Words("da", "notifications"), "en": Words("en", "notifications")}

    def render(
        self,
        shipment: Document,
        assembly: Assembly,
        to: Person | StaffMember | Follower,
        channel: ChannelName,
        own: Wordings | None = None,
    ) -> Outgoing:
        """Return what a channel sends. `own` are the assembly's own words, where it has some.

        KeyError when the template names a field that the event did not bring, TemplateError for words that cannot be
        used any more.
        """
        lang: Lang = "en" if (shipment["language"] or to.language) == "en" else "da"
        template = shipment["template"]
        wording = own.of(shipment, lang) if own else None
        wording = wording or Wording(self._catalogue.get(lang, template), 0)
        if wording.template is None:
            raise TemplateError(f"{template}: version {wording.version} cannot be used any more")
        values = self.values(lang, shipment, assembly, to)
        message = wording.template.fill({**dict.fromkeys(LACKABLE), **values, **self.blocks(lang, shipment)})
        return Outgoing(
            shipment=shipment["_id"],
            message_uuid=shipment["letter_uuid" if channel == "letter" else "message_uuid"],
            template=template,
            sender=assembly.municipality[lang],
            language=lang,
            to=to,
            message=message,
            action=self._action(shipment, assembly, values),
            template_version=wording.version,
            attachments=wording.attachments,
            unsubscribe=values.get("stop", ""),
            calendar=_calendar(shipment, values) if isinstance(to, StaffMember) else None,
        )

    def values(
        self, lang: Lang, shipment: Document, assembly: Assembly, to: Person | StaffMember | Follower
    ) -> dict[str, str]:
        """Return what the fields of a message are filled with."""
        fields = shipment["fields"]
        values = self._values(lang, assembly, fields)
        under = KINDS[shipment["template"]].under
        path = fields.get("path") or (to.link + under if isinstance(to, Person | Follower) else None)
        if "url" in fields:
            values["link"] = fields["url"]
        elif path:
            values["link"] = self._links + path
        if isinstance(to, Person | Follower):
            page, _, spoken = to.link.partition("?")
            values["choose"] = f"{self._links}{page}/temaer" + (f"?{spoken}" if spoken else "")
        if isinstance(to, Follower) and to.unsubscribe:
            values["stop"] = self._links + to.unsubscribe
        if isinstance(to, Person):
            values["name"] = to.name
            values["code"] = to.code
            values |= {name: value for name in LACKABLE if (value := getattr(to, name, ""))}
        return values

    def blocks(self, lang: Lang, shipment: Document) -> dict[str, tuple[Block, ...]]:
        """Return the fields of a message that are blocks: those that its event brought."""
        themes = shipment["fields"].get("themes")
        return {"themes": theme_blocks(themes, self._words[lang])} if themes else {}

    def _values(self, lang: Lang, assembly: Assembly, fields: Mapping[str, Any]) -> dict[str, str]:
        words = self._words[lang]
        values = {
            "assembly": assembly.title[lang],
            "municipality": assembly.municipality[lang],
            "purpose": assembly.purpose[lang],
            "panel_size": words.format_number(assembly.panel_size),
            "deadline": words.format_datetime(assembly.sign_up_closes_at),
            "contact": self._reached(words, assembly.municipality[lang]),
            "assembly_link": f"{self._links}/samling/{assembly.id}",
            "draw_link": f"{self._links}/lodtraekning/{assembly.id}",
        }
        for name, value in fields.items():
            if name in BLOCKS:
                continue
            values[name] = _shown(name, value, words)
        return values

    def _reached(self, words: Words, municipality: str) -> str:
        """Return how the secretariat is reached: residents of 85 would rather call than write."""
        contact = self._contact or municipality
        return (
            # Filled in here: gettext's own way is for pages, and would write an ampersand as `&amp;` in a letter.
            words.gettext("%(contact)s or call %(phone)s") % {"contact": contact, "phone": self._phone}
            if self._phone
            else contact
        )

    def _action(self, shipment: Document, assembly: Assembly, values: Mapping[str, str]) -> Action:
        code = KINDS[shipment["template"]].action
        fields = shipment["fields"]
        if code == "AFTALE":
            return Action(
                code,
                label=values["title"],
                starts_at=fields["starts"],
                ends_at=fields["ends"],
                place=fields["place"],
                # The same appointment when it is moved, so that it replaces the first in the recipient's calendar.
                reservation=uuid_from("reservation", assembly.id, fields["session"]),
            )
        url = values.get("link") or values["draw_link"]
        ends_at = assembly.sign_up_closes_at if code == "TILMELDING" else None
        return Action(code, label=values["assembly"], url=url, ends_at=ends_at)


def _calendar(shipment: Document, values: Mapping[str, str]) -> Calendar | None:
    """Return a session for the staff's calendars. Residents have it as Digital Post's own appointment."""
    if KINDS[shipment["template"]].action != "AFTALE":
        return None
    fields = shipment["fields"]
    return Calendar(
        uid=f"{shipment['assembly']}-{fields['session']}@borgersamling",
        sequence=fields["sequence"],
        title=f"{values['assembly']}: {values['title']}",
        starts_at=fields["starts"],
        ends_at=fields["ends"],
        place=fields["place"],
    )


def _shown(name: str, value: Any, words: Words) -> str:
    if name == "days":
        return words.ngettext("%(num)s day", "%(num)s days", value)
    match value:
        case datetime():
            return words.format_datetime(value)
        case str() if name in {"due", "previous", "reported"}:
            return words.format_date(date.fromisoformat(value))
        case int():
            return words.format_number(value)
        case _:
            return words.text(value)
