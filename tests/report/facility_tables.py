"""A works of one outlet, typed."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import polars as pl

from tongyuan.flows.ask.facility_evidence import everything, simulated
from tongyuan.ledger.table import table

Tables = dict[str, pl.DataFrame]


def rows(name: str, *given: dict[str, Any]) -> pl.DataFrame:
    schema = table(name).dtypes
    return pl.DataFrame([{**dict.fromkeys(schema), **r} for r in given], schema=schema)


def works() -> Tables:
    """Return the tables of a works whose June stands above its permit."""
    place = {"facility": "F", "outlet": "DA001", "species": "SO2"}
    months = [f"2025-{m:02d}" for m in range(1, 7)]
    return {
        "enterprise": rows("enterprise", {"facility": "F", "name": "示例热电"}),
        "duty": rows(
            "duty",
            {
                "facility": "F",
                "duty": "tax_return",
                "period": "2025Q1",
                "due_day": date(2025, 4, 15),
                "title_zh": "环境保护税申报",
                "title_en": "Environmental tax return",
                "state": "late",
            },
        ),
        "outlet_month": rows(
            "outlet_month",
            *(
                {
                    **place,
                    "month": m,
                    "hours_run": 700.0,
                    "hours_valid": 690.0,
                    "hours_substituted": 10.0,
                    "hours_over": 2.0,
                    "mean": 20.0,
                    "limit": 35.0,
                    "mass_measured": 10.0,
                    "mass": 11.0,
                    "capture": 0.98,
                }
                for m in months
            ),
        ),
        "substitution": rows(
            "substitution",
            {
                "facility": "F",
                "outlet": "DA001",
                "hour": datetime(2025, 1, 1),
                "parameter": "a21026",
                "after": 9.0,
                "rule": "short",
            },
        ),
        "permit_account": rows(
            "permit_account",
            *(
                {
                    **place,
                    "year": 2025,
                    "month": m,
                    "emission": 11.0,
                    "cumulative": 11.0 * (k + 1),
                    "limit": 60.0,
                    "share": 11.0 * (k + 1) / 60,
                    "hours_over": 2.0,
                    "hours_exempt": 1.0,
                    **(
                        {
                            "forecast": 132.0,
                            "forecast_low": 130.0,
                            "forecast_high": 134.0,
                            "probability": 0.9999,
                        }
                        if k == 5
                        else {}
                    ),
                }
                for k, m in enumerate(months)
            ),
        ),
        "facility_emission": rows(
            "facility_emission",
            {
                "facility": "F",
                "month": "2025-01",
                "installation": "U1",
                "species": "CO2",
                "value": 1000.0,
                "unit": "t",
                "scope": "direct",
                "method": "measured_carbon",
                "counted": True,
            },
        ),
        "diagnosis": rows(
            "diagnosis",
            {"facility": "F", "year": 2025, "aspect": "audit_due", "place": "", "indicator": "over_limit"},
            {
                "facility": "F",
                "year": 2025,
                "aspect": "limit_of_concentration",
                "place": "DA001",
                "indicator": "SO2",
                "value": 20.0,
                "unit": "mg/m3",
                "reference": 35.0,
                "distance": 20 / 35 - 1,
            },
            {
                "facility": "F",
                "year": 2025,
                "aspect": "energy_limit",
                "place": "",
                "indicator": "水泥",
                "value": 90.0,
                "unit": "kgce/t",
                "reference": 80.0,
                "distance": 0.125,
                "level": "3",
            },
        ),
        "tax_return": rows(
            "tax_return",
            {
                "facility": "F",
                "quarter": "2025Q1",
                "number": 1,
                "month": "2025-01",
                "outlet": "DA001",
                "item": "air.SO2",
                "title_zh": "二氧化硫",
                "title_en": "Sulphur dioxide",
                "equivalent": 1052.63,
                "rate": 6.0,
                "tax": 4736.84,
                "relief": 1578.95,
                "due_day": date(2025, 4, 15),
            },
            {
                "facility": "F",
                "quarter": "2025Q2",
                "number": 1,
                "month": "2025-04",
                "outlet": "DA001",
                "item": "air.SO2",
                "title_zh": "二氧化硫",
                "title_en": "Sulphur dioxide",
                "equivalent": 10.0,
            },
        ),
        "allowance_account": rows(
            "allowance_account",
            {
                "facility": "F",
                "year": 2026,
                "installation": "1号",
                "line": "class",
                "title_zh": "机组类别",
                "title_en": "class",
                "unit": "",
                "rule": "ets_plan_2025_draft",
                "status": "draft",
                "note": "up_to_300",
            },
            {
                "facility": "F",
                "year": 2026,
                "installation": "",
                "line": "short",
                "title_zh": "缺口",
                "title_en": "shortfall",
                "value": 1234.0,
                "unit": "t",
            },
        ),
    }


@cache
def checked() -> Tables:
    """Return what checks and evidence say of a few simulated works, one of them with a wrong stock."""
    made = simulated(10, seed=1)
    stock = made["fuel_stock"].with_columns(closing=pl.col("closing") + 9e5)
    return dict(everything(made | {"fuel_stock": stock}).tables)
