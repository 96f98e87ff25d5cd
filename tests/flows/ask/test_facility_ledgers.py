"""Questions about the ledgers of enterprises, on a simulated plant with its hours."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import tongyuan as ty
from tongyuan.flows.ask.facility_ledgers import MAIN, ask, disclose, every
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings


@pytest.fixture(scope="module")
def plant() -> Inputs:
    return Inputs(
        Settings(name="x", kind="enterprise", region="370000"), ty.simulated_facilities(seed=1, hours=True)
    )


def test_monitored_hours_make_every_ledger(plant: Inputs) -> None:
    kept = every(plant)
    emission = kept["facility_emission"]
    monitored = emission.filter(pl.col("method") == "monitored", "counted")
    assert set(monitored["species"]) >= {"SO2", "NOx"}
    months = kept["outlet_month"]
    assert bool((months["mass"] >= months["mass_measured"] - 1e-12).all())
    lost = months["hours_substituted"].sum()
    assert kept["substitution"].height == lost
    year = kept["permit_account"].filter((pl.col("species") == "SO2") & (pl.col("outlet") != "whole"))
    assert year["cumulative"].to_list()[-1] == pytest.approx(
        monitored.filter(pl.col("species") == "SO2")["value"].sum()
    )
    lines = kept["tax_return"].filter(pl.col("item") == "air.SO2")
    assert lines["mass"].sum() == pytest.approx(year["cumulative"].to_list()[-1] * 1000, abs=0.2)


@pytest.mark.parametrize("question", sorted(MAIN))
def test_each_question_has_its_tables(plant: Inputs, question: str) -> None:
    assert list(ask(plant, question).tables) == list(MAIN[question])


def test_the_latest_month_of_the_permit_stands_first(plant: Inputs) -> None:
    assert ask(plant, "permit")["permit_account"]["month"][0] == "2025-12"


def test_no_enterprise_is_said() -> None:
    with pytest.raises(FindingError):
        every(Inputs(Settings(name="x", kind="enterprise"), {}))


def test_disclosure_of_one_year_in_both_languages(plant: Inputs, tmp_path: Path) -> None:
    name = plant.tables["facility"]["facility"][0]
    files = disclose(plant, tmp_path, ["zh", "en"])
    assert [f.name for f in files] == [
        f"disclosure.{name}.2025.{e}" for e in ("zh.docx", "zh.xlsx", "en.docx", "en.xlsx")
    ]
    assert all(f.stat().st_size > 4000 for f in files)
    for wrong in ({"facility": "nobody"}, {"year": 1999}):
        with pytest.raises(FindingError):
            disclose(plant, tmp_path, ["zh"], **wrong)  # type: ignore[arg-type]
