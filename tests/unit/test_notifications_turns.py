"""Who goes first."""

from datetime import datetime

from notifications.catalogue import KINDS
from notifications.domain.shipment import Shipment
from notifications.repository.shipments import new_document
from support.notifying import NOW


def test_a_receipt_does_not_wait_behind_thousands_of_invitations() -> None:
    def turn(template: str) -> datetime:
        shipment = Shipment("dragoer-2025", template, "event", "a" * 32)
        next_at: datetime = new_document(shipment, NOW, job="", bulk=KINDS[template].bulk)["next_at"]
        return next_at

    waiting = sorted((turn(template), template) for template in ("invitation", "receipt", "invitation"))
    assert [template for _, template in waiting] == ["receipt", "invitation", "invitation"]
