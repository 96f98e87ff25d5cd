import numpy as np
import polars as pl
import pytest

from tongyuan.facility.evidence.collect import collect, ranked
from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.tables import province, tables_of_year
from tongyuan.ledger.table import table


@pytest.fixture(scope="module")
def plants() -> dict[str, pl.DataFrame]:
    return province(24, seed=2)


def test_honest_plants_raise_nothing_once_all_tests_are_counted(plants: dict[str, pl.DataFrame]) -> None:
    made = collect(plants)
    found = made["suspicion"]
    assert dict(found.schema) == table("suspicion").dtypes
    assert dict(made["reconciled"].schema) == table("reconciled").dtypes
    assert (found["q_value"] > 0.05).all()
    assert (found["tests"] == found.height).all()
    assert {"reconciliation", "carbon_line", "split_samples", "duplicate_rows", "calm", "peer"} <= set(
        found["kind"]
    )
    assert (found["p_value"] < 0.05).mean() < 0.09


def changed(
    plants: dict[str, pl.DataFrame], name: str, column: str, value: pl.Expr, **where: str
) -> dict[str, pl.DataFrame]:
    chosen = pl.all_horizontal(pl.col(k) == v for k, v in where.items())
    return plants | {
        name: plants[name].with_columns(pl.when(chosen).then(value).otherwise(pl.col(column)).alias(column))
    }


def test_coal_that_was_left_out_comes_first_and_is_named(plants: dict[str, pl.DataFrame]) -> None:
    less = changed(plants, "fuel_use", "value", pl.col("value") * 0.75, facility="SIM0007", month="2025-05")
    made = collect(less)
    first = made["suspicion"].row(0, named=True)
    assert (first["facility"], first["kind"], first["period"]) == ("SIM0007", "reconciliation", "2025-05")
    assert first["q_value"] < 0.001
    assert "入炉煤量" in first["text_zh"]
    assert "Coal fired" in first["text_en"]
    line = made["reconciled"].filter(
        (pl.col("facility") == "SIM0007") & (pl.col("month") == "2025-05") & (pl.col("measurement") == "coal")
    )
    assert line["suspect"].to_list() == [True]
    true = plants["fuel_use"].filter((pl.col("facility") == "SIM0007") & (pl.col("month") == "2025-05"))[
        "value"
    ][0]
    assert line["estimate"][0] > line["measured"][0]
    assert line["measured"][0] == pytest.approx(0.75 * true)


def test_a_sample_that_was_reported_twice(plants: dict[str, pl.DataFrame]) -> None:
    samples = plants["fuel_sample"]
    one = samples.filter((pl.col("facility") == "SIM0003") & (pl.col("sample") == "S2025-04")).row(
        0, named=True
    )
    twice = plants
    for column in ("carbon", "ash", "sulphur", "heat_net"):
        twice = changed(
            twice, "fuel_sample", column, pl.lit(one[column]), facility="SIM0003", sample="S2025-05"
        )
    found = collect(twice)["suspicion"].filter(pl.col("facility") == "SIM0003")
    assert found.filter(pl.col("kind") == "duplicate_rows")["p_value"][0] < 1e-6
    assert "4、5" in found.filter(pl.col("kind") == "duplicate_rows")["text_zh"][0]


def test_hours_are_looked_at_by_quarter_and_gas() -> None:
    tables = tables_of_year(metered(seed=6), "SIM")
    code, hour = pl.col("parameter") == "a21026", pl.col("hour").dt.month().is_in([7, 8])
    held = tables["reading"].with_columns(
        pl.when(code & hour & (pl.col("hour").dt.hour() < 20))
        .then(17.3)
        .otherwise(pl.col("value"))
        .alias("value")
    )
    found = collect(tables | {"reading": held})["suspicion"]
    flat = found.filter((pl.col("kind") == "flat_line") & (pl.col("subject") == "DA001 a21026"))
    rate = dict(zip(flat["period"], flat["p_value"], strict=True))
    assert rate["2025-Q3"] < 1e-6
    assert rate["2025-Q1"] > 1e-3


def test_nothing_to_look_at() -> None:
    made = collect({})
    assert made["suspicion"].is_empty()
    assert made["reconciled"].is_empty()
    assert ranked([]).columns == list(table("suspicion").dtypes)
    assert np.isfinite(0.0)
