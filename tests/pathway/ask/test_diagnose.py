from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.diagnose import diagnose
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings, draft


def planted(targets: list[tuple[str, str, str, str, float]], potential: float = 100.0) -> Case:
    """Ten units from a dirty, a clean or a low-carbon technology."""
    technology = ["dirty", "clean", "lean"]
    tables = {
        "node": {"node": ["n"]},
        "period": {"year": [2030], "weight": [1.0]},
        "flow": {"flow": ["good"], "unit": ["t"], "balance": ["equal"]},
        "technology_option": {
            "technology": technology, "unit": ["t"] * 3, "capacity": ["free"] * 3, "cost_variable": [1.0,
            5.0, 3.0],
            "potential": [None, potential, 100.0],
        },
        "technology_flow": {"technology": technology, "flow": ["good"] * 3, "role": ["output"] * 3,
        "coefficient": [1.0] * 3},
        "emission_coefficient": {
            "technology": ["dirty", "dirty", "clean", "clean", "lean", "lean"], "species": ["SO2", "CO2"] * 3,
            "value": [4.0, 2.0, 1.0, 3.0, 2.0, 1.0], "unit": ["t/t"] * 6,
        },
        "demand": {"node": ["n"], "flow": ["good"], "year": [2030], "value": [10.0], "unit": ["t"]},
        "target": pl.DataFrame(targets, schema=["target", "quantity_kind", "quantity", "comparator",
        "bound"], orient="row"),
    }  # fmt: skip
    return draft({k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.0))


TWO = [
    ("SO2", "emission", "SO2", "at_most", 12.0),
    ("CO2", "emission", "CO2", "at_most", 20.0),
    ("idle", "activity", "dirty", "at_most", 9.0),
]
THREE = [
    ("dirty", "activity", "dirty", "at_most", 2.0),
    ("clean", "activity", "clean", "at_most", 3.0),
    ("lean", "activity", "lean", "at_most", 4.0),
    ("idle", "emission", "CO2", "at_most", 100.0),
]
POTENTIAL = [
    ("clean_share", "activity", "clean", "at_least", 8.0),
    ("idle", "emission", "CO2", "at_most", 100.0),
]


@pytest.mark.parametrize(
    ("case", "members", "limits"),
    [
        (planted(TWO), {"SO2", "CO2"}, {"balance:good"}),
        (planted(THREE), {"dirty", "clean", "lean"}, {"balance:good"}),
        (planted(POTENTIAL, potential=5.0), {"clean_share"}, {"potential:clean"}),
    ],
    ids=["two targets", "three targets", "target against potential"],
)
def test_planted_conflicts_are_named_exactly(case, members, limits):
    rows = diagnose(case)
    assert rows["conflict"].unique().to_list() == [1]
    targets = rows.filter(pl.col("role") == "target")
    assert set(targets["member"]) == members
    assert set(rows.filter(pl.col("role") == "limit")["member"]) == limits
    for r in targets.to_dicts():
        assert r["member"] in r["sentence_zh"]
        assert r["relaxed"] is not None
        _verify(case, r)
    least = targets.filter(pl.col("cheapest")).row(0, named=True)
    assert least["relative"] == targets["relative"].min()
    with pytest.raises(FindingError, match=next(iter(members))):
        least_cost(case)


def _verify(case: Case, row: dict) -> None:
    """The relaxed bound suffices, a little less does not, and its cost is that of solving anew."""
    sign = 1.0 if row["relaxed"] > row["bound"] else -1.0
    for shift, status in ((1e-7, "optimal"), (-1e-4, "infeasible")):
        bound = row["relaxed"] + sign * shift
        target = case["target"].with_columns(
            bound=pl.when(pl.col("target") == row["member"]).then(bound).otherwise("bound")
        )
        plan = least_cost(case.with_tables(target=target), explain=False)
        assert plan.status == status
        if status == "optimal":
            assert plan.cost == pytest.approx(row["cost"], rel=1e-5)


def test_two_independent_conflicts_are_both_found():
    both = [
        *TWO[:2],
        ("clean_share", "activity", "clean", "at_least", 8.0),
        ("lean_share", "activity", "lean", "at_least", 8.0),
    ]
    rows = diagnose(planted(both)).filter(pl.col("role") == "target")
    sets = {frozenset(p["member"]) for p in rows.partition_by("conflict")}
    assert frozenset({"SO2", "CO2"}) in sets
    assert frozenset({"clean_share", "lean_share"}) in sets


def test_ratio_target_is_relaxed_to_the_best_ratio():
    case = planted([("share", "activity", "clean", "at_least", 0.9)], potential=5.0)
    ratio = case["target"].with_columns(denominator_kind=pl.lit("production"), denominator=pl.lit("good"))
    row = diagnose(case.with_tables(target=ratio)).filter(pl.col("role") == "target").row(0, named=True)
    assert row["relaxed"] == pytest.approx(0.5, rel=1e-9)


def test_demand_that_cannot_be_met_is_named_without_targets():
    case = planted([])
    options = case["technology_option"].with_columns(potential=pl.lit(1.0))
    rows = diagnose(case.with_tables(technology_option=options))
    assert set(rows["role"]) == {"limit"}
    assert "balance:good" in set(rows["member"])


def test_no_conflict_gives_no_rows():
    assert diagnose(planted(TWO[2:])).is_empty()
