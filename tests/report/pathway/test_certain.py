import polars as pl
import pytest

from tongyuan.report.base.block import ChartBlock, Note, Paragraph, TableBlock
from tongyuan.report.pathway.certain import certain_blocks, probable
from tongyuan.report.pathway.words import Titles


@pytest.mark.parametrize(("value", "shown"), [(1.0, ">99%"), (0.0, "<1%"), (0.502, "50%")])
def test_no_finite_number_of_draws_proves_certainty(value, shown):
    assert probable(value) == shown


def test_every_target_in_doubt_has_its_probability_and_its_price(planned):
    blocks = certain_blocks(planned, Titles(planned, "en"), "en")
    table = next(b for b in blocks if isinstance(b, TableBlock))
    assert len(table.rows) == planned["target_probability"].filter(pl.col("scenario") == "plan").height
    price = next(b for b in blocks if isinstance(b, Note))
    assert "90%" in price.text
    assert "cheaper (a lower bound)" in price.text
    curve = next(b for b in blocks if isinstance(b, ChartBlock))
    assert curve.option["series"][0]["data"][0]["value"] == 0.0
    assert curve.option["series"][0]["data"][1]["value"] > 0.0


@pytest.mark.parametrize(("reason", "said"), [("jump", "nothing lies between"), ("enough", "costs nothing")])
def test_why_a_plan_is_safer_than_asked_is_said(planned, reason, said):
    rows = planned["certainty"].with_columns(reason=pl.lit(reason))
    blocks = certain_blocks({**planned, "certainty": rows}, Titles(planned, "en"), "en")
    assert said in next(b for b in blocks if isinstance(b, Note)).text


def test_what_the_robust_plan_does_otherwise_is_said(planned):
    blocks = certain_blocks(planned, Titles(planned, "zh"), "zh")
    said = [b.text for b in blocks if isinstance(b, Paragraph)]
    assert any("稳健方案的不同" in text and "scr" in text for text in said)


def test_little_known_is_called_unknown(planned):
    dim = planned["target_probability"].with_columns(known=pl.lit(0.1))
    few = {**planned, "target_probability": dim, "certainty": planned["certainty"].clear()}
    blocks = certain_blocks(few, Titles(few, "en"), "en")
    table = next(b for b in blocks if isinstance(b, TableBlock))
    assert {row[4] for row in table.rows} == {"unknown"}
    assert any(isinstance(b, Note) and b.kind == "warning" for b in blocks)


def test_a_level_out_of_reach_is_said(planned):
    rows = planned["certainty"].to_dicts()
    for status, said in (("impossible", "cannot"), ("not_found", "open")):
        more = pl.DataFrame([*rows, {"level": 0.95, "status": status}], schema=planned["certainty"].schema)
        blocks = certain_blocks({**planned, "certainty": more}, Titles(planned, "en"), "en")
        warned = [b.text for b in blocks if isinstance(b, Note) and b.kind == "warning"]
        assert any("95%" in text and said in text for text in warned)


def test_no_draws_no_words(planned):
    assert certain_blocks({}, Titles(planned, "en"), "en") == []
