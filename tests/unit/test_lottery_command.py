"""The command `lottery`: a folder anyone can check, the same to the byte for the same files and digits."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from lottery.commands.main import main
from lottery.domain.objectives import Algorithm
from lottery.standalone import FILE_NAME
from lottery.verifying.seals import salt_of_code
from support.broken_lottery_files import CATEGORIES, PANEL, RESPONDENTS
from support.lottery import case_folder

CASE = "dragor_240_36"
TABLES = {"selected.csv", "alternates.csv", "remaining.csv", "probabilities.csv", "portfolio.csv", "lines.csv"}


def case_arguments(name: str, *more: str) -> list[str]:
    folder = case_folder(name)
    files = ["--categories", str(folder / "categories.csv"), "--respondents", str(folder / "respondents.csv")]
    return [*files, "--panel-size", (folder / "k.txt").read_text().strip(), *more]


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., int]:
    """Run a command on a small pool, whose folder is `out`."""
    (tmp_path / "categories.csv").write_bytes(CATEGORIES)
    (tmp_path / "respondents.csv").write_bytes(RESPONDENTS)

    def run(command: str, *more: str) -> int:
        files = ["--categories", str(tmp_path / "categories.csv"), "--respondents", str(tmp_path / "respondents.csv")]
        return main([command, *files, "--panel-size", str(PANEL), *more])

    return run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("draws") / "dragor"
    assert main(["draw", *case_arguments(CASE), "--digits", "123", "--alternates", "12", "--out", str(folder)]) == 0
    return folder


def test_the_folder_holds_the_panel_the_alternates_and_the_rest_and_each_person_is_in_one_of_them(drawn: Path) -> None:
    selected, alternates, remaining = (rows(drawn / f"{name}.csv") for name in ("selected", "alternates", "remaining"))
    assert (len(selected), len(alternates), len(remaining)) == (36, 12, 240 - 36 - 12)
    everyone = [row["id"] for row in (*selected, *alternates, *remaining)]
    assert sorted(everyone) == sorted(row["id"] for row in rows(case_folder(CASE) / "respondents.csv"))
    assert [row["id"] for row in selected] == sorted(row["id"] for row in selected)
    assert {row["alternate_number"] for row in alternates} == {str(number) for number in range(1, 13)}
    assert sum(float(row["probability"]) for row in rows(drawn / "probabilities.csv")) == pytest.approx(36)
    assert len(rows(drawn / "portfolio.csv")) == 36_000


def test_the_folder_is_verified_by_the_command_and_by_the_file_that_lies_in_it(
    drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(drawn)]) == 0
    told = capsys.readouterr().out
    command = [sys.executable, "-I", "-S", str(drawn / FILE_NAME), str(drawn)]
    alone = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (alone.returncode, alone.stdout) == (0, told)
    assert "holds: selected.csv has the people on the panel" in told


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_changed_in_one_cell_is_found_out(name: str, drawn: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(drawn, tmp_path / "changed")
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    first, second = lines[1].split(","), lines[2].split(",")
    place = {"probabilities.csv": 1, "lines.csv": 1, "portfolio.csv": 1}.get(name, 0)
    assert first[place] != second[place]
    lines[1] = ",".join([*first[:place], second[place], *first[place + 1 :]])
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert main(["verify", str(folder)]) == 1


def test_the_public_files_alone_can_be_verified_too(drawn: Path, tmp_path: Path) -> None:
    for name in ("record.json", FILE_NAME):
        shutil.copy(drawn / name, tmp_path / name)
    command = [sys.executable, "-I", "-S", FILE_NAME, "."]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    alone = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "not shown here: the tables say what the record says" in alone.stdout


def test_the_same_files_and_digits_give_the_same_bytes_in_five_processes_and_any_order_of_rows(tmp_path: Path) -> None:
    outcomes = []
    for number, seed in enumerate(("0", "1", "42", "4242", "999")):
        here = tmp_path / f"run{number}"
        here.mkdir()
        for name in ("categories.csv", "respondents.csv"):
            header, *lines = (case_folder(CASE) / name).read_text(encoding="utf-8").splitlines()
            (here / name).write_text("\n".join([header, *(lines[::-1] if number % 2 else lines)]), encoding="utf-8")
        command = [
            sys.executable, "-m", "lottery.commands.main", "draw", "--categories", "categories.csv",
            "--respondents", "respondents.csv", "--panel-size", "36", "--household", "address",
            "--digits", "507", "--out", "out",
        ]  # fmt: skip
        subprocess.run(command, cwd=here, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
        outcomes.append({path.name: path.read_bytes() for path in sorted((here / "out").iterdir())})
    assert outcomes[0].keys() >= {*TABLES, "record.json", "openings.json"}
    assert all(outcome == outcomes[0] for outcome in outcomes)


@pytest.mark.parametrize("algorithm", get_args(Algorithm))
def test_each_way_of_drawing_gives_a_folder_that_holds(algorithm: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    more = ("--algorithm", algorithm, "--digits", "000", "--out", str(out))
    assert main(["draw", *case_arguments("example_small_20", *more)]) == 0
    assert json.loads((out / "record.json").read_bytes())["sealed"]["algorithm"]["name"].startswith(algorithm)
    assert (out / "certificate.json").exists() == (algorithm == "leximin")
    assert main(["verify", str(out)]) == 0


def test_with_the_columns_of_the_address_no_panel_has_two_who_live_together(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["draw", *case_arguments(CASE, "--household", "address", "--digits", "000", "--out", str(out))]) == 0
    address = {row["id"]: row["address"] for row in rows(case_folder(CASE) / "respondents.csv")}
    assert len(set(address.values())) < len(address)
    panels: dict[str, list[str]] = {}
    for row in rows(out / "portfolio.csv"):
        panels.setdefault(row["panel"], []).append(address[row["id"]])
    assert all(len(set(homes)) == 36 for homes in panels.values())
    assert main(["verify", str(out)]) == 0


def test_a_draw_is_sealed_before_its_digits_are_known_and_they_change_nothing_of_the_seal(
    small: Callable[..., int], tmp_path: Path
) -> None:
    assert small("draw", "--out", str(tmp_path / "sealed")) == 0
    assert small("draw", "--digits", "042", "--out", str(tmp_path / "out")) == 0
    sealed, drawn = (json.loads((tmp_path / one / "record.json").read_bytes()) for one in ("sealed", "out"))
    assert (sealed["drawn"], drawn["drawn"]["panel_number"]) == (None, 42)
    assert sealed["record_digest"] == drawn["record_digest"]
    assert not (tmp_path / "sealed" / "selected.csv").exists()
    assert main(["verify", str(tmp_path / "sealed")]) == 0
    assert main(["verify", str(tmp_path / "out"), "--announced", sealed["record_digest"]]) == 0
    assert main(["verify", str(tmp_path / "out"), "--announced", "0" * 64]) == 1


def test_a_seed_stands_in_the_record_and_gives_its_digits_again(small: Callable[..., int], tmp_path: Path) -> None:
    assert small("draw", "--seed", "sommer", "--test", "--out", str(tmp_path / "out")) == 0
    record = json.loads((tmp_path / "out" / "record.json").read_bytes())
    assert (record["sealed"]["randomness"], record["sealed"]["test"]) == ({"source": "seed", "seed": "sommer"}, True)
    assert main(["verify", str(tmp_path / "out")]) == 0
    digits = record["drawn"]["digits"]
    assert small("draw", "--seed", "vinter", "--test", "--out", str(tmp_path / "other")) == 0
    assert json.loads((tmp_path / "other" / "record.json").read_bytes())["drawn"]["digits"] != digits


def test_the_codes_of_a_column_of_salts_find_their_lines(small: Callable[..., int], tmp_path: Path) -> None:
    lines = RESPONDENTS.decode().splitlines()
    salted = [f"{line},{salt_of_code(f'{number:016d}')}" for number, line in enumerate(lines[1:])]
    (tmp_path / "respondents.csv").write_text("\n".join([f"{lines[0]},salt", *salted]), encoding="utf-8")
    assert small("draw", "--digits", "000", "--out", str(tmp_path / "out")) == 0
    assert main(["verify", str(tmp_path / "out"), "--code", "0000-0000-0000-0003"]) == 0
    assert main(["verify", str(tmp_path / "out"), "--code", "0000-0000-0000-0099"]) == 1


def test_the_drop_outs_of_earlier_assemblies_stand_in_the_record(
    small: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    left = tmp_path / "left.csv"
    left.write_text("feature,value,selected,left\ntenure,owner,40,4\ntenure,tenant,40,20\n", encoding="utf-8")
    draw = ("draw", "--digits", "000", "--dropout", str(left), "--out", str(tmp_path / "out"))
    assert small(*draw) == 0
    dropout = json.loads((tmp_path / "out" / "record.json").read_bytes())["sealed"]["alternates"]["dropout"]
    assert float(dropout["factors"]["tenure"]["tenant"]) > 1 > float(dropout["factors"]["tenure"]["owner"])
    assert main(["verify", str(tmp_path / "out")]) == 0
    for broken in ("tenure,castle,40,4", "tenure,owner,4,40"):
        left.write_text(f"feature,value,selected,left\n{broken}\n", encoding="utf-8")
        capsys.readouterr()
        assert small(*draw[:-1], str(tmp_path / "other")) == 2
        assert "left.csv" in capsys.readouterr().err


def test_what_is_there_already_is_never_written_over(small: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert small("draw", "--digits", "000", "--out", str(tmp_path / "out")) == 0
    before = (tmp_path / "out" / "record.json").read_bytes()
    assert small("draw", "--digits", "001", "--out", str(tmp_path / "out")) == 2
    assert (tmp_path / "out" / "record.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["categories.csv", "out", "respondents.csv"]


@pytest.mark.parametrize("more", [("--digits", "12"), ("--digits", "1２3"), ("--alternates", "-1")])
def test_digits_and_numbers_that_are_none_are_bad_input(
    more: tuple[str, ...], small: Callable[..., int], tmp_path: Path
) -> None:
    assert small("draw", *more, "--out", str(tmp_path / "out")) == 2
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--categories", str(tmp_path / "no.csv"), "--respondents", str(tmp_path / "no.csv")]
    assert main(["draw", *files, "--panel-size", "3", "--out", str(tmp_path / "out")]) == 2
    assert "no.csv" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "nothing.json")]) == 2


@pytest.mark.parametrize("name", ["infeas_joint_240_36", "infeas_parity_9_3"])
def test_quotas_that_nobody_can_fill_end_with_three_and_say_what_to_loosen(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", *case_arguments(name), "--out", str(tmp_path / "out")]) == 3
    refused = capsys.readouterr().err
    assert "together" in refused
    assert "instead of" in refused
    assert not (tmp_path / "out").exists()
    assert main(["feasibility", *case_arguments(name)]) == 3
    assert capsys.readouterr().out == refused


def test_quotas_that_can_be_filled_are_feasible_and_what_they_force_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feasibility", *case_arguments(CASE)]) == 0
    assert "A panel can be drawn." in capsys.readouterr().out


def test_the_chances_are_explained_group_by_group_and_no_person_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *case_arguments(CASE)]) == 0
    told = capsys.readouterr().out
    assert "240 people for 36 seats: 15.0 % (about 1 in 7) each" in told
    assert "the smallest chance is 11.1 % (about 1 in 9)" in told
    assert "- lejer: 11 to 13 seats, 51 in the pool; 11.0 seats to be expected" in told
    assert "p00" not in told
