"""The ways this municipality's post goes, as its settings say: NgDP or Serviceplatformen, a folder or Fjernprint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from notifications.channels import Channel, ChannelName, LookUp, ReceiptBox
from notifications.channels.digital_post import DigitalPost
from notifications.channels.email import Email
from notifications.channels.letter import Letterhead, Press
from notifications.channels.letter_folder import LetterFolder
from notifications.channels.sf1601 import channel as sf1601
from notifications.channels.sf1601.client import Client
from notifications.settings import Settings


@dataclass(frozen=True, slots=True)
class Ways:
    """The channels, who knows who has Digital Post, where receipts wait, and the folder that letters lie in."""

    channels: Mapping[ChannelName, Channel]
    look_up: LookUp
    box: ReceiptBox
    folder: LetterFolder | None


def letterhead(settings: Settings) -> Letterhead:
    """Return what this municipality's letters have printed on them."""
    return Letterhead(settings.staff.phone or "", settings.letters.return_address)


def ways(settings: Settings, machine_now: Callable[[], datetime]) -> Ways:
    """Return them. OSError or ssl.SSLError when a certificate's file cannot be used."""
    head = letterhead(settings)
    digital_post: DigitalPost | sf1601.DigitalPost
    letters: LetterFolder | sf1601.Fjernprint
    if settings.sf1601.way == "sf1601":
        cvr = settings.digital_post.sender_cvr
        client = Client(settings.sf1601, cvr, machine_now)
        digital_post = sf1601.DigitalPost(client, cvr)
        letters = (
            sf1601.Fjernprint(client, Press(head), settings.sf1601.letter_kind)
            if settings.sf1601.letters == "fjernprint"
            else LetterFolder(settings.letters.folder, head)
        )
    else:
        digital_post = DigitalPost(settings.digital_post)
        letters = LetterFolder(settings.letters.folder, head)
    return Ways(
        channels={"digital-post": digital_post, "letter": letters, "email": Email(settings.smtp)},
        look_up=digital_post,
        box=digital_post,
        folder=letters if isinstance(letters, LetterFolder) else None,
    )
