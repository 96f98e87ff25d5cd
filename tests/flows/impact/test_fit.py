import numpy as np
import polars as pl
import pytest

from tongyuan.flows.impact.fit import fit_of
from tongyuan.impact.air.full import full_of
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows


def truth(so2: float, nh3: float) -> float:
    return 20 + 8 * so2 + 5 * nh3 + 6 * so2 * nh3


def runs(count: int = 14, low: float = 0.3, high: float = 1.3) -> dict[str, pl.DataFrame]:
    draw = np.random.default_rng(0).uniform(low, high, (count, 2))
    seen = [
        {"run": f"r{i}", "receptor": "city", "value": truth(*x), "unit": "µg/m3"} for i, x in enumerate(draw)
    ]
    head = {"unit": "kt"}
    parts = [
        head | {"run": f"r{i}", "species": s, "node": n, "ratio": float(x[k]), "base_emission": b}
        for i, x in enumerate(draw) for k, (s, n, b) in enumerate([("SO2", None, 2.0), ("NH3", "north", 4.0)])
    ]  # fmt: skip
    return {
        "model_run": from_rows("model_run", seen),
        "model_run_emission": from_rows("model_run_emission", parts),
    }


def test_tables_that_are_fitted_give_the_model_again() -> None:
    made = fit_of(runs())
    assert made.findings == ()
    assert made.error["city"] < 1e-9
    full = full_of(*(made.tables[n] for n in ("response", "receptor", "response_surface")))
    for so2, nh3 in ((1.0, 1.0), (0.5, 0.9), (1.2, 0.4)):
        air = full.air({("SO2", "x"): 2.0 * so2, ("NH3", "north"): 4.0 * nh3})
        assert air["city"] == pytest.approx(truth(so2, nh3))
    line = {r["species"]: r for r in made.tables["response"].iter_rows(named=True)}
    assert line["SO2"]["value"] == pytest.approx((8 + 6) / 2.0)
    assert line["SO2"]["unit"] == "µg/m3/kt"
    assert line["NH3"]["node"] == "north"
    assert 0.3 <= line["NH3"]["valid_lower"] < 0.5
    assert made.tables["receptor"]["value"].item() == pytest.approx(39.0)


def test_runs_that_do_not_enclose_the_base_are_said() -> None:
    assert [f.check for f in fit_of(runs(high=0.9)).findings] == ["fit_base"]


def test_what_rises_only_rises() -> None:
    given = runs()
    falling = given["model_run"].with_columns(value=60 - pl.col("value"))
    made = fit_of({**given, "model_run": falling})
    assert (made.tables["response"]["value"] >= -1e-6).all()
    free = fit_of({**given, "model_run": falling}, rising=False)
    assert (free.tables["response"]["value"] < 0).all()
    assert free.error["city"] < made.error["city"]


def changed(name: str, **columns: pl.Expr) -> dict[str, pl.DataFrame]:
    given = runs()
    return {**given, name: given[name].with_columns(**columns)}


@pytest.mark.parametrize(
    ("given", "check"),
    [
        ({}, "fit_none"),
        (runs(3), "fit_wrong"),
        ({**runs(), "model_run_emission": runs()["model_run_emission"][1:]}, "fit_run"),
        (changed("model_run_emission", base_emission=pl.lit(None, pl.Float64)), "fit_base_emission"),
        (changed("model_run_emission", base_emission=pl.col("ratio")), "fit_base_emission"),
        (changed("model_run_emission", ratio=pl.lit(1.0)), "fit_wrong"),
        (changed("model_run", unit=pl.when(pl.col("run") == "r1").then(pl.lit("mg/m3")).otherwise("unit")),
         "fit_unit"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_said(given, check) -> None:
    with pytest.raises(FindingError) as told:
        fit_of(given)
    assert check in {f.check for f in told.value.findings}
