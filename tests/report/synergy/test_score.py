import polars as pl
import pytest
from tests.report.synergy_tables import many, one

from tongyuan.report.base.block import ChartBlock, Note, TableBlock
from tongyuan.report.synergy.index import Index
from tongyuan.report.synergy.score import (
    cautions,
    headline,
    mover_chart,
    radar_chart,
    rank_chart,
    score_blocks,
    score_chart,
)


@pytest.fixture(scope="module")
def province() -> dict[str, pl.DataFrame]:
    return one()


@pytest.fixture(scope="module")
def cities() -> dict[str, pl.DataFrame]:
    return many()


def test_the_headline_never_subtracts_totals_of_different_coverage(province: dict[str, pl.DataFrame]) -> None:
    text = headline(province, Index(province, "en"), "en").text
    stable = province["score_stability"].filter(pl.col("year") == 2021).row(0, named=True)
    assert "cannot be subtracted" in text
    assert f"+{stable['change']:.2f}" in text
    assert "Shandong" in text


def test_the_headline_of_cities_names_the_best(cities: dict[str, pl.DataFrame]) -> None:
    text = headline(cities, Index(cities, "zh"), "zh").text
    assert "青岛市" in text
    assert "2 个地区" in text


def test_low_coverage_and_the_proposal_are_said_in_words(cities: dict[str, pl.DataFrame]) -> None:
    notes = cautions(cities, Index(cities, "en"), "en")
    assert [n.kind for n in notes if isinstance(n, Note)] == ["warning", "warning", "note"]
    assert "No official" in notes[0].text
    assert "no basis for a ranking" in notes[1].text
    whole = cities | {"score": cities["score"].with_columns(pl.lit(1.0).alias("coverage"))}
    assert len(cautions(whole, Index(whole, "en"), "en")) == 2


def test_scores_of_a_province_stand_by_year_in_the_order_of_the_index(
    province: dict[str, pl.DataFrame],
) -> None:
    block = score_chart(province, Index(province, "en"), "en")
    names = block.option["yAxis"]["data"]
    assert names == [
        "Total 2014",
        "Total 2021",
        "Pollution 2014",
        "Pollution 2021",
        "Carbon 2014",
        "Carbon 2021",
        "Synergy 2021",
    ]
    assert block.table is not None


def test_scores_of_cities_stand_best_first(cities: dict[str, pl.DataFrame]) -> None:
    block = score_chart(cities, Index(cities, "zh"), "zh")
    assert block.option["yAxis"]["data"] == ["青岛市", "济南市"]


def test_rank_bands_name_the_indicators_they_rest_on(
    cities: dict[str, pl.DataFrame], province: dict[str, pl.DataFrame]
) -> None:
    block = rank_chart(cities, Index(cities, "en"), "en")
    assert block is not None
    assert "Annual mean PM2.5, CO2 per head" in block.note
    assert rank_chart(province, Index(province, "en"), "en") is None


def test_the_radar_shows_what_is_known_in_both_years_only(
    cities: dict[str, pl.DataFrame], province: dict[str, pl.DataFrame]
) -> None:
    block = radar_chart(province, Index(province, "en"), "en")
    assert block is not None
    axes = [axis["name"] for axis in block.option["radar"]["indicator"]]
    assert axes == ["Annual mean PM2.5", "NOx per GDP", "CO2 per GDP", "CO2 per head"]
    assert "other 9" in block.note
    assert radar_chart(cities, Index(cities, "en"), "en") is None


def test_what_moved_the_score_sums_to_its_change(province: dict[str, pl.DataFrame]) -> None:
    block = mover_chart(province, Index(province, "en"), "en")
    assert block is not None
    hidden, shown = block.option["series"]
    ends = [shown["data"][0]["value"], shown["data"][-1]["value"]]
    stable = province["score_stability"].filter(pl.col("year") == 2021).row(0, named=True)
    assert ends == pytest.approx([stable["before"], stable["after"]], rel=1e-5)
    assert len(hidden["data"]) == 6
    assert block.option["yAxis"]["data"][1] in block.note


def test_the_chapter_part_has_everything_and_nothing_without_a_score(
    cities: dict[str, pl.DataFrame], province: dict[str, pl.DataFrame]
) -> None:
    for language in ("zh", "en"):
        kinds = [type(b) for b in score_blocks(province, language)]
        assert kinds.count(ChartBlock) == 3
        assert kinds[-1] is TableBlock
        assert any(isinstance(b, TableBlock) for b in score_blocks(cities, language))
    assert score_blocks({}, "en") == []
