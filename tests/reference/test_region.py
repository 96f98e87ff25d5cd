from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.reference import region
from tongyuan.reference.energy import grid
from tongyuan.reference.region import inside, region_in
from tongyuan.reference.shelf import read_text_csv


def test_31_provinces_and_342_cities() -> None:
    assert len(region.provinces()) == 31
    assert len(region.cities()) == 342
    assert len(region.cities("370000")) == 16


@pytest.mark.parametrize("text", ["山东省", "山东", "Shandong", "370000", "37", "ＳＨＡＮＤＯＮＧ"])
def test_names_of_a_province(text: str) -> None:
    found = region.find(text)
    assert found is not None
    assert found.region == "370000"


def test_names_of_a_city() -> None:
    for text in ("济南市", "济南", "3701", "Jinan"):
        found = region.find(text)
        assert found is not None
        assert found.region == "370100"
    assert region.find("亚特兰蒂斯") is None


def test_ancestors_and_unknown_codes() -> None:
    assert region.ancestors("370100") == ("370100", "370000", "100000")
    with pytest.raises(KeyError, match="no region"):
        region.get("999999")


def test_82_cities_of_the_key_regions() -> None:
    sizes = {name: len(region.key_region(name)) for name in ("jjj_surroundings", "yangtze_delta", "fenwei")}
    assert sizes == {"jjj_surroundings": 38, "yangtze_delta": 31, "fenwei": 13}
    assert region.get("370100").key_region == "jjj_surroundings"
    assert region.get("370200").key_region == ""  # Qingdao is not in the list
    with pytest.raises(KeyError, match="no key region"):
        region.key_region("pearl_river")


def test_every_grid_area_exists() -> None:
    areas = {r.grid_area for r in region.catalogue().values() if r.grid_area}
    assert areas <= set(grid.areas())
    assert region.get("540000").grid_area == ""


def test_titles_are_unique() -> None:
    every = list(region.catalogue().values())
    assert len({r.title_zh for r in every}) == len(every)
    assert len({r.title_en for r in every}) == len(every)


def test_codes_against_the_source(shared_data: Path) -> None:
    folder = shared_data / "factors" / "raw" / "gbt2260_regions"
    codes = {row["code"] + "00" for row in read_text_csv(folder / "cities.csv").to_dicts()}
    assert codes == set(region.cities())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5-4 河北能源平衡表", "130000"),
        ("全国能源平衡表2019", "100000"),
        ("山东省济南市能源平衡表", "370100"),
        ("Energy Balance of Inner Mongolia, 2015", "150000"),
        ("6-9 能源平衡表(标准量)", ""),
        ("吉林能源平衡表", "220000"),
        ("China Energy Statistical Yearbook: Hebei", "130000"),
        ("内蒙古能源平衡表（实物量）-2021", "150000"),
        ("", ""),
    ],
)
def test_regions_are_found_anywhere_in_a_title(text: str, code: str) -> None:
    assert region_in(text) == code


def test_a_city_is_inside_its_province_and_nation() -> None:
    assert inside("370100", "370000")
    assert inside("370100", "100000")
    assert inside("370000", "370000")
    assert not inside("370000", "370100")
    assert not inside("130100", "370000")
    assert not inside("某园区", "370000")
