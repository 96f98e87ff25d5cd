from uuid import uuid4

from tests.postgresql import Cluster

from tongyuan.store.database import open_database
from tongyuan.store.row_security import organisation_of
from tongyuan.store.tables import SCOPED, metadata, record, system


def test_the_column_that_names_the_organisation() -> None:
    assert organisation_of(record("activity")) == "_organisation"
    assert organisation_of(system("version")) == "organisation"


def test_every_table_of_organisations_is_under_row_security_and_no_change_is_allowed(
    cluster: Cluster, postgresql_model: str
) -> None:
    engine = open_database(cluster.database(f"t{uuid4().hex}", postgresql_model))
    with engine.connect() as connection:
        forced = connection.exec_driver_sql(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity"
        ).scalars()
        policies = connection.exec_driver_sql("select distinct cmd from pg_policies").scalars()
        assert set(forced) == {t.name for t in metadata().sorted_tables if t.info.get(SCOPED)}
        assert set(policies) == {"SELECT", "INSERT"}
    engine.dispose()
