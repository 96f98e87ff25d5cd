"""Screening: catalogue by edition, conditions of credits, double claims, the baseline of coal power."""

from datetime import date

import polars as pl
import pytest

from tongyuan.finance.appraisal.screen import screen
from tongyuan.ledger.table import conform, empty

CATALOGUE = conform(
    "project_catalogue",
    pl.DataFrame(
        {"catalogue": ["2015", "2021", "2021"], "category": ["clean coal", "clean coal", "wind"],
         "status": ["listed", "excluded", "listed"],
         "from": [date(2015, 12, 1), date(2021, 7, 1), date(2021, 7, 1)],
         "until": [date(2021, 6, 30), None, None], "document": ["made up"] * 3}
    ),
)  # fmt: skip


def one(**more):
    row = {
        "project": "p",
        "lifetime": 20,
        "source": "made up",
        "category": "wind",
        "begun": date(2023, 5, 1),
        **more,
    }
    return conform("investment", pl.DataFrame([row], schema_overrides={"begun": pl.Date}))


def states(investment, **more):
    given = {
        "catalogue": empty("project_catalogue"),
        "carbon": {},
        "grid": {},
        "claimed": {},
        "unsupported": {},
    }
    made = screen(investment, **(given | more))
    return dict(made.select("check", "state").iter_rows())


@pytest.mark.parametrize(
    ("category", "begun", "state"),
    [
        ("wind", date(2023, 5, 1), "fits"),
        ("wind", date(2020, 5, 1), "fails"),
        ("clean coal", date(2020, 5, 1), "fits"),
        ("clean coal", date(2021, 6, 30), "fits"),
        ("clean coal", date(2021, 7, 1), "fails"),
        ("rockets", date(2023, 5, 1), "fails"),
        (None, date(2023, 5, 1), "not_known"),
        ("wind", None, "not_known"),
    ],
)
def test_the_edition_of_the_day_counts(category, begun, state):
    made = states(one(category=category, begun=begun), catalogue=CATALOGUE)
    assert made == {"catalogue": state}


@pytest.mark.parametrize(
    ("row", "failing"),
    [
        ({"market": False, "duty": False}, set()),
        ({"market": True, "duty": False}, {"credit_market"}),
        ({"market": False, "duty": True}, {"credit_duty"}),
        ({"market": False, "duty": False, "begun": date(2012, 11, 7)}, {"credit_begun"}),
        ({"market": False, "duty": False, "begun": date(2012, 11, 8)}, set()),
    ],
)
def test_conditions_of_credits(row, failing):
    made = states(one(credited=True, **row))
    assert {c for c, s in made.items() if s == "fails"} == failing
    assert set(states(one(credited=True)).values()) == {"fits", "not_known"}
    assert states(one(credited=False)) == {}


def test_power_is_credited_or_claimed_never_both():
    wind = one(credited=True, market=False, duty=False, plant="W", output=1000.0)
    assert states(wind)["double_claim"] == "fits"
    assert states(wind, claimed={"W": 5.0})["double_claim"] == "fails"
    assert states(wind, claimed={"V": 5.0})["double_claim"] == "fits"


def test_a_baseline_of_coal_power_is_found():
    """Yingshang: 136 GWh and 135,600 t are 0.9971 t/MWh, 1.52 times Anhui's 0.6553 of 2023."""
    sun = one(output=136_000.0)
    made = screen(sun, empty("project_catalogue"), {"p": 135_600.0}, {"p": 0.6553}, {}, {})
    (row,) = made.to_dicts()
    assert (row["check"], row["state"]) == ("baseline", "fails")
    assert row["fact"] == "0.9971 t/MWh = 1.52 ×"
    assert pytest.approx(89_121, abs=1) == 136_000 * 0.6553
    assert states(sun, carbon={"p": 89_121.0}, grid={"p": 0.6553}) == {"baseline": "fits"}
    assert states(sun, carbon={"p": 89_121.0}) == {"baseline": "not_known"}


def test_what_pays_without_support_is_named():
    assert states(one(), unsupported={"p": 5.0}) == {"needs_support": "fails"}
    assert states(one(), unsupported={"p": -5.0}) == {"needs_support": "fits"}
