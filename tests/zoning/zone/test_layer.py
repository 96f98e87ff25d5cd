"""Layers as files."""

import json

import numpy as np
import pytest
from tests.zoning.zone.test_overlay import ZONES

from tongyuan.ledger.finding import FindingError
from tongyuan.zoning.zone.ellipsoid import areas
from tongyuan.zoning.zone.layer import read_layer, write_layer
from tongyuan.zoning.zone.shape import zone_shapes

shapely = pytest.importorskip("shapely")
pyogrio = pytest.importorskip("pyogrio")
SQUARE = shapely.box(118, 36, 118.1, 36.1)


@pytest.mark.parametrize("name", ["zones.gpkg", "zones.geojson", "zones.shp"])
def test_what_was_written_is_read(tmp_path, name):
    zone, shapes, _ = zone_shapes(ZONES)
    write_layer(zone, shapes, tmp_path / name)
    back, again, wrong = zone_shapes(read_layer(tmp_path / name))
    assert not wrong
    assert back["zone"].to_list() == ["A", "B", "R"]
    assert back["class"].to_list()[:2] == ["key_unit", "general_unit"] or back["class"].to_list()[0] is None
    assert areas(again) == pytest.approx(areas(shapes), rel=1e-6)


def official(path, code, crs="EPSG:4490", **fields):
    names = list(fields)
    wkb = np.asarray([shapely.to_wkb(SQUARE)], dtype=object)
    data = [np.asarray([fields[n]], dtype=object) for n in names]
    pyogrio.raw.write(path, wkb, data, names, geometry_type="Polygon", crs=crs, driver="GPKG")
    return path


def test_official_names_of_fields_and_classes(tmp_path):
    path = official(
        tmp_path / "a.gpkg",
        "",
        HJZHGKDYBM="ZH44060620002",
        HJZHGKDYMC="大良街道",
        ZHGKDYFL="重点管控单元",
        AREA="440606",
    )
    row = read_layer(path).to_dicts()[0]
    assert (row["zone"], row["title"], row["class"], row["county"]) == (
        "ZH44060620002",
        "大良街道",
        "key_unit",
        "440606",
    )
    bare = read_layer(official(tmp_path / "b.gpkg", "", HJZHGKDYBM="ZH44060610001", ZHGKDYFL="2"))
    assert bare["class"].item() == "key_unit"
    coded = read_layer(official(tmp_path / "c.gpkg", "", HJZHGKDYBM="ZH44060610001"))
    assert coded["class"].item() == "priority"


def told(read):
    with pytest.raises(FindingError) as wrong:
        read()
    return [f.check for f in wrong.value.findings]


def test_what_is_no_layer_is_told(tmp_path):
    zone, shapes, _ = zone_shapes(ZONES)
    (tmp_path / "text.gpkg").write_text("no layer", "utf-8")
    assert told(lambda: read_layer(tmp_path / "text.gpkg")) == ["layer_unreadable"]
    assert told(lambda: read_layer(tmp_path / "none.shp")) == ["layer_unreadable"]
    assert told(lambda: write_layer(zone, shapes, tmp_path / "a.dwg")) == ["layer_format"]
    assert told(lambda: read_layer(official(tmp_path / "n.gpkg", "", NAME="x"))) == ["layer_without_code"]
    path = official(tmp_path / "m.gpkg", "", crs="EPSG:3857", HJZHGKDYBM="x")
    assert told(lambda: read_layer(path)) == ["other_system"]
    write_layer(zone, shapes, tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()
    assert told(lambda: read_layer(tmp_path / "bare.shp")) == ["layer_without_system"]


def test_geojson_is_longitude_and_latitude_by_its_standard(tmp_path):
    shape = {"type": "Polygon", "coordinates": [[[118, 36], [118.1, 36], [118.1, 36.1], [118, 36]]]}
    made = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"zone": "A"}, "geometry": shape}],
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(made), "utf-8")
    row = read_layer(path, "red_line").to_dicts()[0]
    assert (row["zone"], row["kind"], row["class"]) == ("A", "red_line", None)
