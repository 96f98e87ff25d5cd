from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, add_people, coal, submit

from tongyuan.ledger.finding import FindingError
from tongyuan.store import people
from tongyuan.store.database import open_database, reading, writing
from tongyuan.store.record import rows
from tongyuan.store.tables import metadata
from tongyuan.store.upgrade import _steps, shape, upgrade


def act(engine: sa.Engine, *statements: str) -> None:
    with engine.connect().execution_options(upgrading=True, writing=True) as connection, connection.begin():
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_an_empty_database_gets_every_table_once(address: str) -> None:
    engine = open_database(address)
    assert set(upgrade(engine)) == {table.name for table in metadata().sorted_tables}
    assert upgrade(engine) == ()
    with engine.connect() as connection:
        assert list(_steps(connection)) == []
    engine.dispose()


def test_a_database_of_an_earlier_release_keeps_its_rows(engine: sa.Engine) -> None:
    add_people(engine)
    submit(engine, LIN, coal(5.0))
    act(
        engine,
        "alter table record_activity drop column note",
        "drop table record_emission",
        "delete from shape",
    )
    assert set(upgrade(engine)) == {"record_activity.note", "record_emission"}
    with reading(engine, ALL) as session:
        read = rows(session, "activity")
        assert (read["value"].to_list(), read["note"].to_list()) == ([5.0], [None])
        assert rows(session, "emission").is_empty()


def test_rows_are_guarded_as_this_release_does(engine: sa.Engine) -> None:
    if engine.dialect.name != "postgresql":
        assert upgrade(engine) == ()
        return
    act(
        engine,
        "drop policy seen on submission",
        "create policy seen on submission for select using (true)",
        "update shape set digest = 'of an earlier release'",
    )
    assert upgrade(engine) == ()
    with engine.connect() as connection:
        rules = (
            connection.exec_driver_sql("select qual from pg_policies where policyname = 'seen'")
            .scalars()
            .all()
        )
    assert len(rules) > 20
    assert all("unnest" in rule for rule in rules)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("alter table record_activity add column colour text", "record_activity.colour"),
        ("create table record_tomorrow (a integer)", "record_tomorrow"),
    ],
)
def test_a_database_of_a_later_release_is_left_alone(statement: str, name: str, engine: sa.Engine) -> None:
    act(engine, statement, "delete from shape")
    with pytest.raises(FindingError) as raised:
        upgrade(engine)
    assert [(f.check, f.values["name"]) for f in raised.value.findings] == [("other_release", name)]


def test_the_shape_is_one_and_the_same() -> None:
    assert shape() == shape()
    assert len(shape()) == 64


def test_entries_made_before_there_were_tokens_for_programs_are_good_for_all(engine: sa.Engine) -> None:
    with writing(engine, ALL) as session:
        people.add_account(session, people.Account("lin", None, "lin", "-", None, False, True))
        people.enter(session, "digest", "lin", "2099-01-01T00:00:00.000000+00:00")
    act(
        engine, "alter table entry drop column title", "alter table entry drop column allows",
        "drop table delivery", "drop table webhook", "delete from shape",
    )  # fmt: skip
    assert set(upgrade(engine)) == {"entry.title", "entry.allows", "webhook", "delivery"}
    with reading(engine, ALL) as session:
        entry = people.entry_of(session, "digest")
    assert entry is not None
    assert not entry.limited
    assert entry.may("submission.write", True)
