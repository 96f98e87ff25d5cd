"""The three enterprises of the example world add up to what was published."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.simulate.example import CEMENT, CRUDE, FUEL, PROCESS, PRODUCT, STEEL, enterprises
from tongyuan.ledger.table import conform


@pytest.fixture(scope="module")
def world() -> dict[str, pl.DataFrame]:
    return enterprises(hours=False)


def test_the_steel_works_is_the_published_one(world: dict[str, pl.DataFrame]) -> None:
    lines = carbon(world).lines.filter("counted", pl.col("facility") == STEEL)
    assert float(lines["emission"].sum()) == pytest.approx(FUEL + PROCESS - PRODUCT, rel=1e-9)
    steel = world["output"].filter(facility=STEEL, product="crude_steel")["value"].sum()
    assert steel == pytest.approx(CRUDE)
    assert lines["month"].n_unique() == 12


def test_every_row_can_be_accounted_and_fits_its_table(world: dict[str, pl.DataFrame]) -> None:
    assert carbon(world).findings == ()
    for name, frame in world.items():
        assert conform(name, frame).height == frame.height


def test_the_clinker_line_stands_still_in_january(world: dict[str, pl.DataFrame]) -> None:
    months = world["output"].filter(facility=CEMENT)["month"].unique().sort().to_list()
    assert months[0] == "2025-02"
    assert len(months) == 11
