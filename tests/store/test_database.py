from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import polars as pl
import pytest
import sqlalchemy as sa
from tests.postgresql import Cluster
from tests.store.people import ALL, LIN, WU, add_people, coal, submit

from tongyuan.ledger.example import copy_example
from tongyuan.ledger.finding import FindingError
from tongyuan.store import bulk
from tongyuan.store.database import must_write, open_database, reading, seen, writing
from tongyuan.store.scope import Scope
from tongyuan.store.submission import organisations
from tongyuan.store.tables import record, system


@pytest.mark.parametrize("address", ["nonsense", "mysql://u@h/d", ""])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(FindingError) as raised:
        open_database(address)
    (told,) = raised.value.findings
    assert told.check in ("address", "unreachable")


@pytest.mark.parametrize("address", ["sqlite:////no/such/folder/a.db", "postgresql://u@127.0.0.1:1/d"])
def test_a_database_that_cannot_be_reached(address: str) -> None:
    with pytest.raises(FindingError) as raised:
        open_database(address)
    assert [f.check for f in raised.value.findings] == ["unreachable"]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("a letter, not a database" * 100)
    with pytest.raises(FindingError) as raised:
        open_database(f"sqlite:///{tmp_path / 'a.db'}")
    assert [f.check for f in raised.value.findings] == ["unreachable"]


def test_a_superuser_of_postgresql_is_refused(cluster: Cluster) -> None:
    with pytest.raises(FindingError) as raised:
        open_database(cluster.address("postgres", "owner"))
    assert [f.check for f in raised.value.findings] == ["superuser"]


def test_a_transaction_that_fails_leaves_nothing(engine: sa.Engine) -> None:
    add_people(engine)
    with suppress(RuntimeError), writing(engine, LIN) as session:
        bulk.insert(session, system("submission"), _submission())
        raise RuntimeError
    with reading(engine, ALL) as session:
        table = system("submission")
        assert session.connection.execute(seen(session, sa.select(table), table.c.organisation)).all() == []


def _submission() -> pl.DataFrame:
    return pl.DataFrame({"organisation": ["A"], "kind": ["month"], "period": ["2026-01"]})


@pytest.mark.parametrize(
    "statement",
    [
        sa.select(record("activity")),
        sa.select(sa.func.count()).select_from(record("activity")),
        sa.select(sa.literal(1)).where(sa.exists().where(record("activity").c.year == 2021)),
        sa.select(system("submission").c.submission),
        sa.update(record("activity")).values(value=0.0),
        sa.delete(record("activity")),
        sa.insert(system("organisation")).values(organisation="C"),
    ],
)
def test_a_statement_without_scope_is_refused(statement: sa.Executable, engine: sa.Engine) -> None:
    with reading(engine, ALL) as session, pytest.raises(PermissionError):
        session.connection.execute(statement)
    with engine.connect() as connection, pytest.raises(PermissionError):
        connection.execute(statement)


def test_a_text_statement_within_a_scope_is_refused(engine: sa.Engine) -> None:
    with reading(engine, LIN) as session, pytest.raises(PermissionError):
        session.connection.execute(sa.text("select * from record_activity"))


def test_a_scope_sees_its_own_organisations_alone(engine: sa.Engine) -> None:
    add_people(engine)
    for scope, seen_by in ((LIN, ["A"]), (WU, ["B"]), (ALL, ["A", "B"]), (Scope("nobody"), [])):
        with reading(engine, scope) as session:
            assert organisations(session)["organisation"].to_list() == seen_by


def test_what_a_scope_may_not_write(engine: sa.Engine) -> None:
    with writing(engine, LIN) as session:
        must_write(session, "A")
        with pytest.raises(PermissionError):
            must_write(session, "B")


def test_row_security_hides_rows_from_a_statement_of_ones_own(
    cluster: Cluster, postgresql_model: str
) -> None:
    engine = open_database(cluster.database(f"t{uuid4().hex}", postgresql_model))
    add_people(engine)
    submit(engine, LIN, coal())
    count = "select count(*) from record_activity"
    for scope, expected in ((LIN, 1), (WU, 0), (ALL, 1)):
        with reading(engine, scope) as session:
            assert session.connection.exec_driver_sql(count).scalar() == expected
    with engine.connect() as connection:
        assert connection.exec_driver_sql(count).scalar() == 0
        assert connection.exec_driver_sql("select count(*) from organisation").scalar() == 0
    with writing(engine, WU) as session:
        for change in ("update record_activity set value = 0", "delete from record_activity"):
            assert session.connection.exec_driver_sql(change).rowcount == 0
    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), writing(engine, WU) as session:
        session.connection.exec_driver_sql(
            "insert into submission (organisation, kind, period) values ('A', 'month', '2026-02')"
        )
    engine.dispose()


HEAVY = """
import sys
from tongyuan.cli import main
sys.argv = ["tongyuan", "run", sys.argv[1], "--only", "account"]
try:
    main()
except SystemExit as ended:
    assert not ended.code
served = {"sqlalchemy", "alembic", "psycopg", "sqlite3", "fastapi", "starlette", "uvicorn", "httpx"}
served |= {f"tongyuan.{room}" for room in ("store", "office", "web", "client")}
print("loaded", sorted(served & set(sys.modules)))
"""


def test_whoever_works_with_a_folder_loads_neither_database_nor_server(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path / "w")
    done = subprocess.run(
        [sys.executable, "-c", HEAVY, str(tmp_path / "w")], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("loaded []\n"), done.stdout[-500:]
    assert (tmp_path / "w" / "results").is_dir()
