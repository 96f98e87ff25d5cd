from __future__ import annotations

import pytest

from tongyuan.facility.allowance.exempt import Facts, reason


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (Facts(biomass_share=0.201), "biomass"),
        (Facts(biomass_share=0.20), ""),
        (Facts(own_secondary_share=0.101), "own_secondary"),
        (Facts(own_secondary_share=0.10), ""),
        (Facts(biomass_share=0.15, own_secondary_share=0.06), "biomass_and_secondary"),
        (Facts(fuel="special_gas"), "special_gas"),
        (Facts(fuel="oil_fired"), "oil"),
        (Facts(only_own_waste_gas=True), "own_waste_gas"),
        (Facts(converted_to_gas=True), "converted_to_gas"),
        (Facts(emergency=True), "emergency"),
        (Facts(green_hydrogen_share=0.21), "green_hydrogen"),
        (Facts(closed=True), "closed"),
        (Facts(new_in_year=True), "new"),
        (Facts(verified=25_999.9), "below_threshold"),
        (Facts(verified=26_000.0), ""),
    ],
)
def test_units_of_power_2026(facts: Facts, why: str) -> None:
    assert reason("power", 2026, facts) == why


def test_before_2025_no_unit_is_exempt() -> None:
    assert reason("power", 2024, Facts(biomass_share=0.9, closed=True)) == ""


@pytest.mark.parametrize(
    ("year", "rate", "why"),
    [(2025, 0.151, "slag"), (2025, 0.15, ""), (2026, 0.30, ""), (2026, 0.301, "slag")],
)
def test_vector_ets_06_slag_above_the_edge_of_the_year(year: int, rate: float, why: str) -> None:
    assert reason("cement", year, Facts(slag_rate=rate)) == why


def test_vector_ets_06_white_clinker_and_gypsum_to_acid() -> None:
    assert reason("cement", 2025, Facts(white_clinker=True)) == "white_clinker"
    assert reason("cement", 2025, Facts(gypsum_to_acid=True)) == "gypsum_to_acid"
    assert reason("cement", 2024, Facts(white_clinker=True)) == ""


def test_hydrogen_furnaces_from_2026() -> None:
    assert reason("steel", 2026, Facts(hydrogen_furnace=True)) == "hydrogen_furnace"
    assert reason("steel", 2025, Facts(hydrogen_furnace=True)) == ""
    assert reason("aluminium", 2026, Facts()) == ""
