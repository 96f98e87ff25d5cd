from datetime import datetime

import polars as pl
import pytest

from tongyuan.facility.check.evaluate import Relations

# Real tests of US plants (US-EPA-CAMD/easey-db-scripts, MIT); pairs are CEMS|reference.
RATA = {
    "01": (
        (
            "325.617|327.61 326.945|330.53 329.225|330.66 373.567|373.6 "
            "372.104|372.33 388.873|391.19 375.926|379.13 381.716|388.07 380.289|388.44"
        ),
        1.40,
    ),
    "02": (
        (
            "0.209|0.201 0.203|0.196 0.199|0.201 0.217|0.22 "
            "0.216|0.215 0.209|0.215 0.208|0.217 0.207|0.216 0.215|0.224"
        ),
        3.56,
    ),
    "05": (
        "7.707|6.99 7.419|6.51 7.844|7.19 8.452|8.12 8.802|8.59 9.289|9.2 9.534|9.26 8.541|8.27 8.901|8.88",
        7.64,
    ),
    "06": (
        (
            "41170|42582 41266|42050 41356|42124 42255|43387 "
            "41835|42844 41817|42885 42128|42898 41995|42288 41843|41921"
        ),
        2.66,
    ),
    "08": (
        (
            "0.073|0.071 0.073|0.071 0.073|0.072 0.073|0.072 "
            "0.073|0.072 0.073|0.071 0.073|0.072 0.073|0.073 0.073|0.073"
        ),
        2.38,
    ),
}


def made_of(pairs: str, kind: str, unused: str = "") -> pl.DataFrame:
    rows = []
    for run, pair in enumerate([*unused.split(), *pairs.split()]):
        measured, _, reference = pair.partition("|")
        rows.append(
            {
                "facility": "x",
                "outlet": "DA001",
                "parameter": "a21026",
                "kind": kind,
                "time": datetime(2025, 5, 1, run),
                "run": run,
                "reference": float(reference),
                "measured": float(measured),
                "used": run >= len(unused.split()),
            }
        )
    return Relations({"reference_test": pl.DataFrame(rows)})("reference_set")


@pytest.mark.parametrize("case", RATA)
def test_relative_accuracy_of_real_tests(case: str) -> None:
    pairs, expected = RATA[case]
    made = made_of(pairs, "accuracy", "0.073|0.05" if case == "08" else "").row(0, named=True)
    assert made["pairs"] == 9
    assert round(made["accuracy"], 2) == expected


@pytest.mark.parametrize(
    ("reference", "measured", "expected"),
    [
        (15.3, [15.1, 15, 15], 1.7),
        (33.4, [33.3, 33.1, 33.1], 0.7),
        (62.9, [61.7, 61.8, 61.8], 1.8),
        (125.0, [119.3, 125.4, 124.7], 1.5),
        (489.6, [471.7, 472.7, 470.2], 3.7),
        (402.0, [397.9, 401.9, 399.3], 0.6),
        (709.1, [678.7, 687.9, 686.4], 3.5),
    ],
)
def test_linearity_of_real_tests(reference: float, measured: list[float], expected: float) -> None:
    made = made_of(" ".join(f"{m}|{reference}" for m in measured), "linearity")
    assert round(made["relative_error"][0], 1) == expected


def test_a_unit_of_a_month_adds_its_fuels_and_products() -> None:
    base = {"facility": "x", "month": "2025-01", "installation": "1"}
    fuel = pl.DataFrame(
        [
            base
            | {
                "product": "bituminous",
                "state": "fired",
                "value": 1000.0,
                "unit": "t",
                "ncv": 20.0,
                "sulphur": 1.0,
                "carbon": 50.0,
            },
            base
            | {
                "product": "diesel",
                "state": "fired",
                "value": 10.0,
                "unit": "t",
                "ncv": 42.0,
                "sulphur": None,
                "carbon": None,
            },
            base
            | {
                "product": "bituminous",
                "state": "given_out",
                "value": 5.0,
                "unit": "t",
                "ncv": 20.0,
                "sulphur": 1.0,
                "carbon": 50.0,
            },
        ]
    )
    output = pl.DataFrame(
        [base | {"product": "electricity", "value": 2000.0, "unit": "MWh", "net": 1900.0, "hours": 700.0}]
    )
    row = Relations({"fuel_use": fuel, "output": output})("unit_month").row(0, named=True)
    assert (row["coal_gj"], row["fuel_gj"], row["ignition_gj"]) == (20000.0, 20420.0, 420.0)
    assert (row["sulphur_t"], row["carbon_t"], row["coal_t"]) == (10.0, 500.0, 1000.0)
    assert (row["power_mwh"], row["net_mwh"], row["hours"]) == (2000.0, 1900.0, 700.0)


def test_an_allowance_year_sums_by_kind() -> None:
    rows = [
        {
            "facility": "x",
            "year": 2025,
            "kind": k,
            "value": v,
            "vintage": 2024 if k == "surrender" else 2025,
            "document": k,
        }
        for k, v in (("allocation", 100.0), ("purchase", 20.0), ("surrender", 90.0), ("ccer_surrender", 4.0))
    ]
    row = Relations({"allowance": pl.DataFrame(rows)})("allowance_year").row(0, named=True)
    assert (
        row["allocation"],
        row["purchase"],
        row["surrender"],
        row["ccer_surrender"],
        row["old_surrender"],
    ) == (100, 20, 90, 4, 90)


def test_hours_over_the_limit_leave_out_start_and_stop() -> None:
    limit = pl.DataFrame(
        [
            {
                "facility": "x",
                "outlet": "DA001",
                "species": "SO2",
                "period": "hour",
                "value": 35.0,
                "unit": "mg/m3",
            }
        ]
    )
    hours = pl.DataFrame(
        [
            {
                "facility": "x",
                "outlet": "DA001",
                "parameter": "a21026",
                "hour": datetime(2025, 1, 1, h),
                "value": 40.0,
                "converted": c,
                "flag": "N",
                "condition": state,
            }
            for h, (c, state) in enumerate(((36.0, "normal_run"), (34.0, "normal_run"), (90.0, "start")))
        ]
    )
    row = Relations({"reading": hours, "permit_limit": limit})("outlet_limit_hour").row(0, named=True)
    assert (row["judged"], row["over"]) == (2, 1)
