from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.office.desk import Town

import tongyuan as ty
from tongyuan.flows.ask import impact
from tongyuan.ledger import table as ledger
from tongyuan.ledger.workspace import Workspace
from tongyuan.office.operation import Refused
from tongyuan.office.workspace import bring
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture(scope="module")
def world() -> Workspace:
    """Return the smallest example with a response, what was observed, and runs of a model."""
    draw = np.random.default_rng(0).uniform(0.3, 1.3, 12)
    air: dict[str, dict[str, list[Any]]] = {
        "response": {"receptor": ["city"], "species": ["SO2"], "value": [8.0], "unit": ["µg/m3/kt"],
                     "base_emission": [0.5], "base_unit": ["kt"]},
        "observation": {"region": ["山东省"], "period": ["2021"], "indicator": ["PM2.5年均浓度"],
                        "value": [39.0], "unit": ["µg/m3"], "source": ["a bulletin"]},
        "receptor": {"receptor": ["city"], "value": [39.0], "unit": ["µg/m3"]},
        "receptor_observation": {"receptor": ["city"], "year": [2021], "value": [41.0], "unit": ["µg/m3"],
                                 "error": [0.5]},
        "model_run": {"run": [f"r{n}" for n in range(12)], "receptor": ["city"] * 12,
                      "value": (20 + 8 * draw).tolist(), "unit": ["µg/m3"] * 12},
        "model_run_emission": {"run": [f"r{n}" for n in range(12)], "species": ["SO2"] * 12,
                               "ratio": draw.tolist(), "base_emission": [2.0] * 12, "unit": ["kt"] * 12},
    }  # fmt: skip
    made = ty.workspace({**ty.example("minimal").tables, **air}, region="山东省")
    placed = {
        name: frame if ledger.PLACE in frame.columns else frame.with_columns(pl.lit(name).alias(ledger.PLACE))
        for name, frame in made.tables.items()
    }
    return replace(made, tables=placed)


@pytest.fixture
def number(kind: str, made: Town, world: Workspace) -> int:
    with writing(made.office.engine, Scope.own("lin", "A")) as session:
        return bring(session, "A", world, "2021")


def rows(made: Town, name: str, **asked: Any) -> pl.DataFrame:
    answer = made.do("lin", name, **asked)
    assert isinstance(answer, pl.DataFrame)
    return answer


def test_a_submission_is_answered_as_the_library_answers(
    kind: str, made: Town, world: Workspace, number: int
) -> None:
    fitted = impact.fit(world)
    for name in ("response_surface", "response", "receptor"):
        given = ledger.read_lists(name, fitted[name].drop("source", strict=False))
        assert_frame_equal(rows(made, "impact.fit", submission=number, table=name), given)
    constrained = rows(made, "impact.constrain", submission=number)
    given = impact.constrain(world)["scaling_factor"].drop("source", strict=False)
    assert_frame_equal(constrained, given, abs_tol=1e-9)
    assert (constrained["posterior_sd"] <= constrained["prior_sd"]).all()
    free = rows(made, "impact.constrain", submission=number, lognormal=True)
    assert not free["posterior"].equals(constrained["posterior"])
    air = rows(made, "impact.air", submission=number)
    assert_frame_equal(air, impact.air(world)["air_statistic"].drop("source"))
    with pytest.raises(Refused) as refused:
        rows(made, "impact.air", submission=number, table="aqi_day")
    assert refused.value.status == 404


def test_questions_without_a_submission(kind: str, made: Town) -> None:
    told = rows(made, "impact.index", concentrations=["PM2.5=68", "PM10=131"], day="2026-03-01")
    assert told["sub_index"].to_list() == [108, 105]
    assert told["aqi"].unique().to_list() == [108]
    assert rows(made, "impact.screen", cuts=["BC=-10%"])["ratio"].to_list()[1:] == [1]
    warming = rows(made, "impact.pulse", gas="CO2", tonnes=1e-3, years=100)["warming"]
    assert len(warming) == 100
    assert warming[-1] == pytest.approx(3.945974e-16, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("impact.index", {"concentrations": ["PM1=68"], "day": "2026-03-01"}),
        ("impact.index", {"concentrations": ["PM2.5=-1"], "day": "2026-03-01"}),
        ("impact.index", {"concentrations": [], "day": "2026-03-01"}),
        ("impact.screen", {"cuts": ["SO2=-101%"]}),
        ("impact.screen", {"cuts": ["SO2=-40"]}),
        ("impact.screen", {"cuts": ["SO2=40"]}),
        ("impact.pulse", {"gas": "SF6", "tonnes": 1.0}),
        ("impact.pulse", {"gas": "CH4", "tonnes": float("nan")}),
        ("impact.pulse", {"gas": "CH4", "tonnes": 1.0, "years": 10_000}),
    ],
)
def test_what_cannot_be_is_refused(kind: str, made: Town, name: str, asked: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        made.do("lin", name, **asked)
    assert refused.value.status == 422
    assert refused.value.findings
