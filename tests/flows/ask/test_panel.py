"""A panel goes through every measure with the options it was given."""

from __future__ import annotations

import polars as pl

from tongyuan.flows.ask.panel import panel
from tongyuan.synergy.change.compare import score_panel

TABLE = pl.DataFrame(
    {
        "region": ["A", "B"] * 3, "year": [2019, 2019, 2020, 2020, 2021, 2021],
        "gdp": [5.0, 4.0, 6.0, 4.5, 7.0, 5.0],
        "SO2": [10.0, 8.0, 9.0, 5.0, 8.5, 4.0], "CO2": [900.0, 700.0, 870.0, 720.0, 850.0, 600.0],
    }
)  # fmt: skip


def test_options_reach_the_measures() -> None:
    for base in ("previous", "first"):
        tables, findings = panel(TABLE, ["SO2"], driver="gdp", base=base, draws=50, seed=1, unit="万吨")
        known = score_panel(TABLE, pollutants=["SO2"], driver="gdp", base=base, draws=50, seed=1, unit="万吨")
        assert findings == known.findings
        assert {"lmdi", "decoupling", "co_control"} <= set(tables)
        for name, frame in tables.items():
            assert frame.equals(known.tables[name]), name
    assert tables["co_control"].filter(year=2021)["base_year"].unique().to_list() == [2019]
