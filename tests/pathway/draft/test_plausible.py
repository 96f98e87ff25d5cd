from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.draft.plausible import plausible
from tongyuan.reference.language import catalogue

COAL = "energy_power-raw_coal"


def judged(activity: float = 1000.0, heat: float = 8.5, told: float = 1000.0, price: float = 29_095.8):
    """One coal plant of 1,000 GWh with 850 t CO2 per GWh."""
    case = {
        "flow": pl.DataFrame({"flow": ["electricity", "coal"], "unit": ["GWh", "TJ"]}),
        "technology_option": pl.DataFrame(
            {"technology": [COAL], "unit": ["GWh"], "process": ["energy.power"]}
        ),
        "technology_flow": pl.DataFrame(
            {"technology": [COAL] * 2, "flow": ["electricity", "coal"], "role": ["output", "input"],
             "coefficient": [1.0, heat]}
        ),
        "stock": pl.DataFrame({"technology": [COAL], "activity": [activity]}),
        "price": pl.DataFrame({"flow": ["coal"], "direction": ["purchase"], "value": [price]}),
    }  # fmt: skip
    row = {"region": "370000", "year": 2021, "item": "total_consumption", "product": "electricity",
           "value": told, "unit": "GWh", "source": "b"}  # fmt: skip
    balance = conform("energy_balance", pl.DataFrame([row]))
    emission = pl.DataFrame({"technology": [COAL], "species": ["CO2"], "value": [850.0 * activity]})
    plan = {
        "plan_activity": pl.DataFrame({"technology": [COAL], "year": [2030], "value": [activity]}),
        "plan_capacity": pl.DataFrame(
            {"technology": [COAL], "year": [2030], "capacity": [200.0], "unit": ["MW"]}
        ),
        "shadow_price": empty("shadow_price"),
    }
    rows = plausible(case, balance, emission, plan, 2021, "C")
    return {r["quantity"]: r for r in rows.to_dicts()}


def test_what_is_as_expected_is_within() -> None:
    found = judged()
    assert {q: r["verdict"] for q, r in found.items()} == {
        "electricity_balance": "within", "coal_power_carbon": "within", "coal_rate": "below",
        "coal_price": "within", "hours": "above",
    }  # fmt: skip
    assert found["coal_rate"]["value"] == pytest.approx(8.5 / 29.3076 * 1e3)  # g of standard coal per kWh
    assert found["hours"]["value"] == pytest.approx(5000.0)
    assert found["hours"]["source"] == ["nea_2020", "cec_2021_quick"]
    assert found["coal_price"]["value"] == pytest.approx(670.0, rel=1e-5)
    assert found["coal_power_carbon"]["value"] == pytest.approx(0.85)


@pytest.mark.parametrize(
    ("changed", "quantity", "verdict"),
    [
        ({"heat": 303.5 * 29.3076e-3}, "coal_rate", "within"),
        ({"heat": 305.0 * 29.3076e-3}, "coal_rate", "above"),
        ({"activity": 880.0}, "hours", "within"),  # 4,400 h: thermal power of 2020 had 4,216
        ({"activity": 843.0}, "hours", "below"),
        ({"told": 1010.0}, "electricity_balance", "below"),
        ({"told": 990.0}, "electricity_balance", "above"),
        ({"price": 20_000.0}, "coal_price", "below"),
        ({"price": 40_000.0}, "coal_price", "above"),
        ({"activity": 2000.0}, "hours", "above"),  # 10,000 h: no year has them
    ],
)
def test_what_is_not_says_so_in_both_languages(changed, quantity, verdict) -> None:
    row = judged(**changed)[quantity]
    assert row["verdict"] == verdict
    assert row["sentence_zh"] == catalogue("pathway")[f"plausible_{quantity}_{verdict}"]["zh"]
    assert row["sentence_en"]


def fuels(coal: float, **items: float):
    """Return the verdict on coal burnt beside a balance in 10^4 t of raw coal (set C: 20.908 GJ/t)."""
    case = {
        "flow": empty("flow"), "technology_option": empty("technology_option"), "price": empty("price"),
        "technology_flow": pl.DataFrame(
            {"technology": ["a"], "flow": ["coal"], "role": ["input"], "coefficient": [1.0]}
        ),
        "stock": pl.DataFrame({"technology": ["a"], "activity": [coal]}),
    }  # fmt: skip
    rows = [{"region": "370000", "year": 2021, "item": i, "product": "raw_coal", "value": v, "unit": "10^4 t",
             "source": "b"} for i, v in items.items()]  # fmt: skip
    plan = {n: empty(n) for n in ("plan_activity", "plan_capacity", "shadow_price")}
    emission = pl.DataFrame(schema={"technology": pl.String, "species": pl.String, "value": pl.Float64})
    found = plausible(case, conform("energy_balance", pl.DataFrame(rows)), emission, plan, 2021, "C")
    return {r["quantity"]: r for r in found.to_dicts()}["fuel_balance"]


