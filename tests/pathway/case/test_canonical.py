from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.case.check import check
from tongyuan.pathway.case.measure import factor
from tongyuan.pathway.example import steel, typed

ALIKE = {
    "t": ["t", "kg", "kt", "万t", "g"],
    "MWh": ["MWh", "kWh", "GJ", "TJ", "tce"],
    "GJ": ["GJ", "MWh", "TJ", "kgce"],
    "MW": ["MW", "kW", "GW", "万kW"],
    "t/a": ["t/a", "kg/a", "万t/a"],
    "CNY": ["CNY", "元", "万元", "亿元"],
}


TWO = """
[node]
node
A

[period]
year, weight
2030, 1

[flow]
flow,  unit
power, MWh
fuel,  t

[technology_option]
technology, unit, capacity, cost_variable
coal,       MWh,  free,     0
wind,       MWh,  free,     500

[technology_flow]
technology, flow,  role,   coefficient
coal,       power, output, 1
coal,       fuel,  input,  0.4
wind,       power, output, 1

[emission_coefficient]
technology, species, value, unit
coal,       CO2,     800,   kg/MWh
coal,       NOx,     2,     g/kWh

[demand]
node, flow,  year, value, unit
A,    power, 2030, 1000,  MWh

[price]
flow, direction, value, unit
fuel, purchase,  0.08,  万元/t

[stock]
node, technology, activity
A,    coal,       1000
"""


def two(**more: list[dict[str, object]]) -> Case:
    tables = typed(TWO) | {name: pl.DataFrame(rows) for name, rows in more.items()}
    return draft(tables, Settings(discount_rate=0.0))


def solved(case: Case) -> tuple[float, dict[str, float]]:
    assert [f.message("en") for f in check(case) if f.severity == "error"] == []
    plan = least_cost(case)
    emitted = plan["plan_emission"].group_by("species").agg(pl.col("value").sum())
    return plan.cost, dict(emitted.iter_rows())


def cap(bound: float, unit: str, **more: object) -> list[dict[str, object]]:
    row = {"target": "cap", "quantity_kind": "emission", "quantity": "CO2", "comparator": "at_most"}
    return [{**row, "bound": bound, "unit": unit, **more}]


def test_rates_in_kilograms_and_a_price_in_wan_yuan_by_hand():
    # 0.4 t x 800 CNY/t = 320 CNY/MWh < 500; 0.8 t CO2 and 2 kg NOx per MWh
    cost, emitted = solved(two())
    assert cost == pytest.approx(320_000.0, rel=1e-12)
    assert emitted == {"CO2": pytest.approx(800.0), "NOx": pytest.approx(2.0)}


@pytest.mark.parametrize(("bound", "unit"), [(400, "t"), (0.4, "kt"), (4e5, "kg"), (0.04, "万吨"), (400, "")])
def test_a_cap_means_the_same_in_every_unit(bound, unit):
    # half by coal at 320, half by wind at 500; a tonne more is worth (500 - 320) / 0.8
    plan = least_cost(two(target=cap(bound, unit)))
    assert plan.cost == pytest.approx(500 * 320 + 500 * 500, rel=1e-12)
    row = plan["shadow_price"].row(0, named=True)
    one = factor(unit or "t", "t")
    assert row["bound"] == pytest.approx(bound)
    assert row["value"] == pytest.approx(bound)
    assert row["shadow_price"] == pytest.approx(225.0 * one)
    assert row["unit"] == (unit or "t")


@pytest.mark.parametrize(("bound", "unit"), [(50, "%"), (0.5, ""), (0.5, "t"), (0.5, "kg")])
def test_a_share_of_the_base_year_by_hand(bound, unit):
    plan = least_cost(two(target=cap(bound, unit, basis="share_of_base")))
    assert plan.cost == pytest.approx(500 * 320 + 500 * 500, rel=1e-12)
    assert plan["shadow_price"]["unit"].item() == (unit if unit in ("t", "kg") else "t")


def test_the_unit_of_a_relative_target_is_that_of_its_base_value():
    plan = least_cost(two(target=cap(0.5, "kg", basis="share_of_base", base_value=800_000.0)))
    assert plan.cost == pytest.approx(500 * 320 + 500 * 500, rel=1e-12)
    assert plan["shadow_price"]["bound"].item() == pytest.approx(400_000.0)


RATIO = {"denominator_kind": "production", "denominator": "power"}


@pytest.mark.parametrize(("bound", "unit"), [(400, "kg/MWh"), (0.4, "t/MWh"), (0.4, ""), (400, "g/kWh")])
def test_a_ratio_of_two_dimensions(bound, unit):
    plan = least_cost(two(target=cap(bound, unit, **RATIO)))
    assert plan.cost == pytest.approx(500 * 320 + 500 * 500, rel=1e-12)
    row = plan["shadow_price"].row(0, named=True)
    assert row["bound"] == pytest.approx(bound)
    # 0.001 t/MWh less for all 1,000 MWh is 1 t
    assert row["shadow_price"] == pytest.approx(225.0 * 1000.0 * factor(unit or "t/MWh", "t", "MWh"))
    assert row["unit"] == (unit or "t/MWh")


