from __future__ import annotations

import pytest

from tongyuan.reference.shelf import shelf
from tongyuan.web.console.tile import GAP, SIZE, colour, names, places, size, tiles


def test_every_province_has_its_own_place_and_name() -> None:
    known = {one for one in shelf("region")["region"].to_list() if len(one) == 6 and one.endswith("0000")} - {
        "100000"
    }
    assert known <= set(places())
    assert {"710000", "810000", "820000"} <= set(places())
    assert len(set(places().values())) == len(places()) == 34
    assert set(names("zh")) == set(names("en")) == set(places())


@pytest.mark.parametrize(
    ("value", "top", "expected"),
    [
        (None, 10, None),
        (0, 10, 0),
        (1.99, 10, 0),
        (2, 10, 1),
        (9.9, 10, 4),
        (10, 10, 4),
        (-10, 10, 4),
        (0, 0, 0),
    ],
)
def test_a_like_part_of_the_range_has_one_colour(
    value: float | None, top: float, expected: int | None
) -> None:
    assert colour(value, top) == expected


def test_tiles_stand_side_by_side_within_the_drawing() -> None:
    width, height = size()
    found = {one.region: one for one in tiles({"370000": 5.0, "110000": 1.0, "nonsense": 99.0})}
    assert (found["370000"].value, found["370000"].colour, found["110000"].colour) == (5.0, 4, 1)
    assert found["440000"].colour is None
    for one in found.values():
        assert 0 <= one.x <= width - SIZE
        assert 0 <= one.y <= height - SIZE
        assert one.x % (SIZE + GAP) == one.y % (SIZE + GAP) == 0
