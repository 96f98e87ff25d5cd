import numpy as np
import polars as pl
import pytest

from tongyuan.facility.evidence.visit import risk, sites, visits
from tongyuan.facility.simulate.tables import province

NOTHING = pl.DataFrame(
    schema={"facility": pl.String, "code": pl.String, "severity": pl.String, "decided": pl.String}
)


def suspicion(**p: float) -> pl.DataFrame:
    rows = [{"facility": k, "p_value": v, "text_zh": "疑", "text_en": "doubt"} for k, v in p.items()]
    return pl.DataFrame(rows)


def test_the_largest_probability_a_rate_can_mean() -> None:
    """Sellke, Bayarri and Berger: p = 0.05 bounds the Bayes factor by 2.456; with 1 : 1 that is 71 %."""
    assert risk(np.array([0.05]), 0.5)[0] == pytest.approx(0.711, abs=0.001)
    assert risk(np.array([0.5]), 0.05)[0] == pytest.approx(0.05)
    assert (np.diff(risk(np.array([1e-10, 1e-4, 0.01, 0.3]))) <= 0).all()


@pytest.fixture(scope="module")
def plants() -> dict[str, pl.DataFrame]:
    return province(12, seed=1)


def test_the_most_doubtful_and_the_largest_come_first(plants: dict[str, pl.DataFrame]) -> None:
    frame = sites(plants, suspicion(SIM0002=1e-12, SIM0005=0.4), NOTHING)
    assert frame.height == 12
    assert frame["facility"][frame["risk"].arg_max()] == "SIM0002"
    assert frame["carbon"].min() > 0
    made, told = visits(frame, 6)
    assert made["facility"][0] == "SIM0002"
    assert "疑" in made["reason_zh"][0]
    assert made["days"].sum() == 6
    assert set(made["drawn"]) == {"by_risk", "at_random"}
    assert made.filter(pl.col("drawn") == "by_risk")["weight"].to_list() == [1.0] * 4
    assert [f.check for f in told] == ["stratum_not_drawn"]


def test_open_findings_raise_the_risk_and_answered_ones_do_not(plants: dict[str, pl.DataFrame]) -> None:
    rows = [
        {"facility": "SIM0004", "code": c, "severity": "critical_1", "decided": None}
        for c in ("FUE-01", "TAX-03")
    ]
    found = pl.DataFrame(rows, schema=NOTHING.schema)
    frame = sites(plants, suspicion(SIM0000=0.5), found)
    assert frame["facility"][frame["risk"].arg_max()] == "SIM0004"
    closed = sites(plants, suspicion(SIM0000=0.5), found.with_columns(decided=pl.lit("accepted")))
    assert closed["risk"].n_unique() == 1


@pytest.mark.parametrize(
    ("days", "share", "check"),
    [(0, 0.3, "inspection_days"), (-2, 0.3, "inspection_days"), (5, 1.5, "inspection_share")],
)
def test_days_and_shares_out_of_range_are_refused(days: float, share: float, check: str) -> None:
    frame = pl.DataFrame({"facility": ["a"]})
    made, told = visits(frame, days, random_share=share)
    assert made.is_empty()
    assert [f.check for f in told] == [check]
    assert visits(frame.clear(), 5)[1][0].check == "no_facilities"