def test_fuel_burnt_closes_with_the_balance() -> None:
    # input of power 100 and industry 50, of which 10 raw material; households by town and village, not twice
    items = {"thermal_power": -100.0, "industry": 50.0, "industry_nonenergy": 10.0, "residential": 9.0,
             "residential_urban": 5.0, "residential_rural": 4.0, "coal_washing": -70.0}  # fmt: skip
    told = 149.0 * 20.908 * 10.0  # 10^4 t × GJ/t = 10 TJ
    row = fuels(told, **items)
    assert row["verdict"] == "within"
    assert (row["lower"], row["upper"]) == pytest.approx((told * 0.995, told * 1.005))
    assert fuels(told * 1.01, **items)["verdict"] == "above"
    assert fuels(told * 0.99, **items)["verdict"] == "below"


def test_hours_without_a_band_have_no_verdict_unless_no_year_has_them() -> None:
    def verdict(hours: float, name: str = "eu_boiler") -> str:
        case = {
            "flow": empty("flow"), "price": empty("price"), "technology_flow": empty("technology_flow"),
            "stock": pl.DataFrame(schema={"technology": pl.String, "activity": pl.Float64}),
            "technology_option": pl.DataFrame({"technology": [name], "unit": ["GWh"], "process": [None]}),
        }  # fmt: skip
        plan = {
            "plan_activity": pl.DataFrame({"technology": [name], "year": [2030], "value": [hours / 10.0]}),
            "plan_capacity": pl.DataFrame(
                {"technology": [name], "year": [2030], "capacity": [100.0], "unit": ["MW"]}
            ),
            "shadow_price": empty("shadow_price"),
        }
        emission = pl.DataFrame(schema={"technology": pl.String, "species": pl.String, "value": pl.Float64})
        rows = plausible(case, empty("energy_balance"), emission, plan, 2021, "C").to_dicts()
        return {r["quantity"]: r for r in rows}["hours"]["verdict"]

    assert verdict(5000.0) == "no_band"
    assert verdict(9000.0) == "above"
    assert verdict(2100.0, "cn_wind_onshore") == "within"
    assert verdict(1200.0, "cn_pv_central") == "within"
    assert verdict(1300.0, "cn_pv_central") == "above"


@pytest.mark.parametrize(
    ("name", "hours", "stands", "zh", "en"),
    [
        # 327,000 GWh ÷ 253,560 MW = 1,289.6 h, 0.147 of a year
        ("cn_pv_central", 1324.0, False, ("潜力研究的 1,324 小时", "改为 0.147"), "to 0.147"),
        ("cn_wind_onshore", 3018.0, False, ("研究的 3,018 小时", "改为 0.266"), "3,018 hours of"),
        ("cn_gas", 4993.0, False, ("满负荷 4,993 小时", "改为 0.517"), "a new plant may run"),
        ("energy_power-raw_coal", 4713.0, True, ("基年发电量除以装机",), "output over capacity"),
        ("energy_power-raw_coal", 8800.0, True, ("超过全年小时数",), "exceed a year"),
    ],
)  # fmt: skip
def test_hours_above_their_band_say_why_and_what_to_type(name, hours, stands, zh, en) -> None:
    stock = {"technology": [name], "activity": [hours / 10.0], "capacity": [100.0], "capacity_unit": ["MW"]}
    case = {
        "flow": empty("flow"), "price": empty("price"), "technology_flow": empty("technology_flow"),
        "stock": pl.DataFrame(stock) if stands else pl.DataFrame(stock).clear(),
        "technology_option": pl.DataFrame(
            {"technology": [name], "unit": ["GWh"], "process": ["energy.power"]}
        ),
    }  # fmt: skip
    plan = {
        "plan_activity": pl.DataFrame({"technology": [name], "year": [2030], "value": [hours / 10.0]}),
        "plan_capacity": pl.DataFrame(
            {"technology": [name], "year": [2030], "capacity": [100.0], "unit": ["MW"]}
        ),
        "shadow_price": empty("shadow_price"),
    }
    emission = pl.DataFrame(schema={"technology": pl.String, "species": pl.String, "value": pl.Float64})
    rows = plausible(case, empty("energy_balance"), emission, plan, 2021, "C").to_dicts()
    (row, *_) = [r for r in rows if r["quantity"] == "hours"]
    assert row["verdict"] == "above"
    assert all(part in row["sentence_zh"] for part in zh)
    assert en in row["sentence_en"]


