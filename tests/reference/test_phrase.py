from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference import phrase, units
from tongyuan.reference.shelf import read_text_csv, shelf


@pytest.mark.parametrize(
    ("text", "unit", "basis"),
    [
        ("kg/TJ (NCV)", "kg/TJ", "NCV"),
        ("tonne CO2/tonne clinker produced", "tonne/tonne", "CO2 / clinker produced"),
        ("tonne CO2 per tonne DRI produced", "tonne/tonne", "CO2 / DRI produced"),
        ("g/Mg steel", "g/Mg", "steel"),
        ("kg N2O-N/kg N input", "kg/kg", "N2O-N / N input"),
        ("% of PM2.5", "%", "PM2.5"),
        ("% of body weight/day", "%/d", "body weight"),
        ("ng I-TEQ/GJ", "ng/GJ", "I-TEQ"),
        ("kg a–1 AAP–1 NH3", "kg/a/head", "NH3"),
        ("tC/TJ", "t/TJ", "C"),
        ("kg HFC-23/kg HCFC-22 manufactured", "kg/kg", "HFC-23 / HCFC-22 manufactured"),
        ("千克/吨-产品", "千克/吨", "产品"),
        ("g/GJ", "g/GJ", ""),
    ],
)
def test_unit_and_words(text: str, unit: str, basis: str) -> None:
    assert phrase.read(text) == phrase.Phrase(unit, basis)


@pytest.mark.parametrize("text", ["", "0,05", "1.5", "g NH3 kg-1 something", "kg N kg-1 N", "many things"])
def test_what_cannot_be_separated_is_refused(text: str) -> None:
    with pytest.raises(units.UnitError):
        phrase.read(text)


@pytest.mark.parametrize("unit", shelf("unit_phrase")["unit"])
def test_irregular_phrases_lead_to_units(unit: str) -> None:
    assert units.known(unit)


@given(st.text(max_size=20))
def test_any_text_is_a_phrase_or_a_unit_error(text: str) -> None:
    try:
        found = phrase.read(text)
    except units.UnitError:
        return
    assert units.known(found.unit)


def test_the_spellings_of_the_downloadable_files(shared_data: Path) -> None:
    found = set(read_text_csv(shared_data / "factors" / "verified_factors.csv")["unit"])
    unread = set()
    for text in found:
        try:
            phrase.read(text)
        except units.UnitError:
            unread.add(text)
    assert len(found) == 548
    numbers = {text for text in unread if text.replace(",", "").isdecimal()}
    assert unread - numbers == {"", "(kg PFC/tAl)/(mV/day)"}
