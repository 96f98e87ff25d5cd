"""Files of proxies in a workspace: read, hashed, and refused with a reason."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.allocation.proxy.test_raster import tif
from tests.allocation.proxy.test_vector import write

from tongyuan.flows.allocation.files import proxy_files
from tongyuan.flows.ask.allocation import allocate
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.finding import FindingError

HEAD = "proxy,file,layer,weight,region,density,source\n"


def test_a_raster_and_a_vector_file_allocate_an_example(tmp_path: Path) -> None:
    """Roads by the raster: 1, 2, 4 and 8 of 15 in its boxes, 8/15 of it east of 118.5 half way."""
    copy_example("grid", tmp_path)
    (tmp_path / "proxy").mkdir()
    tif(tmp_path / "proxy" / "roads.tif")
    write(tmp_path / "proxy" / "cities.gpkg")
    table = tmp_path / "tables" / "proxy.csv"
    table.write_text("\n".join(x for x in table.read_text().splitlines() if not x.startswith("roads")) + "\n")
    rows = "roads,proxy/roads.tif,,,,,made up\ncities,proxy/cities.gpkg,a,people,city,,made up\n"
    (tmp_path / "tables" / "proxy_file.csv").write_text(HEAD + rows)
    workspace = open_workspace(tmp_path)
    assert {"proxy/roads.tif", "proxy/cities.gpkg"} <= set(workspace.inputs)
    cities = workspace.tables["proxy"].filter(proxy="cities")
    assert cities["region"].to_list() == ["370100", "370200"]
    assert cities["_place"][1] == "proxy/cities.gpkg||2"
    road = allocate(workspace)["cell_emission"].filter(species="NOx", row=2)
    value = allocate(workspace)["allocation_balance"].filter(process="transport.road", species="NOx")[
        "value"
    ][0]
    boiler = allocate(workspace)["allocation_balance"].filter(pl.col("proxy") == "boilers", species="NOx")
    assert boiler["outside"][0] == 0
    assert road.filter(column=1)["value"][0] == pytest.approx(value / 15)


@pytest.mark.parametrize(
    ("file", "check"),
    [
        ("../x.tif", "file_outside"),
        ("/etc/hosts", "file_outside"),
        ("no.tif", "file_absent"),
        ("x.dwg", "file_kind"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, file: str, check: str) -> None:
    (tmp_path / "x.dwg").write_text("")
    row = pl.DataFrame({"proxy": ["p"], "file": [file], "layer": [None], "weight": [None], "region": [None],
                        "density": [None], "source": ["x"]})  # fmt: skip
    with pytest.raises(FindingError) as told:
        proxy_files(tmp_path, row)
    assert [f.check for f in told.value.findings] == [check]


def test_regions_that_are_none(tmp_path: Path) -> None:
    write(tmp_path / "x.gpkg", city=np.array(["济南市", "亚特兰蒂斯"], dtype=object))
    row = pl.DataFrame({"proxy": ["p"], "file": ["x.gpkg"], "layer": [None], "weight": [None],
                        "region": ["city"], "density": [None], "source": ["x"]})  # fmt: skip
    with pytest.raises(FindingError, match="亚特兰蒂斯"):
        proxy_files(tmp_path, row)
