import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.coverage import coverage


def test_what_can_change_what_stands_and_what_is_outside() -> None:
    flows = pl.DataFrame(
        {
            "technology": ["coal", "wind", "kiln", "paint", "mine", "coal"],
            "flow": ["power", "power", "clinker", "paint", "fuel", "fuel"],
            "role": ["output"] * 5 + ["input"],
        }
    )
    devices = pl.DataFrame({"technology": ["kiln", "paint"], "control": ["scr", "filter"]})
    removal = pl.DataFrame(
        {"control": ["scr", "filter"], "technology": [None, "paint"], "species": ["NOx", "PM2.5"],
         "efficiency": [0.8, 0.9]}
    )  # fmt: skip
    base = pl.DataFrame(
        {
            "technology": ["coal", "kiln", "paint", "mine"],
            "species": ["NOx"] * 4,
            "value": [50.0, 20.0, 10.0, 5.0],
        }
    )
    emission = pl.DataFrame(
        {"region": "x", "year": 2021, "process": "p", "species": "NOx", "value": [85.0, 15.0, 9.0],
         "unit": "t", "scope": ["direct", "direct", "avoided"]}
    )  # fmt: skip
    row = coverage(
        {"technology_flow": flows, "control_option": devices, "control_removal": removal},
        base, conform("emission", emission),
    ).row(0, named=True)  # fmt: skip
    assert row["value"] == pytest.approx(100.0)
    assert row["changeable"] == pytest.approx(
        0.75
    )  # the mine follows the power it feeds; the filter leaves NOx
    assert row["constant"] == pytest.approx(0.10)
    assert row["outside"] == pytest.approx(0.15)
