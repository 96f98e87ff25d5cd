from __future__ import annotations

import pytest

from tongyuan.facility.allowance.rule import RuleError, benchmark, class_of, find, need


def test_benchmarks_of_the_years() -> None:
    b = benchmark(2021, "above_300")
    assert (b.power, b.heat, b.basis) == (0.8218, 0.1111, "supply")
    assert benchmark(2023, "up_to_300").basis == "gross"
    assert benchmark(2026, "gas").power == 0.3288


def test_a_draft_acts_only_where_it_is_asked_for() -> None:
    assert benchmark(2026, "above_300").stage == "draft"
    with pytest.raises(RuleError) as caught:
        benchmark(2026, "above_300", drafts=False)
    assert caught.value.draft
    with pytest.raises(RuleError):
        find("power", 2026, "top_up", drafts=False)
    assert benchmark(2024, "above_300", drafts=False).power == 0.7910


def test_no_rule_is_an_error_where_one_is_needed() -> None:
    with pytest.raises(RuleError):
        need("steel", 2023, "slope")
    with pytest.raises(RuleError):
        benchmark(2030, "above_300")
    assert find("steel", 2023, "slope") is None


def test_carbide_slag_edge_moves_from_2025_to_2026() -> None:
    assert need("cement", 2025, "slag_share").value == 0.15
    assert need("cement", 2026, "slag_share").value == 0.30


@pytest.mark.parametrize(
    ("capacity", "fuel", "name"),
    [
        (400, "conventional_coal", "above_300"),
        (399, "conventional_coal", "up_to_300"),
        (600, "unconventional_coal", "unconventional"),
        (600, "gas_fired", "gas"),
    ],
)
def test_classes(capacity: float, fuel: str, name: str) -> None:
    assert class_of(capacity, fuel) == name


def test_other_fuels_have_no_class() -> None:
    with pytest.raises(RuleError):
        class_of(50, "biomass_fired")
