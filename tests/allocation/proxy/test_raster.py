"""Rasters written by GDAL and netCDF4 and read back as boxes."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from tongyuan.allocation.proxy.raster import read_geotiff, read_netcdf
from tongyuan.ledger.finding import FindingError

VALUES = np.array([[1.0, 2.0, -99.0], [0.0, 4.0, 8.0]])
NORTH_UP = Affine(0.5, 0, 117, 0, -0.25, 37)


def tif(
    path: Path, values: np.ndarray = VALUES, crs: str = "EPSG:4326", form: Affine = NORTH_UP, bands: int = 1
):
    shape = {"height": 2, "width": 3, "count": bands, "dtype": "float64"}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=form, nodata=-99.0, **shape) as file:
        for band in range(bands):
            file.write(values * (band + 1), band + 1)
    return path


def test_cells_that_weigh_something_are_boxes(tmp_path: Path) -> None:
    made = read_geotiff(tif(tmp_path / "x.tif"), "", False, [])
    assert made.rows() == [
        (117.25, 36.875, 0.5, 0.25, 1.0),
        (117.75, 36.875, 0.5, 0.25, 2.0),
        (117.75, 36.625, 0.5, 0.25, 4.0),
        (118.25, 36.625, 0.5, 0.25, 8.0),
    ]


def test_densities_are_weighed_by_area(tmp_path: Path) -> None:
    made = read_geotiff(tif(tmp_path / "x.tif"), "1", True, [])["weight"]
    assert made[2] / made[0] == pytest.approx(4 * np.cos(np.radians(36.625)) / np.cos(np.radians(36.875)))


@pytest.mark.parametrize(
    ("more", "band", "check"),
    [
        ({"crs": "EPSG:32650"}, "", "file_projected"),
        ({"values": -VALUES}, "", "file_negative"),
        ({"form": Affine(0.5, 0.1, 117, 0, -0.25, 37)}, "", "file_grid"),
        ({}, "2", "file_layer"),
        ({"bands": 2}, "", "file_layer"),
    ],
)
def test_geotiffs_that_cannot_be_used(tmp_path: Path, more: dict, band: str, check: str) -> None:
    with pytest.raises(FindingError) as told:
        read_geotiff(tif(tmp_path / "x.tif", **more), band, False, [])
    assert [f.check for f in told.value.findings] == [check]


def test_broken_files(tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(b"no such thing")
    for read in (lambda: read_geotiff(path, "", False, []), lambda: read_netcdf(path, "", False)):
        with pytest.raises(FindingError, match="cannot be read"):
            read()


def nc(
    path: Path, latitude: list[float], name: str = "lat", variables: tuple[str, ...] = ("people",)
) -> Path:
    with netCDF4.Dataset(path, "w") as file:
        for dim, values in (("time", [0.0]), (name, latitude), ("lon", [117.25, 117.75, 118.25])):
            file.createDimension(dim, len(values))
            file.createVariable(dim, "f8", (dim,))[:] = values
        for variable in variables:
            made = file.createVariable(variable, "f4", ("time", name, "lon"), fill_value=-99.0)
            made[:] = VALUES
    return path


def test_a_variable_of_netcdf_from_south_or_north(tmp_path: Path) -> None:
    made = read_netcdf(nc(tmp_path / "x.nc", [36.875, 36.625]), "", False)
    assert made.rows() == read_geotiff(tif(tmp_path / "x.tif"), "", False, []).rows()
    turned = read_netcdf(nc(tmp_path / "y.nc", [36.625, 36.875], "latitude"), "people", True)
    assert turned["latitude"].to_list() == [36.625, 36.625, 36.875, 36.875]


@pytest.mark.parametrize(
    ("more", "variable", "check"),
    [
        ({"latitude": [36.0, 36.5], "variables": ("a", "b")}, "", "file_layer"),
        ({"latitude": [36.0, 36.5]}, "persons", "file_layer"),
        ({"latitude": [36.0, 36.5], "name": "row"}, "people", "file_grid"),
        ({"latitude": [36.0, np.nan]}, "", "file_grid"),
    ],
)
def test_netcdf_that_cannot_be_used(tmp_path: Path, more: dict, variable: str, check: str) -> None:
    with pytest.raises(FindingError) as told:
        read_netcdf(nc(tmp_path / "x.nc", **more), variable, False)
    assert [f.check for f in told.value.findings] == [check]