@pytest.mark.parametrize(("bound", "unit"), [(50, "%"), (0.5, ""), (0.5, "MWh/MWh"), (500, "kWh/MWh")])
def test_a_pure_ratio_counts_in_percentage_points(bound, unit):
    share = {"quantity_kind": "activity", "quantity": "wind", "comparator": "at_least"}
    plan = least_cost(two(target=[{**cap(bound, unit, **RATIO)[0], **share}]))
    assert plan.cost == pytest.approx(500 * 320 + 500 * 500, rel=1e-12)
    row = plan["shadow_price"].row(0, named=True)
    assert row["unit"] == "pp"
    assert row["shadow_price"] == pytest.approx(0.01 * 1000 * 180.0)
    assert row["bound"] == pytest.approx(bound)


def test_members_of_a_group_in_other_units_are_converted_to_the_first():
    options = typed(TWO)["technology_option"].with_columns(unit=pl.Series(["MWh", "GWh"]))
    made = [
        {"technology": "coal", "flow": "power", "role": "output", "coefficient": 1.0},
        {"technology": "coal", "flow": "fuel", "role": "input", "coefficient": 0.4},
        {"technology": "wind", "flow": "power", "role": "output", "coefficient": 1000.0},
    ]
    every = [{"quantity": "all", "member": m, "weight": 1.0} for m in ("coal", "wind")]
    least = {"quantity_kind": "activity", "quantity": "coal", "comparator": "at_most"}
    part = {"denominator_kind": "activity", "denominator": "all"}
    case = two(
        technology_option=options.with_columns(cost_variable=pl.Series([0.0, 500_000.0])).to_dicts(),
        technology_flow=made,
        quantity_member=every,
        target=[{**cap(30, "%", **part)[0], **least}],
    )
    assert least_cost(case).cost == pytest.approx(300 * 320 + 700 * 500, rel=1e-12)


def test_a_tax_on_a_group_of_equivalents():
    # 1 kg NOx is 1/0.95 equivalents: 2 t are 2105.26; at 90 CNY each coal costs 320 + 189.47 > 500
    member = [{"quantity": "PE", "member": "NOx", "weight": 1 / 0.95, "unit": "当量/kg"}]
    tax = [{"tax": "t", "quantity": "PE", "value": 80.0, "unit": "元/当量"}]
    cost, _ = solved(two(quantity_member=member, tax=tax))
    assert cost == pytest.approx(320_000 + 80 * 2000 / 0.95, rel=1e-12)
    tax[0]["value"] = 90.0
    assert solved(two(quantity_member=member, tax=tax))[0] == pytest.approx(500_000, rel=1e-12)


def test_what_is_converted_stays_when_it_is_converted_again():
    case = two(target=cap(400, "t"))
    again = case.with_tables(demand=case["demand"])
    for name in case.tables:
        assert again[name].equals(case[name]), name
    assert case["emission_coefficient"]["unit"].to_list() == ["t/MWh", "t/MWh"]
    assert case["price"]["value"].to_list() == [pytest.approx(800.0)]


