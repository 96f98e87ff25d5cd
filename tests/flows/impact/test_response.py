import polars as pl
import pytest

from tongyuan.flows.impact.response import contribution_of, full_in_tonnes, plan_receptor_of
from tongyuan.flows.source import Inputs
from tongyuan.ledger.branch import ImpactSettings
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import from_rows

SETTINGS = Settings(name="X", kind="province", region="山东省")
RESPONSE = [
    {"receptor": "jinan", "species": "SO2", "value": 20.0, "unit": "ug/m3/kt", "base_emission": 0.1,
     "base_unit": "kt", "valid_lower": 0.5, "valid_upper": 1.5},
    {"receptor": "jinan", "species": "NOx", "node": "青岛市", "value": 0.004, "unit": "ug/m3/t",
     "base_emission": 100.0},
    {"receptor": "jinan", "species": "NOx", "value": 0.01, "unit": "ug/m3/t", "base_emission": 200.0},
]  # fmt: skip
RECEPTOR = [{"receptor": "jinan", "value": 39.0, "unit": "ug/m3", "region": "山东省", "metric": "PM2.5"}]
DEATHS = [{"region": "370000", "year": 2021, "endpoint": "ncd_lri", "deaths": 722141.0, "source": "test"}]


def emission(so2=100.0, city=100.0, rest=200.0, unit="t") -> pl.DataFrame:
    head = {"year": 2021, "scope": "direct", "unit": unit, "origin": "combustion"}
    rows = [
        head | {"region": "370000", "process": "energy.power", "species": "SO2", "value": so2},
        head | {"region": "370200", "process": "transport.road", "species": "NOx", "value": city},
        head | {"region": "370000", "process": "transport.road", "species": "NOx", "value": rest / 4},
        head | {"region": "370000", "process": "industry.cement", "species": "NOx", "value": rest * 3 / 4},
        head | {"region": "370000", "process": "energy.power", "species": "CO2", "value": 1e9},
    ]
    return from_rows("emission", rows)


def inputs(made, response=RESPONSE, receptor=RECEPTOR, surface=()) -> Inputs:
    brought = {
        "response": from_rows("response", response), "receptor": from_rows("receptor", receptor),
        "baseline_death": from_rows("baseline_death", DEATHS),
        "response_surface": from_rows("response_surface", list(surface)),
    }  # fmt: skip
    return Inputs(SETTINGS, brought, made=made)


def test_contributions_and_the_rest_are_the_air() -> None:
    """By hand: SO2 2, Qingdao's NOx 0.4, the others' 2 of which a quarter is traffic; 34.6 is the rest."""
    rows, found = contribution_of(inputs({"emission": emission()}))
    assert found == ()
    told = {(r["region"], r["sector"], r["species"]): r["value"] for r in rows.iter_rows(named=True)}
    assert told["370000", "energy", "SO2"] == pytest.approx(2.0)
    assert told["370200", "transport", "NOx"] == pytest.approx(0.4)
    assert told["370000", "transport", "NOx"] == pytest.approx(0.5)
    assert told["370000", "industry", "NOx"] == pytest.approx(1.5)
    assert told[None, None, None] == pytest.approx(34.6)
    assert rows["value"].sum() == pytest.approx(39.0, rel=1e-12)
    assert rows["share"].sum() == pytest.approx(1.0, rel=1e-12)
    so2 = rows.filter(species="SO2").row(0, named=True)
    assert (so2["potency"], so2["emission"]) == (pytest.approx(20.0), 100.0)


def test_units_of_emission_do_not_matter() -> None:
    one, _ = contribution_of(inputs({"emission": emission()}))
    other, _ = contribution_of(inputs({"emission": emission(0.1, 0.1, 0.2, "kt")}))
    assert one["value"].to_list() == pytest.approx(other["value"].to_list(), rel=1e-12)


def test_a_surface_is_attributed_so_that_it_sums() -> None:
    """39 = 30 + 4·s + 5·s·n at the base: gathered on the way, the product is shared evenly."""
    terms = {"1": 30.0, "SO2": 4.0, "SO2*NOx": 5.0}
    surface = [{"receptor": "jinan", "term": t, "value": v, "unit": "ug/m3"} for t, v in terms.items()]
    rows, _ = contribution_of(inputs({"emission": emission(city=0.0)}, surface=surface))
    assert rows["value"].sum() == pytest.approx(39.0, rel=1e-12)
    assert rows.filter(species="SO2")["value"].sum() == pytest.approx(4 + 2.5)
    assert rows.filter(species="NOx")["value"].sum() == pytest.approx(2.5)
    assert rows.filter(pl.col("species").is_null())["value"].item() == pytest.approx(30.0)


