import pytest

from tongyuan.inventory.methods.adaptor import entries
from tongyuan.inventory.methods.area import great_region
from tongyuan.reference.method.parameter import ParameterError


@pytest.mark.parametrize(
    ("region", "area"),
    [
        ("北京", "north"),
        ("吉林省", "northeast"),
        ("370000", "east"),
        ("武汉市", "central_south"),
        ("重庆", "southwest"),
        ("新疆", "northwest"),
    ],
)
def test_by_code(rows, region: str, area: str) -> None:
    entry = entries("livestock", rows({"region": region, "animal": "pig"}))[0]
    assert great_region(entry) == area


def test_named_or_unknown(rows) -> None:
    named = entries("livestock", rows({"region": "某园区", "animal": "pig", "area": "西南"}))[0]
    assert great_region(named) == "southwest"
    for region in ("某园区", "全国", "中国"):
        with pytest.raises(ParameterError):
            great_region(entries("livestock", rows({"region": region, "animal": "pig"}))[0])
