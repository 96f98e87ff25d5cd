from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.results import by_region, diff, explain, results
from tongyuan.ledger.finding import FindingError

HEAD = (
    "region", "year", "process", "product", "technology", "origin", "scope", "species", "unit", "value",
    "uncontrolled", "method", "basis",
)  # fmt: skip


def emission(values: dict[str, float]) -> pl.DataFrame:
    rows = [
        ("370000", 2021, "energy.power", "raw_coal", "", "energy", "direct", s, "t", v, v, "ipcc", "before")
        for s, v in values.items()
    ]
    return pl.DataFrame(rows, schema=HEAD, orient="row")


def test_main_species_come_first_and_rounding_is_left_out() -> None:
    before = {"Hg": 1.0, "PCB": 1e-6, "CO2": 1e9, "SO2": 100.0, "NOx": 50.0}
    after = {"Hg": 1.0 + 1e-12, "PCB": 3e-6, "CO2": 1.01e9, "SO2": 100.0 * (1 + 1e-13), "NOx": 60.0}
    found = diff({"emission": emission(before)}, {"emission": emission(after)})["diff"]
    assert found["species"].to_list() == ["CO2", "NOx", "PCB"]
    assert found["change"].to_list() == pytest.approx([1e7, 10.0, 2e-6])


@pytest.mark.parametrize(
    ("species", "left"), [("二氧化碳", ["CO2"]), ("CO2", ["CO2"]), (None, ["CO2", "SO2"])]
)
def test_a_species_is_named_by_any_of_its_names(species: str | None, left: list[str]) -> None:
    old, new = emission({"SO2": 1.0, "CO2": 2.0}), emission({"SO2": 2.0, "CO2": 1.0})
    found = diff({"emission": old}, {"emission": new}, species)["diff"]
    assert found["species"].to_list() == left


def test_a_change_of_one_species_and_its_disappearance_are_kept() -> None:
    found = diff({"emission": emission({"SO2": 5.0})}, {"emission": emission({"NOx": 2.0})})["diff"]
    assert dict(found.select("species", "change").iter_rows()) == {"SO2": -5.0, "NOx": 2.0}


def test_what_cannot_be_asked_is_said(tmp_path) -> None:
    with pytest.raises(FindingError) as caught:
        results(tmp_path)
    assert [f.check for f in caught.value.findings] == ["no_results"]
    with pytest.raises(FindingError) as caught:
        explain({"emission": emission({"SO2": 1.0})}, "unobtainium")
    assert [f.check for f in caught.value.findings] == ["unknown_species"]


def test_a_total_and_its_change_count_the_same_scope() -> None:
    """1 t direct and 2 t indirect become 3 t and 7 t: 2 of direct, 5 of indirect, 7 of every scope."""

    def held(direct: float, indirect: float) -> dict[str, pl.DataFrame]:
        rows = [emission({"CO2": direct}), emission({"CO2": indirect}).with_columns(scope=pl.lit("indirect"))]
        return {"emission": pl.concat(rows)}

    before, after = held(1.0, 2.0), held(3.0, 7.0)
    for scope, change in (("direct", 2.0), ("indirect", 5.0), ("avoided", 0.0), ("all", 7.0)):
        told = [explain(tables, "CO2", scope=scope)["explain"]["value"].sum() for tables in (before, after)]
        moved = diff(before, after, scope=scope)["diff"]["change"].sum()
        assert (told[1] - told[0], moved) == (change, change), scope
    for ask in (lambda: explain(before, "CO2", scope="both"), lambda: diff(before, after, scope="both")):
        with pytest.raises(FindingError) as found:
            ask()
        assert [f.check for f in found.value.findings] == ["unknown_scope"]


def test_regions_are_sums_over_sectors_and_years_stand_apart() -> None:
    summary = pl.DataFrame(
        {
            "region": ["370100", "370100", "370200", "370100", "370100"],
            "year": [2021, 2021, 2021, 2022, 2021],
            "sector": ["power", "industry", "power", "power", "power"],
            "species": ["CO2", "CO2", "CO2", "CO2", "SO2"],
            "value": [1.5, 2.25, 4.0, 8.0, 16.0],
            "unit": ["t"] * 5,
        }
    )
    every = by_region(summary, "CO2")
    assert every.select("region", "year", "value").rows() == [
        ("370100", 2021, 3.75), ("370200", 2021, 4.0), ("370100", 2022, 8.0),
    ]  # fmt: skip
    assert by_region(summary, "CO2", 2022)["value"].to_list() == [8.0]
    assert by_region(summary, "NOx").is_empty()