def test_beyond_the_range_is_flagged_with_years() -> None:
    _, found = contribution_of(inputs({"emission": emission(so2=160.0)}))
    assert [f.check for f in found] == ["response_beyond"]
    assert "2021" in found[0].message("zh")
    assert "1.5" in found[0].message("en")


def test_nodes_that_are_no_regions_are_said() -> None:
    rows, found = contribution_of(inputs({"emission": emission().filter(pl.col("region") != "370200")}))
    assert rows.is_empty()
    assert [f.check for f in found] == ["response_node"]


def plan(so2: float) -> dict[str, pl.DataFrame]:
    head = {"technology": "x", "control": "", "year": 2030, "unit": "t", "node": "here"}
    rows = [head | {"scenario": s, "species": "SO2", "value": v}
            for s, v in (("continued", 100.0), ("none", 90.0), ("plan", so2))]  # fmt: skip
    cost = [
        {
            "scenario": s,
            "node": "here",
            "year": 2030,
            "item": i,
            "value": v,
            "discounted": v,
            "currency": "CNY",
        }
        for s, i, v in (("none", "capital", 100.0), ("plan", "capital", 400.0), ("plan", "damage", 1e9))
    ]
    return {"plan_emission": from_rows("plan_emission", rows), "plan_cost": from_rows("plan_cost", cost)}


def test_a_plan_is_set_against_going_on_and_its_cost_against_no_targets() -> None:
    """40 t less than continuing is 0.8 ug/m3; against 90 t it is 0.6, for 300 yuan: 500 each."""
    made = [r for r in RESPONSE if r["species"] == "SO2"]
    rows, found = plan_receptor_of(inputs(plan(60.0), made))
    assert found == ()
    row = rows.filter(scenario="plan").row(0, named=True)
    assert (row["before"], row["after"]) == (pytest.approx(39.0), pytest.approx(38.2))
    assert (row["cost"], row["cost_per_unit"]) == (300.0, pytest.approx(500.0))
    assert 0 < row["deaths_lower"] < row["deaths"] < row["deaths_upper"]
    assert row["reach"] == "inside"
    # 39 → 30 avoids 34,317 of these deaths, so 0.8 of the first microgram avoids about a tenth
    assert row["deaths"] == pytest.approx(34317 * 0.8 / 9, rel=0.05)
    rows, found = plan_receptor_of(inputs(plan(40.0), made))
    assert rows.filter(scenario="plan")["reach"].item() == "outside"
    assert [f.check for f in found] == ["response_beyond"]


def test_no_change_changes_nothing() -> None:
    rows, _ = plan_receptor_of(inputs(plan(100.0), [r for r in RESPONSE if r["species"] == "SO2"]))
    row = rows.filter(scenario="plan").row(0, named=True)
    assert (row["deaths"], row["before"] - row["after"], row["cost_per_unit"]) == (0, 0, None)


def test_units_that_do_not_fit_are_refused() -> None:
    bad = [RESPONSE[0] | {"unit": "ug/m3/kWh"}]
    with pytest.raises(FindingError, match="kWh"):
        full_in_tonnes({"response": from_rows("response", bad), "receptor": from_rows("receptor", RECEPTOR)},
                       ImpactSettings())  # fmt: skip


@pytest.mark.parametrize(("value", "unit", "said"), [(38.2, "µg/m3", False), (0.0385, "mg/m3", True)])
def test_a_line_that_is_not_the_air_is_said(value, unit, said) -> None:
    """The plan's 60 t make 38.2; a line that said 38.5 is off by 0.8 %."""
    made = plan(60.0)
    made["target"] = from_rows("target", [
        {"target": "air", "quantity_kind": "concentration", "quantity": "jinan", "comparator": "at_most",
         "bound": value, "unit": unit, "accumulation": "annual"},
    ])  # fmt: skip
    made["shadow_price"] = from_rows("shadow_price", [
        {"scenario": "plan", "target": "air", "year": 2030, "bound": value, "value": value, "binding": True,
         "shadow_price": 1.0, "discounted": 1.0, "unit": unit},
    ])  # fmt: skip
    _, found = plan_receptor_of(inputs(made, [r for r in RESPONSE if r["species"] == "SO2"]))
    assert [f.check for f in found] == (["air_line"] if said else [])
