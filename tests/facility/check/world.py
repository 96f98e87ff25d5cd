"""A small world in which every check has something to look at and nothing to say; figures are made up,
示例."""

from __future__ import annotations

import calendar
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tongyuan.facility.check.prepare import CODE, WEIGHT

sys.path.insert(0, str(Path(__file__).parent))

Row = dict[str, Any]
World = dict[str, list[Row]]
REGION = "370000"
MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]


def credit(stem: str) -> str:
    """Return a credit code with its check character."""
    total = sum(CODE.index(c) * w for c, w in zip(stem, WEIGHT, strict=True))
    return stem + CODE[(31 - total % 31) % 31]


P, S, C, A, W, F = (credit(f"91370100TY000000{k}") for k in "123456")
KINDS = {P: "power", S: "steel", C: "cement", A: "aluminium", W: "sewage", F: "fleet"}
SECTOR = {P: "power", S: "steel", C: "cement", A: "aluminium", W: "not_listed", F: "not_listed"}


def days(month: str) -> int:
    return calendar.monthrange(int(month[:4]), int(month[5:]))[1]


def day(month: str, number: int) -> date:
    return date(int(month[:4]), int(month[5:]), number)


def wave(k: int) -> float:
    """Return a factor near one that differs from month to month."""
    return 1 + 0.004 * k + 0.013 * ((k * 7) % 5)


# name, product, tonnes or 10^4 m3, heating value, carbon as received, sulphur, ash, moisture, volatile (ad)
COALS: dict[str, tuple[str, float, float, float, float, float, float, float]] = {
    "U1": ("bituminous", 63000, 21.0, 55.2, 0.8, 22.0, 9.0, 26.0),
    "U2": ("bituminous", 14600, 21.0, 55.2, 0.8, 22.0, 9.0, 26.0),
}


def air_dry(value: float, wet: float, dry: float) -> float:
    return value * (100 - dry) / (100 - wet)


def coal_rows(
    world: World, unit: str, month: str, product: str, t: float, q: float, state: str = "fired"
) -> None:
    """Add a coal that was fired with its sample, laboratory report, days and CO2."""
    kind = {
        "bituminous": (59.5 + 0.3 * int(unit[1]), 3.5, 22.0),
        "anthracite": (74.0, 2.6, 7.0),
        "lignite": (44.0, 3.2, 33.0),
    }
    carbon, hydrogen, volatile = kind.get(product, (24.0, 1.9, 14.0))
    k = MONTHS.index(month)
    dry, wet, ash, sulphur = (
        3.0,
        {"lignite": 30.0}.get(product, 9.0),
        {"gangue": 63.0, "lignite": 17.0}.get(product, 18.0),
        0.8,
    )
    if product == "lignite":
        dry = 12.0
    if product == "anthracite":
        ash = 16.0
    carbon, hydrogen = round(carbon + 0.11 * k, 2), round(hydrogen + 0.01 * k, 2)
    rest = 99 - carbon - hydrogen - sulphur - ash - dry
    heat = round(339 * carbon + 1030 * hydrogen - 109 * (rest - sulphur) - 25 * dry)
    as_received = (100 - wet) / (100 - dry)
    carbon_ar = carbon * as_received
    ncv = ((heat + 23 * dry) * as_received - 23 * wet) / 1000
    t = round(t * wave(k), 2)
    name = f"{unit}-{product}-{month}"
    end = day(month, days(month))
    world["fuel_use"].append(
        {
            "facility": P,
            "month": month,
            "installation": unit,
            "product": product,
            "state": state,
            "value": t,
            "unit": "t",
            "ncv": ncv,
            "ncv_basis": "ar",
            "ncv_source": "tested",
            "carbon": carbon_ar,
            "carbon_basis": "ar",
            "carbon_source": "tested",
            "carbon_per_heat": 26.2,
            "moisture_ar": wet,
            "moisture_ad": dry,
            "sulphur": sulphur,
            "ash": ash * as_received,
            "volatile": volatile,
            "oxidation": 99.0,
            "biomass_share": 0.0,
            "own_secondary": False,
            "meter": "M1",
        }
    )
    world["fuel_sample"].append(
        {
            "facility": P,
            "sample": name,
            "installation": unit,
            "product": product,
            "state": state,
            "covers_from": day(month, 1),
            "covers_to": end,
            "mass": t,
            "kind": "month_composite",
            "sampled": end,
            "prepared": end + timedelta(1),
            "sent": end + timedelta(2),
            "sample_mass": 1000.0,
            "retained": True,
            "report": f"R-{name}",
            "basis": "ad",
            "moisture_ar": wet,
            "moisture_ad": dry,
            "ash": ash,
            "volatile": volatile,
            "fixed_carbon": 100 - dry - ash - volatile,
            "carbon": carbon,
            "hydrogen": hydrogen,
            "nitrogen": 1.0,
            "sulphur": sulphur,
            "oxygen": rest,
            "heat_gross": heat + 206 * hydrogen + 23 * dry,
            "heat_net": float(heat),
            "transmittance": 30.0 if product == "lignite" else 90.0,
        }
    )
    world["laboratory_report"].append(
        {
            "facility": P,
            "report": f"R-{name}",
            "laboratory": "L1",
            "received": end + timedelta(3),
            "tested": end + timedelta(6),
            "issued": end + timedelta(8),
            "mark": "cma",
            "evidence": f"file-{name}",
        }
    )
    emitted("U", world, unit, month, product, t * carbon_ar / 100 * 0.99 * 44 / 12)
    for d in range(1, days(month) + 1):
        world["fuel_day"].append(
            {
                "facility": P,
                "installation": unit,
                "day": day(month, d),
                "product": product,
                "state": state,
                "value": t / days(month),
                "unit": "t",
                "moisture_ar": wet,
                "ncv": ncv,
                "carbon": carbon_ar,
                "sample": name,
                "meter": "M1",
            }
        )


def emitted(
    _: str, world: World, unit: str, month: str, product: str | None, value: float, **other: Any
) -> None:
    row = {
        "facility": P,
        "region": REGION,
        "month": month,
        "installation": unit,
        "process": "energy.power",
        "product": product,
        "species": "CO2",
        "value": value,
        "unit": "t",
        "origin": "combustion",
        "scope": "direct",
        "method": "measured_carbon",
        "guide": "power",
        "reason_zh": "实测",
        "reason_en": "measured",
        "counted": True,
    }
    world["facility_emission"].append(row | other)


