"""Regions typed for projects."""

import polars as pl
import pytest

from tongyuan.flows.zoning.region import code_of, coded_regions, home
from tongyuan.ledger.finding import FindingError


def test_codes_and_names():
    assert code_of("370811") == "370811"
    assert code_of("济宁市") == "370800"
    assert code_of("Jining") in ("370800", None)
    assert code_of("990000") is None
    assert code_of("Atlantis") is None


def test_a_county_has_a_home_on_the_shelf():
    assert home("370811") == "370800"
    assert home("110105") == "110000"


def test_every_region_that_is_none_is_told():
    frame = pl.DataFrame({"region": ["370811", "火星", "金星", None]})
    with pytest.raises(FindingError) as told:
        coded_regions(frame, "project")
    assert [f.values["text"] for f in told.value.findings] == ["火星", "金星"]
    assert coded_regions(frame[[0, 3]], "project")["region"].to_list() == ["370811", None]
