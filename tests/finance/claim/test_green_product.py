"""Products sold as green: limits and certificates by the day of the claim."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from tongyuan.finance.claim.green_product import judge_products

ROW: dict[str, Any] = {
    "product": "G",
    "indicator": "energy",
    "maker": "A",
    "certificate": "C1",
    "issued": date(2025, 1, 10),
    "expires": date(2028, 1, 9),
    "day": date(2026, 3, 1),
    "value": 90.0,
    "relation": "at_most",
    "limit": 100.0,
}


def judged(*rows: dict[str, Any]) -> pl.DataFrame:
    return judge_products(pl.DataFrame([ROW | r for r in rows], schema_overrides={"value": pl.Float64}))


def states(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    return judged(*rows).select("limit_state", "certificate_state", "state").rows()


def test_better_than_its_limit_by_a_share_of_it_either_way() -> None:
    made = judged({}, {"indicator": "recycled", "relation": "at_least", "value": 30.0, "limit": 25.0})
    assert made["margin"].round(12).to_list() == [0.1, 0.2]
    assert states({}) == [("fits", "fits", "fits")]
    assert states({"value": 100.0}) == [("fits", "fits", "fits")]


def test_one_indicator_that_fails_takes_the_product_with_it() -> None:
    made = states({}, {"indicator": "lead", "value": 101.0}, {"product": "H", "certificate": "C2"})
    assert made == [("fits", "fits", "fails"), ("fails", "fits", "fails"), ("fits", "fits", "fits")]


def test_what_is_not_given_is_not_known() -> None:
    assert states({"value": None}) == [("not_known", "fits", "not_known")]
    assert states({"certificate": None}) == [("fits", "not_known", "not_known")]
    assert states({"expires": None}) == [("fits", "not_known", "not_known")]


def test_a_certificate_counts_on_its_days_and_for_one_maker() -> None:
    assert states({"day": date(2028, 1, 9)}) == [("fits", "fits", "fits")]
    assert states({"day": date(2028, 1, 10)})[0][1:] == ("fails", "fails")
    assert states({"day": date(2025, 1, 9)})[0][1:] == ("fails", "fails")
    assert {s[1] for s in states({}, {"product": "H", "maker": "B"})} == {"fails"}
    assert {s[1] for s in states({}, {"product": "H"})} == {"fits"}
