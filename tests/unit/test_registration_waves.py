"""Who is in a wave: exactly the share, nobody twice, the same by the same seed, the favoured more often."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.domain.waves import Act, Favour, NotPossibleError, State, after, choose, number, possible, weight

people = st.dictionaries(
    st.text("0123456789abcdef", min_size=32, max_size=32), st.floats(min_value=0.1, max_value=10), max_size=60
)
seeds = st.text("0123456789abcdef", min_size=32, max_size=32)
NUMBER = 1.7860190175448996
"""Of the seed `seed` and a person of 32 noughts."""
shares = st.floats(min_value=0, max_value=1, exclude_min=True)


@given(seed=seeds, share=shares, weights=people)
def test_a_wave_is_exactly_its_share_of_those_who_could_be_in_it(
    seed: str, share: float, weights: dict[str, float]
) -> None:
    chosen = choose(seed, share, weights)
    assert len(chosen) == round(share * len(weights))
    assert chosen <= weights.keys()


@given(seed=seeds, share=shares, weights=people, shuffle=st.randoms(use_true_random=False))
def test_the_order_people_are_held_in_does_not_matter(
    seed: str, share: float, weights: dict[str, float], shuffle: random.Random
) -> None:
    shuffled = list(weights.items())
    shuffle.shuffle(shuffled)
    assert choose(seed, share, dict(shuffled)) == choose(seed, share, weights)


@given(seed=seeds, weights=people)
def test_a_larger_share_of_the_same_people_leaves_nobody_out_who_was_in(seed: str, weights: dict[str, float]) -> None:
    assert choose(seed, 0.3, weights) <= choose(seed, 0.6, weights)
    assert choose(seed, 1, weights) == weights.keys()


def test_the_numbers_of_a_seed_stay_what_they_are_for_all_time() -> None:
    # Written down: a wave must be drawn again years later as it was drawn, on another machine.
    assert number("seed", "0" * 32) == pytest.approx(NUMBER, rel=1e-12)
    assert number("seed", "0" * 32, 2.0) == pytest.approx(NUMBER / 2, rel=1e-12)


def _times_in(person: str, weights: dict[str, float], share: float, seeds: int) -> float:
    return sum(person in choose(f"seed {n}", share, weights) for n in range(seeds)) / seeds


def test_without_favours_everyone_is_as_likely_to_be_in() -> None:
    weights = {f"person {n}": 1.0 for n in range(20)}
    for person in ("person 0", "person 7", "person 19"):
        assert _times_in(person, weights, 0.25, 2000) == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize("factor", [0.5, 2.0, 3.0])
def test_who_is_favoured_is_so_many_times_as_likely_to_be_among_the_first(factor: float) -> None:
    # Of a small share of many people the chance is all but proportional to the weight.
    weights = {f"person {n}": factor if n < 20 else 1.0 for n in range(200)}
    counts = {True: 0, False: 0}
    for seed in range(1000):
        for person in choose(f"seed {seed}", 0.05, weights):
            counts[weights[person] == factor] += 1
    chance = (counts[True] / 20) / (counts[False] / 180)
    assert chance == pytest.approx(factor, rel=0.12)


def test_a_weight_is_the_product_of_the_favours_that_apply() -> None:
    favours = (Favour("age", "15-24", 2.0), Favour("district", "soevang", 1.5), Favour("age", "65+", 0.5))
    assert weight(favours, {"age": "15-24", "district": "soevang"}) == 3.0
    assert weight(favours, {"age": "25-44"}) == 1.0
    assert weight((), {"age": "15-24"}) == 1.0


def test_each_act_leads_where_it_should_and_can_be_given_twice() -> None:
    led = {}
    for state, act in product(State, Act):
        try:
            led[state, act] = after(state, act)
        except NotPossibleError:
            assert act not in possible(state)
            continue
        assert after(led[state, act], act) == led[state, act]
    assert led == {
        (State.PLANNED, Act.START): State.ISSUING,
        (State.ISSUING, Act.START): State.ISSUING,
        (State.ISSUING, Act.PAUSE): State.PAUSED,
        (State.PAUSED, Act.PAUSE): State.PAUSED,
        (State.PAUSED, Act.RESUME): State.ISSUING,
        (State.ISSUING, Act.RESUME): State.ISSUING,
        (State.PLANNED, Act.CANCEL): State.CANCELLED,
        (State.ISSUING, Act.CANCEL): State.CANCELLED,
        (State.PAUSED, Act.CANCEL): State.CANCELLED,
        (State.CANCELLED, Act.CANCEL): State.CANCELLED,
    }
    assert possible(State.DONE) == possible(State.CANCELLED) == ()
