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
    rows = plausible(case, balance, emission, plan, 2021)
    return {r["quantity"]: r for r in rows.to_dicts()}


def test_what_is_as_expected_is_within() -> None:
    found = judged()
    assert {q: r["verdict"] for q, r in found.items()} == {
        "electricity_balance": "within", "coal_power_carbon": "within", "coal_rate": "no_band",
        "coal_price": "within", "hours": "within",
    }  # fmt: skip
    assert found["coal_rate"]["value"] == pytest.approx(8.5 / 29.3076 * 1e3)  # g of standard coal per kWh
    assert found["hours"]["value"] == pytest.approx(5000.0)
    assert found["coal_price"]["value"] == pytest.approx(670.0, rel=1e-5)
    assert found["coal_power_carbon"]["value"] == pytest.approx(0.85)


@pytest.mark.parametrize(
    ("changed", "quantity", "verdict"),
    [
        ({"told": 1010.0}, "electricity_balance", "below"),
        ({"told": 990.0}, "electricity_balance", "above"),
        ({"price": 20_000.0}, "coal_price", "below"),
        ({"price": 40_000.0}, "coal_price", "above"),
        ({"activity": 2000.0}, "hours", "above"),
    ],
)
def test_what_is_not_says_so_in_both_languages(changed, quantity, verdict) -> None:
    row = judged(**changed)[quantity]
    assert row["verdict"] == verdict
    assert row["sentence_zh"] == catalogue("pathway")[f"plausible_{quantity}_{verdict}"]["zh"]
    assert row["sentence_en"]
