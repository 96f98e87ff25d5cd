from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.finance.credit.ledger import (
    balances,
    chain,
    first_broken,
    issue_credits,
    pseudonym,
    statistics,
)

METHOD = pl.DataFrame(
    {
        "method": ["db11_t_3043"] * 4,
        "behaviour": ["bus", "metro", "bicycle", "walking"],
        "baseline": [0.104] * 4,
        "project": [0.052, 0.032, 0.0087, 0.0],
        "cap": [None] * 4,
    },
    schema_overrides={"cap": pl.Float64},
)
NOON = datetime(2025, 5, 1, 12)


def acts(*rows):
    """Rows of key, person, hours after noon, behaviour, kilometres."""
    return pl.DataFrame(
        [
            {"act": k, "person": p, "time": NOON + timedelta(hours=h), "method": "db11_t_3043",
             "behaviour": b, "amount": a}
            for k, p, h, b, a in rows
        ]
    )  # fmt: skip


def test_what_ways_are_credited_with_in_beijing():
    """DB11/T 3043-2024: a person's kilometre by car stands for 0.104 kg."""
    made = issue_credits(
        acts(("a", "p", 0, "bus", 12.5), ("b", "p", 1, "metro", 20.0), ("c", "p", 2, "bicycle", 3.0),
             ("d", "p", 3, "walking", 2.0)),
        METHOD,
    )  # fmt: skip
    assert made["credit"].to_list() == pytest.approx([0.650, 1.440, 0.2859, 0.208], abs=1e-12)


def test_an_act_counts_once_and_the_day_is_capped():
    method = METHOD.with_columns(cap=pl.lit(1.5))
    made = issue_credits(
        acts(("K1", "p", 0, "metro", 20.0), ("K1", "p", 1, "metro", 20.0), ("K2", "p", 2, "bus", 12.5)),
        method,
    )
    assert made["state"].to_list() == ["credited", "duplicate", "capped"]
    assert made["credit"].to_list() == pytest.approx([1.44, 0.0, 0.06])
    next_day = issue_credits(acts(("K1", "p", 0, "metro", 20.0), ("K2", "p", 13, "bus", 12.5)), method)
    assert next_day["credit"].to_list() == pytest.approx([1.44, 0.65])


def test_what_no_method_knows_or_no_number_says_is_named_not_credited():
    made = issue_credits(
        acts(("a", "p", 0, "rocket", 5.0), ("b", "p", 1, "bus", -1.0), ("c", "p", 2, "bus", float("nan"))),
        METHOD,
    )
    assert made["state"].to_list() == ["unknown", "invalid", "invalid"]
    assert made["credit"].sum() == 0.0


ACT = st.tuples(
    st.sampled_from("abcdefgh"), st.sampled_from("pq"), st.integers(0, 40),
    st.sampled_from(["bus", "metro", "walking"]), st.sampled_from([1.0, 5.0, 12.5, 30.0]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ACT, min_size=1, max_size=12), order=st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rows, order):
    method = METHOD.with_columns(cap=pl.lit(2.0))
    once = chain(issue_credits(acts(*rows), method))
    again = list(rows) * 2
    order.shuffle(again)
    assert chain(issue_credits(acts(*again), method)).equals(once)
    by_day = once.group_by("person", "day").agg(pl.col("credit").sum())
    assert by_day["credit"].max() <= 2.0 + 1e-12


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ACT, min_size=3, max_size=12), where=st.integers(0, 99))
def test_a_forged_line_is_found_at_its_row(rows, where):
    made = chain(issue_credits(acts(*rows), METHOD))
    assert first_broken(made) is None
    row = where % made.height
    forged = made.with_columns(
        pl.when(pl.int_range(pl.len()) == row)
        .then(pl.col("credit") + 1.0)
        .otherwise("credit")
        .alias("credit")
    )
    assert first_broken(forged) == row
    if row + 1 < made.height:
        assert first_broken(made.filter(pl.int_range(pl.len()) != row)) == row


def test_credits_are_retired_once_and_nothing_is_lost():
    credit = pl.DataFrame({"person": ["p", "p", "q"], "credit": [2.0, 1.0, 4.0]})
    asked = pl.DataFrame(
        {
            "retirement": ["r1", "r1", "r2", "r3"],
            "person": ["p", "p", "p", "x"],
            "day": [date(2025, 6, 1), date(2025, 6, 1), date(2025, 6, 2), date(2025, 6, 2)],
            "amount": [2.5, 2.5, 1.0, 1.0],
        }
    )
    held = {r["person"]: r for r in balances(credit, asked).iter_rows(named=True)}
    assert (held["p"]["retired"], held["p"]["balance"], held["p"]["refused"]) == (2.5, 0.5, 1.0)
    assert (held["q"]["balance"], held["x"]["refused"]) == (4.0, 1.0)
    assert sum(r["issued"] - r["retired"] - r["balance"] for r in held.values()) == 0.0


def test_statistics_stand_on_ten_persons():
    credit = pl.DataFrame(
        {
            "person": [f"p{k}" for k in range(10)] + [f"q{k}" for k in range(9)],
            "behaviour": ["bus"] * 10 + ["walking"] * 9,
            "credit": [1.0] * 19,
        }
    )
    assert statistics(credit, ["behaviour"]).rows() == [("bus", 10, 10, 10.0)]


def test_a_pseudonym_hides_the_name_and_depends_on_the_secret():
    one = pseudonym("张三", b"secret")
    assert one == pseudonym("张三", b"secret") != pseudonym("张三", b"other")
    assert len(one) == 32
    assert "张三" not in one
