from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference.shelf import fold, identify, shelf, title


def test_a_shelf_is_text_without_nulls() -> None:
    frame = shelf("species")
    assert frame.null_count().row(0) == (0,) * frame.width
    assert {str(kind) for kind in frame.dtypes} == {"String"}
    with pytest.raises(KeyError, match="no shelf"):
        shelf("atlantis")


def test_names_lead_to_ids() -> None:
    for text in ("SO2", "so2", "ＳＯ２", " 二氧化硫 ", "Sulphur dioxide", "硫氧化物"):
        assert identify("species", text) == "SO2"
    assert identify("species", "phlogiston") is None


def test_titles() -> None:
    assert title("species", "SO2") == "二氧化硫"
    assert title("species", "SO2", "en") == "Sulphur dioxide"
    assert title("species", "phlogiston") == "phlogiston"


@given(st.text(alphabet="ＳＯ２so2PMpm.（）() 氮氧化物ＮＨ３-5　"))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_aliases_lead_to_ids_that_exist() -> None:
    for row in shelf("alias").to_dicts():
        frame = shelf(row["shelf"])
        assert row["id"] in set(frame[frame.columns[0]]), row


def test_case_tells_carbon_monoxide_from_cobalt() -> None:
    assert identify("species", "CO") == "CO"
    assert identify("species", "ＣＯ") == "CO"
    assert identify("species", "Co") == "Co"
    assert identify("species", "so2") == "SO2"


def test_every_id_names_itself() -> None:
    for name in ("species", "process", "product", "technology", "control", "region"):
        frame = shelf(name)
        for key in frame[frame.columns[0]]:
            assert identify(name, key) == key, (name, key)
