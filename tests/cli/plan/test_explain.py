from __future__ import annotations

from importlib.resources import files

import polars as pl
import pytest
from typer.testing import CliRunner

from tongyuan.cli.plan.plan import app
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


def ask(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def written(tmp_path, name: str, *words: object) -> pl.DataFrame:
    ask(*words, "-o", tmp_path / "out")
    return pl.read_parquet(tmp_path / "out" / f"{name}.parquet")


def checks(*words: object) -> list[str]:
    with pytest.raises(FindingError) as caught:
        ask(*words)
    return [f.check for f in caught.value.findings]


def test_more_money_buys_more(steelworks, tmp_path):
    bought = [
        written(tmp_path, "budget", "budget", steelworks, "-r", 0.05, "--money", money)["less"].item()
        for money in (0, 1e6, 5e6)
    ]
    assert bought[0] == pytest.approx(0.0, abs=1.0)
    assert bought[0] < bought[1] < bought[2]


def test_money_needs_a_benefit_that_is_known(steelworks):
    words = ("budget", steelworks, "-r", 0.05, "--money", 1)
    assert checks(*words, "-b", "CO3=1", "-b", "NOx", "-b", "NOx=-2") == [
        "cli_unknown_quantity", "cli_benefit", "cli_benefit",
    ]  # fmt: skip
    assert RUN.invoke(app, ["budget", str(steelworks), "-r", "0.05", "--money", "-1"]).exit_code == 2


def test_a_robust_plan_is_surer(steelworks, tmp_path):
    rows = written(tmp_path, "target_probability", "robust", steelworks, "-r", 0.05, "--level", 0.9)
    lowest = dict(rows.group_by("scenario").agg(pl.col("probability").min()).iter_rows())
    assert lowest["least_cost"] < 0.6
    assert lowest["robust"] >= 0.9


def test_all_targets_at_once_cost_more(steelworks, tmp_path):
    cost = {}
    for option in ((), ("--together",)):
        rows = written(
            tmp_path, "plan_cost", "robust", steelworks, "-r", 0.05, "--level", 0.9, "--draws", 500, *option
        )
        cost[option] = rows["discounted"].sum()
    assert cost["--together",] > cost[()]


def test_without_limits_nothing_is_uncertain(steelworks, tmp_path):
    folder = tmp_path / "sure"
    folder.mkdir()
    for file in steelworks.iterdir():
        frame = pl.read_csv(file)
        frame.drop("lower", "upper", strict=False).write_csv(folder / file.name)
    assert checks("robust", folder, "-r", 0.05) == ["robust_nothing_uncertain"]


def test_the_province_uses_the_draws_of_its_inventory(tmp_path):
    source = files("tongyuan.ledger") / "examples" / "province"
    rows = written(tmp_path, "target_probability", "robust", source, "--level", 0.6, "--draws", 500)
    carbon = rows.filter(pl.col("target") == "co2_scenario_2035")
    assert carbon["known"].min() > 0.8
    assert carbon.filter(pl.col("scenario") == "robust")["probability"].item() >= 0.6
    assert carbon.filter(pl.col("scenario") == "least_cost")["probability"].item() < 0.6


@pytest.mark.parametrize("by", ["measure", "department"])
def test_contributions_are_written(steelworks, tmp_path, by):
    rows = written(tmp_path, "attribution", "attribute", steelworks, "-r", 0.05, "--by", by)
    assert set(rows["quantity"]) == {"CO2e", "total"}
    assert "remainder" in rows["player"].to_list()


def test_attribution_wants_measures_and_a_known_side(steelworks, tmp_path):
    assert RUN.invoke(app, ["attribute", str(steelworks), "-r", "0.05", "--by", "moon"]).exit_code == 2
    folder = tmp_path / "bare"
    folder.mkdir()
    for file in steelworks.iterdir():
        if file.name != "measure.csv":
            (folder / file.name).write_bytes(file.read_bytes())
    assert checks("attribute", folder, "-r", 0.05) == ["cli_no_measures"]


def test_a_scenario_grows_and_adopts(steelworks, tmp_path):
    rows = written(
        tmp_path, "plan_emission", "scenario", steelworks, "-r", 0.05,
        "--grow", "furnace=0.02", "--adopt", "furnace:arc:2030=0.25",
    )  # fmt: skip
    co2 = rows.filter((pl.col("species") == "CO2") & (pl.col("year") == 2030))
    at = dict(co2.group_by("scenario").agg(pl.col("value").sum()).iter_rows())
    base = rows.filter((pl.col("species") == "CO2") & (pl.col("scenario") == "base"))["value"].sum()
    assert at["grown"] > base
    assert at["adopted"] < at["grown"]


def test_everything_wrong_with_a_scenario_is_said_at_once(steelworks):
    words = ("scenario", steelworks, "-r", 0.05, "-g", "moon=0.1", "-g", "furnace", "-a", "furnace:arc")
    assert checks(*words, "-a", "furnace:arc:2031=0.2") == [
        "unknown_name", "cli_growth", "cli_adoption", "cli_no_year",
    ]  # fmt: skip


def test_the_change_of_a_plan_is_decomposed(steelworks, tmp_path):
    rows = written(tmp_path, "decomposition", "decompose", steelworks, "-r", 0.05, "-s", "NOx")
    assert rows["factor"].to_list() == ["activity", "structure", "control", "intensity"]
    assert rows["value"].sum() == pytest.approx(-70.0, rel=1e-3)
    assert checks("decompose", steelworks, "-r", 0.05, "--from", 1999) == ["cli_no_year"]
    assert checks("decompose", steelworks, "-r", 0.05, "-s", "XYZ") == ["cli_unknown_quantity"]
    assert checks("decompose", steelworks, "-r", 0.05, "-s", "activity:arc") == ["cli_not_emission"]


def test_a_group_is_decomposed_as_the_sum_of_its_species(steelworks, tmp_path):
    ends = [
        written(tmp_path, "decomposition", "decompose", steelworks, "-r", 0.05, "-s", name)["value"].sum()
        for name in ("pollution_equivalent", "NOx", "SO2")
    ]
    assert ends[0] == pytest.approx((ends[1] + ends[2]) * 1000 / 0.95)
