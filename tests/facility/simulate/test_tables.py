import polars as pl
import pytest

from tongyuan.facility.check.evaluate import evaluate
from tongyuan.facility.check.shelf import checks
from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.tables import province, tables_of_year
from tongyuan.ledger.table import table


@pytest.fixture(scope="module")
def plant() -> dict[str, pl.DataFrame]:
    return tables_of_year(metered(seed=3), "SIM")


def test_tables_have_the_form_of_the_ledger_and_say_that_they_are_examples(
    plant: dict[str, pl.DataFrame],
) -> None:
    for name, frame in plant.items():
        assert dict(frame.schema) == table(name).dtypes, name
        if "note" in frame.columns:
            assert (frame["note"] == "示例 simulated").all(), name
    assert "示例" in plant["facility"]["name"][0]
    assert plant["reading"].height == 87600


def test_stock_book_and_fuel_fit(plant: dict[str, pl.DataFrame]) -> None:
    stock = plant["fuel_stock"]
    left = stock["opening"] + stock["received"] - stock["used"] - stock["loss"] - stock["closing"]
    assert left.abs().max() == pytest.approx(0, abs=1e-6)
    assert stock["opening"][1:].to_list() == pytest.approx(stock["closing"][:-1].to_list())
    assert plant["fuel_use"]["value"].to_list() == stock["used"].to_list()


def test_an_honest_plant_breaks_few_rules(plant: dict[str, pl.DataFrame]) -> None:
    """What remains is what plants do: an hour over the limit, at a start too where the permit exempts none
    (PMT-06); a test at the edge of a formula; a survey that differs; an analyser that drifts (REC-05)."""
    found, counted = evaluate(plant, checks().values())
    assert set(found["code"]) <= {
        "PMT-04",
        "PMT-06",
        "LAB-17",
        "FUE-02",
        "HRS-08",
        "REC-05",
        "REC-09",
        "HRS-18",
    }
    drifted = found.filter(pl.col("code") == "REC-05")
    assert drifted["period"].min() >= "2025-07"
    assert counted["applied"].sum() > 500_000


def test_a_province_differs_from_plant_to_plant_and_repeats_by_its_seed() -> None:
    one = province(4, seed=5)
    assert one["facility"]["facility"].to_list() == ["SIM0000", "SIM0001", "SIM0002", "SIM0003"]
    assert one["installation"]["capacity"].n_unique() > 1
    assert "reading" not in one
    assert one["fuel_use"].equals(province(4, seed=5)["fuel_use"])
