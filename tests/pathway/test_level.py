"""Targets on a concentration with a level: the same plans as a formulation that knows sums alone."""

from __future__ import annotations

import copy

import polars as pl
import pytest
from tests.pathway.oracle.bind import DRAFTS, set_bound, where
from tests.pathway.oracle.formulation import Formulation
from tests.pathway.oracle.unit import factor
from tests.pathway.oracle.world import PRICE_YEAR, Pen, make

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.sweep import pareto
from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.case.check import case
from tongyuan.pathway.example import steel

LEVEL = 48.0
DRAFT = next(d for d in DRAFTS if "unit" in d.__code__.co_names and "city" in str(d.__code__.co_consts))


def aimed(seed):
    """A random plan with a bound on the concentration of the city that binds, by sums of emission alone."""
    pen = Pen(seed + 77, True)
    world = make(seed)
    answer = Formulation(world).quick()
    row = DRAFT(world, pen) | {"target": "air"}
    where(row, world, pen)
    row.pop("scope", None)
    found = set_bound(copy.deepcopy(world), row, answer, pen)
    if found is None:
        pytest.skip("no bound binds in this plan")
    return found[0], Formulation(found[0]).solve()


def planned(world):
    settings = Settings(
        discount_rate=world.rate, base_year=world.base_year, price_year=PRICE_YEAR,
        include_damage=world.include_damage,
    )  # fmt: skip
    frames = {n: pl.DataFrame(rows, infer_schema_length=None) for n, rows in world.tables.items() if rows}
    return case(frames, settings)


def levelled(world, shares):
    """The same plan told otherwise: base emissions, a level, and the bound moved by what they come to."""
    made = copy.deepcopy(world)
    moved = LEVEL
    for row, share in zip(made["response"], shares, strict=True):
        row["base_emission"], row["base_unit"] = 10.0 * share, "kt"
        moved -= row["value"] * factor(row["unit"]) * 10.0 * share * 1e3
    made.tables["receptor"] = [
        {"receptor": "city", "value": LEVEL / 1000.0, "unit": "mg/m3", "metric": "PM2.5"}
    ]
    for row in made["target"]:
        if row["target"] == "air":
            row["bound"] += moved / factor(row["unit"])
    return made, moved


@pytest.mark.parametrize("seed", range(6))
def test_a_level_moves_the_bound_and_nothing_else(seed):
    world, answer = aimed(seed)
    told, moved = levelled(world, [1.0, 0.5, 2.0, 0.25][: len(world["response"])])
    plan = least_cost(planned(told), explain=False)
    plain = least_cost(planned(world), explain=False)
    assert plan.status == answer.condition == "optimal"
    assert plan.cost == pytest.approx(answer.objective, rel=1e-8)
    columns = ["target", "year", "shadow_price", "binding"]
    assert plan["shadow_price"].select(columns[:2]).equals(plain["shadow_price"].select(columns[:2]))
    ours = plan["shadow_price"].filter(target="air")
    theirs = plain["shadow_price"].filter(target="air")
    assert ours["shadow_price"].to_list() == pytest.approx(theirs["shadow_price"].to_list(), rel=1e-5)
    scale = factor(next(r["unit"] for r in told["target"] if r["target"] == "air"))
    expected = [v + moved / scale for v in theirs["value"]]
    assert ours["value"].to_list() == pytest.approx(expected, rel=1e-7)


NORTH = {"receptor": "city", "species": "SO2", "value": 0.2, "unit": "ug/m3/t", "base_emission": 96.0}
CITY = {"receptor": "city", "value": 40.0, "unit": "ug/m3"}
AIR = {
    "target": "air", "quantity_kind": "concentration", "quantity": "city", "comparator": "at_most",
    "bound": 35.0, "unit": "ug/m3", "year": 2030, "family": "pollution",
}  # fmt: skip