def output(
    world: World, facility: str, unit: str, month: str, product: str, value: float, name: str, **more: Any
) -> None:
    row = {
        "facility": facility,
        "month": month,
        "installation": unit,
        "product": product,
        "value": value,
        "unit": name,
        "hours": 660.0,
        "meter": {P: "E2", A: None}.get(facility),
        "statistical": value,
        "sold": value * 0.9,
        "stock_change": value * 0.1,
    }
    world["output"].append(row | more)


def build() -> World:
    """Return the world, table by table."""
    from filed import filed

    from tongyuan.ledger.table import tables_of

    w: World = {name: [] for name in sorted(tables_of(room="facility"))}
    for i, (code, kind) in enumerate(KINDS.items()):
        w["facility"].append(
            {
                "facility": code,
                "name": f"示例企业{i}",
                "kind": kind,
                "region": REGION,
                "industry": "4411",
                "permit": code + "001P",
                "permit_class": "key" if code == P else "simplified",
                "ets_sector": SECTOR[code],
                "key_unit": True,
                "longitude": 117.0,
                "latitude": 36.6,
            }
        )
        if SECTOR[code] != "not_listed":
            w["ets_list"].append({"facility": code, "year": 2025, "sector": kind, "emission": 1e5})
            w["monitoring_plan"].append(
                {
                    "facility": code,
                    "version": "1",
                    "parameter": "fuel",
                    "valid_from": "2025-01",
                    "method": "measured",
                    "state": "fired",
                    "meter": "M1",
                    "frequency": "daily",
                    "gap_method": "default",
                    "department": "x",
                }
            )
        w["meter"] += [
            {
                "facility": code,
                "meter": m,
                "kind": k,
                "place": "x",
                "precision": 0.5,
                "required_precision": 0.5,
                "calibrated_on": date(2024, 12, 1),
                "valid_to": date(2026, 12, 31),
                "ratio": 1000.0 if m == "E1" else 1.0,
            }
            for m, k in (("M1", "belt_scale"), ("E1", "electricity_meter"), ("E2", "electricity_meter"))
        ]
    for name, grow in (
        ("power", power),
        ("steel", steel),
        ("cement", cement),
        ("others", others),
        ("stack", stack),
        ("law", law),
        ("filed", filed),
    ):
        assert name
        grow(w)
    return w


def unit(w: World, facility: str, name: str, kind: str, **more: Any) -> None:
    w["installation"].append(
        {
            "facility": facility,
            "installation": name,
            "kind": kind,
            "capacity": 100.0,
            "begin": date(2015, 1, 1),
            "end": date(2040, 12, 31),
        }
        | more
    )


