"""Shelves at hand: names of a language are ids, and a word that is nowhere is refused with the close ones."""

from __future__ import annotations

import numpy as np
import pytest

import tongyuan as ty


def test_titles_of_a_language_find_the_same_records() -> None:
    assert ty.factors(species="二氧化硫", process="火力发电").frame.equals(
        ty.factors(species="SO2", process="energy.power").frame
    )


@pytest.mark.parametrize("asked", [{"species": "SO22"}, {"process": "energy.powerr"}, {"product": "coall"}])
def test_a_word_that_is_nowhere_is_refused_with_what_is_close(asked: dict[str, str]) -> None:
    with pytest.raises(ty.FindingError) as refused:
        ty.factors(**asked)  # type: ignore[arg-type]
    found = refused.value.findings[0]
    assert found.check == "no_word"
    for language in ("zh", "en"):
        assert next(iter(asked.values())) in found.message(language)
        assert {"zh": "想写", "en": "Did you mean"}[language] in found.message(language)


def test_a_record_has_its_citation_and_one_that_is_not_there_is_said() -> None:
    record = ty.factor("tang2019-cems-SO2-power")
    assert (record["value"], record["unit"]) == (16.188, "g/GJ")
    assert record["citation"]["id"] == record["source"]
    with pytest.raises(ty.FindingError, match="There is no factor record"):
        ty.factor("nothing")


def test_a_group_of_species_is_its_members() -> None:
    assert set(ty.species(group="heavy_metal")["species"]) >= {"Hg", "Pb", "Cd"}
    assert ty.species("二氧化硫")["species"].to_list() == ["SO2"]
    with pytest.raises(ty.FindingError, match="heavy_metal"):
        ty.species(group="metal")


def test_a_method_of_either_room_is_a_function_of_numbers() -> None:
    # 2006 Guidelines, vol. 1, eq. 3.1 and 3.2: 5 % and 12 % make 13 %; two equal shares of 10 % make 7.07 %
    assert ty.method("ipcc_equation_3_1")(np.array([5.0, 12.0])) == pytest.approx(13.0)
    whole = ty.method("ipcc_equation_3_2")(np.array([1.0, 1.0]), np.array([10.0, 10.0]))
    assert whole == pytest.approx(10 / np.sqrt(2))
    # C = 2 √(u1 u2) / (u1 + u2) of the traditional form: u = 0.2, 0.8 gives 0.8
    assert float(ty.method("coupling.traditional")([[0.2, 0.8]])[0]) == pytest.approx(0.8)
    with pytest.raises(ty.FindingError, match=r"ipcc_equation_3_1"):
        ty.method("ipcc_equation")


def test_units_are_read_and_converted() -> None:
    assert ty.convert(2.0, "万吨标准煤", "TJ") == pytest.approx(2 * 293.076)
    assert ty.units("吨标准煤")["factor"].to_list() == [0.0293076]
