import numpy as np
import polars as pl

from tongyuan.facility.evidence.across import masses, stacks
from tongyuan.facility.simulate.plant import walk


def hours(seed: int, keep: float = 0.8, digits: int = 1) -> np.ndarray:
    return np.round(20 * np.exp(0.2 * walk(np.random.default_rng(seed), 1500, keep)), digits)


def test_two_outlets_of_one_enterprise_that_move_as_one() -> None:
    one = hours(1)
    series = {("a", "DA001", "Q1", "x"): one, ("a", "DA002", "Q1", "x"): np.round(1.1 * one, 1),
              ("a", "DA003", "Q1", "x"): hours(2), ("b", "DA001", "Q1", "x"): one}  # fmt: skip
    rate = {subject: p for kind, _, subject, _, _, p in stacks(series) if kind == "twins"}
    assert set(rate) == {"DA001/DA002 x", "DA001/DA003 x", "DA002/DA003 x"}
    assert rate["DA001/DA002 x"] < 1e-6
    assert rate["DA001/DA003 x"] > 0.5


def test_a_smooth_and_a_poor_curve_among_twelve() -> None:
    series = {(f"f{k}", "DA001", "Q1", "x"): hours(k) for k in range(12)}
    series["smooth", "DA001", "Q1", "x"] = hours(50, keep=0.995)
    series["poor", "DA001", "Q1", "x"] = hours(51, digits=-1)
    rate = {(kind, who): p for kind, who, _, _, _, p in stacks(series)}
    assert rate["smooth", "smooth"] < 1e-3
    assert rate["few_values", "poor"] < 1e-3
    assert rate["few_values", "f3"] > 1e-3
    assert stacks({}) == []


def test_leading_digits_of_daily_amounts() -> None:
    rng = np.random.default_rng(0)
    rows = [{"facility": f"f{k}", "t": float(v)} for k in range(20) for v in rng.lognormal(6, 1.5, 300)]
    made_up = np.where(rng.random(300) < 0.6, rng.uniform(500, 599, 300), rng.lognormal(6, 2, 300))
    rows += [{"facility": "round", "t": float(v)} for v in made_up]
    rows += [{"facility": "steady", "t": float(v)} for v in rng.uniform(500, 599, 300)]
    rate = {who: p for _, who, _, _, _, p in masses(pl.DataFrame(rows))}
    assert rate["round"] < 1e-6
    assert rate["f1"] > 1e-4
    assert "steady" not in rate
