"""Files of WRF-Chem, read by netCDF4 and xarray."""

from pathlib import Path

import netCDF4
import pytest
import xarray
from tests.allocation.test_field import BEGIN, PLANE, made

from tongyuan.allocation.write.wrfchemi import write_wrfchemi
from tongyuan.ledger.finding import FindingError


def test_a_day(tmp_path: Path) -> None:
    """1 mol/h in 1296 km²; 0.01 g/h of particles is 0.01e6/3600 µg/s over 1.296e9 m²."""
    (path,) = write_wrfchemi(made(PLANE), tmp_path, BEGIN, 1)
    assert path.name == "wrfchemi_d01_2021-01-01_00:00:00"
    with netCDF4.Dataset(path) as file:
        assert {n: len(d) for n, d in file.dimensions.items()} == {
            "Time": 24, "emissions_zdim": 1, "south_north": 2, "west_east": 2, "DateStrLen": 19}  # fmt: skip
        assert netCDF4.chartostring(file["Times"][:])[13] == "2021-01-01_13:00:00"
        gas, particle = file["E_NO"], file["E_PM25"]
        assert (gas.FieldType, gas.MemoryOrder, gas.stagger) == (104, "XYZ", "")
        assert (gas.units, particle.units) == ("mol km^-2 hr^-1", "ug/m3 m/s")
        assert [file.MAP_PROJ, file.DX, file.TRUELAT2, file.STAND_LON] == [1, 36_000, 40, 118]
        assert pytest.approx([118, 36.75]) == [file.CEN_LON, file.CEN_LAT]
        assert gas[3, 0, 0, 0] == pytest.approx(1 / 1296)
        assert particle[3, 0, 1, 1] == pytest.approx(0.01e6 / 3600 / 1.296e9)
    with xarray.open_dataset(path, engine="scipy") as read:
        assert read["E_NO"].shape == (24, 1, 2, 2)


def test_longitude_and_latitude_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingError, match="Lambert") as told:
        write_wrfchemi(made(), tmp_path, BEGIN, 1)
    assert "兰勃特" in told.value.findings[0].message("zh")
