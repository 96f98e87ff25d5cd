import pytest
from pydantic import ValidationError

from tongyuan.ledger.table import tables_of
from tongyuan.office.guided import Guide, Step, guides
from tongyuan.office.operation import office_rooms, operations
from tongyuan.report.chapters import rooms

WORDS = dict.fromkeys(("title_zh", "title_en", "text_zh", "text_en"), "x")


def test_every_guide_leads_through_tables_that_are_filled_in() -> None:
    assert {"admission", "inventory", "investment"} <= set(guides())
    for guide in guides().values():
        assert guide.room in {*office_rooms(), *rooms()}
        assert not guide.answer or f"{guide.answer}.page" in operations()
        assert guide.title.zh
        assert guide.title.en
        for step in guide.step:
            assert set(step.optional) <= set(step.tables) <= set(tables_of(role="input"))
            assert step.text.zh
            assert step.text.en


def test_a_table_that_may_stay_empty_is_not_needed() -> None:
    step = Step(tables=("activity", "control"), optional=("control",), **WORDS)
    assert step.needed() == ("activity",)


@pytest.mark.parametrize("tables", [["emission"], ["nonsense"], []])
def test_a_guide_through_what_nobody_fills_in_is_refused(tables: list[str]) -> None:
    with pytest.raises(ValidationError):
        Guide(name="a", room="run", step=[{"tables": tables, **WORDS}], **WORDS)
