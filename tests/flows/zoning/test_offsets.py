"""Sources of reduction in a workspace."""

from datetime import date

import pytest
from tests.flows.zoning.test_screen import PROJECT, workspace

from tongyuan.flows.zoning.screen import zoning
from tongyuan.ledger.finding import FindingError

SOURCE = {
    "offset": "S",
    "region": "济宁市",
    "species": "NOx",
    "value": 1e8,
    "unit": "kg",
    "promised": 0.0,
    "available": date(2026, 6, 1),
    "source": "made up",
}


def used(**change):
    made, found = zoning(workspace(offset=[SOURCE | change]))
    frame = made.get("offset_use")
    told = {f.check for f in found if f.check.startswith("offset")}
    return made, told, 0 if frame is None else frame.height


def test_a_source_serves_its_substance_and_the_others_are_short():
    made, told, _ = used()
    assert not told
    assert made["offset_admission"]["admitted"].to_list() == [False]
    short = set(made["offset_short"]["species"])
    assert "NOx" not in short
    assert "SO2" in short


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"verified": False}, "offset_unverified"),
        ({"promised": 2e8}, "offset_overdrawn"),
        ({"expires": date(2026, 12, 1)}, "offset_expires"),
    ],
)
def test_a_source_that_cannot_serve_is_told(change, check):
    made, told, _ = used(**change)
    assert told == {check}
    assert "NOx" in set(made["offset_short"]["species"])


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"unit": "m3"}, "offset_unit"),
        ({"expires": date(2026, 1, 1)}, "offset_turned"),
        ({"region": "nowhere"}, "region_unknown"),
    ],
)
def test_a_source_that_cannot_be_stops(change, check):
    with pytest.raises(FindingError) as told:
        used(**change)
    assert check in {f.check for f in told.value.findings}


def test_without_sources_or_needs_there_is_nothing():
    made, _ = zoning(workspace())
    assert "offset_admission" not in made
    made, _ = zoning(workspace(project=[PROJECT | {"region": "370200"}], offset=[SOURCE]))
    assert "offset_admission" not in made
