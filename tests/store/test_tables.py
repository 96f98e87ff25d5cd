import pytest
import sqlalchemy as sa

from tongyuan.ledger import table as ledger
from tongyuan.store.tables import SCOPED, metadata, record, system


def test_every_table_of_the_ledger_has_its_table_with_its_columns() -> None:
    for name in ledger.names():
        columns = [c.name for c in record(name).columns if not c.name.startswith("_")]
        assert columns == [c.name for c in ledger.table(name).columns]


def test_types_are_those_of_the_schema() -> None:
    activity = record("activity")
    assert isinstance(activity.c.value.type, sa.Double)
    assert isinstance(activity.c.year.type, sa.BigInteger)
    assert isinstance(activity.c.unit.type, sa.Text)


def test_only_the_tables_of_people_and_the_office_belong_to_no_organisation() -> None:
    apart = {
        "account", "attempt", "boundary", "delivery", "entry", "job_state", "notice_read", "once",
        "proposal", "role_grant", "saved_view", "trail", "webhook",
    }  # fmt: skip
    assert {t.name for t in metadata().sorted_tables if not t.info.get(SCOPED)} == apart


def test_a_table_the_ledger_does_not_know() -> None:
    with pytest.raises(KeyError):
        record("nonsense")
    with pytest.raises(KeyError):
        system("nonsense")
