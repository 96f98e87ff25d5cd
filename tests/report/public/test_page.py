from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Cards, Paragraph, TableBlock
from tongyuan.report.public.page import (
    GROUP,
    disclosed,
    emitted,
    grouped,
    newest,
    reported,
    sections,
    targets,
)

TODAY = date(2025, 6, 5)


def summary(*rows):
    frame = pl.DataFrame(rows, schema=["year", "sector", "species", "value"], orient="row")
    frame = frame.with_columns(pl.col("value").cast(pl.Float64), region=pl.lit("370000"), unit=pl.lit("t"))
    return conform("summary", frame.with_columns(comparable=pl.col("value")))


SUMMARY = summary(
    (2014, "energy", "CO2e", 8e8), (2014, "industry", "CO2e", 2e8), (2014, "energy", "NOx", 2e6),
    (2021, "energy", "CO2e", 6e8), (2021, "industry", "CO2e", 3e8), (2021, "energy", "NOx", 5e5),
    (2021, "industry", "NOx", 5e5), (2022, "energy", "CO2e", 1e8),
)  # fmt: skip


def feedback(*rows):
    """Rows: id, topic, outcome, answer."""
    frame = pl.DataFrame(
        [(f, date(2025, 1, 1), t, o, None if o == "in_hand" else date(2025, 1, 11), told)
         for f, t, o, told in rows],
        schema={"feedback": pl.String, "received": pl.Date, "topic": pl.String, "outcome": pl.String,
                "closed": pl.Date, "told": pl.String},
        orient="row",
    )  # fmt: skip
    return conform("public_feedback", frame)


def many(topic, outcome, count, start=0):
    return [(f"{topic}{outcome}{k + start}", topic, outcome, "") for k in range(count)]


def texts(section):
    return " ".join(b.text for b in section.blocks if isinstance(b, Paragraph))


def test_the_last_whole_year_is_told():
    """2022 has one sector of two: 2021 is told. 900 Mt of which 600 from energy conversion."""
    assert newest(SUMMARY)["year"].unique().to_list() == [2021]
    made = emitted({"summary": SUMMARY}, "zh")
    (cards,) = (b for b in made.blocks if isinstance(b, Cards))
    assert [(c.value, c.unit) for c in cards.cards] == [("9", "亿吨"), ("100", "万吨")]
    table, change = (b for b in made.blocks if isinstance(b, TableBlock))
    assert table.rows[-1][0] == "合计"
    assert change.rows[0][3] == "−90%", "2014 and 2022 are compared: of 1,000 Mt 100 are left"


def test_groups_of_fewer_than_ten_are_not_told_nor_to_be_worked_out():
    rows = [*many("odour", "done", 17), *many("odour", "in_hand", 12), *many("odour", "passed_on", 3),
            *many("dust", "done", 9)]  # fmt: skip
    shown, left = grouped(feedback(*rows))
    assert shown.rows() == [("odour", "done", 17)], "12 would tell the 3 by subtraction from the topic"
    assert left == 24


TOPIC = st.sampled_from(["odour", "dust", "noise"])
OUTCOME = st.sampled_from(["done", "in_hand", "passed_on"])


@given(st.lists(st.tuples(TOPIC, OUTCOME), max_size=80))
def test_no_group_that_is_shown_is_small_and_all_are_counted(rows):
    frame = feedback(*((str(k), t, o, "") for k, (t, o) in enumerate(rows)))
    shown, left = grouped(frame)
    assert (shown["count"] >= GROUP).all()
    assert shown["count"].sum() + left == len(rows)
    for _, part in frame.group_by("topic"):
        hidden = part.group_by("outcome").len().join(shown.filter(pl.col("topic") == part["topic"][0]),
                                                     on="outcome", how="anti")  # fmt: skip
        assert hidden.height != 1 or part["outcome"].n_unique() == 1


def test_reports_and_answers():
    rows = [*many("odour", "done", 12), ("x", "dust", "done", "已停产")]
    made = reported({"public_feedback": feedback(*rows)}, "zh")
    assert "共收到 13 件反映，已有结果 13 件，一半在 10 天内办结" in texts(made)
    counts, answers = (b for b in made.blocks if isinstance(b, TableBlock))
    assert counts.rows == [["异味", "已办结", "12"]]
    assert "另有 1 件" in counts.note
    assert answers.rows == [["2025-01", "扬尘", "已办结", "已停产"]]
    assert "no record" in texts(reported({}, "en"))
    few = reported({"public_feedback": feedback(*many("dust", "done", 4))}, "en")
    assert not [b for b in few.blocks if isinstance(b, TableBlock)]


def test_only_what_is_published_by_the_day_is_shown():
    frame = pl.DataFrame(
        {"facility": ["A", "B", "C"], "year": [2024] * 3, "kind": ["yearly"] * 3, "item": ["年报"] * 3,
         "due": [date(2025, 3, 15)] * 3, "published": [date(2025, 3, 1), date(2025, 7, 1), None]},
        schema_overrides={"published": pl.Date},
    )  # fmt: skip
    made = disclosed({"disclosure": frame.with_columns(link=pl.lit(None, pl.String))}, "en", TODAY)
    assert "1 items; 1 more are due" in texts(made)
    (table,) = (b for b in made.blocks if isinstance(b, TableBlock))
    assert [r[0] for r in table.rows] == ["A"]
    assert disclosed({}, "en", TODAY) is None


def test_targets_in_words():
    frame = pl.DataFrame(
        {
            "plan": ["p", "p"],
            "indicator": ["pm", "x"],
            "region": ["370000"] * 2,
            "title_zh": ["细颗粒物", "无"],
            "title_en": ["PM2.5", "none"],
            "year": [2025] * 2,
            "comparator": ["at_most"] * 2,
            "value": [38.0, 1.0],
            "unit": ["µg/m3", "%"],
            "printed": [None, None],
            "observed": [35.5, None],
            "observed_year": [2024, None],
            "state": ["on_track", "no_data"],
            "article": [1, 1],
        },
        schema_overrides={"printed": pl.String},
    )
    made = targets({"target_status": frame}, "en")
    (table,) = (b for b in made.blocks if isinstance(b, TableBlock))
    assert table.rows[0][2].startswith("at most 38")
    assert table.rows[0][4:] == ["2024", "On track"]
    assert len(table.rows) == 1
    assert targets({}, "zh") is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_says_what_is_not_on_it(language):
    made = sections({"summary": SUMMARY}, language, TODAY, "learn.html")
    assert [s.key for s in made] == ["emitted", "reported", "about"]
    assert "10" in texts(made[-1])