@pytest.mark.parametrize(
    ("base", "later", "sentences"),
    [
        # of water, nuclear, wind and sun: 2,529.8 to 2,857.7 h in 2021
        (1412.0, 1412.0, ("output over capacity", "output over capacity")),
        (1412.0, 900.0, ("output over capacity", "gives way to the targets")),
        (2600.0, 900.0, ("within those published", "gives way to the targets")),
    ],
)
def test_hours_below_their_band_say_whether_it_stands_so_or_gives_way(base, later, sentences) -> None:
    name = "non_thermal_power"
    case = {
        "flow": empty("flow"), "price": empty("price"), "technology_flow": empty("technology_flow"),
        "stock": pl.DataFrame(
            {"technology": [name], "activity": [base / 10.0], "capacity": [100.0], "capacity_unit": ["MW"]}
        ),
        "technology_option": pl.DataFrame(
            {"technology": [name], "unit": ["GWh"], "process": ["energy.power"]}
        ),
    }  # fmt: skip
    plan = {
        "plan_activity": pl.DataFrame({"technology": [name], "year": [2030], "value": [later / 10.0]}),
        "plan_capacity": pl.DataFrame(
            {"technology": [name], "year": [2030], "capacity": [100.0], "unit": ["MW"]}
        ),
        "shadow_price": empty("shadow_price"),
    }
    emission = pl.DataFrame(schema={"technology": pl.String, "species": pl.String, "value": pl.Float64})
    rows = plausible(case, empty("energy_balance"), emission, plan, 2021, "C").to_dicts()
    said = [r["sentence_en"] for r in rows if r["quantity"] == "hours"]
    assert [part in text for part, text in zip(sentences, said, strict=True)] == [True, True]
    assert all(r["source"] for r in rows)


ANHUI = {
    # electricity of Anhui 2010 in 10^4 tce (China Energy Statistical Yearbook 2011)
    "thermal_power": 1752.88583, "production": 45.52216, "outflow": 475.75819, "inflow": 2.10159,
    "loss": 94.39949, "agriculture": 14.63739, "industry": 860.75473, "construction": 18.1,
    "transport": 17.91882, "trade": 43.0, "other": 62.12595, "residential": 213.82142,
    "total_consumption": 1230.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({}, "within"),  # final use + losses + 473.7 sent on balance = 1,798 of 1,798.4 generated
        ({"total_consumption": 1324.4}, "within"),  # as later yearbooks print it, with the losses
        ({"outflow": 0.0}, "above"),  # nothing sent: too much is generated
        ({"outflow": 900.0}, "below"),
    ],
)
def test_power_that_is_sent_and_lost_is_part_of_what_is_generated(changed, verdict) -> None:
    rows = [
        {"region": "340000", "year": 2010, "item": item, "product": "electricity", "value": value,
         "unit": "10^4 tce", "source": "b"}
        for item, value in {**ANHUI, **changed}.items()
    ]  # fmt: skip
    made = (1752.88583 + 45.52216) * 29.3076 / 3.6 * 10.0  # 10^4 tce → GWh
    case = {
        "flow": pl.DataFrame({"flow": ["electricity"], "unit": ["GWh"]}), "price": empty("price"),
        "technology_flow": pl.DataFrame(
            {"technology": ["all"], "flow": ["electricity"], "role": ["output"], "coefficient": [1.0]}
        ),
        "stock": pl.DataFrame({"technology": ["all"], "activity": [made]}),
        "technology_option": pl.DataFrame({"technology": ["all"], "unit": ["GWh"], "process": [None]}),
    }  # fmt: skip
    plan = {"plan_activity": empty("plan_activity"), "plan_capacity": empty("plan_capacity"),
            "shadow_price": empty("shadow_price")}  # fmt: skip
    emission = pl.DataFrame(schema={"technology": pl.String, "species": pl.String, "value": pl.Float64})
    found = plausible(case, conform("energy_balance", pl.DataFrame(rows)), emission, plan, 2010, "C")
    assert found["verdict"].to_list() == [verdict]
