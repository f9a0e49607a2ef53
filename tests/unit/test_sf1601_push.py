"""Who may push receipts, and what they are replied."""

from pathlib import Path

import pytest
from lxml import etree
from pydantic import ValidationError

from notifications.channels.sf1601.push import authentic, reply
from notifications.settings_sf1601 import Sf1601Settings
from support.certificates import Authority
from support.sf1601 import fjernprint_schema

HEADER = "ssl-client-cert"


def trusting(*fingerprints: str, host: str = "") -> Sf1601Settings:
    return Sf1601Settings(receipts_from=frozenset(fingerprints), receipts_host=host)


def test_only_a_certificate_that_the_municipality_trusts_may_push(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    trusted, other = authority.sign("beskedfordeler"), authority.sign("somebody")
    assert authentic({HEADER: trusted.header}, trusting(trusted.fingerprint))
    assert not authentic({HEADER: other.header}, trusting(trusted.fingerprint))
    assert not authentic({HEADER: trusted.header}, trusting())


@pytest.mark.parametrize("value", ["", "x", "%2", "-----BEGIN CERTIFICATE-----", "(null)", "SUCCESS"])
def test_without_a_certificate_nobody_may_push(value: str) -> None:
    assert not authentic({HEADER: value}, trusting("0" * 64))
    assert not authentic({}, trusting("0" * 64))


def test_a_made_up_header_at_a_host_that_asks_for_no_certificate_proves_nothing(tmp_path: Path) -> None:
    trusted = Authority(tmp_path).sign("beskedfordeler")
    settings = trusting(trusted.fingerprint, host="kvitteringer.dragoer.example")
    for host, believed in (
        ("kvitteringer.dragoer.example", True),
        ("Kvitteringer.Dragoer.example:443", True),
        ("borgersamling.dragoer.example", False),
        ("", False),
    ):
        assert authentic({HEADER: trusted.header, "host": host}, settings) is believed


@pytest.mark.parametrize(("taken", "code"), [(True, "20"), (False, "40")])
def test_the_reply_is_as_the_schema_has_it(tmp_path: Path, taken: bool, code: str) -> None:
    root = etree.fromstring(reply(taken=taken))
    assert root.tag == "{urn:oio:sts:1.0.0}ModtagBeskedOutput"
    fjernprint_schema(tmp_path, "urn:oio:sagdok:3.0.0").assertValid(root[0])
    assert root.findtext(".//{urn:oio:sagdok:3.0.0}StatusKode") == code


def test_fingerprints_may_be_written_as_openssl_prints_them() -> None:
    printed = ":".join(["AB"] * 32)
    assert Sf1601Settings(receipts_from=frozenset({printed})).receipts_from == {"ab" * 32}
    with pytest.raises(ValidationError, match="SHA-256"):
        Sf1601Settings(receipts_from=frozenset({"AB:CD"}))


def test_the_platform_is_called_over_https_with_a_certificate_or_it_is_the_stand_in() -> None:
    with pytest.raises(ValidationError, match="SF1601__CERTIFICATE"):
        Sf1601Settings(way="sf1601")
    with pytest.raises(ValidationError, match="https"):
        Sf1601Settings(way="sf1601", platform_url="http://platform.example", certificate=Path("c.pem"))
    known = {"way": "sf1601", "certificate": "c.pem", "receipts_from": ["0" * 64]}
    with pytest.raises(ValidationError, match="SF1601__RECEIPTS_HOST"):
        Sf1601Settings.model_validate(known)
    assert (
        Sf1601Settings.model_validate(known | {"receipts_host": "kvitteringer.dragoer.example"}).letters == "fjernprint"
    )
    local = "http://127.0.0.1:8090"
    assert Sf1601Settings(way="sf1601", platform_url=local, issuer_url=local).way == "sf1601"
    assert Sf1601Settings().way == "ngdp"
