"""Deaths of China in 2020 by five causes at 33 and 25 µg/m3, as recomputed from the published functions."""

import polars as pl
import pytest

from tongyuan.impact.health.tables import burden_table

AGES = ("25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "65-69", "70-74", "75-79",
        "80-84", "85-89", "90-94", "95+")  # fmt: skip
PEOPLE = (104.383, 118.557, 99.6647, 90.9402, 117.115, 118.61, 90.4876, 75.0965, 70.511, 43.6494, 26.1019,
          15.7599, 7.43092, 2.22233, 0.454016)  # fmt: skip
"""Millions, SSP2 of 2020 (rfasst)."""

RATE = {
    "ihd": (3.63926, 6.76316, 11.9793, 20.9202, 27.907, 47.1524, 75.1676, 133.355, 225.891, 444.121, 832.435,
            1818.91, 3772.04, 6764.88, 9257.08),
    "stroke": (0.344515, 0.741506, 1.52262, 3.56463, 6.52801, 15.1272, 30.0246, 71.5879, 142.975, 336.418,
               629.611, 1237.93, 2281.13, 3153.38, 3389.67),
}  # fmt: skip
"""Deaths per 100,000, of 2020 (rfasst); stroke is ischaemic stroke alone."""

ALL = {"copd": 1_204_461.7, "lung_cancer": 765_146.8, "lri": 183_091.3}
"""Baseline deaths used for the causes without ages (facts §2.4)."""


def baseline() -> pl.DataFrame:
    rows = [(endpoint, "25+", deaths) for endpoint, deaths in ALL.items()]
    for endpoint, rates in RATE.items():
        oldest = 0.0
        for age, people, rate in zip(AGES, PEOPLE, rates, strict=True):
            deaths = people * 10 * rate
            if age in AGES[:11]:
                rows.append((endpoint, age, deaths))
            else:
                oldest += deaths
        rows.append((endpoint, "80+", oldest))
    frame = pl.DataFrame(rows, schema=["endpoint", "age", "deaths"], orient="row")
    return frame.with_columns(region=pl.lit("CHN"), year=2020)


def test_the_baseline_is_that_of_the_published_sum() -> None:
    sums = dict(baseline().group_by("endpoint").agg(pl.col("deaths").sum()).iter_rows())
    assert sums["ihd"] == pytest.approx(1_629_291.8, abs=0.051)
    assert sums["stroke"] == pytest.approx(974_585.7, abs=0.051)


@pytest.mark.parametrize(("concentration", "total"), [(33.0, 1_322_715.5), (25.0, 1_095_898.7)])
def test_five_causes_together(concentration, total) -> None:
    air = pl.DataFrame({"region": ["CHN"], "year": [2020], "value": [concentration]})
    made = burden_table(air, baseline()).filter(pl.col("endpoint") != "ncd_lri")
    by_cause = dict(made.group_by("endpoint").agg(pl.col("deaths").sum()).iter_rows())
    if concentration == 33.0:
        printed = {"ihd": 498_294.1, "stroke": 181_237.8, "copd": 320_036.0, "lung_cancer": 226_932.7,
                   "lri": 96_214.9}  # fmt: skip
        assert by_cause == pytest.approx(printed, abs=0.051)
    # rates and people are printed with six digits
    assert sum(by_cause.values()) == pytest.approx(total, abs=0.2)
