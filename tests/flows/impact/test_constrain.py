import numpy as np
import polars as pl
import pytest
from tests.flows.impact.test_response import RECEPTOR, RESPONSE, inputs
from tests.flows.impact.test_response import emission as rows_of

from tongyuan.flows.impact.constrain import constrain_of
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows

SEEN = {"receptor": "jinan", "year": 2021, "value": 41.0, "unit": "µg/m3", "error": 0.5}
TOWN = [RESPONSE[0] | {"receptor": "town", "value": 30.0}]
PLACES = [*RECEPTOR, RECEPTOR[0] | {"receptor": "town", "value": 20.0, "region": None}]


def emission(**limits: float) -> pl.DataFrame:
    """Emissions whose rows have limits of 95 %: twenty per cent, or as told by species."""
    rows = []
    for r in rows_of().iter_rows(named=True):
        wide = 1.96 * limits.get(r["species"], 0.2)
        rows.append(r | {"lower": r["value"] * (1 - wide), "upper": r["value"] * (1 + wide)})
    return from_rows("emission", rows)


def world(observed=(SEEN,), response=(*RESPONSE, *TOWN), receptor=PLACES, surface=()):
    given = inputs({}, list(response), list(receptor), surface)
    tables = {**given.tables, "receptor_observation": from_rows("receptor_observation", list(observed))}
    return type(given)(given.settings, tables)


def solved(made: pl.DataFrame, lognormal: bool = False, **more):
    return constrain_of(world(**more), {"emission": made}, lognormal=lognormal)


def test_the_posterior_is_between_inventory_and_observation_and_never_wider() -> None:
    found = solved(emission())
    table = found.table
    assert table.height == 4
    assert (table["posterior_sd"] <= table["prior_sd"] * (1 + 1e-12)).all()
    assert (table["posterior"] >= 1).all()
    assert ((table["kernel"] >= 0) & (table["kernel"] <= 1)).all()
    so2 = table.filter(species="SO2").row(0, named=True)
    assert so2["constrained"] == pytest.approx(so2["emission"] * so2["posterior"])
    assert so2["lower"] < so2["posterior"] < so2["upper"]
    assert 0 < found.facts["freedom_2021"] < 1


def test_a_planted_error_is_found_where_an_observation_sees_it() -> None:
    """SO2 is truly twice the inventory's: two receptors see 2 and 3 more; the others stay near one."""
    seen = [SEEN | {"value": 41.0, "error": 0.05}, SEEN | {"receptor": "town", "value": 23.0, "error": 0.05}]
    found = solved(emission(SO2=0.5, NOx=0.1), observed=seen)
    so2 = found.table.filter(species="SO2").row(0, named=True)
    assert so2["posterior"] == pytest.approx(2.0, abs=3 * so2["posterior_sd"])
    assert so2["posterior_sd"] < 0.05
    assert so2["kernel"] > 0.95
    others = found.table.filter(species="NOx")
    assert ((others["posterior"] - 1).abs() < 3 * others["prior_sd"]).all()


def test_a_source_that_the_observations_contradict_is_named() -> None:
    """Limits of 5 % and a doubling seen sharply: far beyond two deviations."""
    seen = [SEEN | {"receptor": "town", "value": 23.0, "error": 0.05}]
    found = solved(emission(SO2=0.05), observed=seen)
    so2 = found.table.filter(species="SO2").row(0, named=True)
    assert so2["contradicted"]
    assert so2["moved"] > 2
    assert [f.check for f in found.findings] == ["constrain_misfit"]
    calm = solved(emission(SO2=0.5), observed=[SEEN | {"receptor": "town", "value": 20.3}])
    assert not calm.table["contradicted"].any()


def test_sources_of_one_factor_move_together() -> None:
    """Traffic and cement share a factor: what is seen of both moves both alike; apart they need not."""
    made = emission(NOx=0.3)
    shared = made.with_columns(pl.when(pl.col("species") == "NOx").then(pl.lit(["f1"])).otherwise(
        pl.lit(["f2"])).cast(made.schema["factor_id"]).alias("factor_id"))  # fmt: skip
    one = solved(shared).table.filter(species="NOx")["posterior"]
    assert float(np.ptp(one.to_numpy())) < 0.02
    apart = shared.with_columns(
        pl.concat_list(pl.col("process")).cast(made.schema["factor_id"]).alias("factor_id")
    )
    other = solved(apart).table.filter(species="NOx")["posterior"]
    assert float(np.ptp(other.to_numpy())) > 0.02


def test_scalings_of_the_lognormal_are_never_negative() -> None:
    seen = [SEEN | {"value": 30.0, "error": 0.2}]
    plain, log = (solved(emission(SO2=0.9, NOx=0.9), observed=seen, lognormal=k).table for k in (False, True))
    assert (plain["posterior"] < 0).any()
    assert (log["posterior"] > 0).all()
    assert (log["lower"] > 0).all()


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ({"observed": [SEEN | {"receptor": "nowhere"}]}, "constrain_receptor"),
        ({"observed": [SEEN | {"error": 0.0}]}, "constrain_error"),
        ({"observed": [SEEN | {"unit": "t"}]}, "constrain_unit"),
        ({"observed": []}, "constrain_none"),
        ({"response": []}, "constrain_none"),
        (
            {"surface": [{"receptor": "jinan", "term": "1", "value": 1.0, "unit": "µg/m3"}]},
            "constrain_surface",
        ),
    ],
)
def test_what_cannot_be_constrained_is_said(more, check) -> None:
    with pytest.raises(FindingError) as told:
        solved(emission(), **more)
    assert check in {f.check for f in told.value.findings}


def test_a_year_without_an_inventory_is_left_out_and_said() -> None:
    found = solved(emission(), observed=[SEEN | {"value": 39.4}, SEEN | {"year": 2019}])
    assert set(found.table["year"]) == {2021}
    assert [f.check for f in found.findings] == ["constrain_year"]


def test_lopsided_limits_are_those_of_a_logarithm() -> None:
    """By hand: 100 within 10 and 1,000 is ln(100)/3.92 = 1.1748; 100 within 60 and 140 is 40/196 of it."""
    made = emission()
    wide = made.with_columns(
        lower=pl.when(pl.col("species") == "SO2").then(10.0).otherwise("lower"),
        upper=pl.when(pl.col("species") == "SO2").then(1000.0).otherwise("upper"),
    )
    row = solved(wide).table.filter(species="SO2").row(0, named=True)
    assert row["prior_sd"] == pytest.approx(np.hypot(np.log(100) / 3.919927969, 0.05), rel=1e-6)
    row = solved(emission(SO2=40 / 196)).table.filter(species="SO2").row(0, named=True)
    assert row["prior_sd"] == pytest.approx(np.hypot(40 / 196, 0.05), rel=1e-4)
