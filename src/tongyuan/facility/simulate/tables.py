"""A simulated year as tables of the ledger, all marked 示例: what the enterprise would have filed and
transmitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from tongyuan.facility.simulate.meter import Year, metered
from tongyuan.facility.simulate.plant import Plant
from tongyuan.facility.simulate.stack import NOTE, PARAMETERS, REFERENCE, manual_tests, readings
from tongyuan.ledger.table import table

SPAN = {
    "so2": 100.0,
    "nox": 150.0,
    "pm": 30.0,
    "o2": 25.0,
    "volume": 1e6,
    "co2_share": 5e5,
    "temperature": 300.0,
    "humidity": 40.0,
    "pressure": 5000.0,
    "velocity": 40.0,
}
UNITS = {
    "o2": "%",
    "volume": "m3/h",
    "temperature": "degC",
    "humidity": "%",
    "pressure": "Pa",
    "velocity": "m/s",
}
"""Units of the monitors that are not mg/m3."""
LIMITS = {"SO2": 35.0, "NOx": 50.0, "TSP": 10.0}
YEARLY_VOLUME, HEAT_VOLUME, YEARLY_HOURS = 4000.0, 400.0, 4000.0
"""Gas per MWh and per GJ of heat [m3] and hours of a year of the yearly limits of an example; made up."""


def tables_of_year(
    year: Year, facility: str, *, region: str = "370000", name: str = "示例热电", hours: bool = True
) -> dict[str, pl.DataFrame]:
    """Return the tables of one simulated plant.

    Parameters
    ----------
    year
        What its meters said.
    facility, region, name
        Who it is to be; the name says that it is an example.
    hours
        Whether to write the hourly readings; without them the stack is tested once a month.
    """
    first = year.hour["hour"][0].year
    year = _booked(year)
    months = [
        (f"{first}-{m:02d}", row) for m, row in zip(year.month["month"], year.month.to_dicts(), strict=True)
    ]
    rows = _fixed(year, facility, region, name)
    for month, m in months:
        for key, more in _month(year, facility, month, m).items():
            rows.setdefault(key, []).extend(more)
    made = {key: _frame(key, value) for key, value in rows.items()}
    if hours:
        made["reading"] = readings(year.hour, facility)
    else:
        made["manual_test"] = manual_tests(year.hour, facility)
    return made


def province(count: int = 300, *, seed: int = 0, year: int = 2025) -> dict[str, pl.DataFrame]:
    """Return the monthly tables of many simulated plants of different size, coal and devices, without
    hours."""
    rng = np.random.default_rng(seed)
    parts: list[dict[str, pl.DataFrame]] = []
    for k in range(count):
        capacity = float(rng.choice([6, 12, 25, 50, 135, 300]))
        plant = Plant(
            capacity=capacity,
            heat=capacity * float(rng.uniform(2, 7)),
            load=float(rng.uniform(0.6, 0.8)),
            boiler_efficiency=float(rng.uniform(0.86, 0.92)),
            turbine=float(rng.uniform(2.2, 2.6)),
            ash=float(rng.uniform(0.14, 0.28)),
            moisture=float(rng.uniform(0.07, 0.14)),
            sulphur=float(rng.uniform(0.005, 0.015)),
            set_so2=float(rng.uniform(12, 24)),
            set_nox=float(rng.uniform(28, 40)),
            area=capacity / 5 + 1,
        )
        made = metered(plant, seed=seed * 100_003 + k, year=year)
        parts.append(tables_of_year(made, f"SIM{k:04d}", name=f"示例企业{k + 1}", hours=False))
    names = list(dict.fromkeys(name for part in parts for name in part))
    joined = {name: pl.concat([part[name] for part in parts if name in part]) for name in names}
    return joined | {"laboratory": joined["laboratory"].unique(maintain_order=True)}


def _booked(year: Year) -> Year:
    """Return the year with a stock book: a survey below the book is booked as a loss, one above is left."""
    m = year.month.rename({"closing": "surveyed"})
    stock, opening, closing, loss = float(m["opening"][0]), [], [], []
    for received, coal, surveyed in m.select("received", pl.col("coal").round(2), "surveyed").iter_rows():
        opening.append(stock)
        book = stock + received - coal
        loss.append(max(book - surveyed, 0.0))
        stock = book - loss[-1]
        closing.append(stock)
    book_of = {"opening": opening, "closing": closing, "loss": loss}
    return replace(year, month=m.with_columns(pl.Series(k, v) for k, v in book_of.items()))


def _frame(name: str, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table(name).dtypes)


def _fixed(year: Year, facility: str, region: str, name: str) -> dict[str, list[dict[str, object]]]:
    """Return who the plant is: unit, outlet, devices, meters, monitors, limits, plan."""
    p = year.plant
    who: dict[str, object] = {"facility": facility}
    begin = date(2015, 1, 1)
    unit = who | {
        "installation": "1",
        "kind": "power_unit",
        "process": "energy.power",
        "capacity": p.capacity,
        "capacity_unit": "MW",
        "rated": p.capacity,
        "begin": begin,
        "cooling": "water",
        "chp": True,
        "fuel_class": "conventional_coal",
        "note": NOTE,
    }
    outlet = who | {
        "outlet": "DA001",
        "medium": "air",
        "main": True,
        "height": 100.0,
        "area": p.area,
        "oxygen_reference": REFERENCE,
        "standard": "GB 13223",
        "note": NOTE,
    }
    devices = [
        who
        | {"device": d, "installation": "1", "outlet": "DA001", "control": c, "begin": begin, "note": NOTE}
        for d, c in (("FGD", "wet_fgd"), ("SCR", "scr"), ("ESP", "esp"))
    ]
    monitors = [
        who
        | {
            "outlet": "DA001",
            "monitor": f"CEMS-{code}",
            "parameter": code,
            "mn": f"TY{facility}",
            "model": NOTE,
            "span": SPAN[key],
            "unit": UNITS.get(key, "mg/m3"),
            "velocity_factor": 1.0,
            "accepted": begin,
            "begin": begin,
            "clock_offset": 0.0,
        }
        for key, code in PARAMETERS.items()
    ]
    limits = [
        who
        | {
            "outlet": "DA001",
            "species": s,
            "period": "hour",
            "value": v,
            "unit": "mg/m3",
            "oxygen_reference": REFERENCE,
            "date_from": begin,
            "standard": "GB 13223",
        }
        for s, v in LIMITS.items()
    ]
    yearly = YEARLY_VOLUME * p.capacity + HEAT_VOLUME * p.heat
    limits += [
        who
        | {
            "outlet": "DA001",
            "species": s,
            "period": "year",
            "value": round(v * yearly * YEARLY_HOURS * 1e-9, 1),
            "unit": "t",
            "date_from": begin,
            "method": "performance",
            "standard": NOTE,
        }
        for s, v in LIMITS.items()
    ]
    laboratory: dict[str, object] = {"laboratory": "LAB", "mark_number": NOTE, "scope": "元素碳"}
    laboratory["valid_to"] = date(2030, 1, 1)
    start = f"{year.hour['hour'][0].year}-01"
    return {
        "facility": [
            who
            | {
                "name": f"{name}（示例）",
                "kind": "power",
                "region": region,
                "industry": "4412",
                "permit_class": "simplified",
                "ets_sector": "power",
                "longitude": 117.0,
                "latitude": 36.6,
                "note": NOTE,
            }
        ],
        "installation": [unit],
        "outlet": [outlet],
        "device": devices,
        "monitor": monitors,
        "permit_limit": limits,
        "outlet_link": [who | {"installation": "1", "outlet": "DA001", "month_from": start, "share": 1.0}],
        "meter": [
            who
            | {
                "meter": m,
                "kind": k,
                "place": "x",
                "precision": 0.5,
                "required_precision": 0.5,
                "calibrated_on": date(int(start[:4]) - 1, 12, 1),
                "valid_to": date(int(start[:4]), 12, 31),
                "note": NOTE,
            }
            for m, k in (("M1", "belt_scale"), ("E1", "electricity_meter"))
        ],
        "monitoring_plan": [
            who
            | {
                "version": "1",
                "parameter": "fuel",
                "installation": "1",
                "valid_from": start,
                "method": "measured",
                "state": "fired",
                "meter": "M1",
                "frequency": "daily",
                "gap_method": "default",
                "department": NOTE,
            }
        ],
        "laboratory": [laboratory],
    }


def _month(
    year: Year, facility: str, month: str, m: Mapping[str, float]
) -> dict[str, list[dict[str, object]]]:
    """Return what is filed of one month: fuel, sample, stock, output, devices, waste."""
    first = date(int(month[:4]), int(month[5:]), 1)
    last = (first.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    on = year.hour.filter((pl.col("hour").dt.month() == first.month) & (pl.col("state") != "stopped"))
    hours = float(on.height)
    who: dict[str, object] = {"facility": facility, "month": month}
    wet, dry = 100 * m["moisture"], 2.6
    as_dried = (100 - dry) / (100 - wet)
    carbon, hydrogen = round(100 * m["carbon"] * as_dried, 2), round(100 * m["hydrogen"] * as_dried, 2)
    ash, sulphur = round(100 * m["ash"] * as_dried, 2), round(100 * m["sulphur"] * as_dried, 2)
    heat = float(round((1000 * m["ncv"] + 23 * wet) * as_dried - 23 * dry))
    coal = round(m["coal"], 2)
    ncv = ((heat + 23 * dry) / as_dried - 23 * wet) / 1000
    fuel = who | {
        "installation": "1",
        "product": "bituminous",
        "state": "fired",
        "value": coal,
        "unit": "t",
        "ncv": ncv,
        "ncv_basis": "ar",
        "ncv_source": "tested",
        "carbon": carbon / as_dried,
        "carbon_basis": "ar",
        "carbon_source": "tested",
        "moisture_ar": wet,
        "moisture_ad": dry,
        "sulphur": sulphur / as_dried,
        "ash": ash / as_dried,
        "oxidation": 99.0,
        "meter": "M1",
        "note": NOTE,
    }
    sample = {
        "facility": facility,
        "sample": f"S{month}",
        "installation": "1",
        "product": "bituminous",
        "state": "fired",
        "covers_from": first,
        "covers_to": last,
        "mass": coal,
        "kind": "month_composite",
        "sampled": last,
        "prepared": last + timedelta(1),
        "sent": last + timedelta(2),
        "sample_mass": 1000.0,
        "retained": True,
        "report": f"{facility}-{month}",
        "basis": "ad",
        "moisture_ar": wet,
        "moisture_ad": dry,
        "ash": ash,
        "carbon": carbon,
        "hydrogen": hydrogen,
        "sulphur": sulphur,
        "heat_net": heat,
        "note": NOTE,
    }
    report = {
        "facility": facility,
        "report": f"{facility}-{month}",
        "laboratory": "LAB",
        "received": last + timedelta(3),
        "tested": last + timedelta(7),
        "issued": last + timedelta(9),
        "mark": "cma",
        "evidence": f"{facility}-{month}.pdf",
    }
    power = round(m["power"], 3)
    run = who | {"hours": hours, "production_hours": hours, "note": NOTE}
    stock = who | {
        "product": "bituminous",
        "opening": m["opening"],
        "received": m["received"],
        "used": coal,
        "closing": m["closing"],
        "surveyed": m["surveyed"],
        "loss": m["loss"],
        "unit": "t",
    }
    output = who | {"installation": "1", "hours": hours, "note": NOTE}
    load = power / year.plant.capacity / max(hours, 1) * 100
    return {
        "fuel_use": [fuel],
        "fuel_sample": [sample],
        "laboratory_report": [report],
        "fuel_stock": [stock],
        "output": [
            output
            | {
                "product": "electricity",
                "value": power,
                "unit": "MWh",
                "net": power * 0.92,
                "load": load,
                "meter": "E1",
            },
            output | {"product": "heat", "value": round(m["heat"], 2), "unit": "GJ"},
        ],
        "device_run": [
            run
            | {
                "device": "FGD",
                "power": 12 * power,
                "reagent": "limestone",
                "reagent_use": m["limestone"],
                "by_product": "gypsum",
                "by_product_made": m["gypsum"],
            },
            run | {"device": "SCR", "power": 2 * power, "reagent": "ammonia", "reagent_use": m["ammonia"]},
            run | {"device": "ESP", "power": 3 * power},
        ],
        "waste_transfer": [
            who
            | {
                "waste": "灰渣",
                "tax_class": "other_solid",
                "generated": m["ash_out"],
                "used": m["ash_out"],
                "disposed": 0.0,
                "stored": 0.0,
                "sent": 0.0,
                "opening": 0.0,
                "closing": 0.0,
                "note": NOTE,
            }
        ],
    }
