"""Results: tables by name, draws, and what they were made of."""

from __future__ import annotations

import numpy as np
import pytest

import tongyuan as ty


def test_tables_are_items_and_attributes(results: ty.Results) -> None:
    assert results["emission"].frame is results.emission.frame
    assert set(results) == set(results.tables) <= set(dir(results))
    assert len(results) == len(results.tables)
    assert "emission" in results
    assert "最小示例" in repr(results)
    with pytest.raises(ty.FindingError, match="emission"):
        results["emision"]
    with pytest.raises(AttributeError, match="the results have"):
        results.emision  # noqa: B018


def test_units_of_results_are_those_of_the_species(results: ty.Results) -> None:
    assert results.unit("emission", "SO2") == "t"
    assert results.unit("emission", "二氧化硫") == "t"
    with pytest.raises(ty.FindingError, match="several units"):
        results.unit("uncertainty")


def test_the_draws_are_those_of_the_table_of_uncertainty(results: ty.Results) -> None:
    known = results.uncertainty.where(method="monte_carlo", species=["CO2", "SO2", "CO2e"]).frame.drop_nulls(
        "lower"
    )
    assert known.height
    drawn = results.samples(["CO2", "SO2", "CO2e"]).frame
    for row in known.iter_rows(named=True):
        values = drawn.filter(species=row["species"], group=row["group"])["value"].to_numpy()
        assert len(values) == results.settings.account.draws
        assert np.quantile(values, [0.025, 0.975]) == pytest.approx([row["lower"], row["upper"]])


def test_draws_follow_seed_and_number_and_refuse_an_absent_species(results: ty.Results) -> None:
    first = results.samples("CO2", draws=100, seed=7).frame
    assert first.equals(results.samples("CO2", draws=100, seed=7).frame)
    assert not first["value"].equals(results.samples("CO2", draws=100, seed=8).frame["value"])
    assert first["draw"].max() == 100
    with pytest.raises(ty.FindingError, match="SF6"):
        results.samples("SF6", draws=100)


def test_findings_are_said_in_a_language(results: ty.Results) -> None:
    assert results.said("en")["message"].to_list() != results.said("zh")["message"].to_list()
    assert results.said("en").height == len(results.findings)


def test_another_factor_changes_what_it_is_of_and_nothing_else(results: ty.Results) -> None:
    # 100 × 10⁴ t of coal at 2 t CO2/t are 2 000 000 t
    own = {"process": "energy.power", "product": "bituminous", "species": "CO2", "value": 2.0, "unit": "t/t"}
    anew = results.with_factor(own)
    rows = anew.emission.where(species="CO2", process="energy.power").frame
    assert 2_000_000.0 in rows["value"].to_list()
    other = ["NOx", "PM2.5", "CO", "NMVOC"]
    for one in (name for name in other if name in results.emission["species"].to_list()):
        before, after = (r.emission.where(species=one).total()["value"][0] for r in (results, anew))
        assert before == pytest.approx(after)


def test_results_that_were_read_cannot_be_computed_anew(results: ty.Results) -> None:
    read = ty.Results(results.tables, results.settings)
    with pytest.raises(ty.FindingError, match="cannot be computed anew"):
        read.with_factor({"process": "energy.power", "species": "CO2", "value": 1.0, "unit": "t/t"})
    assert read.samples("CO2", draws=100).frame.height
