from __future__ import annotations

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.people import ALL, LIN, WU, add_people, coal, frame, submit

from tongyuan.store.database import reading, writing
from tongyuan.store.record import Change, filled, replace, rows, write
from tongyuan.store.scope import Scope
from tongyuan.store.submission import ConflictError, add_organisation, open_submission, set_state


def values(engine: sa.Engine, scope: Scope, **which: object) -> list[float]:
    with reading(engine, scope) as session:
        return rows(session, "activity", **which)["value"].to_list()  # type: ignore[arg-type]


def change(engine: sa.Engine, scope: Scope, number: int, based_on: int, **what: object) -> int:
    with writing(engine, scope) as session:
        return write(session, number, {"activity": Change(**what)}, based_on=based_on)  # type: ignore[arg-type]


def test_a_correction_is_a_new_version_and_the_old_one_stays(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(100.0), coal(7.0, "coke"))
    assert change(engine, LIN, number, 2, rows=frame(coal(120.0, _line=1))) == 3
    assert change(engine, LIN, number, 3, rows=frame(coal()).clear(), removed=frozenset({2})) == 4
    assert values(engine, LIN) == [120.0]
    assert [values(engine, LIN, submission=number, version=v) for v in (1, 2, 3, 4)] == [
        [],
        [100.0, 7.0],
        [120.0, 7.0],
        [120.0],
    ]


def test_tables_with_rows_of_a_submission_are_named_to_those_who_see_it(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    other = submit(engine, WU, coal())
    for scope, seen in ((LIN, [number]), (WU, [other]), (ALL, [number, other])):
        with reading(engine, scope) as session:
            for one in (number, other):
                expected = ["activity"] if one in seen else []
                assert filled(session, ["activity", "control", "energy_balance"], one) == expected


def test_others_rows_are_not_there(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0))
    submit(engine, WU, coal(2.0))
    assert (values(engine, LIN), values(engine, WU), values(engine, ALL)) == ([1.0], [2.0], [1.0, 2.0])
    assert values(engine, WU, submission=number) == []
    with writing(engine, WU) as session, pytest.raises(KeyError):
        write(session, number, {}, based_on=2)
    watching = Scope("watch", frozenset({"A"}))
    with writing(engine, watching) as session, pytest.raises(PermissionError):
        write(session, number, {}, based_on=2)


def test_two_people_who_change_different_rows_lose_nothing(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0), coal(2.0, "coke"))
    change(engine, LIN, number, 2, rows=frame(coal(10.0, _line=1)))
    change(engine, ALL, number, 2, rows=frame(coal(20.0, "coke", _line=2), coal(3.0, "gas", _line=None)))
    assert values(engine, LIN) == [10.0, 20.0, 3.0]


def test_two_people_who_change_one_row_are_told_so(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0), coal(2.0, "coke"))
    change(engine, LIN, number, 2, rows=frame(coal(10.0, _line=1)))
    with pytest.raises(ConflictError) as raised:
        change(engine, ALL, number, 2, rows=frame(coal(11.0, _line=1), coal(20.0, "coke", _line=2)))
    assert (raised.value.head, raised.value.lines) == (3, {"activity": [1]})
    with pytest.raises(ConflictError):
        change(engine, ALL, number, 2, rows=frame(coal()).clear(), removed=frozenset({1}))
    assert values(engine, LIN) == [10.0, 2.0]


def test_only_a_draft_is_changed(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0))
    with writing(engine, LIN) as session:
        set_state(session, number, "submitted", based_on=2)
    with pytest.raises(ValueError, match="is submitted"):
        change(engine, LIN, number, 3, rows=frame(coal(2.0, _line=1)))
    with writing(engine, ALL) as session:
        set_state(session, number, "returned", based_on=3)
    change(engine, LIN, number, 4, rows=frame(coal(2.0, _line=1)))
    assert values(engine, ALL, states=("submitted",)) == [1.0]
    assert values(engine, ALL, states=("accepted",)) == []
    assert values(engine, ALL) == [2.0]


@pytest.mark.parametrize(
    "what",
    [
        {"rows": frame(coal(_line=9))},
        {"rows": frame(coal(_line=1), coal(_line=1))},
        {"rows": frame(coal(_line=1)), "removed": frozenset({1})},
        {"rows": frame(coal()).clear(), "removed": frozenset({5})},
        {"rows": frame(coal(colour="red"))},
    ],
)
def test_a_change_that_cannot_be(what: dict[str, object], engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0))
    with pytest.raises(ValueError, match=r"not there|no column"):
        change(engine, LIN, number, 2, **what)
    with pytest.raises(ValueError, match="does not exist"):
        change(engine, LIN, number, 7, rows=frame(coal()))
    assert values(engine, LIN) == [1.0]


def test_a_workbook_that_comes_back_changes_what_was_changed(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0), coal(2.0, "coke"), coal(3.0, "gas"))
    back = frame(coal(3.0, "gas"), coal(2.5, "coke"), coal(4.0, "oil"), coal(4.0, "oil"))
    with writing(engine, LIN) as session:
        made = replace(session, number, "activity", back)
        assert made.removed == frozenset({1})
        assert dict(made.rows.select("product", "_line").iter_rows()) == {"coke": 2, "oil": None}
        assert made.rows.height == 3
        write(session, number, {"activity": made}, based_on=2)
        again = replace(session, number, "activity", back)
    assert (again.rows.height, again.removed) == (0, frozenset())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    books=st.lists(
        st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([1.0, 2.0])), max_size=5),
        min_size=1,
        max_size=3,
    )
)
def test_a_table_holds_what_was_last_put_there_and_every_version_what_it_held(
    engine: sa.Engine, books: list[list[tuple[str, float]]]
) -> None:
    with writing(engine, ALL) as session:
        organisation = f"o{session.connection.exec_driver_sql('select count(*) from organisation').scalar()}"
        add_organisation(session, organisation, kind="park", region="3701", title_zh="园", title_en="park")
        number = open_submission(session, organisation, kind="month", period="2026-01")
    empty = frame(coal()).clear()
    for version, book in enumerate(books, start=1):
        held = frame(*(coal(v, p) for p, v in book)) if book else empty
        with writing(engine, ALL) as session:
            write(session, number, {"activity": replace(session, number, "activity", held)}, based_on=version)
    with reading(engine, ALL) as session:
        for version, book in enumerate(books, start=2):
            read = rows(session, "activity", submission=number, version=version)
            assert sorted(read.select("product", "value").rows()) == sorted(book)


def test_lists_come_back_as_they_went(engine: sa.Engine) -> None:
    add_people(engine)
    given = [["CO2", "SO2"], [], None, ["甲"]]
    number = submit(engine, LIN, *(coal(float(n), f"p{n}", excluded=e) for n, e in enumerate(given)))
    with writing(engine, LIN) as session:
        read = rows(session, "activity")
        assert read["excluded"].to_list() == given
        again = replace(session, number, "activity", read.select(pl.exclude("^_.*$")))
        assert (again.rows.height, again.removed) == (0, frozenset())


def test_a_type_that_does_not_fit(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal(1.0))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        change(engine, LIN, number, 2, rows=frame(coal()).with_columns(value=pl.lit("much")))
