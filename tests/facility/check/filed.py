"""What was filed, fixed, tested and published in the small world of the checks, 示例."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import world
from scipy import stats
from world import REGION, A, C, P, S, W, World

from tongyuan.facility.allowance.industry import balance_value, coefficient
from tongyuan.facility.allowance.power import load_factor
from tongyuan.facility.tax.waste import noise_tax


def rows(w: World, table: str, columns: str, *given: tuple[Any, ...]) -> None:
    """Add rows of a table; `columns` names what each tuple holds."""
    w[table] += [dict(zip(columns.split(), values, strict=True)) for values in given]


def filed(w: World) -> None:
    """Fill the tables of what others filed, fixed or published."""
    for row in w["installation"]:
        if row["installation"] == "U4":
            row["merged_with"] = "U3"
    for row in w["monitor"]:
        row |= {"duct_area": 20.0, "line_temperature": 130.0} if row["outlet"] == "DA001" else {}
    place(w)
    returns(w)
    quotas(w)
    verifiers(w)
    stack(w)
    ratings(w)


def place(w: World) -> None:
    rows(w, "region_box", "region west east south north", (REGION, 114.0, 123.0, 34.0, 39.0))
    rows(w, "permit_class_rule", "industry permit_class", ("4411", "key"), ("4411", "simplified"))
    rows(
        w,
        "plan_conformity",
        "facility month installation parameter deviation",
        (P, "2025-01", "U1", "fuel", "measured_beside"),
    )
    rows(
        w,
        "permit",
        "facility permit version kind issued valid_to changed asked fault_hours",
        (P, "x", "1", "permit_first", date(2020, 6, 1), date(2025, 5, 31), None, None, 100.0),
        (P, "x", "2", "permit_renewal", date(2025, 5, 20), date(2030, 5, 31), None, date(2025, 3, 1), 100.0),
        (
            P,
            "x",
            "3",
            "permit_change",
            date(2025, 8, 1),
            date(2030, 5, 31),
            date(2025, 6, 15),
            date(2025, 7, 1),
            100.0,
        ),
    )
    rows(
        w,
        "limit_basis",
        "facility outlet species method value base_volume output concentration",
        (P, "ALL", "SO2", "standard", 1000.0, 8000.0, 2.5e6, 50.0),
    )
    rows(
        w,
        "solvent_use",
        "facility month material used in_product recovered destroyed wasted emitted",
        (C, "2025-01", "甲苯", 10.0, 1.0, 4.0, 3.0, 1.0, 1.0),
    )
    rows(
        w,
        "record_file",
        "facility file proves made report hash copy_hash code_present",
        *((P, f"F{k}", date(2025, k, 1), datetime(2025, k, 5), f"R{k}", "a", "a", True) for k in range(1, 7)),
    )
    rows(w, "penalty", "facility day document amount", (P, date(2025, 6, 5), "示例罚1", 1e5))
    rows(
        w,
        "alert_day",
        "facility day installation colour output usual lorries",
        (P, date(2025, 1, 10), "U1", "alert_orange", 100.0, 200.0, 0),
    )
    rows(
        w,
        "noise_test",
        "facility month place day_excess night_excess days_over long_boundary tax",
        (P, "2025-03", "东厂界", 3.0, 0.0, 10.0, True, 2 * noise_tax(3, 0, 10)),
    )


def returns(w: World) -> None:
    """Add returns that agree with the months, and a little of the months for them to agree with."""
    for unit, facility, outlet, month, species, value, method, note in (
        ("K1", C, "DA001", "2025-01", "SO2", 5.0, "monitored", None),
        ("WW", W, "DA002", "2025-01", "SO2", 1.0, "coefficient", "按产生量"),
    ):
        world.emitted(
            "",
            w,
            unit,
            month,
            None,
            value,
            facility=facility,
            outlet=outlet,
            species=species,
            method=method,
            note=note,
            guide=None,
        )
    w["outlet"].append(
        {
            "facility": W,
            "outlet": "DA002",
            "medium": "air",
            "automatic_required": True,
            "main": False,
            "standard": "x",
        }
    )
    one = next(r for r in w["tax_account"] if r["species"] == "NOx" and r["facility"] == P)
    kept = one | {"species": "SO2", "rank": 1, "emission": 5000.0, "equivalent": 5000 / 0.95}
    kept["tax"] = kept["equivalent"] * 6
    w["tax_account"] += [
        kept | {"facility": C, "month": "2025-01"},
        kept | {"facility": S, "month": "2025-04", "method": "generation"},
        {
            "facility": W,
            "month": "2025-01",
            "medium": "water",
            "outlet": "DW001",
            "species": "COD",
            "emission": 10.0,
            "equivalent": 10.0,
            "taxed": False,
            "rate": 3.0,
            "hours_over": 0.0,
            "reduction": "exempt",
            "tax": 0.0,
        },
    ]
    waste = next(r for r in w["waste_transfer"] if r["facility"] == P and r["month"] == "2025-02")
    left = waste["generated"] - waste["disposed"] - waste["used"]
    w["tax_account"].append(
        {
            "facility": P,
            "month": "2025-02",
            "medium": "solid",
            "species": "other_solid",
            "emission": left * 1000,
            "taxed": True,
            "rate": 25.0,
            "tax": left * 25,
            "reduction": "no_reduction",
        }
    )
    clinker = next(r["value"] for r in w["output"] if r["product"] == "clinker" and r["month"] == "2025-01")
    coal = next(r for r in w["fuel_use"] if r["facility"] == C and r["month"] == "2025-01")
    w["material_use"].append(
        {
            "facility": C,
            "month": "2025-01",
            "installation": "K1",
            "material": "raw_meal",
            "direction": "in",
            "value": clinker / 0.64,
            "meter": "M1",
        }
    )
    rows(
        w,
        "filed_line",
        "facility period form item outlet installation value unit equivalent_value basis",
        (C, "2025-01", "permit_form", "SO2", None, None, 5.0, "t", None, None),
        (C, "2025-01", "permit_form", "SO2", "DA001", None, 5.0, "t", None, None),
        (C, "2025-01", "permit_form", "clinker", None, None, clinker, "t", None, None),
        (C, "2025-01", "permit_form", "bituminous", None, None, coal["value"], "t", None, None),
        (C, "2025-01", "permit_form", "ash", None, None, coal["value"] * 0.2, "t", None, None),
        (C, "2025-01", "tax_form", "SO2", None, None, 5.0, "t", 0.95, None),
        (C, "2025-01", "tax_form", "烟尘", None, None, 1.0, "t", 2.18, None),
        (C, "2025", "disclosure_form", "SO2", None, None, 5.0, "t", None, None),
        (C, "2025", "carbon_form", "enterprise", None, None, 1e6, "t", None, "cement_2024"),
        (A, "2025", "carbon_form", "CO2e", None, None, 1e5, "t", None, "AR5"),
        (P, "2025", "carbon_form", "grid_factor", None, None, 0.6191, None, None, "average"),
        (P, "2025-01", "carbon_form", "hours", None, "U3", 650.0, "h", None, None),
        (S, "2025", "carbon_form", "enterprise", None, None, 1e6, "t", None, "steel_2025"),
        (S, "2025", "carbon_form", "process", None, "BF", 7e5, "t", None, None),
        (S, "2025", "carbon_form", "process", None, "SI", 1e5, "t", None, None),
        (S, "2025", "carbon_form", "co_fired", None, "OP", 5e4, "t", None, None),
        (S, "2025", "carbon_form", "other", None, None, 1.5e5, "t", None, None),
    )
    w["inspection"].append(
        {
            "facility": S,
            "time": datetime(2025, 4, 9, 9),
            "kind": "unannounced",
            "by": "局",
            "result": "x",
            "violation": True,
        }
    )
    for meter in ("E3", "E4"):
        of = next(r for r in w["meter"] if r["facility"] == P and r["meter"] == "E1")
        w["meter"].append(of | {"meter": meter, "part_of": "E1", "ratio": 1.0})
        moved = [r for r in w["meter_reading"] if r["meter"] == "E1"][:2]
        span = (moved[1]["reading"] - moved[0]["reading"]) * of["ratio"]
        w["meter_reading"] += [
            moved[0] | {"meter": meter, "reading": 0.0},
            moved[1] | {"meter": meter, "reading": span * 0.49},
        ]
    w["verification"].append(
        {
            "facility": P,
            "year": 2025,
            "agency": "x",
            "number": f"37-AG-{P[-6:]}-2025-1",
            "parameter": "fuel",
            "reported": 100.0,
            "verified": 100.5,
            "conservative": True,
            "meter": "M1",
        }
    )


def quotas(w: World) -> None:
    """Add notices of quotas as the plans give them, and a year of the registry."""
    pair = balance_value(np.array([1e6, 2e6]), np.array([0.80, 0.86]))
    steel = (1.4e6 + 2e5) / 1e6
    alpha = [float(coefficient((b - i) / b, 0.15, 0.03)) for b, i in ((pair, 0.8), (1.5, steel))]
    columns = "facility year installation unit_class benchmark_power benchmark_heat load load_factor verified"
    rows(
        w,
        "quota_notice",
        columns + " initial fixed obligation pre_issued deducted issued held restricted",
        (
            P,
            2023,
            "U1",
            "up_to_300",
            0.8090,
            0.1038,
            60.0,
            load_factor(60, 2023, "up_to_300"),
            1e6,
            9e5,
            9e5,
            None,
            5e5,
            1e5,
            3e5,
            "provincial_account",
            True,
        ),
        (P, 2023, "H1", "gas", *[None] * 4, 1000.0, 900.0, 1000.0, *[None] * 6),
        (P, 2023, "U3", "up_to_300", *[None] * 13),
        (P, 2023, None, None, *[None] * 4, 1.5e6, 1e6, 1.2e6, 1.5e6, *[None] * 5),
        (C, 2024, "K1", None, *[None] * 4, 1000.7, 1000.0, *[None] * 7),
    )
    rows(
        w,
        "quota_notice",
        "facility year installation ironmaking sinter product intensity balance_value alpha verified",
        (S, 2026, "BF", 1.4e6, 2e5, 1e6, steel, 1.5, alpha[1], 2e6),
        (C, 2026, "K1", None, None, None, 0.80, pair, alpha[0], 1e6),
        (C, 2026, "K2", None, None, None, 0.86, pair, None, 2e6),
    )
    rows(
        w,
        "registry_year",
        "facility year holding net_sold carried verified_total surrendered_total state price fine",
        (P, 2024, 2e4, 1000.0, 11500.0, 100.0, 0.0, "compliance_b", 80.0, 5e4),
    )


def verifiers(w: World) -> None:
    columns = "facility year agency role region members sector_member plan_read visited photos months_drawn"
    rows(
        w,
        "verification_work",
        columns + " high_low boundary delivered told",
        (
            P,
            2025,
            "V",
            "verifying",
            REGION,
            3,
            True,
            date(2026, 4, 1),
            date(2026, 4, 10),
            12,
            4,
            True,
            True,
            date(2026, 6, 20),
            date(2026, 6, 25),
        ),
        (P, 2025, "Z", "consulting", REGION, *[None] * 10),
    )
    rows(
        w,
        "disclosure",
        "facility year kind item value due published link machine_table outlet month",
        *(
            (
                P,
                2025,
                "annual",
                item,
                "x",
                date(2026, 3, 15),
                date(2026, 3, 10),
                "x",
                item == "碳排放量",
                None,
                None,
            )
            for item in ("碳排放量", "配额交易", "清缴情况", "核查机构")
        ),
        (P, 2025, "event", "示例罚1", "x", date(2025, 6, 20), date(2025, 6, 10), "x", None, None, None),
        (P, 2025, "automatic_hours", "一月", "690", None, None, None, None, "DA001", "2025-01"),
    )


def stack(w: World) -> None:
    """Add minutes, days, reports of tests, filled hours, marks and samples of stack and water."""
    start = datetime(2025, 1, 1)
    by = {(r["parameter"], r["hour"]): r for r in w["reading"]}
    one = by["a21026", datetime(2025, 1, 3, 5)]["value"]
    for k in range(6):
        w["minute_value"].append(
            {
                "facility": P,
                "outlet": "DA001",
                "time": datetime(2025, 1, 3, 5, 10 * k),
                "parameter": "a21026",
                "value": one + (k - 2.5) * 0.1,
                "flow": 1e6,
            }
        )
    day = [datetime(2025, 1, 10) + timedelta(hours=k) for k in range(24)]
    plain = float(np.mean([by["a21026", t]["value"] for t in day]))
    water = [by["w00000", t]["value"] for t in day]
    cod = float(np.average([by["w01018", t]["value"] for t in day], weights=water))
    rows(
        w,
        "day_value",
        "facility outlet day parameter value",
        (P, "DA001", day[0].date(), "a21026", plain),
        (P, "DW001", day[0].date(), "w01018", cod),
    )
    before = [start + timedelta(hours=h) for h in range(590, 600)]
    mean = float(np.mean([by["w01018", t]["value"] for t in before]))
    rows(
        w,
        "substitution",
        "facility outlet hour parameter before after rule window_from window_to",
        (P, "DA001", start + timedelta(hours=400), "a21002", None, 40.0, "short", None, None),
        (P, "DA001", start + timedelta(hours=450), "a00000", None, 1e6, "after", None, None),
        (P, "DW001", start + timedelta(hours=600), "w01018", None, mean, "water", before[0], before[-1]),
    )
    for kind, code, reference, measured in (
        ("converter", "a21002", 100.0, 97.0),
        ("response", "a21026", 200.0, 90.0),
    ):
        w["reference_test"].append(
            {
                "facility": P,
                "outlet": "DA001",
                "parameter": code,
                "kind": kind,
                "time": datetime(2025, 6, 2, 9),
                "run": 1,
                "reference": reference,
                "measured": measured,
                "used": True,
            }
        )
    w["reference_test"].append(
        {
            "facility": P,
            "outlet": "DW001",
            "parameter": "w00000",
            "kind": "flow_test",
            "time": datetime(2025, 6, 3, 9),
            "run": 1,
            "reference": 100.0,
            "measured": 101.0,
            "used": True,
        }
    )
    first = [r for r in w["reference_test"] if r["parameter"] == "a21026" and r["kind"] == "accuracy"][:9]
    gap = np.array([r["reference"] - r["measured"] for r in first])
    accuracy = abs(gap.mean()) + stats.t.ppf(0.975, 8) * gap.std(ddof=1) / 3
    accuracy *= 100 / np.mean([r["reference"] for r in first])
    at = first[0]["time"]
    rows(
        w,
        "test_report",
        "facility outlet parameter kind day accuracy passed time_from time_to crew longitude latitude",
        (
            P,
            "DA001",
            "a21026",
            "accuracy",
            at.date(),
            accuracy,
            True,
            at,
            at + timedelta(hours=8),
            "甲组",
            117.0,
            36.6,
        ),
        (
            P,
            "DA001",
            "a21005",
            "accuracy",
            date(2025, 5, 3),
            None,
            True,
            datetime(2025, 5, 3, 9),
            datetime(2025, 5, 3, 12),
            "甲组",
            117.5,
            36.6,
        ),
        (P, "DA001", "a99999", "linearity", date(2025, 3, 1), None, False, None, None, None, None, None),
    )
    for begin, end, mark, code in (
        (datetime(2025, 1, 15, 8), datetime(2025, 1, 15, 8, 10), "校准", "a21002"),
        (datetime(2025, 1, 15, 8, 10), datetime(2025, 1, 15, 8, 20), "校准", "a21002"),
        (start + timedelta(hours=301), start + timedelta(hours=302), "维护", "a21026"),
    ):
        w["mark"].append(
            {
                "facility": P,
                "outlet": "DA001",
                "parameter": code,
                "time_from": begin,
                "time_to": end,
                "mark": mark,
                "filed": end + timedelta(hours=1),
                "by": "丁",
                "reason": "检修",
            }
        )
    for outlet, species, value, name in (
        ("DW001", "COD", 25.0, "mg/L"),
        ("DW001", "BOD5", 8.0, "mg/L"),
        ("DA001", "NMVOC", 20.0, "mg/m3"),
        ("DA001", "benzene", 2.0, "mg/m3"),
    ):
        w["manual_test"].append(
            {
                "facility": P,
                "outlet": outlet,
                "time": datetime(2025, 2, 10, 9, 20),
                "species": species,
                "value": value,
                "unit": name,
                "detection_limit": 0.1,
                "laboratory": "L1",
                "report": "T2",
            }
        )
    for row in w["permit_limit"]:
        if row["facility"] == P and row["species"] == "SO2" and row["period"] == "hour":
            row |= {"tests_a_year": 1, "start_hours": 4.0}
            special = row | {"period": "special", "value": 30.0, "tests_a_year": None}
    w["permit_limit"].append(special)
    month = next(r for r in w["outlet_month"] if r["species"] == "SO2")
    w["outlet_month"].append(month | {"outlet": "DW001", "species": "COD", "mass": 0.1, "mass_measured": 0.1})
    samples(w)


def samples(w: World) -> None:
    """Add coal samples of three more enterprises from one laboratory, each on its own way, and a few of the
    kiln."""
    w["laboratory"].append(
        {"laboratory": "L2", "mark_number": "2", "valid_to": date(2027, 1, 1), "scope": "元素碳、热值"}
    )
    rng = np.random.default_rng(6)
    coal = {r["month"]: r["value"] for r in w["fuel_use"] if r["facility"] == C}
    model = {r["covers_to"].month: r for r in w["fuel_sample"] if r["sample"].startswith("U1-bituminous")}
    for facility, unit in ((S, "BF"), (W, "WW"), (A, "S1"), (C, "K1")):
        for month in range(1, 7):
            shift = round(0.4 * rng.standard_normal(), 2)
            report = f"{facility[-2:]}-{month}"
            row = model[month] | {
                "facility": facility,
                "installation": unit,
                "sample": report,
                "report": report,
            }
            if facility == C:
                row["mass"] = coal[f"2025-{month:02d}"]
            row["carbon"] += shift
            row["oxygen"] -= shift
            warmer = 620 if facility == C and month > 3 else 0
            row["heat_net"] += shift * 448 + warmer
            row["heat_gross"] += shift * 448 + warmer
            w["fuel_sample"].append(row)
            issued = next(r for r in w["laboratory_report"] if r["report"] == model[month]["report"])
            w["laboratory_report"].append(
                issued
                | {
                    "facility": facility,
                    "report": report,
                    "laboratory": "L1" if facility == C else "L2",
                    "evidence": f"file-{report}",
                }
            )


def ratings(w: World) -> None:
    rows(
        w,
        "rating",
        "facility scheme indicator installation day value level required evidence weight",
        (S, "ultra_low", "SO2", "SI", date(2025, 1, 1), 20.0, "yes", "35", "E", None),
        (P, "cleaner_production", "total", None, date(2025, 1, 1), 90.0, "I", None, "E", None),
        (P, "cleaner_production", "a", None, date(2025, 1, 1), 80.0, "I", None, "E", 0.5),
        (P, "cleaner_production", "b", None, date(2025, 1, 1), 100.0, "I", None, "E", 0.5),
        (P, "near_zero", "x", None, date(2025, 1, 1), 1.0, "x", "本厂定义", "E", None),
        (P, "green_factory", "x", None, date(2025, 1, 1), None, "国家级", None, "E", None),
        (P, "energy_limit", "x", None, date(2025, 1, 1), 1.0, "1", "GB 21258-2024", "E", None),
    )
    rows(
        w,
        "diagnosis",
        "facility year aspect place indicator value unit reference level",
        (P, 2025, "energy_level", "", "723.01", 120.0, "kgce/t", 110.0, "2"),
        (P, 2025, "energy_limit", "", "x", 120.0, "kgce/t", 110.0, "2"),
    )
