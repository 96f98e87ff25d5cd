"""Every published or recomputed value the room is held against has a test that reproduces it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent

GOLDEN = {
    "COPD of Switzerland by AirQ+": ("health/test_case.py", "test_airq_example_of_copd"),
    "deaths by life table, Switzerland 2019": (
        "health/test_switzerland_2019.py", "test_deaths_of_one_year_of_exposure"),
    "below the counterfactual": (
        "health/test_switzerland_2019.py", "test_below_the_counterfactual_nobody_dies_early"),
    "abridged life table of the manual": ("health/test_life_table.py", "test_the_table_of_the_manual"),
    "single years of the manual": (
        "health/test_life_table.py", "test_groups_are_split_into_single_years_as_in_the_manual"),
    "COPD and ozone of Germany by splines": ("health/test_copd_germany.py", "test_deaths_of_a_year"),
    "benefit less cost": ("money/test_value.py", "test_single_amounts"),
    "an amount of year 5 at 3 %": ("money/test_value.py", "test_single_amounts"),
    "a flow at 5 %, two rules": ("money/test_value.py", "test_discounting_of_a_published_example"),
    "an amount of year 20 at 3 %": ("money/test_value.py", "test_single_amounts"),
    "TM5-FASST example A, components": ("air/test_fasst.py", "test_components_of_the_worked_example"),
    "TM5-FASST example A, levels of both versions": (
        "air/test_fasst.py", "test_levels_of_the_worked_example"),
    "TM5-FASST example A, ozone of crops": (
        "air/test_crop.py", "test_ozone_above_forty_of_the_worked_example"),
    "TM5-FASST example A, losses of crops": ("air/test_crop.py", "test_losses_of_the_worked_example"),
    "TM5-FASST, potency of a kilotonne": ("air/test_fasst.py", "test_potency_of_a_kilotonne"),
    "GEMM, all causes": ("health/test_risk.py", "test_all_causes_of_gemm"),
    "GEMM, causes": ("health/test_risk.py", "test_causes_of_gemm_at_10_35_50_75"),
    "GEMM, ages": ("health/test_risk.py", "test_ages_of_gemm"),
    "five causes of China in 2020": ("health/test_china_2020.py", "test_five_causes_together"),
    "Shandong in 2021": ("health/test_burden.py", "test_burden_of_shandong_in_2021"),
    "avoided, and the difference of burdens": (
        "health/test_burden.py", "test_what_a_change_avoids_is_not_the_difference_of_burdens"),
    "ozone of the warm half year": ("health/test_risk.py", "test_ozone_of_the_warm_half_year"),
    "AR6, warming after a pulse": ("climate/test_pulse.py", "test_warming_after_a_pulse"),
    "AR6, summed forcing": ("climate/test_pulse.py", "test_forcing_summed_over_20_100_and_500_years"),
    "AR6, warming potentials": ("climate/test_pulse.py", "test_global_warming_potentials"),
    "index of a day in both editions": ("station/test_aqi.py", "test_a_day_in_both_editions"),
    "sub-indices": ("station/test_aqi.py", "test_sub_indices"),
    "percentiles": ("station/test_statistic.py", "test_percentiles_of_ten_days_by_hand"),
    "comprehensive index of Shandong in 2021": ("station/test_index.py", "test_shandong_2021_by_hand"),
    "inversion by hand": ("test_constrain.py", "test_two_sources_and_three_observations_by_hand"),
    "inversion, both forms": ("test_constrain.py", "test_the_form_of_information_gives_the_same"),
}  # fmt: skip
"""What is reproduced, and where."""


@pytest.mark.parametrize("golden", GOLDEN)
def test_a_golden_has_its_test(golden: str) -> None:
    path, name = GOLDEN[golden]
    tree = ast.parse((HERE / path).read_text("utf-8"))
    (found,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    skips = [d for d in found.decorator_list if "skip" in ast.unparse(d)]
    assert not skips
