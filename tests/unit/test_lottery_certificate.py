"""The certificate: accepted as it is, refused with any one number of it changed, and never the solver's word alone."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from lottery.domain.fairest import fairest_lottery
from lottery.verifying.certificate import certified_chances, check
from support.lottery import case_problem

Certificate = dict[str, Any]


def certificate_of(name: str) -> Certificate:
    """Return the certificate as a reader of the file gets it."""
    read: Certificate = json.loads(json.dumps(fairest_lottery(case_problem(name)).certificate))
    return read


@pytest.fixture(scope="module")
def certified() -> Certificate:
    """Return the certificate of a pool in which fractions of panels promise too much, so that there is a cut."""
    return certificate_of("gap_18_6")


def accepted(certificate: Any) -> bool:
    return all(line.holds for line in check(certificate))


def test_the_certificate_is_accepted_line_by_line(certified: Certificate) -> None:
    assert [str(line) for line in check(certified) if not line.holds] == []
    said = [line.what for line in check(certified)]
    assert "no panel goes beyond cut 1" in said
    assert any(what.startswith("a chance of 0.2") for what in said)
    assert said[-1] == "this lottery is leximin: no lottery within the quotas is fairer"


def first_dual(certificate: Certificate) -> list[str]:
    dual: list[str] = certificate["levels"][0]["duals"][0]
    return dual


def first_leaf(certificate: Certificate) -> Certificate:
    leaf: Certificate = next(node for node in certificate["cuts"][0]["proof"] if node["split"] is None)
    return leaf


def loosen_every_quota(certificate: Certificate) -> None:
    for quota in certificate["quotas"]:
        quota["minimum"], quota["maximum"] = 0, certificate["panel_size"]


def move_a_seat(certificate: Certificate) -> None:
    certificate["panels"][0]["seats"][0][0] = certificate["panels"][0]["seats"][1][0]


def draw_one_panel_only(certificate: Certificate) -> None:
    certificate["panels"] = certificate["panels"][:1]
    certificate["panels"][0]["weight"] = certificate["whole_weight"]
    for group, chance in zip(certificate["groups"], certified_chances(certificate), strict=True):
        group["chance"] = f"{float(chance):.9f}"


def settle_too_early(certificate: Certificate) -> None:
    """Settle somebody at a level below their own: nobody else's chance could be raised at their cost any more."""
    first, second = certificate["levels"][:2]
    first["groups"].append(second["groups"].pop())


def settle_twice(certificate: Certificate) -> None:
    certificate["levels"][1]["groups"].append(certificate["levels"][0]["groups"][0])


TAMPERED: dict[str, Callable[[Certificate], object]] = {
    "another kind of file": lambda c: c.update(format="borgersamling-lottery-certificate/0"),
    "a field is missing": lambda c: c.pop("cuts"),
    "a number is text": lambda c: c["groups"][0].update(size="2"),
    "a larger panel": lambda c: c.update(panel_size=c["panel_size"] + 1),
    "all quotas loosened": loosen_every_quota,
    "a quota is dropped": lambda c: c["quotas"].pop(),
    "a quota nobody on a panel meets": lambda c: c["quotas"][0].update(minimum=c["quotas"][0]["maximum"] + 1),
    "a group has one more": lambda c: c["groups"][0].update(size=c["groups"][0]["size"] + 1),
    "a group has another value": lambda c: c["groups"][0]["features"].update({"f0": "9"}),
    "a group is listed twice": lambda c: c["groups"].append(c["groups"][0]),
    "a household that is not there": lambda c: c["groups"][0].update(household=0),
    "a chance is larger": lambda c: c["groups"][0].update(chance="0.900000000"),
    "a weight is larger": lambda c: c["panels"][0].update(weight=str(int(c["panels"][0]["weight"]) + 1)),
    "a weight below zero": lambda c: c["panels"][0].update(weight="-1"),
    "the weights add up to more": lambda c: c.update(whole_weight="1" + c["whole_weight"]),
    "a seat is given to another group": move_a_seat,
    "a seat of a group before the first": lambda c: c["panels"][0]["seats"][0].__setitem__(0, -1),
    "a panel with one more seat": lambda c: c["panels"][0]["seats"][0].__setitem__(1, 9),
    "a panel less": lambda c: c["panels"].pop(),
    "only one panel is ever drawn": draw_one_panel_only,
    "a cut that cuts more": lambda c: c["cuts"][0].update(bound=c["cuts"][0]["bound"] - 1),
    "a cut with other points": lambda c: c["cuts"][0]["points"][0].__setitem__(1, 7),
    "a cut without proof": lambda c: c["cuts"][0].update(proof=None),
    "a proof without its last leaf": lambda c: c["cuts"][0]["proof"].pop(),
    "a proof with a leaf too many": lambda c: c["cuts"][0]["proof"].append(c["cuts"][0]["proof"][-1]),
    "a leaf without multipliers": lambda c: first_leaf(c).update(duals=[]),
    "no cut": lambda c: c["cuts"].pop(),
    "a level without multipliers": lambda c: c["levels"][0].update(duals=[]),
    "a multiplier of another row": lambda c: first_dual(c).__setitem__(0, "2"),
    "a multiplier of no row": lambda c: first_dual(c).__setitem__(0, "999"),
    "a multiplier that is larger": lambda c: first_dual(c).__setitem__(1, first_dual(c)[1] + "1"),
    "a multiplier that is no number": lambda c: first_dual(c).__setitem__(1, "nan"),
    "a level that is higher": lambda c: c["levels"][0].update(level="0.210000000"),
    "a level less": lambda c: c["levels"].pop(),
    "levels in another order": lambda c: c["levels"].reverse(),
    "a group settled at no level": lambda c: c["levels"][-1]["groups"].pop(),
    "a group settled at two levels": settle_twice,
    "a group settled below its own level": settle_too_early,
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_certificate_with_one_thing_changed_is_refused(certified: Certificate, what: str) -> None:
    changed = copy.deepcopy(certified)
    TAMPERED[what](changed)
    assert changed != certified
    assert not accepted(changed)


@pytest.mark.parametrize("nothing", [None, [], {}, "certificate", 1])
def test_what_is_no_certificate_is_refused(nothing: Any) -> None:
    assert not accepted(nothing)


def test_a_fair_lottery_of_hundreds_is_checked_without_the_solver() -> None:
    certificate = certificate_of("dragor_240_36")
    assert accepted(certificate)
    draw_one_panel_only(certificate)
    refused = [line.what for line in check(certificate) if not line.holds]
    assert refused[-1] == "this lottery is leximin: no lottery within the quotas is fairer"
    assert len(refused) < len(check(certificate)), "the panel itself is one that holds the quotas"
