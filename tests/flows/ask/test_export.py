from pathlib import Path

import polars as pl
import pytest
from tests.inventory.exchange.test_line import ROWS, emission

from tongyuan.flows.ask.export import export, write
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.run_set import new_set, run_record
from tongyuan.ledger.write.write import write_parquet


def ran(folder: Path, frame: pl.DataFrame) -> Path:
    with new_set(folder / "results") as draft:
        write_parquet({"emission": frame}, draft.folder)
        draft.seal(run_record({"account": {"gwp_set": "AR6"}}, {}, {"emission": frame}))
    return folder


def refused(ask) -> list[str]:
    with pytest.raises(FindingError) as told:
        ask()
    for found in told.value.findings:
        assert all("{" not in found.message(lang) and found.next_step(lang) for lang in ("zh", "en"))
    return [f.check for f in told.value.findings]


def test_a_sheet_and_what_it_has_no_place_for_are_written(tmp_path):
    place = ran(tmp_path, emission(*ROWS))
    answer = export(place, "nfr")
    assert {f.check for f in answer.findings} == {
        "export_left_category", "export_left_species", "export_left_scope",
    }  # fmt: skip
    files = write(answer, "nfr", tmp_path / "sheet.csv")
    assert [f.name for f in files] == ["sheet.csv", "sheet.left.csv"]
    assert pl.read_csv(files[1], infer_schema=False)["reason"].n_unique() == 3
    assert "export_gwp" in {f.check for f in export(place, "iamc", language="zh").findings}
    assert export(place, "iamc", language="zh")["iamc"]["Region"].unique().to_list() == ["山东省"]


def test_several_regions_and_years_want_one_named(tmp_path):
    frame = emission(*ROWS)
    more = pl.concat([frame, frame.with_columns(region=pl.lit("110000"), year=pl.lit(2022, pl.Int64))])
    place = ran(tmp_path, more)
    assert refused(lambda: export(place, "crt")) == ["export_region"]
    assert refused(lambda: export(place, "crt", "山东")) == ["export_year"]
    assert refused(lambda: export(place, "gpc", "浙江省", 2021)) == ["export_absent"]
    assert refused(lambda: export(place, "gpc", "nowhere", 2021)) == ["export_absent"]
    assert refused(lambda: export(place, "gpc", "山东", 1999)) == ["export_absent"]
    assert export(place, "gpc", "北京", 2022)["gpc"].height > 20


def test_what_cannot_be_exported_is_said(tmp_path):
    assert refused(lambda: export(tmp_path, "nfr")) == ["no_results"]
    assert refused(lambda: export(tmp_path, "crf")) == ["export_form"]
    place = ran(tmp_path, emission(*ROWS).clear())
    assert refused(lambda: export(place, "nfr")) == ["export_nothing"]
    other = ran(tmp_path / "b", emission(*ROWS))
    assert refused(lambda: write(export(other, "nfr"), "nfr", tmp_path / "sheet.xls")) == ["export_suffix"]
