from pathlib import Path

import tongyuan as ty


def test_enterprises_in_a_notebook() -> None:
    """What the doors give is what the questions give."""
    plants = ty.simulated_facilities(9, seed=4)
    assert ty.check_facilities(plants, ["FUE"]).check_count.frame["code"].str.starts_with("FUE").all()
    assert len(ty.plan_inspection(plants, days=3).inspection_plan) == 3
    assert ty.facility_evidence(plants).reconciled.frame.height > 1000


def test_a_workbook_and_a_carbon_report_are_written(tmp_path: Path) -> None:
    assert ty.month_workbook(tmp_path / "a.xlsx", "power", "E1", "2026-01").is_file()
    written = ty.carbon_report(ty.simulated_facilities(1, seed=4), tmp_path / "r", language="en")
    assert {path.suffix for path in written} == {".docx", ".xlsx"}
