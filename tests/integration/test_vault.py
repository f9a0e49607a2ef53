"""Field-level encryption on a real MongoDB: what is locked is unreadable, and keys can be changed and destroyed."""

import stat
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from chassis.errors import Permanent
from chassis.vault import COLLECTION, KeyFolderError, Vault, master_keys, write_master_key
from support.servers import Servers

pytestmark = pytest.mark.integration

WHO = {"cpr": "6101701234", "name": "Prøve Person", "protected": True}
Open = Callable[[], Vault]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_master_key(tmp_path / "keys", "k1")
    return tmp_path / "keys"


@pytest.fixture
def database() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def opened(servers: Servers, folder: Path, database: str) -> Iterator[Open]:
    """Open the vault, as a started service does: with the keys that are in the folder then."""
    vaults: list[Vault] = []

    def open_vault() -> Vault:
        vaults.append(Vault(servers.mongo_uri, database, master_keys(folder)))
        return vaults[-1]

    yield open_vault
    for vault in vaults:
        vault.close()
    with MongoClient(servers.mongo_uri) as client:
        client.drop_database(database)


def test_what_is_locked_is_unreadable_looks_different_each_time_and_unlocks(opened: Open) -> None:
    vault = opened()
    once, again = vault.lock("a-2025", WHO), vault.lock("a-2025", WHO)
    assert once != again
    assert all(word.encode() not in once for word in ("6101701234", "Prøve", "cpr"))
    assert vault.unlock(once) == vault.unlock(again) == WHO


def test_two_replicas_that_start_at_once_share_one_key_an_assembly(
    opened: Open, servers: Servers, database: str
) -> None:
    first, second = opened(), opened()
    assert second.unlock(first.lock("a-2025", WHO)) == first.unlock(second.lock("a-2025", WHO)) == WHO
    second.lock("b-2025", WHO)
    with MongoClient(servers.mongo_uri) as client:
        assert client[database][COLLECTION].count_documents({}) == 2


def test_a_new_master_key_wraps_the_data_keys_and_the_old_one_can_be_thrown_away(opened: Open, folder: Path) -> None:
    locked = opened().lock("a-2025", WHO)
    write_master_key(folder, "k2")
    both = opened()
    assert (both.rewrap(), both.rewrap()) == (1, 0)
    (folder / "k1").unlink()
    assert opened().unlock(locked) == WHO


def test_a_master_key_thrown_away_too_early_is_a_clear_error(opened: Open, folder: Path) -> None:
    locked = opened().lock("a-2025", WHO)
    write_master_key(folder, "k2")
    (folder / "k1").unlink()
    with pytest.raises(Permanent, match="its data key or its master key is not there"):
        opened().unlock(locked)


def test_a_new_data_key_locks_from_now_on_and_the_old_one_unlocks_until_it_is_forgotten(opened: Open) -> None:
    vault = opened()
    before = vault.lock("a-2025", WHO)
    vault.renew("a-2025")
    after = vault.lock("a-2025", WHO)
    assert before[1:17] != after[1:17]
    assert vault.unlock(before) == WHO
    assert vault.forget_old("a-2025") == 1
    fresh = opened()
    assert fresh.unlock(after) == WHO
    with pytest.raises(Permanent):
        fresh.unlock(before)


def test_a_destroyed_scope_cannot_be_read_any_more_and_its_neighbour_can(opened: Open) -> None:
    vault = opened()
    gone, kept = vault.lock("a-2025", WHO), vault.lock("a-2025b", WHO)
    vault.destroy("a-2025")
    fresh = opened()
    with pytest.raises(Permanent):
        fresh.unlock(gone)
    assert fresh.unlock(kept) == WHO


def test_a_key_file_is_readable_by_its_owner_alone_and_never_overwritten(folder: Path) -> None:
    key = (folder / "k1").read_text()
    write_master_key(folder, "k1")
    assert (folder / "k1").read_text() == key
    assert stat.S_IMODE((folder / "k1").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("k1.txt", "", "a key's file is called by letters, digits and _ alone"),
        ("k1", "not base64!", "k1: is not base64"),
        ("k1", "c2hvcnQ=", "k1: has 5 bytes, not 96"),
        (".hidden", "", "holds no key"),
    ],
)
def test_a_key_folder_that_is_not_in_order_says_what_to_do(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(KeyFolderError, match=says):
        master_keys(tmp_path)


def test_a_missing_key_folder_says_what_to_mount(tmp_path: Path) -> None:
    with pytest.raises(KeyFolderError, match="mount the secret"):
        master_keys(tmp_path / "nowhere")
