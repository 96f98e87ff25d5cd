"""Faults of layers."""

import numpy as np
import pytest
from tests.zoning.zone.packages import shapes as packaged
from tests.zoning.zone.test_overlay import square

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.zone.ellipsoid import areas
from tongyuan.zoning.zone.fault import faults, gaps, overlaps
from tongyuan.zoning.zone.shape import zone_shapes

shapely = pytest.importorskip("shapely")


def test_GEO_03() -> None:
    _, plots = packaged("momepy", "datasets/bubenec.gpkg", "plots")
    assert len(plots) == 407
    found = overlaps(plots, 1e-4, shapely.area)
    assert len(found.area) == 23
    assert found.area.sum() == pytest.approx(0.309288, abs=1e-4)
    assert found.area.max() == pytest.approx(0.057670, abs=1e-4)
    holes, area = gaps(plots, 0.0, shapely.area)
    assert len(shapely.get_parts(shapely.union_all(plots))) == 33
    assert (len(holes), area.sum()) == (87, pytest.approx(1487.963, abs=1e-2))


def told(*shapes, kind="unit"):
    rows = [{"zone": f"Z{n}", "kind": kind, "boundary": text} for n, text in enumerate(shapes)]
    zone, made, wrong = zone_shapes(from_rows("zone", rows))
    assert not wrong
    return faults(zone, made)


def test_neighbours_without_faults():
    assert told(square(118.0, 36.0), square(118.1, 36.0)).is_empty()


def test_an_overlap_with_its_pair_and_area():
    row = told(square(118.0, 36.0), square(118.09, 36.0)).to_dicts()[0]
    assert (row["fault"], row["zone"], row["other"]) == ("overlap", "Z0", "Z1")
    strip = areas(np.asarray([shapely.box(118.09, 36.0, 118.1, 36.1)]))[0]
    assert row["area"] == pytest.approx(strip, rel=1e-9)
    assert 118.09 <= row["longitude"] <= 118.1


def test_layers_may_lie_above_each_other():
    rows = [{"zone": "A", "kind": "unit", "boundary": square(118.0, 36.0)},
            {"zone": "B", "kind": "red_line", "boundary": square(118.05, 36.0)}]  # fmt: skip
    zone, made, _ = zone_shapes(from_rows("zone", rows))
    assert faults(zone, made).is_empty()


def test_a_gap_is_a_fault_of_units_alone():
    ring = shapely.box(118, 36, 118.3, 36.3).difference(shapely.box(118.1, 36.1, 118.2, 36.2)).wkt
    row = told(ring).to_dicts()[0]
    assert (row["fault"], row["zone"]) == ("gap", None)
    assert row["area"] == pytest.approx(
        areas(np.asarray([shapely.box(118.1, 36.1, 118.2, 36.2)]))[0], rel=1e-9
    )
    assert told(ring, kind="red_line").is_empty()


def test_a_bow_tie_crosses_itself():
    rows = told("POLYGON ((118 36, 118.1 36.1, 118.1 36, 118 36.1, 118 36))").to_dicts()
    assert [r["fault"] for r in rows] == ["self_crossing"]


def test_a_strip_is_a_sliver():
    strip = "POLYGON ((118 36, 118.1 36, 118.1 36.0001, 118 36.0001, 118 36))"
    assert [r["fault"] for r in told(strip).to_dicts()] == ["sliver"]
