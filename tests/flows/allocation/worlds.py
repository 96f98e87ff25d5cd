"""A made-up inventory and what is given for it, small enough to work by hand."""

from datetime import date, timedelta

import polars as pl
from tests.flows.impact.test_air import Brought

from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import empty, from_rows

WHO = "made up"


def emissions(*rows: tuple[str, str, str, float], year: int = 2021, **more: str) -> pl.DataFrame:
    """Return direct emissions to air [t] of region, process and species."""
    keys = ("region", "process", "species", "value")
    lines = [dict(zip(keys, row, strict=True)) for row in rows]
    stamp = {"year": year, "unit": "t", "medium": "air", "scope": "direct", "origin": "combustion"} | more
    return from_rows("emission", [line | stamp for line in lines])


SMALL = emissions(
    ("370000", "energy.power", "SO2", 100.0),
    ("370000", "energy.power", "NOx", 40.0),
    ("370000", "transport.road", "NOx", 80.0),
    ("370100", "industry.cement.clinker", "SO2", 8.0),
)

TABLES: dict[str, list[dict[str, object]]] = {
    "model_grid": [
        {"grid": "g", "projection": "longlat", "x_origin": 117, "y_origin": 36, "x_step": 0.5, "y_step": 0.5,
         "columns": 2, "rows": 2},
    ],
    "proxy": [
        {"proxy": "plants", "region": "370000", "longitude": 117.25, "latitude": 36.25, "weight": 3.0},
        {"proxy": "plants", "region": "370000", "longitude": 117.75, "latitude": 36.75, "weight": 1.0},
        {"proxy": "road", "geometry": "LINESTRING (117.25 36, 118.25 36)"},
        {"proxy": "works", "region": "370100", "geometry": "POINT (117.75 36.25)"},
    ],
    "allocation_rule": [
        {"process": "energy.power", "proxy": "plants", "source": WHO},
        {"process": "transport", "proxy": "road", "source": WHO},
        {"proxy": "works", "source": WHO},
    ],
}  # fmt: skip


def world(settings: dict[str, object] | None = None, **tables: object) -> Brought:
    """Return the small world with other settings of ``[allocation]`` and other rows of its tables."""
    given = {name: from_rows(name, rows) for name, rows in ({**TABLES, **tables}).items()}  # type: ignore[arg-type]
    chosen = {"name": "X", "kind": "province", "region": "山东省"}
    account = {"include_unverified": settings.pop("include_unverified")} if settings and (
        "include_unverified" in settings) else {}  # fmt: skip
    return Brought(
        given, Settings.model_validate({**chosen, "account": account, "allocation": settings or {}})
    )


def profile(name: str, **sets: list[float]) -> list[dict[str, object]]:
    """Return rows of a profile in time."""
    first = {"month": 1, "weekday": 1}
    return [
        {"profile": name, "kind": kind, "index": first.get(kind, 0) + n, "factor": v, "source": WHO}
        for kind, values in sets.items()
        for n, v in enumerate(values)
    ]


def temperatures(cold: int, region: str = "370000") -> list[dict[str, object]]:
    """Return a year of 20 °C but for its first `cold` days at 0."""
    days = [date(2021, 1, 1) + timedelta(days=n) for n in range(365)]
    return [{"region": region, "date": d, "value": 0.0 if n < cold else 20.0, "source": WHO}
            for n, d in enumerate(days)]  # fmt: skip


NONE = empty("emission")
