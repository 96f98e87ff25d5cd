from __future__ import annotations

import polars as pl
import pytest

from tongyuan.facility.diagnosis.distance import intensities, to_limits

MONTHS = pl.DataFrame(
    {
        "facility": "F",
        "outlet": "A",
        "species": "SO2",
        "unit": "mg/m3",
        "mean": [10.0, 40.0, None],
        "hours_valid": [300.0, 100.0, 0.0],
        "hours_over": [0.0, 12.0, 0.0],
        "limit": 35.0,
    }
)


def test_distance_to_the_limit_by_valid_hours() -> None:
    row = to_limits(MONTHS).row(0, named=True)
    assert row["value"] == pytest.approx(17.5)
    assert row["distance"] == pytest.approx(-0.5)


def test_intensity_of_the_main_product() -> None:
    emission = pl.DataFrame({"facility": "F", "year": 2025, "species": ["CO2", "CO2"], "mass": [60.0, 40.0]})
    output = pl.DataFrame(
        {"facility": "F", "year": 2025, "product": ["a", "b"], "value": [10.0, 50.0], "unit": ["t", "t"]}
    )
    row = intensities(emission, output).row(0, named=True)
    assert (row["product"], row["value"], row["unit"]) == ("b", 2.0, "t/t")


def test_a_steel_works_is_measured_by_its_steel() -> None:
    emission = pl.DataFrame({"facility": ["f"], "year": [2025], "species": ["CO2"], "mass": [180.0]})
    output = pl.DataFrame(
        {"facility": ["f"] * 3, "year": [2025] * 3, "product": ["sinter", "pig_iron", "crude_steel"],
         "value": [130.0, 96.0, 100.0], "unit": ["t"] * 3}
    )  # fmt: skip
    for rows, product, value in ((output, "crude_steel", 1.8), (output.head(2), "pig_iron", 180.0 / 96.0)):
        (row,) = intensities(emission, rows).iter_rows(named=True)
        assert (row["product"], row["unit"]) == (product, "t/t")
        assert row["value"] == pytest.approx(value)