def power(w: World) -> None:
    unit(
        w,
        P,
        "U1",
        "power_unit",
        capacity=300.0,
        rated=300.0,
        cooling="water",
        fuel_class="conventional_coal",
        chp=False,
    )
    unit(w, P, "U2", "power_unit", capacity=50.0, cooling="water", fuel_class="conventional_coal", chp=True)
    unit(w, P, "U3", "power_unit", capacity=135.0, cooling="air", fuel_class="unconventional_coal", chp=False)
    unit(w, P, "U4", "power_unit", capacity=60.0, cooling="air", fuel_class="conventional_coal", chp=False)
    unit(w, P, "H1", "heat_boiler", capacity=100.0)
    for name in ("U1", "U2", "U3", "U4", "H1"):
        w["outlet_link"].append(
            {"facility": P, "installation": name, "outlet": "DA001", "month_from": "2025-01", "share": 1.0}
        )
    w["laboratory"].append(
        {"laboratory": "L1", "mark_number": "1", "valid_to": date(2027, 1, 1), "scope": "元素碳、热值"}
    )
    total = 0.0
    for k, m in enumerate(MONTHS):
        coal_rows(w, "U1", m, "bituminous", 63000, 0)
        coal_rows(w, "U2", m, "bituminous", 14600, 0)
        coal_rows(w, "U3", m, "gangue", 60000, 0)
        coal_rows(w, "U3", m, "bituminous", 8000, 0)
        coal_rows(w, "U4", m, "lignite", 16000, 0)
        coal_rows(w, "U4", m, "anthracite", 3000, 0)
        heat = {row["installation"]: 0.0 for row in w["fuel_use"] if row["month"] == m}
        for row in w["fuel_use"]:
            if row["month"] == m and row["facility"] == P:
                heat[row["installation"]] += row["value"] * row["ncv"]
        gas = round(100 * wave(k), 2)
        w["fuel_use"].append(
            {
                "facility": P,
                "month": m,
                "installation": "H1",
                "product": "natural_gas",
                "state": "fired",
                "value": gas,
                "unit": "10^4 m3",
                "ncv": 350.0,
                "ncv_source": "tested",
                "carbon_source": "default_value",
                "carbon_per_heat": 15.3,
                "oxidation": 99.5,
                "meter": "M1",
            }
        )
        for n in (1, 2):
            w["fuel_sample"].append(
                {
                    "facility": P,
                    "sample": f"G{n}-{m}",
                    "installation": "H1",
                    "product": "natural_gas",
                    "state": "fired",
                    "covers_from": day(m, 1),
                    "covers_to": day(m, 28),
                    "mass": gas / 2,
                    "kind": "gas_sample",
                    "basis": "ar",
                    "sampled": day(m, 10 + n),
                    "heat_net": 35000.0 + (n - 1.5) * 100,
                    "report": f"R-U1-bituminous-{m}",
                }
            )
        emitted("", w, "H1", m, "natural_gas", gas * 350 * 15.3e-3 * 0.995 * 44 / 12, method="guide_default")
        total_power = 0.0
        for name, share, capacity in (("U1", 0.40, 300.0), ("U3", 0.33, 135.0), ("U4", 0.36, 60.0)):
            mwh = heat[name] * share / 3.6
            total_power += mwh
            hours = min(days(m) * 24.0 - 4, 650.0 + k)
            output(
                w,
                P,
                name,
                m,
                "electricity",
                mwh,
                "MWh",
                net=mwh * 0.93,
                hours=hours,
                load=mwh / capacity / hours * 100,
                heat_ratio=0.0,
                meter={"U1": "E1"}.get(name, "M1"),
            )
            if name == "U1":
                start = datetime(2025, k + 1, 1)
                w["meter_reading"] += [
                    {
                        "facility": P,
                        "meter": "E1",
                        "time": start + timedelta(hours=1),
                        "reading": total,
                        "replaced": False,
                    },
                    {
                        "facility": P,
                        "meter": "E1",
                        "time": start + timedelta(days=27),
                        "reading": total + mwh,
                        "replaced": False,
                    },
                ]
                total += mwh
        mwh = heat["U2"] * 0.22 / 3.6
        total_power += mwh
        output(
            w,
            P,
            "U2",
            m,
            "electricity",
            mwh,
            "MWh",
            net=mwh * 0.9,
            load=mwh / 50 / 650 * 100,
            hours=650.0,
            heat_ratio=0.4,
        )
        output(w, P, "U2", m, "heat", heat["U2"] * 0.4, "GJ", hours=650.0)
        output(w, P, "H1", m, "heat", gas * 350 * 0.9, "GJ", hours=650.0)
        for name in ("U1", "U2"):
            sulphur = sum(
                r["value"] * r["sulphur"] / 100
                for r in w["fuel_use"]
                if r["month"] == m and r["installation"] == name
            )
            so2 = sulphur * 1.998 * 0.9
            emitted("", w, name, m, None, so2 * 0.02, species="SO2", method="monitored")
            emitted("", w, name, m, None, so2 * 0.03, species="NOx", method="monitored")
            if m == MONTHS[0]:
                w["device"].append(
                    {
                        "facility": P,
                        "device": f"FGD-{name}",
                        "installation": name,
                        "outlet": "DA001",
                        "control": "wet_fgd",
                        "begin": date(2015, 6, 1),
                        "design_efficiency": 0.98,
                        "end": date(2040, 1, 1),
                    }
                )
                w["device"].append(
                    {
                        "facility": P,
                        "device": f"SCR-{name}",
                        "installation": name,
                        "outlet": "DA001",
                        "control": "scr",
                        "begin": date(2015, 6, 1),
                        "design_efficiency": 0.9,
                    }
                )
            run = {
                "facility": P,
                "month": m,
                "hours": 640.0,
                "production_hours": 650.0,
                "power": 5e5,
                "temperature": 50.0,
                "pressure_drop": 1200.0,
            }
            w["device_run"] += [
                run
                | {
                    "device": f"FGD-{name}",
                    "reagent": "limestone",
                    "reagent_use": so2 * 0.98 * 1.5625 * 1.05,
                    "by_product": "gypsum",
                    "by_product_made": so2 * 0.98 / 0.372 / 0.92,
                    "inlet": so2 * 1e5 / (heat[name] * 0.0361),
                    "gas_volume": heat[name] * 0.0361,
                },
                run | {"device": f"SCR-{name}", "reagent": "ammonia", "reagent_use": so2 * 0.03},
            ]
        emitted("", w, "U1", m, "electricity", 50.0, scope="indirect", counted=False, origin="energy_use")
        works(w, m, k, total_power, heat)
    halves(w)
    w["fuel_use"].append(
        {
            "facility": P,
            "month": "2025-02",
            "installation": "U2",
            "product": "diesel",
            "state": "received",
            "value": 5.0,
            "unit": "t",
            "ncv": 42.65,
            "meter": "M1",
        }
    )
    w["purchase"].append(
        {
            "facility": P,
            "document": "D-gangue",
            "day": date(2025, 1, 5),
            "product": "gangue",
            "supplier": "x",
            "value": 60000.0,
            "unit": "t",
        }
    )


def halves(w: World) -> None:
    """Let two samples stand for the coal of U2 in June instead of one: one richer, one poorer in carbon."""
    one = next(r for r in w["fuel_sample"] if r["sample"] == "U2-bituminous-2025-06")
    other = dict(one) | {"sample": "U2-second", "retained": True}
    for row, sign in ((one, 1), (other, -1)):
        row["mass"] = row["mass"] / 2
        row["carbon"] += 0.2 * sign
        row["oxygen"] -= 0.2 * sign
        row["heat_net"] += sign * 0.2 * (339 + 109)
        row["heat_gross"] += sign * 0.2 * (339 + 109)
    w["fuel_sample"].append(other)


