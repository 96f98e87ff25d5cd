import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.programme.assessment import Assessment, _scores, assess, default_rules, latest
from tongyuan.programme.plan import observations
from tongyuan.programme.status import status


@pytest.fixture(scope="module")
def tracked(parent):
    return status(parent, observations())[0]


def reports(plan, share, *, evidence=None, year=2025):
    tasks = plan["task"].select("plan", "task", pl.col("lead").alias("department"))
    return conform(
        "progress",
        tasks.with_columns(
            pl.lit(year).alias("year"), pl.lit(share).alias("completion"), pl.lit(evidence).alias("evidence")
        ),
    )


PROOF = conform("evidence", pl.DataFrame({"evidence": ["E1"], "sha256": ["0" * 64]}))


def score(result, kind, unit):
    rows = result.assessment.filter((pl.col("unit_kind") == kind) & (pl.col("unit") == unit))
    return rows.row(rows.height - 1, named=True)


def test_points_add_up_line_by_line_and_every_line_has_its_reason(parent, tracked):
    made = assess(parent, tracked, region="100000", period=2025, progress=reports(parent, 0.5))
    sums = made.assessment_line.group_by("unit_kind", "unit").agg(
        pl.col("points").sum(), pl.col("maximum").sum()
    )
    joined = made.assessment.join(sums, on=["unit_kind", "unit"], suffix="_line")
    assert joined.height == made.assessment.height
    assert (joined["points"] - joined["points_line"]).abs().max() < 1e-9
    assert (joined["maximum"] - joined["maximum_line"]).abs().max() < 1e-9
    lines = made.assessment_line
    assert lines["reason_zh"].null_count() == lines["reason_en"].null_count() == 0
    known = lines.filter(pl.col("share").is_not_null())
    assert (known["points"] - known["share"] * known["maximum"]).abs().max() < 1e-9
    assert lines["points"].min() >= 0
    assert (lines["points"] <= lines["maximum"]).all()


def test_scores_follow_the_rules(parent, tracked):
    made = assess(
        parent,
        tracked,
        region="100000",
        period=2025,
        progress=reports(parent, 0.5, evidence="E1"),
        evidence=PROOF,
    )
    ecology = score(made, "department", "nfga")
    assert ecology["points"] == pytest.approx(11 * (3 * 0.5 + 1))
    assert ecology["maximum"] == 11 * 4
    assert ecology["score"] == pytest.approx(62.5)
    assert ecology["grade"] == "pass"
    steel = made.assessment_line.filter(
        (pl.col("subject") == "cn.steel.2025") & (pl.col("unit_kind") == "region")
    )
    assert steel["points"][0] == pytest.approx(0)  # no figure of it can be traced to a document
    assert "≥15%" in steel["reason_en"][0]
    fertiliser = made.assessment_line.filter(pl.col("subject") == "cn.fertiliser.2025")
    assert set(fertiliser["unit"]) == {"100000", "mara", "11"}
    assert set(fertiliser["points"]) == {10.0}


def test_what_has_no_data_is_left_out_of_the_maximum(parent, tracked):
    made = assess(parent, tracked, region="100000", period=2025)
    silent = score(made, "article", "12")
    assert silent["maximum"] == 0
    assert silent["score"] is None
    assert silent["grade"] == "not_assessed"
    assert silent["coverage"] == 0
    strict = default_rules().with_columns(pl.lit("zero").alias("no_data"))
    made = assess(parent, tracked, region="100000", period=2025, rules=strict)
    strict_score = score(made, "article", "12")
    assert (strict_score["points"], strict_score["score"], strict_score["grade"]) == (0, None, "not_assessed")
    assert strict_score["maximum"] > 0


def lines_of(*shares):
    """Return lines of one unit, ten points each, with data where the share is known."""
    return conform(
        "assessment_line",
        pl.DataFrame(
            {
                "plan": ["p"] * len(shares),
                "period": ["2025"] * len(shares),
                "edition": [1] * len(shares),
                "unit_kind": ["region"] * len(shares),
                "unit": ["370000"] * len(shares),
                "rule": ["target"] * len(shares),
                "subject": [str(n) for n in range(len(shares))],
                "share": pl.Series(shares, dtype=pl.Float64),
                "points": [10.0 * (s or 0.0) for s in shares],
                "maximum": [10.0 if s is not None else 0.0 for s in shares],
            }
        ),
    )