def told(response=(NORTH,), receptor=(CITY,), target=AIR):
    made = steel()
    tables = dict(made.tables) | {
        "response": pl.DataFrame(list(response), infer_schema_length=None),
        "receptor": pl.DataFrame(list(receptor), infer_schema_length=None),
        "target": pl.concat([made["target"], pl.DataFrame([target])], how="diagonal_relaxed"),
    }
    return case(tables, made.settings)


def test_a_bound_on_the_air_is_a_bound_on_what_is_emitted():
    """40 at 96 t and 0.2 a tonne: 35 is 71 t of SO2, by hand; the price is that of a cap on SO2, times 5."""
    plan = least_cost(told())
    emitted = plan["plan_emission"].filter(species="SO2", year=2030)["value"].sum()
    assert emitted == pytest.approx(71.0, rel=1e-6)
    cap = AIR | {"quantity_kind": "emission", "quantity": "SO2", "bound": 71.0, "unit": "t"}
    same = least_cost(told(target=cap))
    assert same.cost == pytest.approx(plan.cost, rel=1e-9)
    price = plan["shadow_price"].filter(target="air").row(0, named=True)
    other = same["shadow_price"].filter(target="air").row(0, named=True)
    assert price["value"] == pytest.approx(35.0)
    assert price["shadow_price"] == pytest.approx(5 * other["shadow_price"], rel=1e-6)
    assert price["shadow_price"] > 0


def test_a_share_of_the_base_year_is_of_the_level():
    """The stock of the base year emits some SO2; 90 % is of the air it makes, not of its part alone."""
    share = AIR | {"bound": 0.95, "basis": "share_of_base", "unit": ""}
    plan = least_cost(told(target=share))
    before = 40.0 + 0.2 * (_base_so2() - 96.0)
    bound = plan["shadow_price"].filter(target="air")["bound"].item()
    assert bound == pytest.approx(0.95 * before)


def _base_so2():
    from tongyuan.pathway.problem.base import base_point

    return base_point(told())["plan_emission"].filter(species="SO2")["value"].sum()


def test_a_front_is_told_in_the_level():
    made = told(target=AIR | {"bound": 60.0})
    rows = pareto(made, [("concentration", "city")], 3).filter(pl.col("objective") == "city")
    plan = least_cost(made)
    emitted = plan["plan_emission"].filter(species="SO2")
    years = dict(made["period"].select("year", "weight").iter_rows())
    expected = sum(
        years[y] * (40.0 + 0.2 * (emitted.filter(year=y)["value"].sum() - 96.0)) for y in made.years
    )
    assert rows["value"][0] == pytest.approx(expected, rel=1e-4)
    assert rows["value"].to_list() == sorted(rows["value"].to_list(), reverse=True)


@pytest.mark.parametrize(
    ("response", "receptor", "check"),
    [
        ((NORTH,), (CITY, CITY | {"receptor": "town"}), "receptor_alone"),
        ((NORTH | {"base_emission": None},), (CITY,), "response_no_base"),
        ((NORTH,), (), "response_no_level"),
        ((NORTH | {"valid_lower": 1.5, "valid_upper": 0.5},), (CITY,), "response_range"),
        ((NORTH | {"base_emission": None, "valid_upper": 2.0},), (), "response_range_free"),
        ((NORTH | {"unit": "ug/m3"},), (CITY,), "unit_unfit"),
        ((NORTH | {"unit": "ug/m3/kWh"},), (CITY,), "unit_unfit"),
        ((NORTH | {"base_unit": "kWh"},), (CITY,), "unit_unfit"),
        ((NORTH,), (CITY | {"unit": "t"},), "unit_unfit"),
    ],
)
def test_a_response_that_cannot_be_read_is_said(response, receptor, check):
    if not receptor:
        receptor = (CITY | {"receptor": "none"},)
    with pytest.raises(FindingError) as told_:
        told(response, receptor)
    assert check in {f.check for f in told_.value.findings}
