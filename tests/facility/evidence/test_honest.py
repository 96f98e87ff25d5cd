"""What the rates of all pattern tests are worth where nothing was changed: uniform, or on the safe side.

Kinds with a continuous figure give rates that are uniform. Kinds that count rare things (standstills, jumps,
repetitions) give large rates, often 1, where nothing happened: of them a small rate may come no oftener than
it says.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tongyuan.facility.evidence import across, digits, limit, mark, peer, repeat
from tongyuan.facility.simulate.plant import walk

Rng = np.random.Generator
DRAWS = 250
LEAST = 1e-3
"""Chance of a draw as unlikely as the one that fails."""


def stack(rng: Rng, hours: int = 1500) -> npt.NDArray[np.float64]:
    """Return hours of a stack: a memory of some hours, noise, one decimal."""
    noise = 0.03 * rng.standard_normal(hours)
    return np.asarray(np.round(26 * np.exp(0.2 * walk(rng, hours, 0.7) + noise), 1))


def some(rng: Rng, size: int, share: float) -> npt.NDArray[np.bool_]:
    return np.asarray(rng.random(size) < share)


def one_group(size: int) -> npt.NDArray[np.int64]:
    return np.zeros(size, np.int64)


def carbon_line(rng: Rng) -> float:
    heat = rng.normal(22, 1, 24)
    return float(peer.carbon_line(0.02 + 0.0265 * heat + rng.normal(0, 0.002, 24), heat)[0])


def split_samples(rng: Rng) -> float:
    own, others = rng.normal(0, 1, (24, 3)), rng.normal(0, 1, (800, 3))
    return float(peer.split_samples(np.diff(own, axis=0), np.diff(others, axis=0))[0])


def smooth(rng: Rng) -> float:
    """The memory of one of twenty stacks, among the others."""
    memory = np.array([across._memory(stack(rng, 300)) for _ in range(20)])
    return float(peer.against(np.arctanh(memory), one_group(20), lower=False)[0])


UNIFORM: dict[str, Callable[[Rng], float]] = {
    "last_digit": lambda rng: digits.last_digit(stack(rng), 1),
    "round_figures": lambda rng: digits.round_figures(stack(rng), 1),
    "leading_digit": lambda rng: digits.leading_digit(rng.lognormal(3, 1, 300), rng.lognormal(3, 1, 3000)),
    "calm": lambda rng: float(peer.calm(rng.lognormal(0, 0.1, (12, 12)), one_group(12))[0]),
    "peer": lambda rng: float(peer.against(rng.normal(0, 1, 20), one_group(20), lower=True)[0]),
    "few_values": lambda rng: float(peer.few_values(rng.normal(40, 5, 20), one_group(20))[0]),
    "carbon_line": carbon_line,
    "smooth": smooth,
    "split_samples": split_samples,
}


def marks(rng: Rng) -> float:
    value = stack(rng)
    return mark.marks_at_exceedance(value, some(rng, value.size, 0.02), 33.0)[0]


def gaps(rng: Rng) -> float:
    value = stack(rng)
    value[some(rng, value.size, 0.02)] = np.nan
    return mark.gaps_at_exceedance(value, 33.0)[0]


def running_in_stop(rng: Rng) -> float:
    """A stop of 300 hours in which the state is wrong as often as the test supposes."""
    stopped = np.zeros(1000, bool)
    stopped[100:400] = True
    return mark.running_in_stop(stopped, np.where(stopped, some(rng, 1000, 0.01), True))[0]


def twins(rng: Rng) -> float:
    """Two outlets of which 0.7 is shared, as much as the test allows them."""
    shared = 0.7**0.5 * rng.standard_normal(1500)
    first, second = (30 + shared + 0.3**0.5 * rng.standard_normal(1500) for _ in range(2))
    return repeat.twins(first, second)


def duplicate_rows(rng: Rng) -> float:
    rows = np.round(rng.normal([52, 21], [0.4, 0.3], (12, 2)), 1)
    return repeat.duplicate_rows(rows, np.full(2, 0.1))[0]


def report_order(rng: Rng) -> float:
    """Four hundred reports of which one in a hundred is numbered before its neighbour."""
    number = np.arange(400)
    for place in np.flatnonzero(some(rng, 399, 0.01)):
        number[[place, place + 1]] = number[[place + 1, place]]
    return peer.out_of_order(number, np.arange(400))[0]


def joint_jump(rng: Rng) -> float:
    """Four gases that jump now and then, each by itself."""
    values = np.stack([stack(rng, 800) * np.where(some(rng, 800, 0.05), 1.6, 1.0) for _ in range(4)])
    return mark.joint_jump(values, np.full(800, 50.0))[0]


AT_MOST: dict[str, Callable[[Rng], float]] = {
    "flat_line": lambda rng: repeat.flat_line(stack(rng))[0],
    "replay": lambda rng: repeat.replay(stack(rng, 600))[0],
    "similar_days": lambda rng: repeat.similar_days(stack(rng, 1200))[0],
    "flat_top": lambda rng: limit.flat_top(stack(rng), 0.1)[0],
    "hugging": lambda rng: limit.hugging(stack(rng), 33.0)[0],
    "marks": marks,
    "gaps": gaps,
    "running_in_stop": running_in_stop,
    "twins": twins,
    "duplicate_rows": duplicate_rows,
    "report_order": report_order,
    "joint_jump": joint_jump,
}


def rates(draw: Callable[[Rng], float], seed: int, count: int = DRAWS) -> npt.NDArray[np.float64]:
    found = np.array([draw(np.random.default_rng([seed, k])) for k in range(count)])
    assert np.isfinite(found).all()
    return found


@pytest.mark.parametrize("kind", UNIFORM)
@settings(derandomize=True, max_examples=3, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_honest_data_give_uniform_rates(kind: str, seed: int) -> None:
    assert stats.kstest(rates(UNIFORM[kind], seed), "uniform").pvalue > LEAST


@pytest.mark.parametrize("kind", AT_MOST)
@settings(derandomize=True, max_examples=2, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_a_count_of_rare_things_is_called_no_oftener_than_its_rate_says(kind: str, seed: int) -> None:
    found = rates(AT_MOST[kind], seed, 60 if kind == "joint_jump" else DRAWS)
    for level in (0.01, 0.05, 0.1, 0.2):
        many = int((found <= level).sum())
        assert stats.binomtest(many, len(found), level, alternative="greater").pvalue > LEAST, level
