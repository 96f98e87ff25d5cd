"""Questions about records: whose an export is, which file is a stream of messages."""

from __future__ import annotations

from pathlib import Path

import pytest

import tongyuan as ty
from tongyuan.flows.ask.facility_record import carbon, month, record, report
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import empty

NOBODY = Inputs(Settings(name="x", kind="enterprise"), {})


def works(count: int = 1) -> Inputs:
    return Inputs(Settings(name="x", kind="enterprise"), ty.simulated_facilities(count, seed=1))


def test_an_export_belongs_to_the_only_enterprise_or_to_the_one_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("时间,SO2(mg/m3)\n2026-01-01 00:00,17\n", "utf-8")
    one = works()
    (who,) = one.tables["facility"]["facility"].to_list()
    assert record(file, one, outlet="DA001")["reading"]["facility"].to_list() == [who]
    with pytest.raises(FindingError) as error:
        record(file, works(2), outlet="DA001")
    assert [f.check for f in error.value.findings] == ["which_facility"]
    assert record(file, works(2), "X", "DA001")["reading"]["facility"].to_list() == ["X"]


def test_a_file_that_is_not_there_and_a_workspace_without_enterprises(tmp_path: Path) -> None:
    with pytest.raises(FindingError) as error:
        record(tmp_path / "none", NOBODY)
    assert [f.check for f in error.value.findings] == ["file_missing"]
    for ask in (lambda: carbon(NOBODY), lambda: report(NOBODY, tmp_path, ["zh"])):
        with pytest.raises(FindingError) as refused:
            ask()
        assert [f.check for f in refused.value.findings] == ["no_facilities"]


def test_a_workbook_that_cannot_be_read_is_not_carried_on(tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"no workbook")
    with pytest.raises(FindingError):
        month(tmp_path / "a.xlsx", "power", "E1", "2026-01", "zh", before=bad)
    assert not (tmp_path / "a.xlsx").exists()


def test_the_account_has_its_tables() -> None:
    made = carbon(works())
    assert {"facility_emission", "carbon_line", "missing_month"} <= set(made.tables)
    assert made["facility_emission"].columns == empty("facility_emission").columns
