"""Files of IOAPI, read by netCDF4 and xarray."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray
from tests.allocation.test_field import BEGIN, PLANE, made

from tongyuan.allocation.write.ioapi import write_ioapi

HEAD = "IOAPI_VERSION EXEC_ID FTYPE CDATE CTIME WDATE WTIME SDATE STIME TSTEP NTHIK NCOLS NROWS NLAYS NVARS"
TAIL = "XORIG YORIG XCELL YCELL VGTYP VGTOP VGLVLS GDNAM UPNAM FILEDESC HISTORY VAR-LIST"
ORDER = f"{HEAD} GDTYP P_ALP P_BET P_GAM XCENT YCENT {TAIL}".split()


def test_days_of_25_hours_and_all_attributes_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1609459200")
    files = write_ioapi(made(PLANE), tmp_path, BEGIN, 2)
    assert [p.name for p in files] == ["emis.d01.2021001.nc", "emis.d01.2021002.nc"]
    with netCDF4.Dataset(files[0]) as file:
        assert file.data_model == "NETCDF3_64BIT_OFFSET"
        assert file.ncattrs() == ORDER
        assert file.getncattr("VAR-LIST") == f"{'NO':16}{'PM25':16}"
        assert [file.GDTYP, file.P_ALP, file.P_BET, file.P_GAM, file.YCENT] == [2, 25, 40, 118, 36.75]
        assert [file.NCOLS, file.NROWS, file.NLAYS, file.NVARS, file.TSTEP] == [2, 2, 1, 2, 10000]
        assert [file.SDATE, file.STIME, file.CDATE, file.XORIG] == [2021001, 0, 2021001, -36_000]
        assert {n: len(d) for n, d in file.dimensions.items()} == {
            "TSTEP": 25, "DATE-TIME": 2, "LAY": 1, "VAR": 2, "ROW": 2, "COL": 2}  # fmt: skip
        assert file.dimensions["TSTEP"].isunlimited()
        assert file["TFLAG"][[0, 23, 24], 1].tolist() == [[2021001, 0], [2021001, 230000], [2021002, 0]]
        one = file["NO"]
        assert one.ncattrs()[:3] == ["long_name", "units", "var_desc"]
        assert (len(one.long_name), len(one.units), len(one.var_desc)) == (16, 16, 80)
        assert [one.units.strip(), file["PM25"].units.strip()] == ["moles/s", "g/s"]
        assert (one.dtype, one.dimensions) == (np.float32, ("TSTEP", "LAY", "ROW", "COL"))
        assert (one.total_before, one.total_after, one.outside) == (10_000, 9125, 875)
    with xarray.open_dataset(files[0]) as day, xarray.open_dataset(files[1]) as after:
        assert day["NO"].values[:24, 0, 0, 0] * 3600 == pytest.approx(np.ones(24))
        assert day["NO"].values[0, 0, 0, 1] * 3600 == pytest.approx(1)
        assert np.array_equal(day["NO"].values[24], after["NO"].values[0])


def test_layers_and_longitude_and_latitude(tmp_path: Path) -> None:
    (file,) = write_ioapi(made(layers=(50.0, 500.0)), tmp_path, BEGIN, 1)
    with netCDF4.Dataset(file) as read:
        assert (read.GDTYP, read.VGTYP, read.NLAYS) == (1, 6, 2)
        assert read.VGLVLS.tolist() == [0, 50, 500]
        assert read["NO"][0, 1, 0, 1] * 3600 == pytest.approx(1)
