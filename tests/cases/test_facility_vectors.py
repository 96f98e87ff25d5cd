"""Which test holds each worked example of the law of enterprises to its printed digit.

The 59 examples come from official notices, published verification reports, real tests of monitors and hand
work; each stands in the test named here, with its numbers and its source. Three rest on texts that were not
read (`unverified`): two are held as arithmetic alone, the third is not used anywhere.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent / "facility"
HELD = {
    "RATA-01": "hour/test_quality.py::test_vector_rata_01",
    "RATA-02": "hour/test_quality.py::test_vector_rata_02_means_are_not_rounded",
    "RATA-05": "hour/test_quality.py::test_vector_rata_05_low_emitter",
    "RATA-06": "hour/test_quality.py::test_vector_rata_06_flow",
    "RATA-08": "hour/test_quality.py::test_vector_rata_08_a_run_not_used_is_left_out",
    **dict.fromkeys(
        ("LIN-01", "LIN-02", "LIN-04", "LIN-07", "LIN-09", "LIN-11", "LIN-12"),
        "hour/test_quality.py::test_vectors_of_linearity",
    ),
    "DRIFT-01": "hour/test_quality.py::test_vector_drift_01",
    "H212-01": "record/test_hj212.py::test_the_check_is_not_that_of_modbus",
    "H212-02": "record/test_hj212.py::test_frames_as_published",
    "H212-05": "record/test_hj212.py::test_frames_as_published",
    "H212-06": "record/test_hj212.py::test_an_hour_is_read_with_its_fields_and_time",
    "H212-07": "record/test_hj212.py::test_the_check_is_not_that_of_modbus",
    "TAX-01": "tax/test_account.py::test_vector_tax_01_three_of_four",
    "TAX-02": "tax/test_account.py::test_vector_tax_02_hydrogen_chloride_drops_out",
    "TAX-04": "tax/test_account.py::test_vector_tax_04_hainan_from_the_shelf",
    "TAX-05": "tax/test_account.py::test_vector_tax_05_class_one_water",
    "TAX-07": "tax/test_waste.py::test_vector_tax_07_tailings",
    "TAX-08": "tax/test_waste.py::test_vector_tax_08_noise_of_ten_days",
    "TAX-11": "tax/test_account.py::test_vector_tax_11_reductions",
    "TAX-12": "tax/test_account.py::test_vector_tax_12_several_rates",
    **dict.fromkeys(
        ("STL-01", "STL-02", "STL-04"), "carbon/test_works.py::test_a_works_in_hubei_2020_2021_2023"
    ),
    "STL-06": "carbon/test_works.py::test_the_metric_of_allocation_is_sinter_and_ironmaking_over_pig_iron",
    "STL-07": "carbon/test_fuel.py::test_coke_at_enterprise_level_has_no_oxidation_factor",
    "STL-09": "carbon/test_fuel.py::test_a_converter_gives_away_more_carbon_than_it_takes",
    "STL-10": "carbon/test_material.py::test_materials_of_a_steel_works",
    "FUEL-01": "carbon/test_fuel.py::test_natural_gas_by_defaults_is_not_rounded_on_the_way",
    "FUEL-02": "carbon/test_basis.py::test_air_dry_dry_and_dry_ash_free_carbon_as_received",
    "FUEL-04": "carbon/test_fuel.py::test_samples_are_weighted_by_the_mass_they_stand_for",
    "METER-01": "carbon/test_basis.py::test_meters_that_were_not_calibrated_in_time",
    **dict.fromkeys(("ETS-01", "ETS-02", "ETS-04"), "allowance/test_industry.py::test_vectors_of_intensity"),
    "ETS-06": "allowance/test_industry.py::test_vector_ets_06_quota_of_2024_is_what_was_verified",
    "ETS-07": "allowance/test_power.py::test_vector_ets_07_air_cooled_chp_of_2021",
    "ETS-09": "allowance/test_settle.py::test_vector_ets_09_obligation_of_2021_is_capped",
    "ETS-10": "allowance/test_surrender.py::test_vector_ets_10_limit_of_offsets",
    "ETS-12": "test_rounding.py::test_vector_ets_12_quota_is_rounded_down",
    "ETS-13": "allowance/test_settle.py::test_vector_ets_13_pre_allocation_with_a_deduction",
    "ETS-15": "allowance/test_power.py::test_vector_ets_15_peak_factor_of_the_draft",
    "ETS-16": "allowance/test_industry.py::test_vector_ets_16_balance_value_and_quotas",
    "ETS-17": "allowance/test_settle.py::"
    "test_vector_ets_17_quota_of_2023_is_topped_up_and_the_obligation_stays_whole",
    "ETS-19": "allowance/test_settle.py::test_vector_ets_19_unit_first_then_enterprise",
    "O2-01": "hour/test_convert.py::test_vector_o2_01_reference_oxygen",
    "NOX-01": "hour/test_convert.py::test_vector_nox_01_no_and_no2_as_no2",
    "SUB-01": "hour/test_rules.py::test_vector_sub_01_capture_and_window",
    "MARK-01": "hour/test_mark.py::test_vector_mark_01_one_chain_of_five_segments",
    "EFF-01": "diagnosis/test_level.py::test_vector_eff_01_cement_at_2000_metres",
    "EFF-03": "diagnosis/test_level.py::test_vector_eff_03_a_level_that_is_not_set_is_skipped",
    "PERM-01": "permit/test_limit.py::test_arithmetic_of_vector_perm_01",
    "PERM-02": "permit/test_limit.py::test_arithmetic_of_vector_perm_02",
}
UNUSED = {"AQI-01": "an index of air quality from memory; no table of the enterprises asks for one"}
EXAMPLES = {
    "V": (
        "RATA-01 RATA-02 RATA-05 RATA-06 RATA-08 LIN-01 LIN-02 LIN-04 LIN-07 LIN-09 LIN-11 LIN-12 "
        "DRIFT-01 ETS-12 ETS-13 ETS-17"
    ),
    "V2": (
        "H212-01 H212-02 H212-05 TAX-01 TAX-02 TAX-04 TAX-05 TAX-07 TAX-08 STL-01 STL-02 STL-04 "
        "STL-06 FUEL-01 ETS-06 MARK-01 EFF-01 EFF-03"
    ),
    "D": (
        "H212-06 H212-07 TAX-11 FUEL-02 FUEL-04 ETS-01 ETS-02 ETS-04 ETS-07 ETS-09 ETS-10 O2-01 "
        "NOX-01 SUB-01 ETS-15 ETS-16 ETS-19 STL-07 STL-09 STL-10 METER-01 TAX-12"
    ),
    "M": ("PERM-01 PERM-02 AQI-01"),
}
"""Examples by how well they are known: of official data, second-hand, by definition, from memory."""


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def test_every_example_is_held_or_says_why_not() -> None:
    every = {vector for text in EXAMPLES.values() for vector in text.split()}
    assert len(every) == 59
    assert HELD.keys() | UNUSED.keys() == every
    assert not HELD.keys() & UNUSED.keys()
    assert UNUSED.keys() <= set(EXAMPLES["M"].split())


@pytest.mark.parametrize("vector", HELD)
def test_the_test_of_an_example_exists(vector: str) -> None:
    file, _, name = HELD[vector].partition("::")
    assert name in functions(file)
