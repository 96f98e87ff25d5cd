"""Fluxes by COARDS and CF, read by netCDF4, h5netcdf and xarray; masses come back from them."""

from pathlib import Path

import h5netcdf
import netCDF4
import numpy as np
import pytest
import xarray
from tests.allocation.test_field import BEGIN, FOUR, PLANE, made

from tongyuan.allocation.write.coards import write_cf, write_hemco
from tongyuan.ledger.finding import FindingError


def test_hemco_wants_its_unit_spelled_so_and_axes_that_rise(tmp_path: Path) -> None:
    (path,) = write_hemco(made(), tmp_path, BEGIN, 48)
    with netCDF4.Dataset(path) as file:
        assert (file.Conventions, file["NO"].units) == ("COARDS", "kg/m2/s")
        assert file["time"].units == "hours since 2021-01-01 00:00:00"
        assert file["NO"].dimensions == ("time", "lat", "lon")
        for name in ("lon", "lat", "time"):
            assert (np.diff(file[name][:]) > 0).all()
        assert (file["lon"].units, file["lat"].units) == ("degrees_east", "degrees_north")
        assert file["time"].size == 48
    with pytest.raises(FindingError, match="HEMCO"):
        write_hemco(made(PLANE), tmp_path, BEGIN, 1)


@pytest.mark.parametrize("engine", ["netcdf4", "h5netcdf"])
def test_masses_come_back_from_fluxes(tmp_path: Path, engine: str) -> None:
    (path,) = write_cf(made(layers=(50.0, 500.0)), tmp_path, BEGIN, 24)
    with xarray.open_dataset(path, engine=engine) as read:
        assert read["NO"].dims == ("time", "lev", "lat", "lon")
        assert read["time"].values[5] == np.datetime64("2021-01-01T05:00")
        mass = (read["NO"] * read["cell_area"] * 3600 * 1000).values
        assert mass[7, 0, 0, 0] == pytest.approx(1)
        assert mass[0, 1, 0, 1] == pytest.approx(1)
        assert read["lev"].values.tolist() == [50, 500]
    assert FOUR.area()[1, 0] < FOUR.area()[0, 0]


def test_a_lambert_plane_tells_its_projection(tmp_path: Path) -> None:
    (path,) = write_cf(made(PLANE), tmp_path, BEGIN, 1)
    with h5netcdf.File(path) as read:
        crs = read["crs"].attrs
        assert crs["grid_mapping_name"] == "lambert_conformal_conic"
        assert list(crs["standard_parallel"]) == [25, 40]
        assert read["NO"].dimensions == ("time", "y", "x")
        assert read["NO"].attrs["grid_mapping"] == "crs"
        assert read["lat"][0, 0] == pytest.approx(PLANE.centres()[1][0, 0])
