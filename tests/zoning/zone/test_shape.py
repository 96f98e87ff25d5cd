"""Shapes that are none, each told by its own sentence."""

import pytest

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.zone.shape import project_shapes, rings, shape, zone_shapes

pytest.importorskip("shapely")
GOOD = "POLYGON ((118 36, 118.1 36, 118.1 36.1, 118 36))"


@pytest.mark.parametrize("head", ["", "SRID=4490;", "SRID=4326;", "EPSG:4490;"])
def test_both_systems_are_taken(head):
    made, wrong = shape(head + GOOD, "Z")
    assert wrong is None
    assert made.geom_type == "Polygon"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("GCJ-02;" + GOOD, "shifted"),
        ("BD09;" + GOOD, "shifted"),
        ("火星坐标;" + GOOD, "shifted"),
        ("SRID=3857;" + GOOD, "other_system"),
        ("SRID=abc;" + GOOD, "other_system"),
        ("POLYGON ((118 36, 118.1 36))", "no_shape"),
        ("118.05, 36.05", "no_shape"),
        ("POLYGON EMPTY", "empty_shape"),
        ("POLYGON ((39500000 3990000, 39500100 3990000, 39500100 3990100, 39500000 3990000))", "not_degrees"),
        ("POLYGON ((36 118, 36.1 118, 36.1 118.1, 36 118))", "axes_turned"),
        ("POLYGON ((2 48, 2.1 48, 2.1 48.1, 2 48))", "outside_china"),
        ("POINT (nan nan)", "not_finite"),
    ],
)
def test_what_is_no_shape_in_china_is_told(text, check):
    made, wrong = shape(text, "Z")
    assert made is None
    assert wrong.check == check
    assert "Z" in wrong.message("zh")


def test_zones_are_areas_and_those_without_shape_are_left_alone():
    rows = [
        {"zone": "A", "kind": "unit", "boundary": "POINT (118 36)"},
        {"zone": "B", "kind": "unit"},
        {"zone": "C", "kind": "unit", "boundary": GOOD},
    ]
    zone, shapes, wrong = zone_shapes(from_rows("zone", rows))
    assert zone["zone"].to_list() == ["C"]
    assert len(shapes) == 1
    assert [f.check for f in wrong] == ["not_an_area"]


def test_half_a_point_is_told_and_a_site_goes_before_a_point():
    rows = [
        {"project": "A", "longitude": 118.0},
        {"project": "B", "longitude": 36.0, "latitude": 118.0},
        {"project": "C", "longitude": 118.0, "latitude": 36.0, "boundary": GOOD},
        {"project": "D"},
    ]
    project, shapes, wrong = project_shapes(from_rows("project", rows))
    assert project["project"].to_list() == ["C"]
    assert shapes[0].geom_type == "Polygon"
    assert [f.check for f in wrong] == ["half_a_point", "axes_turned"]


def test_the_lines_of_shapes_are_longitude_and_latitude():
    import shapely

    hole = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    outer, inner, other = rings(shapely.MultiPolygon([hole, shapely.box(5, 5, 6, 6)]))
    assert outer[1] == (4.0, 0.0)
    assert len(inner) == 4
    assert (6.0, 6.0) in other
    assert rings(shapely.Point(118, 36)) == [[(118.0, 36.0)]]
