from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.inventory.account.account import account
from tongyuan.inventory.view.view import co2e, pollution_equivalent, total

Make = Callable[..., pl.DataFrame]


@pytest.fixture
def emission(activity: Make, control: Make, factors: pl.DataFrame) -> pl.DataFrame:
    rows = activity(("energy.power", "raw_coal", 1e6, "t"), ("industry.cement.clinker", "clinker", 1e6, "t"))
    return account(rows, control(("wet_fgd", 1.0)), factors).emission


def test_totals_count_direct_and_keep_species_apart(emission: pl.DataFrame) -> None:
    direct = emission.filter(pl.col("scope") == "direct")
    whole = total(emission, ["region"])
    assert whole.columns[:3] == ["region", "species", "unit"]
    assert whole.filter(pl.col("species") == "CO2")["value"][0] == pytest.approx(
        direct.filter(pl.col("species") == "CO2")["value"].sum()
    )
    assert total(emission, ["region"], scope=None)["value"].sum() > whole["value"].sum()


@pytest.mark.parametrize("by", [["process"], ["process", "origin"], ["year", "product"], ["control"]])
def test_parts_sum_to_the_whole(emission: pl.DataFrame, by: list[str]) -> None:
    parts = total(emission, by).group_by("species").agg(pl.col("value").sum()).sort("species")
    whole = total(emission, []).sort("species")
    assert parts["value"].to_list() == pytest.approx(whole["value"].to_list())


def test_co2e_by_set_and_horizon(
    record: Callable[..., dict[str, object]], activity: Make, factors: pl.DataFrame
) -> None:
    methane = pl.DataFrame(
        [record("ch4", "CH4_fossil", 1.0, "t/t", process="energy.coal_mining")], schema=factors.schema
    )
    emission = account(activity(("energy.coal_mining", "raw_coal", 10.0, "t")), None, methane).emission
    assert emission.is_empty()  # a record without product does not serve a fuel counted in tonnes
    named = methane.with_columns(product=pl.lit("coal"))
    emission = account(activity(("energy.coal_mining", "raw_coal", 10.0, "t")), None, named).emission
    assert co2e(emission, "AR6")["value"].to_list() == pytest.approx([298.0])
    assert co2e(emission, "AR5")["value"].to_list() == pytest.approx([280.0])
    row = co2e(emission, "AR6").row(0, named=True)
    assert (row["species"], row["gas"]) == ("CO2e", "CH4_fossil")


def test_pollution_equivalents_of_the_tax_law(emission: pl.DataFrame) -> None:
    found = pollution_equivalent(emission)
    so2 = emission.filter(pl.col("species") == "SO2")["value"].sum()
    row = found.filter(pl.col("substance") == "SO2")
    assert row["value"].sum() == pytest.approx(so2 * 1000 / 0.95)
    assert set(row["species"]) == {"APeq"}
    assert "CO2" not in found["substance"].to_list()