def works(w: World, m: str, k: int, total_power: float, heat: dict[str, float]) -> None:
    """Add what the works as a whole books in a month: stocks, invoices, energy sold, water, ash,
    statistics."""
    fired = sum(
        r["value"]
        for r in w["fuel_use"]
        if r["month"] == m and r["facility"] == P and r["product"] == "bituminous"
    )
    opening, closing = 9000.0 + 100 * k, 9000.0 + 100 * (k + 1)
    w["fuel_stock"].append(
        {
            "facility": P,
            "month": m,
            "product": "bituminous",
            "opening": opening,
            "received": fired + 100,
            "used": fired,
            "closing": closing,
            "surveyed": closing + 50,
            "unit": "t",
            "sold": 0.0,
            "loss": 0.0,
        }
    )
    w["purchase"].append(
        {
            "facility": P,
            "document": f"D-{m}",
            "day": day(m, 20),
            "product": "bituminous",
            "supplier": "x",
            "value": fired + 100,
            "unit": "t",
        }
    )
    w["statistic"] += [
        {
            "facility": P,
            "period": m,
            "form": "205-1",
            "item": "bituminous",
            "value": fired,
            "unit": "t",
            "evidence": "E",
        },
    ]
    gj = heat["U2"] * 0.4
    w["energy_trade"] += [
        {
            "facility": P,
            "month": m,
            "kind": "heat_sell",
            "document": f"H-{m}",
            "value": gj * 0.9,
            "unit": "GJ",
            "steam": gj * 0.9 * 1000 / (2800 - 83.74),
            "pressure": 0.8,
            "temperature": 180.0,
            "enthalpy": 2800.0,
        },
        {
            "facility": P,
            "month": m,
            "kind": "heat_sell",
            "document": f"W-{m}",
            "value": 100.0,
            "unit": "GJ",
            "steam": 100 / (60 * 0.0041868),
            "temperature": 80.0,
        },
        {
            "facility": P,
            "month": m,
            "kind": "power_sell",
            "document": f"P-{m}",
            "value": total_power * 0.9,
            "unit": "MWh",
        },
        {
            "facility": P,
            "month": m,
            "kind": "green_power",
            "document": f"G-{m}",
            "value": 10.0,
            "unit": "MWh",
            "evidence": "E",
        },
        {
            "facility": P,
            "month": m,
            "kind": "certificate",
            "document": f"GEC-{m}",
            "value": 10.0,
            "unit": "MWh",
        },
    ]
    w["water_use"].append(
        {
            "facility": P,
            "month": m,
            "intake": total_power * 0.5,
            "loss": total_power * 0.4,
            "product": 0.0,
            "reused": 10.0,
            "discharged": total_power * 0.1,
        }
    )
    mine = [r for r in w["fuel_use"] if r["month"] == m and r["facility"] == P and r.get("ash")]
    ash = sum(r["value"] * r["ash"] / 100 for r in mine)
    sulphur = sum(r["value"] * r["sulphur"] / 100 for r in mine)
    gypsum = sum(
        r["by_product_made"] for r in w["device_run"] if r["month"] == m and r.get("by_product_made")
    )
    last = w["waste_transfer"][-1]["closing"] if k else 500.0
    w["waste_transfer"].append(
        {
            "facility": P,
            "month": m,
            "waste": "粉煤灰",
            "tax_class": "hazardous" if k == 0 else "other_solid",
            "opening": last,
            "generated": ash,
            "used": ash * 0.9,
            "disposed": ash * 0.05,
            "stored": 0.0,
            "sent": ash * 0.04,
            "closing": last + ash * 0.01,
            "manifest": f"MF-{m}",
        }
    )
    so2 = sulphur * 1.998 * 0.9 - gypsum * 0.372 * 0.92
    co2 = sum(
        r["value"]
        for r in w["facility_emission"]
        if r["month"] == m and r["facility"] == P and r["species"] == "CO2"
    )
    for species, mass in (("SO2", so2), ("NOx", 40.0 * wave(k)), ("CO2", co2 * 1.02)):
        w["outlet_month"].append(
            {
                "facility": P,
                "month": m,
                "outlet": "DA001",
                "species": species,
                "hours_run": 700.0,
                "hours_valid": 680.0,
                "hours_substituted": 15.0,
                "mass_measured": mass * 0.97,
                "mass": mass,
                "capture": 0.97,
                "valid": True,
            }
        )
    tax(w, P, m, so2 * 1000, 40.0 * wave(k) * 1000)


def tax(w: World, facility: str, m: str, so2: float, nox: float) -> None:
    for rank, (species, kg) in enumerate((("SO2", so2), ("NOx", nox)), start=1):
        reduction, share = ("reduced_50", 0.5) if species == "SO2" else ("no_reduction", 1.0)
        w["tax_account"].append(
            {
                "facility": facility,
                "month": m,
                "medium": "air",
                "outlet": "DA001",
                "species": species,
                "emission": kg,
                "equivalent": kg / 0.95,
                "rank": rank,
                "taxed": True,
                "rate": 6.0,
                "concentration": 15.0,
                "limit": 35.0,
                "hours_over": 0.0,
                "reduction": reduction,
                "tax": kg / 0.95 * 6.0 * share,
                "method": "monitored",
            }
        )
    for species, kg, value, taxed in (
        ("COD", 100.0, 1.0, True),
        ("NH3-N", 8.0, 0.8, True),
        ("BOD5", 10.0, 0.5, False),
    ):
        w["tax_account"].append(
            {
                "facility": facility,
                "month": m,
                "medium": "water",
                "outlet": "DW001",
                "species": species,
                "emission": kg,
                "equivalent": kg / value,
                "taxed": taxed,
                "rate": 3.0,
                "reduction": "no_reduction",
                "tax": kg / value * 3.0 if taxed else 0.0,
                "method": "monitored",
            }
        )


def steel(w: World) -> None:
    for name, kind in (
        ("SI", "sinter"),
        ("BF", "blast_furnace"),
        ("BOF", "converter"),
        ("OP", "own_power"),
        ("WH", "whole"),
    ):
        unit(w, S, name, kind)
        if name in ("SI", "BF", "OP"):
            w["outlet_link"].append(
                {
                    "facility": S,
                    "installation": name,
                    "outlet": "DA001",
                    "month_from": "2025-01",
                    "share": 1.0,
                }
            )
    base = {
        "facility": S,
        "unit": "t",
        "ncv_source": "default_value",
        "carbon_source": None,
        "meter": "M1",
        "excluded": "not_excluded",
    }
    for k, m in enumerate(MONTHS):
        f = wave(k)
        w["fuel_use"] += [
            base
            | {
                "month": m,
                "installation": "SI",
                "product": "coke",
                "state": "fired",
                "value": round(5500 * f, 2),
                "ncv": 28.435,
            },
            base
            | {
                "month": m,
                "installation": "BF",
                "product": "coke",
                "state": "fired",
                "value": round(38000 * f, 2),
                "ncv": 28.435,
            },
            base
            | {
                "month": m,
                "installation": "WH",
                "product": "coke",
                "state": "net_bought",
                "value": round(44000 * f, 2),
                "ncv": 28.435,
            },
            base
            | {
                "month": m,
                "installation": "WH",
                "product": "diesel",
                "state": "fired",
                "value": round(50 * f, 2),
                "ncv": 42.65,
                "excluded": "transport_use",
            },
            base
            | {
                "month": m,
                "installation": "OP",
                "product": "blast_furnace_gas",
                "state": "fired",
                "value": round(3000 * f, 2),
                "unit": "10^4 m3",
                "ncv": 33.0,
                "own_secondary": k < 0,
            },
            base
            | {
                "month": m,
                "installation": "OP",
                "product": "coke_oven_gas",
                "state": "fired",
                "value": round(20 * f, 2),
                "unit": "10^4 m3",
                "ncv": 173.5,
                "own_secondary": True,
            },
        ]
        output(w, S, "SI", m, "sinter", 130000 * f, "t", meter="M1")
        output(w, S, "BF", m, "pig_iron", 100000 * f, "t", meter="M1")
        output(w, S, "BOF", m, "crude_steel", 110000 * f, "t", meter="M1")
        w["material_use"] += [
            {
                "facility": S,
                "month": m,
                "installation": "BOF",
                "material": "steel_scrap",
                "direction": "in",
                "value": 15000 * f,
                "meter": "M1",
            },
            {
                "facility": S,
                "month": m,
                "installation": "BF",
                "material": "limestone",
                "direction": "in",
                "value": 3000 * f,
                "factor": 0.44,
                "factor_source": "guide",
                "meter": "M1",
            },
            {
                "facility": S,
                "month": m,
                "installation": "BF",
                "material": "dolomite",
                "direction": "in",
                "value": 500 * f,
                "factor": 0.476,
                "factor_source": "guide",
                "meter": "M1",
            },
        ]
        common = {"facility": S, "method": "balance", "guide": "steel"}
        for name, share in (("SI", 0.15), ("BF", 1.35), ("BOF", 0.2)):
            emitted("", w, name, m, None, 110000 * f * share, **common)
        emitted("", w, "BF", m, None, 1300 * f, origin="process", **common)
        emitted("", w, "WH", m, None, 30000 * f, scope="indirect", **(common | {"counted": False}))
        w["gas_balance"].append(
            {
                "facility": S,
                "month": m,
                "product": "blast_furnace_gas",
                "produced": 15000.0,
                "used_process": 8000.0,
                "used_power": 5000.0,
                "sold": 1500.0,
                "flared": 450.0,
                "ncv": 33.0,
            }
        )
        received = round(44000 * f, 2)
        w["fuel_stock"].append(
            {
                "facility": S,
                "month": m,
                "product": "coke",
                "opening": 1000.0,
                "received": received + 0.0,
                "used": received,
                "closing": 1000.0,
                "unit": "t",
            }
        )
        w["transport"] += [
            {"facility": S, "month": m, "goods": "ore", "mode": "rail", "value": 90000.0},
            {"facility": S, "month": m, "goods": "coke", "mode": "stage_5", "value": 10000.0},
        ]
    for row in w["fuel_stock"]:
        if row["facility"] == S:
            fired = sum(
                r["value"]
                for r in w["fuel_use"]
                if r["facility"] == S
                and r["month"] == row["month"]
                and r["product"] == "coke"
                and r["state"] == "fired"
            )
            row["used"] = fired
            row["received"] = fired
    for row in w["fuel_use"]:
        if row["facility"] == S and row["state"] == "net_bought":
            row["value"] = next(
                r["received"] for r in w["fuel_stock"] if r["facility"] == S and r["month"] == row["month"]
            )


