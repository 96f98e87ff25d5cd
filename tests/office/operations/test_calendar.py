from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.office.desk import Town
from tests.office.test_calendar import events

from tongyuan.ledger.run_set import new_set, run_record
from tongyuan.ledger.table import empty
from tongyuan.ledger.write.write import write_parquet
from tongyuan.office.operation import File
from tongyuan.store import work
from tongyuan.store.database import writing
from tongyuan.store.published import publish
from tongyuan.store.scope import Scope

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
FAR = date(2199, 1, 2)


def duties(made: Town, organisation: str, *days: date) -> None:
    """Publish a run of an organisation that owes something on some days."""
    row = {
        "facility": organisation,
        "duty": "tax_return",
        "title_zh": "申报",
        "title_en": "Return",
        "state": "not_filed",
    }
    rows = [{**row, "period": str(number), "due_day": day} for number, day in enumerate(days)]
    frame = pl.concat([empty("duty").clear(), pl.DataFrame(rows)], how="diagonal_relaxed").select(
        empty("duty").columns
    )
    name = f"duties-of-{organisation}"
    with new_set(Path(made.office.archive) / f"made-{organisation}") as draft:
        write_parquet({"duty": frame}, draft.folder)
        draft.seal(run_record({}, {}, {"duty": frame}))
    draft.final.rename(made.office.archive / name)
    with writing(made.office.engine, Scope.own("maker", organisation)) as session:
        publish(session, made.office.archive, name, organisation=organisation)


def days(made: Town, person: str, **asked: object) -> list[tuple[object, ...]]:
    answer = made.do(person, "calendar.list", **asked)
    assert isinstance(answer, pl.DataFrame)
    return answer.select("day", "organisation", "state").rows()


def test_everybody_sees_the_days_of_their_own(kind: str, made: Town) -> None:
    duties(made, "A", FAR, date(2000, 1, 1))
    duties(made, "B", FAR)
    assert days(made, "lin") == [(FAR, "A", "not_filed")]
    assert days(made, "wu") == [(FAR, "B", "not_filed")]
    assert days(made, "province") == [(FAR, "A", "not_filed"), (FAR, "B", "not_filed")]
    assert days(made, "lin", first="1999-01-01") == [
        (date(2000, 1, 1), "A", "passed"),
        (FAR, "A", "not_filed"),
    ]
    assert days(made, "lin", first="1999-01-01", last="2000-01-01") == [(date(2000, 1, 1), "A", "passed")]


def test_a_notice_with_a_date_is_a_day(kind: str, made: Town) -> None:
    with writing(made.office.engine, Scope.own("maker", "A")) as session:
        work.notify(session, "A", "enterprise", "returned", {}, due="2199-01-02")
        work.notify(session, "A", "city_bureau", "submitted", {}, due=None)
    assert days(made, "lin") == [(FAR, "A", None)]
    assert days(made, "jinan") == []


def test_the_calendar_goes_out_as_a_file(kind: str, made: Town) -> None:
    duties(made, "A", FAR)
    for language, title in (("zh", "申报"), ("en", "Return")):
        file = made.do("jinan", "calendar.file", language=language)
        assert isinstance(file, File)
        assert file.media.startswith("text/calendar")
        assert [one["SUMMARY"] for one in events(file.content)] == [title]
