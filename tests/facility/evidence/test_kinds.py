from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.evidence.balance import KINDS, balances
from tongyuan.facility.evidence.collect import collect
from tongyuan.facility.evidence.kinds import MONTHS, variables
from tongyuan.facility.evidence.reconcile import reconcile
from tongyuan.facility.simulate.balanced import months
from tongyuan.ledger.table import table

OTHERS = KINDS[1:]


@pytest.mark.parametrize("kind", OTHERS)
def test_honest_months_of_every_kind_give_uniform_p_values(kind: str) -> None:
    """Errors of five per cent bend the balances a little: hence plants of a year or two, not thousands."""
    _, measured = months(kind, 150, np.random.default_rng(3))
    result = reconcile(balances(kind), measured)
    assert stats.kstest(result.p, "uniform").pvalue > 0.01
    assert (result.freedom == len(balances(kind).names)).all()


@pytest.mark.parametrize("kind", OTHERS)
def test_a_planted_error_is_found_first_in_every_kind(kind: str) -> None:
    """Eight times the error that moves the test by one, below 60 %."""
    system = balances(kind)
    _, x = months(kind, 200, np.random.default_rng(4))
    seen = 8 * np.nanmedian(reconcile(system, x).seen, axis=0)
    hits = []
    for k in np.flatnonzero(system.measured & (seen < 0.6)):
        planted = x.copy()
        planted[:, k] *= 1 + seen[k]
        hits.append(reconcile(system, planted).tied[:, k].mean())
    assert len(hits) >= 10
    assert np.mean(hits) >= 0.9


@pytest.mark.parametrize("kind", OTHERS)
def test_a_parameter_of_its_own_needs_six_months(kind: str) -> None:
    """With six months it is their median; with five one that differs from plant to plant has no weight."""
    system = balances(kind)
    true, _ = months(kind, 1, np.random.default_rng(5))
    for count in (5, 6):
        frame = pl.DataFrame(
            {
                "facility": ["P"] * count,
                "installation": ["U"] * count,
                "month": [f"2025-{m:02d}" for m in range(count)],
            }
            | {f"v_{n}": [v] * count for n, v in zip(system.variables, true[0], strict=True)}
        )
        x = variables(frame, kind)
        own = ~system.general & ~system.measured
        assert np.isnan(x[:, own]).all() == (count == 5)
        if count == 6:
            closed = {system.names[r] for r in system.own[own]}
            left = dict(zip(system.names, np.abs(system.residual(x)[0]), strict=True))
            size = np.abs(x[0] * system.jacobian(x)[0]).sum(axis=1)
            relative = {n: v / s for (n, v), s in zip(left.items(), size, strict=True)}
            assert max(relative[n] for n in closed) < 0.02


def test_gas_boilers_from_their_tables() -> None:
    """100 10^4 m3 of 350 GJ give 35,000 GJ; the outlet's flow of 1,000 m3/h over 744 h is 744 10^3 m3."""
    unit = {"facility": "P", "installation": "B", "month": "2025-01"}
    rows: dict[str, list[dict[str, Any]]] = {
        "installation": [{"facility": "P", "installation": "B", "kind": "heat_boiler"}],
        "fuel_use": [
            unit
            | {"product": "natural_gas", "state": "fired", "value": 100.0, "unit": "10^4 m3", "ncv": 350.0}
        ],
        "purchase": [
            {"facility": "P", "document": "d", "day": date(2025, 1, 9), "product": "natural_gas"}
            | {"value": 101.0, "unit": "10^4 m3"}
        ],
        "output": [unit | {"product": "heat", "value": 31000.0, "unit": "GJ"}],
        "outlet_link": [unit | {"outlet": "DA001", "month_from": "2025-01", "share": 1.0}],
        "reading": [
            {
                "facility": "P",
                "outlet": "DA001",
                "hour": datetime(2025, 1, 1) + timedelta(hours=h),
                "value": v,
            }
            | {"parameter": p, "flag": "N"}
            for h in range(744)
            for p, v in (("a00000", 1000.0), ("a19001", 3.5))
        ],
    }
    for name in ("outlet_link", "output", "fuel_use"):
        rows[name] = [{k: v for k, v in r.items() if k in table(name).dtypes} for r in rows[name]]
    frame = MONTHS["gas"](Relations({k: pl.DataFrame(v, schema=table(k).dtypes) for k, v in rows.items()}))
    row = frame.row(0, named=True)
    assert (row["v_gas_fuel"], row["v_gas_bought"], row["v_gas_ncv"]) == (100, 101, 350)
    assert (row["v_gas_heat"], row["v_gas_power"]) == (31000, 0)
    assert row["v_gas_volume"] == pytest.approx(744)
    assert row["v_gas_air"] == pytest.approx(21 / 17.5)


