"""The chapter on carbon of enterprises."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.table import empty
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import TableBlock
from tongyuan.report.facility.chapter.carbon import section


def emission() -> pl.DataFrame:
    base = {"facility": "E1", "installation": "U1", "species": "CO2", "scope": "direct", "counted": True}
    rows = [
        {**base, "month": f"2025-{m:02d}", "value": 1000.0, "unit": "t", "method": "balance"}
        for m in range(1, 12)
    ]
    return pl.DataFrame(
        [{**dict.fromkeys(empty("facility_emission").columns), **row} for row in rows],
        schema=empty("facility_emission").schema,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_year_is_summed_and_what_an_area_holds_is_shown(language: Language) -> None:
    overlap = {"region": "370000", "year": 2025, "process": "energy.power", "product": "raw_coal",
               "facilities": 60.0, "area": 100.0, "left": 40.0, "difference": 40.0, "unit": "t"}  # fmt: skip
    schema = empty("facility_overlap").schema
    both = pl.DataFrame([{**dict.fromkeys(schema), **overlap}], schema=schema)
    made = section({"facility_emission": emission(), "facility_overlap": both}, language)
    assert made is not None
    tables = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert tables[0].rows[0][-1].replace(",", "") == "11000"
    assert tables[0].rows[0][3] == "11"
    assert len(tables) == 2


def test_no_enterprise_no_chapter() -> None:
    assert section({}, "zh") is None
    assert section({"facility_emission": emission().clear()}, "zh") is None
