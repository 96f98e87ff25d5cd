from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.pathway.ask.dividend import dividend
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.example import steel


def additive(seed: int, measures: int = 5, separable: bool = False) -> tuple[Case, np.ndarray]:
    """Independent measures, each cutting SO2 and CO2 from a fixed base by what one unit of it abates."""
    r = np.random.default_rng(seed)
    names = [f"m{i}" for i in range(measures)]
    cut = r.uniform(0.0, 2.0, (measures, 2))
    if separable:
        cut[np.arange(measures), (np.arange(measures) + 1) % 2] = 0.0
    limit = r.uniform(1.0, 5.0, measures)
    base = float((cut * limit[:, None]).sum()) + 1.0
    bound = base - r.uniform(0.1, 0.9, 2) * (cut * limit[:, None]).sum(axis=0)
    technology = ["source", *names]
    tables = {
        "node": {"node": ["n"]},
        "period": {"year": [2030], "weight": [1.0]},
        "flow": {"flow": ["service", *[f"done_{n}" for n in names]], "unit": ["t"] * (measures + 1)},
        "technology_option": {
            "technology": technology, "unit": ["t"] * (measures + 1), "capacity": ["free"] * (measures + 1),
            "cost_variable": [0.0, *r.uniform(1.0, 10.0, measures)], "potential": [None, *limit],
        },
        "technology_flow": {
            "technology": technology, "flow": ["service", *[f"done_{n}" for n in names]],
            "role": ["output"] * (measures + 1),
            "coefficient": [1.0] * (measures + 1),
        },
        "emission_coefficient": {
            "technology": [t for t in technology for _ in range(2)], "species": ["SO2",
            "CO2"] * (measures + 1),
            "value": [base, base, *(-cut).ravel()], "unit": ["t/t"] * (2 * measures + 2),
        },
        "demand": {"node": ["n"], "flow": ["service"], "year": [2030], "value": [1.0], "unit": ["t"]},
        "target": {
            "target": ["SO2", "CO2"], "family": ["pollution", "carbon"], "quantity_kind": ["emission"] * 2,
            "quantity": ["SO2", "CO2"], "comparator": ["at_most"] * 2, "bound": bound,
        },
    }  # fmt: skip
    # the one source emits the base however many units the demand asks for
    case = draft({k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.0))
    exact = case["technology_option"].with_columns(
        potential=pl.when(pl.col("technology") == "source").then(1.0).otherwise("potential")
    )
    return case.with_tables(technology_option=exact), cut


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_never_negative_where_every_measure_helps_both(seed):
    case, _ = additive(seed)
    found = dividend(case)
    assert found.value is not None
    assert found.value >= -1e-7 * abs(found.plans["together"].cost)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_zero_where_the_families_do_not_touch(seed):
    case, _ = additive(seed, measures=6, separable=True)
    found = dividend(case)
    assert found.value == pytest.approx(0.0, abs=1e-7 * abs(found.plans["together"].cost))
    assert found.dividend.filter(pl.col("item") == "dividend")["status"].item() == "separate"


def test_negative_where_a_device_burns_coal():
    found = dividend(steel())
    last = found.dividend.filter(pl.col("item") == "dividend").row(0, named=True)
    assert last["cost"] < 0
    assert last["status"] == "conflict"
    assert "冲突" in last["sentence_zh"]
    assert "conflict" in last["sentence_en"]
    alone = found.cross_effect.filter(
        (pl.col("alone") == "pollution") & (pl.col("species") == "CO2") & (pl.col("year") == 2030)
    )
    assert alone["verdict"].item() == "conflicts"


def test_infeasible_together_is_said_so():
    technology = ["clean", "lean"]
    tables = {
        "node": {"node": ["n"]},
        "period": {"year": [2030], "weight": [1.0]},
        "flow": {"flow": ["good"], "unit": ["t"], "balance": ["equal"]},
        "technology_option": {"technology": technology, "unit": ["t"] * 2, "capacity": ["free"] * 2,
        "cost_variable": [5.0, 3.0]},
        "technology_flow": {"technology": technology, "flow": ["good"] * 2, "role": ["output"] * 2,
        "coefficient": [1.0] * 2},
        "emission_coefficient": {
            "technology": ["clean", "clean", "lean", "lean"], "species": ["SO2", "CO2"] * 2, "value": [1.0,
            3.0, 2.0, 1.0],
            "unit": ["t/t"] * 4,
        },
        "demand": {"node": ["n"], "flow": ["good"], "year": [2030], "value": [10.0], "unit": ["t"]},
        "target": {
            "target": ["SO2_cap", "CO2_cap"], "family": ["pollution", "carbon"],
            "quantity_kind": ["emission"] * 2,
            "quantity": ["SO2", "CO2"], "comparator": ["at_most"] * 2, "bound": [12.0, 20.0],
        },
    }  # fmt: skip
    case = draft({k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.0))
    found = dividend(case)
    status = dict(zip(found.dividend["item"], found.dividend["status"], strict=True))
    assert status["pollution"] == "optimal"
    assert status["carbon"] == "optimal"
    assert status["together"] == "infeasible"
    assert status["dividend"] == "infeasible_together"
    words = found.dividend.filter(pl.col("item") == "together")
    assert "SO2_cap" in words["sentence_en"].item()
    assert "CO2_cap" in words["sentence_zh"].item()
