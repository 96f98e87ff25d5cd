"""Row security of PostgreSQL: what a transaction was not told to see, it does not see."""

from __future__ import annotations

import sqlalchemy as sa

from tongyuan.store.database import ROLE_SETTING, WRITE_SETTING
from tongyuan.store.scope import EVERYONE
from tongyuan.store.tables import SCOPED


def organisation_of(table: sa.Table) -> str:
    """Return the column of `table` that names the organisation a row belongs to."""
    return "_organisation" if "_organisation" in table.c else "organisation"


def rule_of(column: str, setting: str) -> str:
    """Return the condition that the organisation in `column` is one of those in a setting of the transaction.

    The names stand in a query of their own, so that they are split and hashed once, not for every row.
    """
    told = f"current_setting('{setting}', true)"
    names = f"select unnest(string_to_array({told}, E'\\n'))"  # nosec B608
    return f"{told} = '{EVERYONE}' or {column} in ({names})"


def enable(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """Switch row security on for those of `tables` whose rows belong to organisations."""
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        if not table.info.get(SCOPED):
            continue
        name, column = quote(table.name), quote(organisation_of(table))
        connection.exec_driver_sql(f"alter table {name} enable row level security")
        connection.exec_driver_sql(f"alter table {name} force row level security")
        for policy, command, setting, clause in (
            ("seen", "select", ROLE_SETTING, "using"),
            ("written", "insert", WRITE_SETTING, "with check"),
        ):
            rule = rule_of(column, setting)
            connection.exec_driver_sql(f"drop policy if exists {policy} on {name}")
            connection.exec_driver_sql(f"create policy {policy} on {name} for {command} {clause} ({rule})")
