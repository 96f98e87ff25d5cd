"""Intervals from sums are those of rows drawn one by one, in every respect that a total has."""

from __future__ import annotations

import numpy as np
import pytest

from tongyuan.inventory.uncertainty import many
from tongyuan.inventory.uncertainty.distribution import Fitted, fit
from tongyuan.inventory.uncertainty.many import limits_of, sums
from tongyuan.inventory.uncertainty.monte_carlo import Term, limits

DRAWS = {"draws": 40_000, "seed": 1}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "ROWS", 1)


def spread(*half: float) -> Fitted:
    width = np.array(half)
    return fit(np.ones(len(width)), 1 - width, 1 + width, ["normal"] * len(width))


def terms(*rows: tuple[int, int, int, float]) -> Term:
    group, record, activity, value = zip(*rows, strict=True)
    return Term(*(np.array(c, dtype=np.int64) for c in (group, record, activity)), np.array(value))


def both(term: Term, records: Fitted, activities: Fitted, groups: int) -> tuple[np.ndarray, np.ndarray]:
    found = sums(term, activities, groups, len(records.kind))
    assert found is not None
    drawn = np.array(limits(term, records, activities, groups, **DRAWS))
    return np.array(limits_of(found, records, activities, **DRAWS)), drawn


def test_one_row_has_the_variance_of_the_product() -> None:
    r"""x, y normal about 1 with half widths 0.2: of xy, 1 ± 1.96 √(2 s² + s⁴), s = 0.2/1.96; 1 ± 0.283."""
    found, _ = both(terms((0, 0, 0, 1.0)), spread(0.2), spread(0.2), 1)
    half = 1.959964 * np.sqrt(2 * 0.10204**2 + 0.10204**4)
    assert found[1, 0] - found[0, 0] == pytest.approx(2 * half, rel=0.01)


def test_gases_of_one_activity_move_together() -> None:
    """Two gases of one activity are 2 ± 40 %, not 2 ± 28 %, where their factors do not vary."""
    fixed = fit(np.ones(2), np.full(2, np.nan), np.full(2, np.nan), ["", ""])
    found, _ = both(terms((0, 0, 0, 1.0), (0, 1, 0, 1.0)), fixed, spread(0.4), 1)
    assert found[:, 0] == pytest.approx([1.2, 2.8], rel=0.01)
    apart, _ = both(terms((0, 0, 0, 1.0), (0, 1, 1, 1.0)), fixed, spread(0.4, 0.4), 1)
    assert apart[:, 0] == pytest.approx([2 - 0.4 * 2**0.5, 2 + 0.4 * 2**0.5], rel=0.01)


@pytest.mark.parametrize("widest", [0.4, 0.9], ids=["all normal", "some cut at zero"])
def test_many_rows_have_the_intervals_of_rows_drawn_one_by_one(widest: float) -> None:
    rng = np.random.default_rng(3)
    records, activities, groups, rows = 12, 60, 9, 400
    low, high = 1 - rng.uniform(0.1, 0.6, records), 1 + rng.uniform(0.1, 1.5, records)
    fitted = fit(np.ones(records), low, high, [""] * records)
    term = Term(
        rng.integers(0, groups, rows),
        rng.integers(0, records, rows),
        rng.integers(-1, activities, rows),  # rows of one activity do not follow each other
        rng.lognormal(0, 1, rows),
    )
    found, drawn = both(term, fitted, spread(*rng.choice([0.05, 0.2, widest], activities)), groups)
    assert found == pytest.approx(drawn, rel=0.01)


def test_sums_hold_every_row_once() -> None:
    term = terms((0, 0, 0, 2.0), (1, 1, -1, 3.0), (0, 0, 1, 5.0), (0, 1, 0, 7.0))
    found = sums(term, spread(0.196, 0.392), 2, 2)
    assert found is not None
    assert found.value.toarray().tolist() == [[7.0, 7.0], [0.0, 3.0]]
    pairs = dict(zip(zip(found.first, found.second, strict=True), found.square.toarray()[0], strict=True))
    deviation = 0.196 / 1.959963984540054
    assert pairs[0, 0] == pytest.approx(deviation**2 * (4 + 4 * 25))
    assert pairs[1, 1] == pytest.approx(deviation**2 * 49)
    assert pairs.get((0, 1), 0) + pairs.get((1, 0), 0) == pytest.approx(deviation**2 * 2 * 2 * 7)


def test_few_rows_and_too_many_records_are_left_to_single_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    term = terms((0, 0, 0, 2.0))
    assert sums(term, spread(0.1), 1, 5_000) is None
    monkeypatch.setattr(many, "ROWS", 2)
    assert sums(term, spread(0.1), 1, 1) is None