def cement(w: World) -> None:
    unit(w, C, "K1", "kiln_line", line_capacity=5000.0, clinker="portland")
    w["outlet_link"].append(
        {"facility": C, "installation": "K1", "outlet": "DA001", "month_from": "2025-01", "share": 1.0}
    )
    for k, m in enumerate(MONTHS):
        clinker = 110000 * wave(k)
        coal = round(clinker * 3.1 / 23, 2)
        w["fuel_use"].append(
            {
                "facility": C,
                "month": m,
                "installation": "K1",
                "product": "bituminous",
                "state": "fired",
                "value": coal,
                "unit": "t",
                "ncv": 23.0,
                "ncv_source": "default_value",
                "carbon": 60.26,
                "carbon_source": "default_value",
                "carbon_per_heat": 26.2,
                "sulphur": 0.6,
                "ash": 20.0,
                "meter": "M1",
            }
        )
        output(w, C, "K1", m, "clinker", clinker, "t", meter="M1")
        common = {
            "facility": C,
            "guide": "cement",
            "method": "guide_default",
            "process": "industry.cement.clinker",
        }
        emitted("", w, "K1", m, "bituminous", coal * 23 * 0.0262 * 0.98 * 44 / 12, **common)
        emitted("", w, "K1", m, None, clinker * 0.52, origin="process", **common)
        emitted(
            "",
            w,
            "K1",
            m,
            "straw",
            10.0,
            counted=False,
            **{k: v for k, v in common.items() if k != "counted"},
        )
        w["material_use"].append(
            {
                "facility": C,
                "month": m,
                "installation": "K1",
                "material": "carbide_slag",
                "direction": "in",
                "value": clinker * 0.02,
                "factor": 0.5,
                "factor_source": "tested",
                "meter": "M1",
            }
        )
        w["carbon_line"].append(
            {
                "facility": C,
                "month": m,
                "installation": "K1",
                "form": "C.1",
                "line": "1",
                "item": "total",
                "value": 1000.4,
                "unit": "t",
                "printed": "1000",
            }
        )
        w["statistic"].append(
            {
                "facility": C,
                "period": m,
                "form": "B204",
                "item": "clinker",
                "value": clinker,
                "unit": "t",
                "evidence": "E",
            }
        )


def others(w: World) -> None:
    unit(w, A, "S1", "cell_series", cells=200, current=400.0)
    unit(w, W, "WW", "sewage", capacity=50000.0)
    unit(w, F, "FL", "fleet")
    odometer = 10000.0
    for k, m in enumerate(MONTHS):
        liquid = 0.3355 * 400 * 200 * 24 * days(m) / 1000 * (0.93 + 0.001 * k)
        w["cell_series"].append(
            {
                "facility": A,
                "month": m,
                "installation": "S1",
                "liquid": liquid,
                "anode_net": 410.0,
                "anode_sulphur": 0.02,
                "anode_ash": 0.004,
                "effect_count": 0.1,
                "effect_minutes": 3.0,
                "cf4": 0.03,
                "c2f6": 0.003,
                "dc_power": 12900.0,
                "ac_power": 13300.0,
            }
        )
        output(w, A, "S1", m, "aluminium", liquid, "t", meter="M1")
        emitted("", w, "S1", m, None, liquid * 1.5, facility=A, guide="aluminium")
        w["sewage_month"].append(
            {
                "facility": W,
                "month": m,
                "installation": "WW",
                "flow": 1.2e6,
                "cod_in": 300.0,
                "cod_out": 25.0,
                "tn_in": 45.0,
                "tn_out": 11.0,
                "tp_in": 5.0,
                "tp_out": 0.3,
                "nh3n_in": 32.0,
                "nh3n_out": 1.5,
                "sludge_dry": 150.0,
                "power": 4.2e5,
            }
        )
        w["vehicle_run"] += [
            {
                "facility": F,
                "month": m,
                "vehicle": "T1",
                "distance": 6000.0,
                "hours": 150.0,
                "value": 2000.0,
                "unit": "L",
                "odometer": odometer + 6000.0 * (k + 1),
            },
            {
                "facility": F,
                "month": m,
                "vehicle": "E1",
                "distance": 3000.0,
                "hours": 100.0,
                "value": 2500.0,
                "unit": "kWh",
            },
        ]
        w["fleet_check"].append(
            {
                "facility": F,
                "month": m,
                "vehicle": "T1",
                "fuel": 2000.0,
                "distance": 6000.0,
                "ratio": 1.0,
                "state": "consistent",
            }
        )
    for name, standard in (("T1", "stage_6"), ("E1", "new_energy")):
        w["vehicle"].append(
            {
                "facility": F,
                "vehicle": name,
                "installation": "FL",
                "kind": "transport.road",
                "product": "diesel",
                "standard": standard,
                "mass": 25.0,
                "begin": date(2020, 1, 1),
                "end": date(2035, 1, 1),
            }
        )
    w["vehicle_inspection"].append(
        {
            "facility": F,
            "vehicle": "T1",
            "day": date(2025, 5, 1),
            "station": "x",
            "method": "free",
            "parameter": "smoke",
            "value": 0.5,
            "limit": 1.2,
            "passed": True,
            "report": "I1",
        }
    )


