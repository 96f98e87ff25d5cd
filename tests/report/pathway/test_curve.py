import polars as pl
import pytest

from tongyuan.report.pathway.curve import coordinate_chart, front_chart, macc_charts, quadrant
from tongyuan.report.pathway.words import Titles


def test_coordinates_and_front_have_all_their_points(planned):
    drawn = coordinate_chart(planned, Titles(planned, "en"), "en")
    used = planned["plan_measure"].filter(pl.col("scenario") == "plan")
    more = used.group_by("measure").agg(pl.col("change").sum()).filter(pl.col("change") > 0.0)["measure"]
    moving = planned["coordinate"].filter(
        (pl.col("quadrant") != "no_effect") & pl.col("measure").is_in(more.implode())
    )
    assert sum(len(s["data"]) for s in drawn.option["series"]) == moving.height >= 2
    front = front_chart(planned, "en")
    assert front.table.rows[0][-1] == "0"


def test_a_block_of_the_curve_is_as_wide_as_what_a_measure_abates(planned):
    expert, system = macc_charts(planned, Titles(planned, "en"), "en")
    held = planned["macc"].filter(pl.col("kind") == "expert")
    widths = [one["data"][2][0] - one["data"][1][0] for one in expert.option["series"]]
    ratio = held["abatement"].to_numpy() / widths
    assert ratio == pytest.approx(ratio[0], rel=1e-4)
    heights = [one["data"][1][1] for one in expert.option["series"]]
    assert heights == pytest.approx(held["marginal_cost"].to_list(), rel=1e-5)
    assert len(system.option["series"]) == 3


@pytest.mark.parametrize(
    ("pollution", "carbon", "shown"), [(1.0, 0.0, "只减污"), (0.0, 1.0, "只降碳"), (1.0, 1.0, "减污又降碳")]
)
def test_a_measure_that_leaves_carbon_alone_does_not_lower_it(pollution, carbon, shown):
    assert quadrant(pollution, carbon, "both_fall", "zh") == shown