def rewritten(case: Case, seed: int) -> Case:
    """Return the same plan as someone else would have typed it: every unit another of its dimension."""
    r = random.Random(seed)
    flow = {f: (u, r.choice(ALIKE[u])) for f, u in case["flow"].select("flow", "unit").iter_rows()}
    option = case["technology_option"].select("technology", "unit", "capacity_unit")
    option = option.unique("technology", keep="first", maintain_order=True)
    unit = {k: (u, r.choice(ALIKE[u])) for k, u, _ in option.iter_rows()}
    room = {k: (c, r.choice(ALIKE[c]) if c else "") for k, _, c in option.iter_rows()}

    def times(pair: tuple[str, str]) -> float:
        return factor(*pair) if pair[1] else 1.0

    def each(table: str, change) -> list[dict[str, object]]:
        return [row | change(row) for row in case[table].to_dicts()]

    def scaled(row: dict, by: float, *columns: str) -> dict:
        return {c: row[c] * by if row[c] is not None else None for c in columns}

    def technology(row: dict) -> dict:
        a, c = times(unit[row["technology"]]), times(room[row["technology"]])
        size = a if row["capacity"] == "free" else c
        return {
            "unit": unit[row["technology"]][1], "capacity_unit": room[row["technology"]][1],
            **scaled(row, 1 / c, "cost_capital", "cost_fixed"), **scaled(row, 1 / a, "cost_variable"),
            **scaled(row, c, "growth_start", "unit_size"), **scaled(row, size, "potential"),
            **scaled(row, a / c, "yearly_output"),
        }  # fmt: skip

    def coefficient(row: dict) -> dict:
        own_f, own_k = flow[row["flow"]], unit[row["technology"]]
        if r.random() < 0.5:
            return scaled(row, times(own_f) / times(own_k), "coefficient")
        f, k = r.choice(ALIKE[own_f[0]]), r.choice(ALIKE[own_k[0]])
        return {**scaled(row, factor(own_f[0], f) / factor(own_k[0], k), "coefficient"), "unit": f"{f}/{k}"}

    def emitted(row: dict) -> dict:
        s, k = r.choice(ALIKE["t"]), r.choice(ALIKE[unit[row["technology"]][0]])
        by = factor("t", s) / factor(unit[row["technology"]][0], k)
        return {**scaled(row, by, "value", "lower", "upper"), "unit": f"{s}/{k}"}

    def paid(row: dict, own: str) -> dict:
        m, f = r.choice(ALIKE["CNY"]), r.choice(ALIKE[own])
        return {**scaled(row, factor("CNY", m) / factor(own, f), "value"), "unit": f"{m}/{f}", "currency": ""}

    def price(row: dict) -> dict:
        return {**paid(row, flow[row["flow"]][0]), **scaled(row, times(flow[row["flow"]]), "limit")}

    def stock(row: dict) -> dict:
        own_a, own_c = unit[row["technology"]], room[row["technology"]]
        a = r.choice(ALIKE[own_a[0]])
        c = r.choice(ALIKE[own_c[0]]) if own_c[0] else ""
        return {
            **scaled(row, factor(own_a[0], a), "activity"), "activity_unit": a, "capacity_unit": c,
            **scaled(row, factor(own_c[0], c) if c else 1.0, "capacity"),
        }  # fmt: skip

    def demand(row: dict) -> dict:
        u = r.choice(ALIKE[flow[row["flow"]][0]])
        return {**scaled(row, factor(flow[row["flow"]][0], u), "value"), "unit": u}

    def link(row: dict) -> dict:
        u = r.choice(ALIKE[flow[row["flow"]][0]])
        by = factor(flow[row["flow"]][0], u)
        return {**scaled(row, by, "limit"), **scaled(row, 1 / by, "cost"), "unit": u}

    def option_cost(row: dict) -> dict:
        m = r.choice(ALIKE["CNY"])
        by = factor("CNY", m) / times(unit[row["technology"]])
        return {**scaled(row, by, "cost_capital", "cost_fixed", "cost_variable"), "currency": m}

    def target(row: dict) -> dict:
        if row["denominator_kind"]:
            return {"bound": row["bound"] * 100.0, "unit": "%"}
        if row["basis"] == "share_of_base":
            return r.choice([{"bound": row["bound"] * 100.0, "unit": "%"}, {"unit": r.choice(ALIKE["t"])}])
        u = r.choice(ALIKE["t"])
        return {"bound": row["bound"] * factor("t", u), "unit": u}

    tables = {
        "technology_option": each("technology_option", technology),
        "flow": each("flow", lambda row: {"unit": flow[row["flow"]][1]}),
        "technology_flow": each("technology_flow", coefficient),
        "control_flow": each("control_flow", coefficient),
        "control_option": each("control_option", option_cost),
        "emission_coefficient": each("emission_coefficient", emitted),
        "price": each("price", price),
        "tax": each("tax", lambda row: paid(row, "t")),
        "stock": each("stock", stock),
        "demand": each("demand", demand),
        "link": each("link", link),
        "target": each("target", target),
    }
    frames = {k: pl.DataFrame(v, infer_schema_length=None) for k, v in tables.items() if v}
    return draft({**case.tables, **frames}, case.settings)


def same(case: Case, seed: int) -> None:
    one = least_cost(case, explain=False)
    assume(one.status == "optimal")
    other = least_cost(rewritten(case, seed))
    assert other.cost == pytest.approx(one.cost, rel=1e-9)
    keys = ["species", "year"]
    totals = [p["plan_emission"].group_by(keys).agg(pl.col("value").sum()).sort(keys) for p in (one, other)]
    assert totals[0].select(keys).equals(totals[1].select(keys))
    assert totals[1]["value"].to_list() == pytest.approx(totals[0]["value"].to_list(), rel=1e-8)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_plan_in_other_units_has_the_same_optimum(seed):
    case = steel()
    assert [f.check for f in check(rewritten(case, seed)) if f.severity == "error"] == []
    same(case, seed)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), sale=st.booleans())
def test_a_random_plan_in_other_units_has_the_same_optimum(random_case, seed, sale):
    same(random_case(seed, sale=sale, cap=0.9), seed)


def test_a_rate_that_needs_no_factor_has_its_unit_all_the_same():
    """1e-4 kt/GWh is 1e-4 t/MWh: 1,000 MWh emit 0.1 t, not 0.1 kt."""
    tables = typed(TWO)
    tables["emission_coefficient"] = (
        tables["emission_coefficient"].head(1).with_columns(value=pl.lit(1e-4), unit=pl.lit("kt/GWh"))
    )
    plan = least_cost(draft(tables, Settings(discount_rate=0.0)))
    emitted = plan["plan_emission"]
    assert emitted["unit"].unique().to_list() == ["t"]
    made = plan["plan_activity"].filter(pl.col("technology") == "coal")["value"].sum()
    assert made > 0.0
    assert emitted["value"].sum() == pytest.approx(1e-4 * made)