AIR = (
    "a21026",
    "a21002",
    "a34013",
    "a19001",
    "a00000",
    "a01012",
    "a01014",
    "a01013",
    "a01011",
    "a21005",
    "a21001",
    "a05001",
)
WATER = ("w01018", "w21003", "w21001", "w21011", "w01001", "w00000", "w01020")


def stack(w: World) -> None:
    for facility in (P, S, C):
        w["outlet"].append(
            {
                "facility": facility,
                "outlet": "DA001",
                "medium": "air",
                "main": True,
                "height": 120.0,
                "area": 20.0,
                "longitude": 117.0,
                "latitude": 36.6,
                "oxygen_reference": 6.0,
                "standard": "GB 13223",
            }
        )
        w["permit_limit"].append(
            {
                "facility": facility,
                "outlet": "DA001",
                "species": "SO2",
                "period": "hour",
                "value": 35.0,
                "unit": "mg/m3",
                "oxygen_reference": 6.0,
                "date_from": date(2020, 1, 1),
                "date_to": date(2030, 1, 1),
                "standard": "x",
            }
        )
    w["outlet"].append(
        {"facility": P, "outlet": "DW001", "medium": "water", "main": True, "standard": "GB 8978"}
    )
    w["permit_limit"] += [
        {
            "facility": P,
            "outlet": o,
            "species": s,
            "period": p,
            "value": v,
            "unit": u,
            "oxygen_reference": x,
            "date_from": date(2020, 1, 1),
            "date_to": date(2030, 1, 1),
            "standard": "x",
        }
        for o, s, p, v, u, x in (
            ("DA001", "NOx", "hour", 50.0, "mg/m3", 6.0),
            ("DW001", "COD", "hour", 60.0, "mg/L", None),
            ("ALL", "SO2", "year", 900.0, "t", None),
        )
    ]
    for facility in (P, S, C):
        for code in AIR:
            w["monitor"].append(
                {
                    "facility": facility,
                    "outlet": "DA001",
                    "monitor": f"{facility}-{code}",
                    "parameter": code,
                    "mn": f"MN{facility[-2:]}A",
                    "model": "X1",
                    "span": {
                        "a21026": 100.0,
                        "a21002": 150.0,
                        "a00000": 5e6,
                        "a01013": 5000.0,
                        "a05001": 5e5,
                    }.get(code, 1000.0),
                    "unit": "mg/m3",
                    "velocity_factor": 1.0,
                    "humidity_fixed": 10.0 if code == "a01014" else None,
                    "accepted": date(2020, 1, 1),
                    "begin": date(2020, 1, 1),
                    "end": date(2035, 1, 1),
                    "clock_offset": 5.0,
                }
            )
    for code in WATER:
        w["monitor"].append(
            {
                "facility": P,
                "outlet": "DW001",
                "monitor": f"W-{code}",
                "parameter": code,
                "mn": "MNW",
                "model": "X2",
                "span": 200.0,
                "unit": "mg/L",
                "accepted": date(2020, 1, 1),
                "begin": date(2020, 1, 1),
                "clock_offset": 0.0,
            }
        )
    for h, values in enumerate(hours()):
        time = datetime(2025, 1, 1) + timedelta(hours=h)
        still = 100 <= h < 110
        for code, value in values.items():
            row = {
                "facility": P,
                "outlet": "DW001" if code[0] == "w" else "DA001",
                "hour": time,
                "parameter": code,
                "value": value,
                "minutes": 60,
                "flag": "F" if still else "N",
                "condition": "stopped" if still else "normal_run",
            }
            if not still and code in ("a21026", "a21002", "a34013"):
                row |= {
                    "converted": value * 15 / (21 - values["a19001"]),
                    "mass": value * values["a00000"] * 1e-6,
                }
            if not still and code == "w01018":
                row["mass"] = value * values["w00000"] * 1e-3
            if h == 112 and code == "a21026":
                row["condition"] = "start"
            if (h, code) in ((450, "a00000"), (600, "w01018")):
                row |= {"value": None, "flag": "D", "mass": None}
            if h == 400 and code == "a21002":
                row |= {"value": 160.0, "flag": "T", "converted": None, "mass": None}
            w["reading"].append(row)


START = {"a21026": 60.0, "a01011": 8.5, "a01012": 50.5, "a01014": 12.5}
STEADY = {
    "a21026": 20.0,
    "a21002": 38.0,
    "a34013": 2.5,
    "a19001": 5.0,
    "a01011": 8.5,
    "a01012": 50.5,
    "a01014": 12.5,
}
"""Hours that are as they are told: a start over the limit, and two between which the oxygen alone changes."""


