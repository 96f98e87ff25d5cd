from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.reference import grid, region
from tongyuan.reference.shelf import read_text_csv, shelf


@pytest.mark.parametrize(
    ("area", "year", "variant", "value"),
    [
        ("100000", 2021, "average", 0.5568), ("100000", 2022, "average", 0.5366),
        ("100000", 2023, "average", 0.5306),
        ("370000", 2021, "average", 0.6838), ("530000", 2022, "average", 0.1073),
        ("grid_southwest", 2023, "average", 0.2472),
        ("100000", 2021, "excluding_traded", 0.5942), ("100000", 2023, "fossil", 0.8273),
        ("100000", 2015, "ets", 0.6101), ("100000", 2020, "ets", 0.6101), ("100000", 2021, "ets", 0.5810),
        ("100000", 2022, "ets", 0.5703), ("grid_north", 2012, "average", 0.8843),
        ("grid_northeast", 2019, "operating_margin", 1.0826), ("100000", 2024, "footprint", 0.5777),
        ("100000", 2024, "footprint_transmission_with_loss", 0.0327),
    ],
)  # fmt: skip
def test_published_values(area: str, year: int, variant: str, value: float) -> None:
    found = grid.grid_factor(area, year, variant)
    assert found.value == value
    assert found.unit == "kg/kWh"
    assert found.source


def test_38_areas_in_three_years() -> None:
    assert len(grid.areas()) == 38
    for area in grid.areas():
        assert set(grid.years(area)) >= {"2021", "2022", "2023"}


@pytest.mark.parametrize(
    ("area", "year", "variant"),
    [
        ("370000", 2014, "average"),
        ("100000", 2023, "ets"),
        ("370000", 2021, "fossil"),
        ("100000", 2024, "average"),
    ],
)
def test_nothing_is_interpolated(area: str, year: int, variant: str) -> None:
    with pytest.raises(grid.MissingGridFactorError, match=r"no .* grid factor"):
        grid.grid_factor(area, year, variant)


def test_unknown_area_or_variant() -> None:
    with pytest.raises(KeyError, match="no grid area"):
        grid.grid_factor("540000", 2021)
    with pytest.raises(KeyError, match="no grid factor variant"):
        grid.grid_factor("100000", 2021, "green")
    assert set(shelf("grid")["variant"]) == set(grid.variants())


def test_against_the_typed_table(shared_facts: Path) -> None:
    names = {r.short_zh: r.grid_area for r in region.catalogue().values() if r.level == "province"}
    grids = dict(zip(shelf("grid_area")["title_zh"], shelf("grid_area")["area"], strict=True))
    for row in read_text_csv(shared_facts / "tables" / "cn_grid_ef_2021_2023.csv").to_dicts():
        area = names.get(row["area"]) or grids.get(row["area"]) or grids[row["area"] + "电网"]
        assert grid.grid_factor(area, 2023).value == float(row["ef2023_kgCO2_per_kWh"])
        assert grid.grid_factor(area, 2022).value == float(row["ef2022"])
        assert grid.grid_factor(area, 2021).value == float(row["ef2021"])


def test_table_is_numeric() -> None:
    assert grid.table()["value"].is_between(0, 1.2).all()
