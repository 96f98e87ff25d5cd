"""Vectors of money by their id: published figures and hand-worked ones, each reproduced.

``VECTORS`` is the list; an id without a function, and a function without an id, fails. A vector is added by
its id here and a function of its name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from tongyuan.finance.appraisal.flow import capital_recovery, internal_rates, net_present_value, payback
from tongyuan.finance.appraisal.joint import joint_cost
from tongyuan.finance.appraisal.screen import screen
from tongyuan.finance.appraisal.support import (
    bank_share,
    environmental_price,
    equipment_credit,
    interest_subsidy,
    relending,
    tax_holiday,
)
from tongyuan.finance.appraisal.tariff import surcharge
from tongyuan.finance.claim.green_power import allow_claims, issue_certificates, metered_export
from tongyuan.finance.credit.ledger import issue_credits
from tongyuan.ledger.table import conform, empty

VECTORS = {
    "FIN-01": "net present value and rate of return, textbook",
    "FIN-02": "two rates of return, Lorie and Savage 1955",
    "FIN-03": "no rate of return",
    "FIN-05": "joint cost per tonne and equivalent",
    "PBC-01": "relending, 人民银行 2021-11-08",
    "PBC-02": "share of a reduction by loan, 绿色信贷项目节能减排量测算指引",
    "TAX-01": "three years free, three at half, 企业所得税法 27",
    "TAX-02": "credit for equipment, 财税〔2017〕71号",
    "SUB-01": "subsidised interest, notice of 2026-01-19",
    "AL-01": "tiered price of aluminium 2014-2021, NDRC 2013-12-23",
    "ENV-01": "environmental power price, measure of 2014",
    "GEC-01": "certificates of 1,000 kWh",
    "GEC-02": "no double claim on a plant",
    "CER-01": "meter out of calibration, CCER-01-002 7.3.4",
    "PH-01": "ways in Beijing, DB11/T 3043-2024",
    "PH-03": "an act counts once, the day is capped",
    "PV-02": "baseline of photovoltaics, Yingshang",
}

REPRODUCED: dict[str, Callable[[], None]] = {}


def vector(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def register(check: Callable[[], None]) -> Callable[[], None]:
        assert name not in REPRODUCED
        REPRODUCED[name] = check
        return check

    return register


def test_every_vector_has_its_function_and_every_function_its_vector() -> None:
    assert set(REPRODUCED) == set(VECTORS)


@pytest.mark.parametrize("name", VECTORS)
def test_vector(name: str) -> None:
    REPRODUCED[name]()


@vector("FIN-01")
def _textbook() -> None:
    flow = [-1000.0, *[300.0] * 5]
    assert net_present_value(flow, [0.08, 0.06]) == pytest.approx([197.8130, 263.7091], abs=1e-4)
    assert internal_rates(flow) == pytest.approx((0.1523824,), abs=1e-7)
    assert net_present_value(flow, 0.08) * capital_recovery(0.08, 5) == pytest.approx(49.5435, abs=1e-4)
    assert payback(flow, 0.08) == pytest.approx(4.0312, abs=1e-4)


@vector("FIN-02")
def _pump() -> None:
    flow = [-1600.0, 10_000.0, -10_000.0]
    assert internal_rates(flow) == pytest.approx((0.25, 4.0))
    assert net_present_value(flow, [0.08, 0.5]) == pytest.approx([-914.1289, 622.2222], abs=1e-4)


@vector("FIN-03")
def _never() -> None:
    flow = [100.0, -200.0, 150.0]
    assert internal_rates(flow) == ()
    assert (net_present_value(flow, [-0.9, 0.0, 0.1, 1.0, 9.0]) > 0).all()


@vector("FIN-05")
def _joint() -> None:
    recovery = capital_recovery(0.08, 20)
    assert recovery == pytest.approx(0.10185221, abs=1e-8)
    net = 120e6 * recovery + 3e6 - 8e6
    assert net == pytest.approx(7_222_265, abs=1)
    equivalents = (120 / 0.95 + 90 / 0.95 + 30 / 2.18) * 1000
    assert equivalents == pytest.approx(234_814.10, abs=0.01)
    made = joint_cost(net, [60_000, equivalents], [95, 6])
    assert made.share[0] == pytest.approx(0.8018136, abs=1e-6)
    assert made.cost == pytest.approx([96.5152, 6.09569], abs=1e-4)
    assert made.alone == pytest.approx([120.3711, 30.7574], abs=1e-4)


@vector("PBC-01")
def _relending() -> None:
    assert relending(100e6, 0.0175) == pytest.approx((60e6, 1.05e6))
    assert relending(100e6, 0.0175, subsidy=0.0025).interest == pytest.approx(0.90e6)


@vector("PBC-02")
def _bank() -> None:
    assert bank_share(36_000, 125e6, 500e6) == pytest.approx(9_000)


@vector("TAX-01")
def _holiday() -> None:
    assert tax_holiday([10e6] * 6) == [0, 0, 0, 1.25e6, 1.25e6, 1.25e6]


@vector("TAX-02")
def _equipment() -> None:
    made = equipment_credit(5e6, [0.3e6, 0.1e6])
    assert made.used == pytest.approx([0.3e6, 0.1e6])
    assert (made.left, made.years) == (pytest.approx(0.1e6), 4)


@vector("SUB-01")
def _interest() -> None:
    assert [interest_subsidy(10e6, 0.015, years) for years in (1, 2)] == pytest.approx([150_000, 300_000])


@vector("AL-01")
def _aluminium() -> None:
    paid = surcharge([13_700, 13_750, 13_800, 13_850], (13_700.0, 13_800.0), (0.02, 0.08)) * 100_000
    assert paid == pytest.approx([0, 27.5e6, 27.6e6, 110.8e6])


@vector("ENV-01")
def _devices() -> None:
    parts = [environmental_price(1e9, [d]) for d in ("desulphurisation", "denitrification", "dust_removal")]
    assert parts == pytest.approx([15e6, 10e6, 2e6])
    assert environmental_price(1e9) == pytest.approx(27e6)


@vector("GEC-01")
def _certificates() -> None:
    (made,) = issue_certificates([Decimal("12345.678")])
    assert made == (12_345, Decimal("0.678"))


@vector("GEC-02")
def _claims() -> None:
    days = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)]
    claim = pl.DataFrame({"claim": ["sold", "certificates", "host"], "plant": ["p"] * 3, "year": [2025] * 3,
                          "day": days, "amount": [6000.0, 3000.0, 2000.0]})  # fmt: skip
    made = allow_claims(claim, pl.DataFrame({"plant": ["p"], "year": [2025], "amount": [10_000.0]}))
    assert dict(made.select("claim", "refused").iter_rows()) == {"sold": 0, "certificates": 0, "host": 1000}


@vector("CER-01")
def _meter() -> None:
    assert metered_export(1_000_000, 5_000, 0.002, calibrated=False) == pytest.approx(992_990)


def acted(*rows: tuple[str, str, float], cap: float | None = None) -> dict[str, tuple[str, float]]:
    known = {"bus": 0.052, "metro": 0.032, "bicycle": 0.0087, "walking": 0.0}
    method = pl.DataFrame(
        [("m", way, 0.104, left, cap) for way, left in known.items()],
        schema={"method": pl.String, "behaviour": pl.String, "baseline": pl.Float64, "project": pl.Float64,
                "cap": pl.Float64},
        orient="row",
    )  # fmt: skip
    act = pl.DataFrame(
        [(key, "u", datetime(2025, 5, 1, k, tzinfo=UTC).replace(tzinfo=None), "m", way, length)
         for k, (key, way, length) in enumerate(rows)],
        schema=["act", "person", "time", "method", "behaviour", "amount"], orient="row",
    )  # fmt: skip
    made = issue_credits(act, method)
    return {f"{r['act']}{k}": (r["state"], r["credit"]) for k, r in enumerate(made.to_dicts())}


@vector("PH-01")
def _ways() -> None:
    made = acted(("a", "bus", 12.5), ("b", "metro", 20.0), ("c", "bicycle", 3.0), ("d", "walking", 2.0))
    assert [credit for _, credit in made.values()] == pytest.approx([0.650, 1.440, 0.2859, 0.208], abs=1e-4)


@vector("PH-03")
def _once() -> None:
    made = list(acted(("K1", "metro", 20.0), ("K1", "metro", 20.0), ("K2", "bus", 12.5), cap=1.5).values())
    assert [state for state, _ in made] == ["credited", "duplicate", "capped"]
    assert [credit for _, credit in made] == pytest.approx([1.44, 0.0, 0.06])


@vector("PV-02")
def _baseline() -> None:
    project = pl.DataFrame(
        [{"project": "y", "lifetime": 25, "source": "Xinhua 2022-08-26", "output": 136_000.0}]
    )
    made = screen(
        conform("investment", project), empty("project_catalogue"), {"y": 135_600.0}, {"y": 0.6553}, {}, {}
    )
    (row,) = made.to_dicts()
    assert row["state"] == "fails"
    assert row["fact"] == "0.9971 t/MWh = 1.52 ×"