@pytest.mark.parametrize(
    ("shares", "score", "grade"),
    [
        ((1.0, 1.0, 1.0, None, None), 100.0, "excellent"),
        ((0.9, 0.9, 0.9, 0.9, None), 90.0, "excellent"),
        ((0.8, 0.8, 0.8, 0.8, 0.8), 80.0, "good"),
        ((0.6, 0.6, 0.6, None, None), 60.0, "pass"),
        ((0.5, 0.5, 0.5), 50.0, "fail"),
        ((1.0, 1.0, None, None, None), None, "not_assessed"),
        ((1.0, 1.0, 1.0, None, None, None), None, "not_assessed"),
        ((None,), None, "not_assessed"),
    ],
)
def test_grades_need_data_on_three_items_of_five(shares, score, grade):
    row = _scores(lines_of(*shares), set()).row(0, named=True)
    assert row["score"] == (None if score is None else pytest.approx(score))
    assert row["grade"] == grade
    assert row["coverage"] == pytest.approx(sum(s is not None for s in shares) / len(shares))


def test_data_fraud_vetoes_the_whole_unit(parent, tracked):
    veto = conform(
        "veto",
        pl.DataFrame(
            {
                "unit_kind": ["department"],
                "unit": ["mara"],
                "period": ["2025"],
                "rule": ["data_fraud"],
                "finding": ["篡改监测数据"],
            }
        ),
    )
    made = assess(parent, tracked, region="100000", period=2025, progress=reports(parent, 1.0), veto=veto)
    hit = score(made, "department", "mara")
    assert (hit["score"], hit["grade"], hit["vetoed"]) == (0, "fail", True)
    assert not score(made, "department", "nfga")["vetoed"]
    line = made.assessment_line.filter(pl.col("rule") == "data_fraud").row(0, named=True)
    assert "篡改监测数据" in line["reason_zh"]
    earlier = assess(
        parent, tracked, region="100000", period=2024, progress=reports(parent, 1.0, year=2024), veto=veto
    )
    assert not score(earlier, "department", "mara")["vetoed"]


def test_it_is_reproducible_and_keeps_its_history(parent, tracked):
    first = assess(parent, tracked, region="100000", period=2025, progress=reports(parent, 0.5))
    again = assess(parent, tracked, region="100000", period=2025, progress=reports(parent, 0.5))
    assert first.assessment.equals(again.assessment)
    assert first.assessment_line.equals(again.assessment_line)
    second = assess(
        parent, tracked, region="100000", period=2025, progress=reports(parent, 0.9), history=first
    )
    assert set(second.assessment["edition"]) == {1, 2}
    assert second.assessment.head(first.assessment.height).equals(first.assessment)
    assert set(latest(second.assessment)["edition"]) == {2}
    assert latest(second.assessment.clear()).is_empty()


def test_reports_of_later_years_and_targets_of_earlier_ones_do_not_count(parent, tracked):
    made = assess(parent, tracked, region="100000", period=2030, progress=reports(parent, 1.0, year=2031))
    assert set(made.assessment_line.filter(pl.col("rule") == "target")["subject"]) == {
        "cn.steel.2030",
        "cn.aluminium_renewable.2030",
        "cn.nev.2030",
    }
    assert made.assessment_line.filter(pl.col("rule") == "task")["share"].null_count() > 0
    assert made.assessment_line.filter(pl.col("rule") == "task")["share"].drop_nulls().is_empty()


def test_milestones_count_when_they_are_due(parent, tracked):
    steps = conform(
        "milestone",
        pl.DataFrame(
            {
                "plan": ["national"] * 3,
                "task": ["08.06"] * 3,
                "milestone": ["a", "b", "c"],
                "due": [2024, 2025, 2026],
                "text": ["x"] * 3,
                "done": [True, False, True],
            }
        ),
    )
    made = assess(parent | {"milestone": steps}, tracked, region="100000", period=2025)
    lines = made.assessment_line.filter((pl.col("rule") == "milestone") & (pl.col("unit_kind") == "region"))
    assert dict(lines.select("subject", "points").iter_rows()) == {"08.06/a": 2.0, "08.06/b": 0.0}


def test_an_assessment_is_two_tables():
    assert Assessment._fields == ("assessment", "assessment_line")
