"""Vector files written by GDAL and read back."""

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from tongyuan.allocation.proxy.vector import read_vector
from tongyuan.ledger.finding import FindingError

SHAPES = shapely.from_wkt(["POINT (117.123456789012345 36)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"])
DATA = {"people": np.array([3.0, 4.0]), "city": np.array(["济南市", "青岛市"], dtype=object)}


def write(path: Path, layer: str = "a", crs: str | None = "EPSG:4326", **more: np.ndarray) -> Path:
    data = DATA | more
    pyogrio.raw.write(
        path, shapely.to_wkb(SHAPES), list(data.values()), list(data), geometry_type="Unknown", crs=crs,
        layer=layer, append=path.exists(),
    )  # fmt: skip
    return path


def refused(path: Path, layer: str = "", weight: str = "people", region: str = "city") -> str:
    with pytest.raises(FindingError) as told:
        read_vector(path, layer, weight, region, [])
    return told.value.findings[0].check


@pytest.mark.parametrize("name", ["x.gpkg", "x.geojson"])
def test_features_with_weight_and_region(tmp_path: Path, name: str) -> None:
    told: list = []
    made = read_vector(write(tmp_path / name), "", "people", "city", told)
    assert made["weight"].to_list() == [3, 4]
    assert made["region"].to_list() == ["济南市", "青岛市"]
    assert shapely.from_wkt(made["geometry"].to_list())[0].equals_exact(SHAPES[0], 1e-12)
    assert told == []
    assert read_vector(tmp_path / name, "", "", "", told)["weight"].to_list() == [1, 1]


def test_what_cannot_be_used(tmp_path: Path) -> None:
    path = write(tmp_path / "x.gpkg")
    assert refused(path, weight="persons") == "file_field"
    assert refused(path, layer="b") == "file_layer"
    write(path, layer="b")
    assert refused(path) == "file_layer"
    assert read_vector(path, "b", "", "", []).height == 2
    assert refused(write(tmp_path / "p.gpkg", crs="EPSG:32650")) == "file_projected"
    assert refused(write(tmp_path / "n.gpkg", people=np.array([1.0, -1.0]))) == "file_negative"
    broken = tmp_path / "b.gpkg"
    broken.write_bytes(b"no such thing")
    assert refused(broken) == "file_broken"


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_that_tells_no_system_is_read_with_a_word(tmp_path: Path) -> None:
    told: list = []
    read_vector(write(tmp_path / "x.gpkg", crs=None), "", "", "", told)
    assert [f.check for f in told] == ["file_no_crs"]
