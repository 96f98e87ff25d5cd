"""What a project touches, with areas as another projection computes them."""

import numpy as np
import polars as pl
import pytest
from tests.zoning.zone.packages import shapes as packaged

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.zone.overlay import nearest, overlay, touched
from tongyuan.zoning.zone.shape import project_shapes, zone_shapes

shapely = pytest.importorskip("shapely")


def columbus():
    fields, shapes = packaged("libpysal", "examples/columbus/columbus.shp")
    return fields["POLYID"].astype(int), shapes


def test_GEO_01() -> None:
    ids, units = columbus()
    box = np.asarray([shapely.box(8, 12, 9, 13)])
    p, z = touched(box, units)
    area = shapely.area(shapely.intersection(box[p], units[z]))
    found = {int(ids[k]): a for k, a in zip(z, area, strict=True) if a > 0}
    printed = (
        "5:0.034373 7:0.007020 11:0.023072 12:0.023554 13:0.019491 14:0.060883 15:0.061070 16:0.093154 "
        "18:0.055494 19:0.061342 21:0.122928 24:0.192225 25:0.113432 29:0.026477 30:0.028952"
    )
    wanted = {int(k): float(v) for k, v in (word.split(":") for word in printed.split())}
    assert found == pytest.approx(wanted, abs=1e-6)
    assert round(sum(wanted.values()), 6) == 0.923467  # the printed sum is that of rounded areas
    assert sum(found.values()) == pytest.approx(0.923467, abs=15 * 5e-7)
    outside = shapely.area(shapely.difference(box[0], shapely.union_all(units)))
    assert outside == pytest.approx(0.076531, abs=1e-6)


def test_GEO_02() -> None:
    ids, units = columbus()
    point = np.asarray([shapely.Point(9.5, 12.5)])
    assert [int(ids[k]) for k in touched(point, units)[1]] == [22]
    first = units[ids == 1][0]
    assert shapely.distance(point[0], first) == pytest.approx(1.573637, abs=1e-6)
    assert shapely.area(first) == pytest.approx(0.309440, abs=1e-6)


def square(x, y, d=0.1):
    return f"POLYGON (({x} {y}, {x + d} {y}, {x + d} {y + d}, {x} {y + d}, {x} {y}))"


ZONES = from_rows(
    "zone",
    [
        {"zone": "A", "kind": "unit", "class": "key_unit", "boundary": square(118.0, 36.0)},
        {"zone": "B", "kind": "unit", "class": "general_unit", "boundary": square(118.1, 36.0)},
        {"zone": "R", "kind": "red_line", "boundary": square(118.3, 36.0)},
    ],
)


def contact(**project):
    rows, places, wrong = project_shapes(from_rows("project", [{"project": "J"} | project]))
    zones, shapes, more = zone_shapes(ZONES)
    assert not wrong + more
    return {r["zone"]: r for r in overlay(rows, places, zones, shapes).iter_rows(named=True)}


def test_a_point_lies_in_its_unit_and_the_red_line_is_so_far():
    found = contact(longitude=118.05, latitude=36.05)
    assert set(found) == {"A", "R"}
    assert (found["A"]["area"], found["A"]["distance"]) == (None, 0.0)
    geod = pytest.importorskip("pyproj").Geod(a=6378137.0, rf=298.257222101)
    far = geod.inv(118.05, 36.05, 118.3, 36.05)[2] / 1e3
    assert found["R"]["distance"] == pytest.approx(far, rel=1e-5)


def test_areas_are_those_of_an_equal_area_projection():
    pyproj = pytest.importorskip("pyproj")
    site = "POLYGON ((118.05 36.02, 118.17 36.03, 118.16 36.09, 118.04 36.07, 118.05 36.02))"
    found = contact(boundary=site)
    to = pyproj.Transformer.from_crs(
        "+proj=longlat +ellps=GRS80", "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +ellps=GRS80", always_xy=True
    )
    for name, x in (("A", 118.0), ("B", 118.1)):
        part = shapely.intersection(shapely.from_wkt(site), shapely.from_wkt(square(x, 36.0)))
        dense = shapely.segmentize(part, 0.0002)
        flat = shapely.transform(dense, lambda xy: np.column_stack(to.transform(xy[:, 0], xy[:, 1])))
        assert found[name]["area"] * 1e4 == pytest.approx(shapely.area(flat), rel=1e-6)
    assert found["A"]["share"] + found["B"]["share"] == pytest.approx(1.0, rel=1e-9)
    assert found["A"]["length"] + found["B"]["length"] > 20


def test_a_site_that_only_meets_a_rim_does_not_lie_in_the_zone():
    found = contact(boundary=square(118.2, 36.0, 0.05))
    assert set(found) == {"R"}
    assert found["R"]["distance"] > 4


def test_a_site_in_the_red_line_has_no_distance():
    found = contact(boundary=square(118.28, 36.02, 0.05))
    assert found["R"]["distance"] == 0
    assert found["R"]["share"] == pytest.approx(0.6, rel=1e-3)


def test_a_road_has_a_length():
    found = contact(boundary="LINESTRING (118.05 36.05, 118.15 36.05)")
    assert found["A"]["area"] is None
    assert found["A"]["length"] == pytest.approx(found["B"]["length"], rel=1e-6)


def test_the_nearest_is_the_nearest_by_all_distances():
    geod = pytest.importorskip("pyproj").Geod(a=6378137.0, rf=298.257222101)
    rng = np.random.default_rng(3)
    zones = np.asarray([shapely.Point(*xy).buffer(0.01) for xy in rng.uniform((116, 34), (119, 38), (60, 2))])
    points = np.asarray([shapely.Point(*xy) for xy in rng.uniform((116, 34), (119, 38), (25, 2))])
    z, away = nearest(points, zones)
    for k, point in enumerate(points):
        rims = [shapely.get_coordinates(shapely.segmentize(zone.exterior, 0.0002)) for zone in zones]
        every = [
            0.0 if zone.contains(point)
            else min(geod.inv(*np.broadcast_arrays(point.x, point.y, xy[:, 0], xy[:, 1]))[2])
            for zone, xy in zip(zones, rims, strict=True)
        ]  # fmt: skip
        assert away[k] == pytest.approx(min(every), rel=2e-3, abs=12)
        assert every[z[k]] <= min(every) + max(12, 2e-3 * min(every))


def test_no_zones_no_contacts():
    rows, places, _ = project_shapes(
        from_rows("project", [{"project": "J", "longitude": 118.0, "latitude": 36.0}])
    )
    zones, shapes, _ = zone_shapes(ZONES[:0])
    assert overlay(rows, places, zones, shapes).is_empty()
    assert isinstance(overlay(rows, places, zones, shapes), pl.DataFrame)
