from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.pathway.case.known import KEPT, MOST, Known, remembered
from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.problem import Problem

ASKED: list[tuple[object, ...]] = []
COLUMN = {"demand": "value", "price": "value", "target": "bound"}


@remembered
def demand_of(case, flow, *frames):
    ASKED.append(("demand", flow))
    return case["demand"].filter(pl.col("flow") == flow)["value"].sum()


@remembered
def twice(case, flow):
    ASKED.append(("twice", flow))
    return 2.0 * demand_of(case, flow)


def times(case, factor):
    return case.with_tables(demand=case["demand"].with_columns(pl.col("value") * factor))


def flow_of(case):
    return case["demand"]["flow"][0]


def test_what_was_read_is_read_once_until_it_changes():
    case = steel()
    flow = flow_of(case)
    ASKED.clear()
    first = demand_of(case, flow)
    assert demand_of(case, flow) == first
    assert demand_of(case.with_targets(names=[]), flow) == first
    assert len(ASKED) == 1
    assert demand_of(times(case, 3.0), flow) == 3.0 * first
    assert demand_of(case, flow) == first
    assert len(ASKED) == 2


def test_what_a_result_rests_on_is_read_by_who_takes_it_from_memory():
    case = steel()
    flow = flow_of(case)
    first = demand_of(case, flow)
    assert twice(case, flow) == 2.0 * first
    assert twice(times(case, 5.0), flow) == 10.0 * first


def test_another_argument_settings_or_frame_is_another_question():
    case = steel()
    flow, other = flow_of(case), "no such flow"
    a, b = pl.DataFrame({"x": [1]}), pl.DataFrame({"x": [2]})
    ASKED.clear()
    for frame in (a, a.clone(), pl.DataFrame({"x": [1]}), b):
        demand_of(case, flow, frame)
    assert demand_of(case, other) == 0.0
    assert len(ASKED) == 3
    settings = case.settings.model_copy(update={"discount_rate": 0.5})
    demand_of(replace(case, settings=settings), other)
    assert len(ASKED) == 4


def test_few_results_of_one_question_are_kept_and_few_questions():
    case = steel()
    flow = flow_of(case)
    for factor in range(1, KEPT + 5):
        demand_of(times(case, float(factor)), flow)
    assert max(map(len, case.known.results.values())) <= KEPT
    for number in range(MOST + 10):
        demand_of(case, f"flow {number}")
    assert len(case.known.results) <= MOST


def test_a_copy_elsewhere_has_nothing_in_mind():
    case = steel()
    demand_of(case, flow_of(case))
    assert case.known.results
    assert not pickle.loads(pickle.dumps(case)).known.results
    assert not copy.deepcopy(case.known).results
    assert isinstance(pickle.loads(pickle.dumps(Known())), Known)


FRESH: dict[tuple[bytes, ...], Problem] = {}
"""Problems assembled from fresh tables, by the columns that were changed."""


def fresh_of(case):
    changed = tuple(case[name][column].to_numpy().tobytes() for name, column in COLUMN.items())
    if changed not in FRESH:
        FRESH[changed] = assemble(replace(case, known=Known()))
    return FRESH[changed]


@given(st.lists(st.sampled_from(["demand", "price", "target", "back"]), min_size=1, max_size=4), st.data())
def test_a_problem_from_memory_is_that_of_fresh_tables(steps, data):
    start = case = steel()
    assemble(start)
    for step in steps:
        factor = data.draw(st.sampled_from([0.5, 0.9, 1.1, 2.0]))
        if step == "back":
            case = start
            continue
        case = case.with_tables(**{step: case[step].with_columns(pl.col(COLUMN[step]) * factor)})
        kept, fresh = assemble(case), fresh_of(case)
        assert kept.rows.equals(fresh.rows)
        assert kept.columns.equals(fresh.columns)
        assert kept.terms.equals(fresh.terms)
        assert (kept.matrix != fresh.matrix).nnz == 0
        for name in ("cost", "lower", "upper", "row_lower", "row_upper", "factor"):
            assert getattr(kept, name).tobytes() == getattr(fresh, name).tobytes()