def hours() -> Iterator[dict[str, float]]:
    rng = np.random.default_rng(0)
    for h in range(744):
        if 100 <= h < 110:
            yield dict.fromkeys(AIR, 0.0) | {"a21026": -0.3, "a19001": 20.9, "a01012": 40.0} | water(rng)
            continue
        velocity = round(8 + rng.random(), 2)
        flow = velocity * 20 * 3600 * 273 / 323 * 0.88
        values = {
            "a21026": round(18 + 4 * rng.random(), 1),
            "a21002": round(35 + 5 * rng.random(), 1),
            "a34013": round(2 + rng.random(), 2),
            "a19001": round(5 + rng.random(), 2),
            "a00000": flow,
            "a01012": 50.0 + round(rng.random(), 1),
            "a01014": 12.0 + round(rng.random(), 1),
            "a01013": -120.0 - round(9 * rng.random()),
            "a01011": velocity,
            "a21005": round(40 + 9 * rng.random(), 1),
            "a21001": round(1 + rng.random(), 2),
        }
        fixed = {112: START, 499: STEADY, 500: STEADY | {"a19001": 8.6, "a21026": 20.1}}.get(h, {})
        values |= fixed
        values["a05001"] = round(18.6 * (1 - values["a19001"] / 20.9) * 19772)
        if fixed:
            values["a00000"] = values["a01011"] * 20 * 3600 * 273 / 323 * 0.88
        yield values | water(rng)


def water(rng: np.random.Generator) -> dict[str, float]:
    return {
        "w01018": round(20 + 9 * rng.random(), 1),
        "w21003": round(1 + rng.random(), 2),
        "w21001": round(8 + rng.random(), 2),
        "w21011": round(0.2 + 0.1 * rng.random(), 2),
        "w01001": round(7 + 0.4 * rng.random(), 2),
        "w00000": round(90 + 9 * rng.random(), 1),
        "w01020": round(9 + rng.random(), 2),
    }


KINDS_OF_SUSPICION = (
    "carbon_line",
    "calm",
    "split_samples",
    "flat_top",
    "flat_line",
    "joint_jump",
    "hugging",
    "replay",
    "similar_days",
    "twins",
    "smooth",
    "last_digit",
    "leading_digit",
    "gaps",
    "marks",
    "round_figures",
    "few_values",
    "duplicate_rows",
    "peer",
    "reconciliation",
)


