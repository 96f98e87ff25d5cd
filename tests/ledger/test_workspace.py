"""A workspace is made, filled in, checked and loaded."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import SETTINGS
from tongyuan.ledger.table import conform, table
from tongyuan.ledger.workspace import annotate_all, check, files, init, kinds, load
from tongyuan.ledger.write.write import write_csv, write_excel

ROW = {
    "region": ["青岛园区"], "year": [2021], "process": ["energy.power"], "product": ["raw_coal"],
    "technology": [""], "value": [1.0], "unit": ["万吨"], "source": ["年鉴"],
}  # fmt: skip


def made(folder: Path, **settings: object) -> Path:
    lines = ['name = "x"', 'kind = "park"', *(f"{k} = {v}" for k, v in settings.items())]
    (folder / SETTINGS).write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", ["province", "city", "park", "enterprise"])
def test_a_new_workspace_is_ready_to_fill_in(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "ws"
    file = init(folder, kind, region="370000")  # type: ignore[arg-type]
    assert file.is_file()
    workspace = load(folder)
    assert workspace.settings.kind == kind
    assert set(workspace.tables) == set(kinds()[kind][1])
    assert {f.severity for f in workspace.findings} == {"notice"}


def test_every_kind_names_tables_that_exist() -> None:
    for title, tables in kinds().values():
        assert title.zh
        assert all(table(name).role == "input" for name in tables)


def test_an_existing_workspace_is_not_touched(workspace_folder: Path) -> None:
    made(workspace_folder)
    before = (workspace_folder / SETTINGS).read_bytes()
    with pytest.raises(FindingError):
        init(workspace_folder)
    assert (workspace_folder / SETTINGS).read_bytes() == before
    assert list(workspace_folder.iterdir()) == [workspace_folder / SETTINGS]


def test_tables_of_all_kinds_of_file_are_joined(workspace_folder: Path) -> None:
    made(workspace_folder, region='"青岛园区"')
    tables = workspace_folder / "tables"
    write_excel({"activity": pl.DataFrame(ROW)}, tables / "a.xlsx")
    write_csv(pl.DataFrame(ROW | {"year": [2022]}), tables / "activity_2022.csv")
    conform("activity", pl.DataFrame(ROW | {"year": [2023]})).write_parquet(tables / "activity.parquet")
    workspace = load(workspace_folder)
    assert sorted(workspace.tables["activity"]["year"]) == [2021, 2022, 2023]
    assert workspace.findings == ()
    assert [p.name for p in workspace.files] == ["a.xlsx", "activity.parquet", "activity_2022.csv"]


def test_an_error_stops_load_with_every_finding(workspace_folder: Path) -> None:
    made(workspace_folder)
    rows = pl.DataFrame(ROW | {"value": [-1.0], "unit": ["勺"]})
    write_csv(rows, workspace_folder / "tables" / "activity.csv")
    with pytest.raises(FindingError) as raised:
        load(workspace_folder)
    assert {f.check for f in raised.value.findings} == {"negative", "unknown_unit", "unknown_region"}


def test_broken_settings_do_not_hide_broken_tables(workspace_folder: Path) -> None:
    (workspace_folder / SETTINGS).write_text("name = ", encoding="utf-8")
    write_csv(pl.DataFrame(ROW | {"value": [-1.0]}), workspace_folder / "tables" / "activity.csv")
    workspace, findings = check(workspace_folder)
    assert workspace is None
    assert {"settings_syntax", "negative"} <= {f.check for f in findings}


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["../*.csv"], "pattern_outside"),
        (["/etc/*"], "pattern_outside"),
        (["C:\\\\data\\\\*"], "pattern_outside"),
        (["nothing/*.csv"], "pattern_without_file"),
    ],
)
def test_patterns_stay_inside(workspace_folder: Path, patterns: list[str], expected: str) -> None:
    quoted = "[" + ", ".join(f'"{p}"' for p in patterns) + "]"
    _, findings = check(made(workspace_folder, tables=quoted))
    assert expected in {f.check for f in findings}


def test_a_link_that_leads_outside_is_not_followed(workspace_folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    write_csv(pl.DataFrame(ROW), secret)
    (workspace_folder / "tables").mkdir()
    (workspace_folder / "tables" / "activity.csv").symlink_to(secret)
    workspace, findings = check(made(workspace_folder))
    assert "pattern_outside" in {f.check for f in findings}
    assert workspace is not None
    assert workspace.tables == {}


def test_lock_files_and_other_things_are_passed_over(workspace_folder: Path) -> None:
    tables = workspace_folder / "tables"
    write_csv(pl.DataFrame(ROW), tables / "activity.csv")
    for name in ("~$a.xlsx", ".hidden.csv", "readme.md"):
        (tables / name).write_text("x", encoding="utf-8")
    workspace, _ = check(made(workspace_folder))
    assert workspace is not None
    assert [p.name for p in files(workspace_folder, workspace.settings)[0]] == ["activity.csv"]


def test_an_empty_workspace_says_so(workspace_folder: Path) -> None:
    (workspace_folder / "tables").mkdir()
    _, findings = check(made(workspace_folder))
    assert {f.check for f in findings} == {"pattern_without_file", "no_tables"}


def test_files_with_findings_are_annotated(workspace_folder: Path) -> None:
    made(workspace_folder)
    write_csv(pl.DataFrame(ROW | {"value": [-1.0]}), workspace_folder / "tables" / "activity.csv")
    workspace, _ = check(workspace_folder)
    assert workspace is not None
    copies, failed = annotate_all(workspace_folder, workspace, "en")
    assert [p.relative_to(workspace_folder).as_posix() for p in copies] == ["checked/activity.xlsx"]
    assert failed == []


def test_a_missing_folder_is_a_finding(tmp_path: Path) -> None:
    workspace, findings = check(tmp_path / "nowhere")
    assert workspace is None
    assert [f.check for f in findings] == ["settings_missing"]
