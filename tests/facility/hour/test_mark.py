from __future__ import annotations

from datetime import datetime

import polars as pl

from tongyuan.facility.hour.mark import chains, out_of_control


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-10-05T{text}")


def segments(*rows: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"facility": "F", "outlet": "A", "time_from": at(b), "time_to": at(e), "mark": m}
            for b, e, m in rows
        ]
    )


def test_vector_mark_01_one_chain_of_five_segments() -> None:
    kept = chains(
        segments(
            ("14:43", "14:51", "C"),
            ("14:52", "14:53", "D"),
            ("14:54", "14:54", "C"),
            ("14:55", "14:55", "D"),
            ("14:56", "16:30", "C"),
        )
    )
    assert kept["minutes"].to_list() == [9, 2, 1, 1, 95]
    assert kept["chain_minutes"].unique().to_list() == [108]
    assert kept["chain"].n_unique() == 1


def test_a_chain_of_14_minutes_does_not_count_and_one_of_15_does() -> None:
    assert chains(segments(("08:00", "08:13", "C"))).is_empty()
    assert chains(segments(("08:00", "08:14", "C"))).height == 1


def test_a_minute_without_a_mark_parts_two_chains() -> None:
    kept = chains(segments(("08:00", "08:13", "C"), ("08:15", "08:40", "D")))
    assert kept["mark"].to_list() == ["D"]


def test_segments_that_lie_in_each_other_are_one_chain() -> None:
    kept = chains(segments(("08:00", "09:00", "C"), ("08:10", "08:12", "D"), ("08:50", "09:10", "C")))
    assert kept["chain"].n_unique() == 1
    assert kept["chain_minutes"].unique().to_list() == [71]


def test_order_of_rows_does_not_matter() -> None:
    rows = segments(("14:54", "14:54", "C"), ("14:43", "14:51", "C"), ("14:52", "14:53", "D"))
    assert chains(rows).equals(chains(rows.reverse()))


def test_out_of_control_lasts_from_the_last_passed_to_the_next_passed_test() -> None:
    tests = pl.DataFrame(
        {
            "facility": ["F"] * 4,
            "outlet": ["A"] * 4,
            "parameter": ["SO2"] * 4,
            "time": [at("01:00"), at("07:00"), at("08:00"), at("12:00")],
            "passed": [True, False, False, True],
        }
    )
    span = out_of_control(tests).row(0, named=True)
    assert (span["time_from"], span["time_to"], span["mark"]) == (at("01:00"), at("12:00"), "X")
    assert out_of_control(tests).height == 1
    open_end = out_of_control(tests.filter(pl.col("time") < at("12:00")))
    assert open_end["time_to"].to_list() == [None]
    assert out_of_control(tests.filter("passed")).is_empty()