def law(w: World) -> None:
    """Add reports, tests, marks, allowances, verification, ratings and what evidence found."""
    for kind, month, when in (
        ("month_deposit", "2025-01", datetime(2025, 3, 1)),
        ("month_permit", "2025-01", datetime(2025, 2, 8)),
        ("quarter_permit", "2025-03", datetime(2025, 4, 10)),
        ("quarter_tax", "2025-03", datetime(2025, 4, 10)),
        ("year_permit", "2025-12", datetime(2026, 1, 20)),
        ("year_emission", "2025-12", datetime(2026, 3, 20)),
        ("year_disclosure", "2025-12", datetime(2026, 3, 10)),
    ):
        w["month_report"].append(
            {
                "facility": P,
                "month": month,
                "kind": kind,
                "revision": 2,
                "submitted": when,
                "filled_by": "甲",
                "checked_by": "乙",
                "note": "更正",
            }
        )
    w["monitor_change"].append(
        {
            "facility": P,
            "monitor": f"{P}-a21026",
            "time": datetime(2025, 6, 10, 9),
            "parameter": "slope",
            "old": "1",
            "new": "1.01",
            "reason": "校准",
            "by": "丙",
        }
    )
    w["inspection"].append(
        {
            "facility": P,
            "time": datetime(2025, 6, 11, 9),
            "kind": "unannounced",
            "by": "局",
            "result": "无异常",
        }
    )
    body = "QN=20250101010000000;ST=31;CN=2061;PW=1;MN=x;Flag=5;"
    body += "CP=&&DataTime=20250101000000;a21026-Avg=18,a21026-Flag=N&&"
    mn = f"MN{P[-2:]}A"
    w["message"] += [
        {
            "mn": mn,
            "request": "1",
            "command": "2061",
            "packet": 1,
            "received": datetime(2025, 1, 1, 1, 5),
            "time": datetime(2025, 1, 1),
            "system": "31",
            "raw": f"##{len(body):04d}{body}1C80",
            "crc_right": True,
        },
        {
            "mn": mn,
            "request": "2",
            "command": "2031",
            "packet": 1,
            "received": datetime(2025, 1, 2, 1),
            "time": datetime(2025, 1, 1),
            "system": "31",
            "raw": f"##{len(body) + 7:04d}PNUM=1;{body}1C80",
            "crc_right": True,
        },
    ]
    marks = (("停运", 100, 110), ("启动", 110, 116), ("维护", 200, 201), ("故障", 300, 301))
    for mark, start, end in marks:
        at = datetime(2025, 1, 1)
        w["mark"].append(
            {
                "facility": P,
                "outlet": "DA001",
                "parameter": "a21026",
                "time_from": at + timedelta(hours=start),
                "time_to": at + timedelta(hours=end),
                "mark": mark,
                "filed": at + timedelta(hours=end + 1),
                "by": "丁",
                "reason": "检修",
            }
        )
    w["fuel_use"].append(
        {
            "facility": P,
            "month": "2025-01",
            "installation": "U1",
            "product": "diesel",
            "state": "fired",
            "value": 5.0,
            "unit": "t",
            "ncv": 42.65,
            "ncv_source": "default_value",
            "meter": "M1",
        }
    )
    rng = np.random.default_rng(1)
    for code, mean in (
        ("a21026", 800.0),
        ("a21026", 300.0),
        ("a21026", 100.0),
        ("a21026", 30.0),
        ("a21002", 600.0),
        ("a21002", 300.0),
        ("a21002", 70.0),
        ("a21002", 30.0),
        ("a34013", 60.0),
        ("a34013", 5.0),
        ("a19001", 6.0),
        ("a01011", 9.0),
        ("a01012", 50.0),
        ("a01014", 12.0),
    ):
        at = datetime(2025, 5, 1) + timedelta(days=len(w["reference_test"]))
        for run in range(1, 10):
            value = mean * (1 + 0.01 * rng.standard_normal())
            w["reference_test"].append(
                {
                    "facility": P,
                    "outlet": "DA001",
                    "monitor": "x",
                    "parameter": code,
                    "kind": "accuracy",
                    "time": at + timedelta(hours=run),
                    "run": run,
                    "reference": value,
                    "measured": value * 1.01,
                    "used": True,
                    "load": 85.0,
                    "gas_valid_to": date(2027, 1, 1),
                }
            )
    for run in range(1, 4):
        w["reference_test"].append(
            {
                "facility": P,
                "outlet": "DA001",
                "parameter": "a21026",
                "kind": "linearity",
                "time": datetime(2025, 6, 1, run),
                "run": run,
                "level": "low",
                "reference": 30.0,
                "measured": 30.2 + 0.1 * run,
                "used": True,
            }
        )
    for n, (code, value) in enumerate(
        (("w01018", 25.0), ("w21003", 1.5), ("w21011", 0.3), ("w21001", 9.0), ("w01001", 7.2))
    ):
        for quarter in (0, 80):
            w["reference_test"].append(
                {
                    "facility": P,
                    "outlet": "DW001",
                    "parameter": code,
                    "kind": "comparison",
                    "time": datetime(2025, 3, 1, n) + timedelta(days=quarter),
                    "run": 1,
                    "reference": value + quarter / 1000,
                    "measured": (value + quarter / 1000) * 1.02,
                    "used": True,
                }
            )
    calibrated = [
        ("zero_point", "a21026", 0.0, 0.5),
        ("span_point", "a21026", 80.0, 80.5),
        ("zero_point", "a34013", 0.0, 1.0),
        ("zero_point", "a01011", 0.0, 1.0),
    ]
    for week in (0, 7):
        for kind, code, reference, measured in calibrated:
            w["calibration"].append(
                {
                    "facility": P,
                    "outlet": "DA001",
                    "parameter": code,
                    "kind": kind,
                    "time": datetime(2025, 1, 2) + timedelta(days=week),
                    "reference": reference,
                    "measured": measured,
                    "gas_valid_to": date(2027, 1, 1),
                    "by": "丁",
                    "passed": True,
                }
            )
    w["calibration"].append(
        {
            "facility": P,
            "outlet": "DW001",
            "parameter": "w01018",
            "kind": "standard_check",
            "time": datetime(2025, 1, 2),
            "reference": 50.0,
            "measured": 51.0,
            "gas_valid_to": date(2027, 1, 1),
            "passed": True,
        }
    )
    w["manual_test"].append(
        {
            "facility": P,
            "outlet": "DA001",
            "time": datetime(2025, 1, 10, 9, 20),
            "species": "SO2",
            "value": 20.0,
            "unit": "mg/m3",
            "detection_limit": 3.0,
            "laboratory": "L1",
            "report": "T1",
        }
    )
    base = {"facility": P, "year": 2025, "day": date(2026, 10, 1)}
    w["allowance"] += [
        base
        | {"kind": "allocation", "document": "a", "vintage": 2025, "installation": "U1", "value": 4000000.0},
        base
        | {
            "kind": "pre_allocation",
            "document": "b",
            "vintage": 2025,
            "installation": "U1",
            "value": 1500000.0,
        },
        base | {"kind": "purchase", "document": "c", "vintage": 2025, "value": 500.0, "price": 74.6},
        base | {"kind": "surrender", "document": "d", "vintage": 2025, "value": 3900000.0},
        base | {"kind": "ccer_surrender", "document": "e", "value": 1000.0, "registered": date(2025, 6, 1)},
        base
        | {
            "year": 2024,
            "kind": "allocation",
            "document": "f",
            "vintage": 2024,
            "installation": "U1",
            "value": 3000000.0,
        },
        base | {"year": 2021, "kind": "borrowing", "document": "g", "vintage": 2022, "value": 10.0},
    ]
    total = sum(
        r["value"]
        for r in w["facility_emission"]
        if r["facility"] == P and r["species"] == "CO2" and r["counted"]
    )
    w["allowance"][3]["value"] = float(int(total) + 10)
    w["allowance"][0]["value"] = float(int(total) + 1000)
    w["verification"] += [
        {
            "facility": P,
            "year": 2025,
            "agency": "x",
            "number": f"37-AG-{P[-6:]}-2025-1",
            "parameter": "emission",
            "reported": total,
            "verified": total,
            "category": "activity_data",
            "text": "x",
            "cause": "x",
            "correction": "x",
            "conclusion": "corrected",
            "conservative": True,
        },
    ]
    w["disclosure"] += [
        {
            "facility": P,
            "year": 2025,
            "kind": "annual",
            "item": "排放",
            "value": "x",
            "due": date(2026, 3, 15),
            "published": date(2026, 3, 10),
            "link": "x",
        },
        {
            "facility": P,
            "year": 2025,
            "kind": "event",
            "item": "处罚",
            "value": "x",
            "due": date(2025, 6, 10),
            "published": date(2025, 6, 8),
            "link": "x",
        },
    ]
    for n, (start, end) in enumerate(
        ((date(2018, 1, 1), date(2018, 12, 1)), (date(2023, 1, 1), date(2023, 12, 1))), start=1
    ):
        w["cleaner_audit"].append(
            {
                "facility": P,
                "round": n,
                "started": start,
                "finished": end,
                "accepted": end + timedelta(30),
                "reason": "energy_heavy",
            }
        )
    w["rating"].append(
        {
            "facility": P,
            "scheme": "heavy_pollution",
            "indicator": "装备",
            "day": date(2025, 1, 1),
            "value": 1.0,
            "level": "B",
            "evidence": "E",
        }
    )
    w["substitution"] += [
        {
            "facility": P,
            "outlet": "DA001",
            "hour": datetime(2025, 1, 5, 5),
            "parameter": "a21026",
            "before": None,
            "after": 30.0,
            "rule": "max180",
        },
    ]
    for n, m in enumerate(MONTHS):
        w["permit_account"].append(
            {
                "facility": P,
                "year": 2025,
                "month": m,
                "outlet": "DA001",
                "species": "SO2",
                "emission": 10.0,
                "cumulative": 10.0 * (n + 1),
                "limit": 900.0,
                "forecast": 120.0,
                "probability": 0.0,
            }
        )
    for kind in KINDS_OF_SUSPICION:
        w["suspicion"].append(
            {
                "facility": P,
                "kind": kind,
                "subject": "DA001",
                "period": "2025",
                "p_value": 0.5,
                "q_value": 0.9,
            }
        )
    w["reconciled"].append(
        {
            "facility": P,
            "month": "2025-01",
            "installation": "U1",
            "measurement": "coal",
            "measured": 1.0,
            "estimate": 1.0,
            "p_value": 0.4,
            "suspect": False,
        }
    )
