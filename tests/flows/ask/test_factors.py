from __future__ import annotations

import pytest

from tongyuan.flows.ask.factors import check, compare, read, search, show
from tongyuan.ledger.finding import FindingError


def test_records_are_found_by_the_names_of_people() -> None:
    found = search(species="二氧化硫", process="火力发电")["factor"]
    assert set(found["species"]) == {"SO2"}
    record = found["record_id"][0]
    assert show(record)["citation"]["title"]
    assert compare("火力发电", "原煤")["factor"].height


def test_every_unknown_name_is_said_at_once() -> None:
    with pytest.raises(FindingError) as caught:
        search(species="kryptonite", process="dancing")
    assert [f.check for f in caught.value.findings] == ["unknown_species_word", "unknown_process_word"]


def test_a_file_and_a_record_that_are_not_there(tmp_path) -> None:
    for call in (lambda: show("x"), lambda: read("moon", tmp_path), lambda: read("records", tmp_path / "x")):
        with pytest.raises(FindingError):
            call()


def test_the_library_has_no_error() -> None:
    answer, issues = check()
    assert answer["factor"].height > 1000
    assert not [i for i in issues if i.severity == "error"]
