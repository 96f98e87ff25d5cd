"""What is said of an emission in parts of regions is what is said of it whole."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.account import said as module
from tongyuan.flows.account.said import by_regions, said
from tongyuan.ledger.branch import AccountSettings
from tongyuan.ledger.coding import coded, plain
from tongyuan.ledger.table import conform, empty


def emission(regions: int) -> pl.DataFrame:
    """Return coal and steel of some regions in two years; the first year has steel in half of them only."""
    rows = [
        (f"区{r}", year, process, species, (r + 1.0) * (year - 2018) * scale, f"{r}{year}{process}")
        for r in range(regions)
        for year in (2019, 2020)
        for process, scale in (("energy.power", 3.0), ("industry.steel", 1.0))
        for species in ("CO2", "CH4_fossil", "SO2")
        if r % 2 or year == 2020 or process == "energy.power"
    ]
    frame = pl.DataFrame(
        rows, schema=["region", "year", "process", "species", "value", "activity_id"], orient="row"
    ).with_columns(
        pl.concat_list("activity_id"),
        product=pl.lit("coal"),
        technology=pl.lit(""),
        origin=pl.lit("process"),
        scope=pl.lit("direct"),
        medium=pl.when(pl.col("species") == "SO2").then(pl.lit("air")).otherwise(pl.lit("ghg")),
        unit=pl.lit("t"),
        lower=pl.col("value") * 0.9,
        upper=pl.col("value") * 1.2,
        factor_id=pl.concat_list(pl.format("r-{}", "species")),
    )
    return coded("emission", conform("emission", frame))


def records() -> pl.DataFrame:
    frame = pl.DataFrame(
        {"record_id": ["r-CO2", "r-CH4_fossil", "r-SO2"], "species": ["CO2", "CH4_fossil", "SO2"]}
        | {"value": [1.0] * 3, "lower": [0.9] * 3, "upper": [1.2] * 3, "row_count": [1] * 3}
    )
    blank = empty("factor_used")
    return frame.with_columns(
        pl.lit(None).cast(dtype).alias(name)
        for name, dtype in blank.schema.items()
        if name not in frame.columns
    ).select(blank.columns)


def activity(rows: pl.DataFrame) -> pl.DataFrame:
    every = plain(rows.select("region", pl.col("activity_id").list.first())).unique()
    return every.with_columns(uncertainty=pl.lit(5.0))


@pytest.mark.parametrize("apart", [False, True])
def test_parts_are_the_rows_of_their_regions_wherever_these_stand(apart: bool) -> None:
    whole = emission(7)
    if apart:
        whole = whole.sort("species", maintain_order=True)
    parts = list(by_regions(whole, 25))
    assert len(parts) == 4
    for part in parts:
        names = part["region"].unique()
        assert part.equals(whole.filter(pl.col("region").is_in(names.implode())))
    assert sum(part.height for part in parts) == whole.height


PUBLISHED = pl.DataFrame({"region": ["区1"], "year": [2020], "species": ["CO2e"]})


def test_parts_say_what_the_whole_says(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, settings = emission(7), AccountSettings(draws=0)
    whole = said(rows, records(), activity(rows), PUBLISHED, settings, "approach_1")
    monkeypatch.setattr(module, "ROWS", 20)
    parts = said(rows, records(), activity(rows), PUBLISHED, settings, "approach_1")
    for name in ("summary", "uncertainty", "key_category", "compared"):
        one, other = getattr(whole, name), getattr(parts, name)
        assert plain(one).equals(plain(other)), name
    assert whole.sources.sort(pl.all()).equals(parts.sources.sort(pl.all()))
    assert parts.compared.height == 4
    assert parts.key_category["trend"].drop_nulls().len() > 0


def test_the_base_year_is_that_of_all_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region without the first year has no trend, in a part of its own as in the whole."""
    rows = emission(4).filter((pl.col("region") != "区3") | (pl.col("year") == 2020))
    monkeypatch.setattr(module, "ROWS", 12)
    parts = said(rows, records(), activity(rows), PUBLISHED, AccountSettings(draws=0), "approach_1")
    assert plain(parts.key_category).filter(pl.col("region") == "区3")["trend"].null_count() > 0


def test_a_region_is_never_parted_and_nothing_is_lost() -> None:
    rows = emission(7)
    parts = list(by_regions(rows, 25))
    assert len(parts) > 1
    assert sum(part.height for part in parts) == rows.height
    names = [set(plain(part)["region"]) for part in parts]
    assert sum(map(len, names)) == 7
    assert next(iter(by_regions(rows))).equals(rows)


def test_draws_of_all_parts_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    from tongyuan.inventory.uncertainty import uncertainty

    rows = emission(6)
    monkeypatch.setattr(module, "ROWS", 20)
    groups = said(rows, records(), activity(rows), PUBLISHED, AccountSettings(draws=0), "approach_1")
    totals = groups.uncertainty.filter(pl.col("method") == "first_order").height
    for most, drawn in ((totals * 100, totals), (totals * 100 - 1, 0)):
        monkeypatch.setattr(uncertainty, "DRAWN_MAX", most)
        found = said(rows, records(), activity(rows), PUBLISHED, AccountSettings(draws=100), "approach_1")
        assert found.uncertainty.filter(pl.col("method") == "monte_carlo").height == drawn
