"""What passes between regions: power and its carbon, and the pollution of one in the air of another."""

from __future__ import annotations

import polars as pl
import pytest
from tests.flows.region.test_union import JINAN, QINGDAO, A, B, member

from tongyuan.flows.region.transfer import pollution, power
from tongyuan.flows.region.union import Member
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import conform

SETTINGS = Settings(name="X", kind="province", region="370000")
NONE = pl.DataFrame(schema={"year": pl.Int64, "region": pl.String, "electricity": pl.Float64})


def exchange(*rows):
    types = {"year": pl.Int64, "from_region": pl.String, "to_region": pl.String}
    types |= {"electricity": pl.Float64, "factor": pl.Float64}
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return conform("power_exchange", frame.with_columns(source=pl.lit("made up")))


def test_carbon_goes_with_power_at_the_factor_of_the_sender():
    """500 x 10^4 kWh at 0.8 kg/kWh are 4,000 t; Qingdao buys 700: 200 from beyond."""
    bought = pl.DataFrame({"year": [2021], "region": [QINGDAO], "electricity": [700.0]})
    made, found = power([A, B], exchange((2021, JINAN, QINGDAO, 500.0, 0.8)), bought, SETTINGS)
    assert not found
    to, of = (made.filter(pl.col("region") == r).to_dicts()[0] for r in (QINGDAO, JINAN))
    assert to["carbon_received"] == pytest.approx(4000.0)
    assert of["carbon_sent"] == pytest.approx(4000.0)
    assert (to["beyond"], of["beyond"], of["bought"]) == (200.0, None, None)


def test_what_is_sent_is_received_and_counted_once():
    flows = exchange(
        (2021, JINAN, QINGDAO, 500.0, None),
        (2021, QINGDAO, JINAN, 120.0, 0.5),
        (2022, JINAN, QINGDAO, 1.0, 0.1),
    )
    made, _ = power([A, B], flows, NONE, SETTINGS)
    for _, rows in made.group_by("year"):
        assert rows["received"].sum() == pytest.approx(rows["sent"].sum())
        assert rows["carbon_received"].sum() == pytest.approx(rows["carbon_sent"].sum())
    first = made.filter(pl.col("region") == QINGDAO, pl.col("year") == 2021).to_dicts()[0]
    assert first["carbon_sent"] == pytest.approx(600.0)
    published = first["carbon_received"] / 5000.0
    assert 0.4 < published < 1.0, "the published factor of the sender's grid, in t per MWh"


def test_more_from_inside_than_is_bought_is_said():
    bought = pl.DataFrame({"year": [2021], "region": [QINGDAO], "electricity": [400.0]})
    _, found = power([A, B], exchange((2021, JINAN, QINGDAO, 500.0, 0.8)), bought, SETTINGS)
    assert [f.check for f in found] == ["power_beyond"]


@pytest.mark.parametrize(
    ("row", "check"),
    [
        ((2021, JINAN, JINAN, 5.0, 0.8), "exchange_self"),
        ((2021, JINAN, "130100", 5.0, 0.8), "exchange_strange"),
        ((2021, "nowhere", QINGDAO, 5.0, 0.8), "exchange_strange"),
    ],
)
def test_what_cannot_be_sent_is_refused(row, check):
    with pytest.raises(FindingError) as told:
        power([A, B], exchange(row), NONE, SETTINGS)
    assert [f.check for f in told.value.findings] == [check]


def test_a_year_without_a_published_factor_is_refused():
    with pytest.raises(FindingError):
        power([A, B], exchange((1991, JINAN, QINGDAO, 5.0, None)), NONE, SETTINGS)


def with_emission(name, region, tonnes):
    made = member(name, (region, 2021, "energy", "SO2", tonnes))
    emission = pl.DataFrame(
        {
            "region": [region],
            "year": [2021],
            "process": ["energy.power"],
            "species": ["SO2"],
            "value": [float(tonnes)],
            "unit": ["t"],
            "scope": ["direct"],
            "method": ["x"],
        }
    )
    return Member(name, {**made.tables, "emission": conform("emission", emission)}, "AR5")


def test_the_air_of_a_receptor_is_its_own_that_of_others_and_the_rest():
    """At 39 ug/m3: 2 kt of its own at 4 give 8, 3 kt of the neighbour at 1 give 3, the rest is 28."""
    tables = {
        "response": conform(
            "response",
            pl.DataFrame(
                {
                    "receptor": ["r", "r"],
                    "species": ["SO2", "SO2"],
                    "node": ["济南市", "青岛市"],
                    "value": [4.0, 1.0],
                    "unit": ["ug/m3/kt"] * 2,
                    "base_emission": [2.0, 3.0],
                    "base_unit": ["kt"] * 2,
                }
            ),
        ),
        "receptor": conform(
            "receptor",
            pl.DataFrame(
                {
                    "receptor": ["r"],
                    "region": ["济南市"],
                    "metric": ["PM2.5"],
                    "value": [39.0],
                    "unit": ["ug/m3"],
                }
            ),
        ),
    }
    made, _ = pollution(
        [with_emission("a", JINAN, 2000), with_emission("b", QINGDAO, 3000)], tables, SETTINGS
    )
    told = {r["kind"]: r["value"] for r in made.to_dicts()}
    assert told == pytest.approx({"own": 8.0, "from_member": 3.0, "rest": 28.0})
    assert made["value"].sum() == pytest.approx(39.0)
    assert made["share"].sum() == pytest.approx(1.0)
    lost, found = pollution([with_emission("a", JINAN, 2000)], tables, SETTINGS)
    assert lost.is_empty()
    assert found
