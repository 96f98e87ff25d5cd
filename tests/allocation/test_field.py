"""A field by hour: maps times shares, in blocks, never more than asked for."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tongyuan.allocation import field as module
from tongyuan.allocation.field import Field, ModelSpecies
from tongyuan.allocation.grid import Grid
from tongyuan.allocation.profile.hour import clock, hour_shares

BEGIN = datetime(2021, 1, 1, tzinfo=UTC)
FOUR = Grid("four", "longlat", 117, 36, 0.5, 0.5, 2, 2)
PLANE = Grid("d01", "lambert", -36_000, -36_000, 36_000, 36_000, 2, 2, 25, 40, 118, 36.75)


def made(grid: Grid = FOUR, layers: tuple[float, ...] = ()) -> Field:
    """Return NO at two profiles in time and PM2.5 at one; the year's NO is 8760 mol in each of two cells."""
    when = clock(2021, "Asia/Shanghai")
    rush = hour_shares(when, {"hour": np.where(np.arange(24) == 8, 24.0, 0.0)})
    shares = np.stack([np.full(when.size, 1 / when.size), rush])
    base = np.zeros((2, max(len(layers), 1), 2, 4), dtype=np.float32)
    base[0, 0, 0], base[1, -1, 0] = [8760, 0, 0, 0], [0, 365, 0, 0]
    base[0, 0, 1] = [0, 0, 0, 87.6]
    species = (ModelSpecies("NO", "mol", 10_000, 9125, 875), ModelSpecies("PM2.5", "g", 87.6, 87.6, 0))
    return Field(grid, when, species, base, shares, layers)


def test_an_hour_is_the_sum_of_its_profiles() -> None:
    day = made().hours(BEGIN, 24)
    assert day.shape == (24, 1, 2, 2, 2)
    assert day[:, 0, 0, 0, 0] == pytest.approx(np.ones(24))
    assert day[:, 0, 0, 0, 1].tolist() == pytest.approx([1.0] + [0.0] * 23)
    assert day[5, 0, 1, 1, 1] == pytest.approx(0.01)


def test_blocks_are_the_same_whatever_their_length(monkeypatch: pytest.MonkeyPatch) -> None:
    field = made(layers=(50.0, 500.0))
    whole = field.hours(BEGIN, 30)
    assert whole[0, 1, 0, 0, 1] == pytest.approx(1)
    for size in (1, 200, 10**9):
        monkeypatch.setattr(module, "BLOCK", size)
        parts = list(field.blocks(BEGIN, 30))
        assert [first for first, _ in parts] == np.cumsum([0, *(len(b) for _, b in parts)])[:-1].tolist()
        assert np.array_equal(np.concatenate([block for _, block in parts]), whole)


def test_a_year_of_hours_holds_what_was_put_in() -> None:
    field = made()
    summed = sum(block.astype(float).sum(axis=0) for _, block in field.blocks(BEGIN, field.clock.size))
    assert summed.sum() == pytest.approx(8760 + 365 + 87.6, rel=1e-5)
