"""Changing the keys of a municipality's roll by the operator's command, while the service is at work."""

from pathlib import Path

import pytest

from chassis.mongo import Database
from chassis.settings import EncryptionSettings
from chassis.vault import write_master_key
from registration import keys
from registration.settings import Settings
from support.house import House
from support.registering import Office, ids, invited, office_of
from support.rolls import ANSWERS

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_master_key(tmp_path / "keys", "k1")
    return tmp_path / "keys"


@pytest.fixture
async def office(house: House, folder: Path) -> Office:
    return await office_of(house, encryption={"keys": folder})


def settings_of(office: Office) -> Settings:
    found = office.running.service.settings
    assert isinstance(found, Settings)
    # Read anew, as a process that starts now would.
    return found.model_copy(update={"encryption": EncryptionSettings(keys=found.encryption.keys)})


async def locked_in(database: Database) -> set[bytes]:
    """Return which data keys lock the people's identities."""
    return {bytes(person["identity"])[1:17] for person in await database.collection("people").find({})}


async def test_a_new_master_key_replaces_the_old_one_and_letters_still_find_their_people(
    office: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await invited(office)
    write_master_key(folder, "k2")
    assert keys.main(["status"], settings_of(office)) == 0
    assert "data keys wrapped by k1: 1\n" in capsys.readouterr().out
    assert keys.main(["rewrap"], settings_of(office)) == 0
    (folder / "k1").unlink()
    assert keys.main(["status"], settings_of(office)) == 0
    assert "data keys wrapped by k2: 1\n" in capsys.readouterr().out
    office = await office.restart(encryption={"keys": folder})
    assert [r.name for r in (await office.resolve(*ids(0, 1))).recipients] == ["Prøve Person 0", "Prøve Person 1"]


async def test_a_master_key_taken_out_too_early_is_told_by_its_name(
    office: Office, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await invited(office)
    write_master_key(folder, "k2")
    (folder / "k1").unlink()
    assert keys.main(["status"], settings_of(office)) == 0
    assert "data keys wrapped by k1: 1 - NOT MOUNTED: what it wraps cannot be read\n" in capsys.readouterr().out


async def test_a_renewed_data_key_locks_everyone_anew_and_the_former_one_is_gone(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    links = await invited(office)
    await office.send(f"{links[2]}/trin/om-dig", ANSWERS)  # a draft is locked step by step, inside its document
    db = office.running.service.db
    before = await locked_in(db)
    assert keys.main(["renew", "proeve-2025"], settings_of(office), wait=0) == 0
    out = capsys.readouterr().out
    assert (await db.collection("drafts").count({}), "locked anew: 4 fields\n" in out) == (1, True), out
    after = await locked_in(db)
    assert (len(before), len(after), before & after) == (1, 1, set())
    assert await db.collection("encryption_keys").count({}) == 1
    assert [r.name for r in (await office.resolve(*ids(2))).recipients] == ["Prøve Person 2"]


async def test_a_renewal_of_an_assembly_nobody_knows_changes_nothing(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    await invited(office)
    assert keys.main(["renew", "proeve-2052"], settings_of(office), wait=0) == 1
    assert "there are: proeve-2025" in capsys.readouterr().err
    assert await office.running.service.db.collection("encryption_keys").count({}) == 1


def test_the_command_without_an_order_says_how_it_is_used(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    nothing = Settings.model_construct(encryption=EncryptionSettings(keys=folder))
    nothing.mongo = Settings.model_fields["mongo"].get_default()
    assert keys.main([], nothing) == 2
    assert "status | rewrap | renew ASSEMBLY" in capsys.readouterr().err
