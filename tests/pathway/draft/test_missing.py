from tongyuan.ledger.table import table
from tongyuan.pathway.draft.ground import Sheets
from tongyuan.pathway.draft.missing import left_out
from tongyuan.reference.language import catalogue


def test_each_reason_is_told_once_in_both_languages() -> None:
    sheets = Sheets()
    for _ in range(2):
        left_out(sheets, "eu_phs", "chain")
    (row,) = sheets.of("not_offered")
    assert row["title_zh"] == "抽水蓄能"
    assert "需要氢" in row["sentence_zh"]
    assert row["sentence_en"].startswith("It needs chains")


def test_every_reason_has_a_sentence() -> None:
    (reason,) = [c for c in table("not_offered").columns if c.name == "reason"]
    assert {f"draft_left_{r}" for r in reason.choices} == {
        k for k in catalogue("pathway") if k.startswith("draft_left_")
    }
