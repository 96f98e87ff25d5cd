"""Tables of air, health and climate as a run makes them: Shandong, and a plan of one year."""

import polars as pl

from tongyuan.impact.health.tables import burden_table
from tongyuan.impact.station.tables import index_table, statistic_row
from tongyuan.ledger.table import empty, from_rows

SHANDONG = [
    (2014, "PM2.5", "mean", 82.0, "year"),
    (2021, "PM2.5", "mean", 39.0, "year"),
    (2021, "SO2", "mean", 11.0, "year"),
    (2021, "NO2", "mean", 29.0, "year"),
    (2021, "PM10", "mean", 72.0, "year"),
    (2021, "CO", "p95", 1.2, "day"),
    (2021, "O3", "p90", 166.0, "max_8h"),
]


def air(deaths: pl.DataFrame | None = None) -> dict[str, pl.DataFrame]:
    """Return what the step on air makes of Shandong's published concentrations."""
    rows = [statistic_row("370000", "region", y, p, s, v, of) for y, p, s, v, of in SHANDONG]
    made = from_rows("air_statistic", rows)
    fine = pl.DataFrame({"region": ["370000"] * 2, "year": [2014, 2021], "value": [82.0, 39.0]})
    index = index_table(made, empty("aqi_day"))
    return {"air_statistic": made, "air_index": index, "burden": burden_table(fine, deaths)}


def benefit(**more: object) -> dict[str, pl.DataFrame]:
    """Return what the step on benefit makes of a plan that cuts a tenth of the particles."""
    plan: dict[str, object] = {"scenario": "plan", "year": 2035, "reach": "within_reach"}
    fine = plan | {"metric": "PM2.5", "ratio": 0.9, "missing": ["OC"], "before": 39.0, "after": 35.1}
    fine |= {"share": 0.03, "share_lower": 0.02, "share_upper": 0.04}
    ozone = plan | {"metric": "M6M", "ratio": 0.97, "missing": []}
    warm: list[dict[str, object]] = [
        {"scenario": "plan", "year": 2035, "species": gas, "value": value}
        for gas, value in (("CO2", -5e-4), ("CH4", -1e-4))
    ]
    return {
        "plan_air": from_rows("plan_air", [fine | more, ozone]),
        "temperature": from_rows("temperature", warm),
    }


def receptor(**more: object) -> dict[str, pl.DataFrame]:
    """Return what a response of the user's own adds: sources of a city's air, and the plan there."""
    head = {"receptor": "city", "year": 2021, "unit": "µg/m3", "region": "370000"}
    parts = [
        ("energy", "SO2", 4.0, 500.0),
        ("transport", "NOx", 6.0, 2000.0),
        ("agriculture", "NH3", -1.0, 10.0),
    ]
    rows: list[dict[str, object]] = [
        head | {"sector": s, "species": n, "value": v, "share": v / 39, "emission": e, "potency": 1e3 * v / e}
        for s, n, v, e in parts
    ]
    rows.append({"receptor": "city", "year": 2021, "unit": "µg/m3", "value": 30.0, "share": 30 / 39})
    plan: dict[str, object] = {
        "scenario": "plan", "receptor": "city", "region": "山东省", "metric": "PM2.5", "before": 39.0,
        "after": 35.0, "unit": "µg/m3", "reach": "inside", "deaths": 14_310.0, "deaths_lower": 10_800.0,
        "deaths_upper": 17_900.0, "cost": 8e7, "cost_per_unit": 2e7, "currency": "CNY",
    }  # fmt: skip
    years = [plan | {"year": 2030, "cost": 0.0, "cost_per_unit": None}, plan | {"year": 2035} | more]
    return {
        "contribution": from_rows("contribution", rows), "plan_receptor": from_rows("plan_receptor", years)
    }  # fmt: skip
