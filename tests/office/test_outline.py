from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.office.outline import code_of, drawn

SQUARE = [[116.0, 36.0], [117.0, 36.0], [117.0, 37.0], [116.0, 37.0], [116.0, 36.0]]
EAST = [[117.0, 36.0], [118.0, 36.0], [118.0, 37.0], [117.0, 37.0], [117.0, 36.0]]


def feature(code: object, *rings: Any, kind: str = "Polygon") -> dict[str, Any]:
    given = list(rings) if kind == "Polygon" else [[ring] for ring in rings]
    return {"properties": {"adcode": code}, "geometry": {"type": kind, "coordinates": given}}


def written(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_two_squares_of_one_degree_side_by_side() -> None:
    """One degree of longitude at 36.5° is cos 36.5° = 0.8039 of one of latitude: 500 px wide, 622.0 high."""
    made = drawn("a.json", written(feature(370100, SQUARE), feature("156370200", EAST)))
    assert made["height"] == pytest.approx(500 / math.cos(math.radians(36.5)), abs=0.05)
    assert made["outlines"] == {
        "370100": "M0,622 500,622 500,0 0,0 0,622Z",
        "370200": "M500,622 1000,622 1000,0 500,0 500,622Z",
    }


def test_parts_of_one_region_are_one_outline_and_dust_is_left_out() -> None:
    dust = [[116.5, 36.5], [116.5001, 36.5], [116.5001, 36.5001], [116.5, 36.5]]
    made = drawn("a.json", written(feature("370100", SQUARE, EAST, dust, kind="MultiPolygon")))
    assert made["outlines"]["370100"].count("M") == 2


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"region": "370100"}, "370100"), ({"gb": 156370100}, "370100"), ({"adcode": 370100}, "370100"),
        ({"代码": " 370100 "}, "370100"), ({"code": "3701"}, None), ({"name": "济南"}, None),
        ({"region": None, "id": "370100"}, "370100"), ({"region": "<svg>"}, None),
    ],
)  # fmt: skip
def test_the_code_of_a_feature(told: dict[str, Any], code: str | None) -> None:
    assert code_of(told) == code


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (b"PK\x03\x04", "boundary_kind"), (b"[]", "boundary_kind"), (b"{}", "boundary_kind"),
        (b'{"features": 3}', "boundary_kind"), (b"[" * 100_000, "boundary_kind"),
        (written(feature("370100", [["a", "b"]] * 4)), "boundary_kind"),
        (written(), "boundary_codes"), (written(feature("济南", SQUARE)), "boundary_codes"),
        (written(feature("370100", SQUARE[:2])), "boundary_codes"),
        (written(feature("370100", [[500_000.0, 4_000_000.0]] * 5)), "boundary_degrees"),
        (written(feature("370100", [[math.nan, 36.0]] * 5)), "boundary_degrees"),
        (written(feature("370100", [[116.0, 36.0]] * 5)), "boundary_degrees"),
    ],
)  # fmt: skip
def test_what_is_no_boundary_is_refused_with_its_reason(content: bytes, check: str) -> None:
    with pytest.raises(FindingError) as refused:
        drawn("a.json", content)
    assert [one.check for one in refused.value.findings] == [check]
    assert all(one.message(language) and "{" not in one.message(language)
               for one in refused.value.findings for language in ("zh", "en"))  # fmt: skip


def test_what_stays_too_large_is_refused() -> None:
    many = [
        feature(f"{370000 + n}", [[116 + math.cos(a / 40) * (1 + n / 90), 36 + math.sin(a / 40)]
                                  for a in range(2_000)])
        for n in range(150)
    ]  # fmt: skip
    with pytest.raises(FindingError) as refused:
        drawn("a.json", written(*many))
    assert refused.value.findings[0].check == "boundary_large"