def works(count: int = 8) -> dict[str, pl.DataFrame]:
    """Return the tables of an aluminium series and of sewage works that meet their balances."""
    rows: dict[str, list[dict[str, Any]]] = {
        "installation": [
            {"facility": "A", "installation": "S", "kind": "cell_series", "cells": 200, "current": 400.0},
            {"facility": "W", "installation": "W", "kind": "sewage"},
        ],
        "cell_series": [],
        "output": [],
        "material_use": [],
        "sewage_month": [],
    }
    for m in range(1, count + 1):
        month, wave = f"2025-{m:02d}", 1 + 0.01 * (m % 3)
        days = (date(2025, m % 12 + 1, 1) - timedelta(1)).day if m < 12 else 31
        liquid = 0.3355 * 400 * 200 * 24 * days * 0.93 / 1000
        unit = {"facility": "A", "installation": "S", "month": month}
        rows["cell_series"].append(
            unit | {"liquid": liquid, "anode_net": 410.0, "dc_power": 12900.0, "ac_power": 13290.0}
        )
        rows["output"].append(unit | {"product": "aluminium", "value": liquid, "unit": "t"})
        rows["material_use"].append(unit | {"material": "alumina", "direction": "in", "value": 1.93 * liquid})
        sewage = {
            "facility": "W",
            "installation": "W",
            "month": month,
            "flow": 1.2e6 * wave,
            "power": 4e5 * wave,
        }
        rows["sewage_month"].append(
            sewage
            | {"cod_in": 300.0, "cod_out": 25.0, "sludge_dry": 148.5 * wave, "tn_in": 45.0, "tn_out": 11.0}
        )
    return {k: pl.DataFrame(v, schema=table(k).dtypes) for k, v in rows.items()}


def test_pots_and_sewage_works_are_reconciled_and_an_error_is_named() -> None:
    tables = works()
    made = collect(tables)
    assert {"cell_liquid", "cell_alumina", "sewage_in", "sewage_sludge"} <= set(
        made["reconciled"]["measurement"]
    )
    assert not made["reconciled"]["suspect"].any()
    less = pl.when(pl.col("month") == "2025-04").then(0.7).otherwise(1.0)
    for name, column, measurement in (
        ("material_use", "value", "cell_alumina"),
        ("sewage_month", "sludge_dry", "sewage_sludge"),
    ):
        altered = tables | {name: tables[name].with_columns(pl.col(column) * less)}
        found = collect(altered)["reconciled"].filter(pl.col("suspect"))
        assert measurement in set(found["measurement"])
        assert set(found["month"]) == {"2025-04"}


def test_a_kiln_and_a_steel_works_of_the_small_world_have_their_months() -> None:
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[1] / "check"))
    from change import frames
    from world import C, P, S, build

    relations = Relations(frames(build()))
    kiln, steel = MONTHS["kiln"](relations), MONTHS["steel"](relations)
    assert set(kiln["facility"]) == {C}
    assert kiln["v_kiln_ash"].to_list() == pytest.approx([0.2] * 12)
    assert set(steel["facility"]) == {S}
    assert (steel["v_steel_coke"] / steel["v_steel_pig"]).to_list() == pytest.approx([0.38] * 12, rel=1e-4)
    assert set(MONTHS["coal"](relations)["facility"]) == {P}
