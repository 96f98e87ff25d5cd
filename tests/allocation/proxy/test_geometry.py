"""Geometries read, looked at and taken apart."""

import pytest
import shapely

from tongyuan.allocation.proxy.geometry import faults, in_degrees, line_parts, places, read_wkt, ring_parts


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("POINT (117 36", "geometry_unreadable"),
        ("济南", "geometry_unreadable"),
        ("POLYGON EMPTY", "geometry_empty"),
        ("LINESTRING (1 1, 1 1)", "geometry_empty"),
        ("POLYGON ((0 0, 1 1, 0 0))", "geometry_invalid"),
        ("GEOMETRYCOLLECTION (POINT (1 1))", "geometry_kind"),
        ("POINT (500000 4000000)", "geometry_degrees"),
        ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "geometry_invalid"),
    ],
)
def test_what_cannot_be_used(text: str, check: str) -> None:
    assert [(at, name) for at, name, _ in faults(read_wkt(["POINT (1 1)", text]))] == [(1, check)]


def test_rings_run_as_areas_want_them_and_know_their_owner() -> None:
    clockwise = "POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))"
    parts = ring_parts(shapely.from_wkt(["POLYGON ((9 9, 10 9, 10 10, 9 9))", clockwise]))
    assert parts.owner.tolist() == [0, 1, 1]
    assert parts.first.tolist() == [0, 4, 9, 14]
    ccw = [shapely.is_ccw(shapely.LinearRing(parts.vertex[a:b])) for a, b in ((0, 4), (4, 9), (9, 14))]
    assert ccw == [True, True, False]


def test_lines_and_points() -> None:
    parts = line_parts(shapely.from_wkt(["MULTILINESTRING ((0 0, 1 1), (2 2, 3 3, 4 4))"]))
    assert parts.owner.tolist() == [0, 0]
    assert parts.first.tolist() == [0, 2, 5]
    place, owner = places(shapely.from_wkt(["POINT (1 2)", "MULTIPOINT ((3 4), (5 6))"]))
    assert place.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert owner.tolist() == [0, 1, 1]


def test_degrees() -> None:
    assert in_degrees([-180, -90, 360, 90])
    assert not in_degrees([0, 0, 361, 1])
