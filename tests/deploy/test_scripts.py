"""The deployment's scripts beside the check: finding a kubectl, rendering; and how the repository describes itself."""

import hashlib
import stat
from pathlib import Path

import kubectl
import pytest
import render
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kubectl.find.cache_clear()
    monkeypatch.setattr(kubectl, "FOLDER", tmp_path / "none")


def a_kubectl(folder: Path, answer: str) -> str:
    folder.mkdir(exist_ok=True)
    binary = folder / "kubectl"
    binary.write_text(f"#!/bin/sh\necho '{answer}'\n")
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return str(binary)


def test_a_kubectl_that_knows_components_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = a_kubectl(tmp_path / "bin", '{"kustomizeVersion": "v5.5.0"}')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert kubectl.find() == ours


@pytest.mark.parametrize("answer", ["{}", '{"kustomizeVersion": "v2.0.3"}', "Debian 12 says something else"])
def test_a_kubectl_that_does_not_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    a_kubectl(tmp_path / "bin", answer)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")
    monkeypatch.setattr("shutil.which", lambda _: str(tmp_path / "bin/kubectl"))
    with pytest.raises(kubectl.MissingToolError, match="make kubectl"):
        kubectl.find()


def test_rendering_writes_what_the_check_then_finds_fresh(tmp_path: Path) -> None:
    (tmp_path / "nats").mkdir()
    (tmp_path / "nats/topology.yaml").write_bytes((ROOT / "deploy/nats/topology.yaml").read_bytes())
    assert render.main(["--check", "--deploy", str(tmp_path)]) == 1
    assert render.main(["--deploy", str(tmp_path)]) == 0
    assert render.main(["--check", "--deploy", str(tmp_path)]) == 0
    (tmp_path / render.COMPONENT / "left-over.yaml").write_text("{}")
    assert render.main(["--check", "--deploy", str(tmp_path)]) == 1


def test_the_clusters_users_have_no_rehearsal_clock_and_the_compose_files_have() -> None:
    assert "rehearsal.clock" not in (ROOT / "deploy" / render.COMPONENT / "users.conf").read_text()
    assert "rehearsal.clock" in (ROOT / "deploy/nats/users.conf").read_text()


def test_the_licence_is_the_mozilla_public_licence_to_the_letter() -> None:
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "fab3dd6bdab226f1c08630b1dd917e11fcb4ec5e1e020e2c16f83a0a13863e85"


def test_the_repository_describes_itself_to_the_publiccode_standard() -> None:
    card = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert card["publiccodeYmlVersion"] == "0.4"
    assert card["legal"]["license"] == "MPL-2.0"
    required = {"name", "url", "releaseDate", "platforms", "developmentStatus", "softwareType", "maintenance"}
    assert required | {"description", "localisation", "categories"} <= card.keys()
    assert set(card["description"]) == set(card["localisation"]["availableLanguages"]) == {"da", "en"}
    for text in card["description"].values():
        assert len(text["genericName"]) <= 35
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert text["features"]
