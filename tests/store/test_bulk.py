from __future__ import annotations

from contextlib import nullcontext

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.people import LIN, add_people

from tongyuan.store import bulk
from tongyuan.store.database import reading, seen, writing
from tongyuan.store.submission import open_submission
from tongyuan.store.tables import record

TEXT = st.one_of(st.none(), st.sampled_from(["", "\\N", '"', "\n", "%s", ":x", "null"]), st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8))  # fmt: skip
NUMBER = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXT, NUMBER, TEXT), max_size=6))
def test_every_text_and_number_comes_back_as_it_went(
    engine: sa.Engine, rows: list[tuple[str | None, float | None, str | None]]
) -> None:
    table = record("activity")
    frame = pl.DataFrame(
        rows, schema={"note": pl.String, "value": pl.Float64, "source": pl.String}, orient="row"
    )
    try:
        add_people(engine)
        with writing(engine, LIN) as session:
            open_submission(session, "A", kind="month", period="2026-01")
    except ValueError:
        pass
    with writing(engine, LIN) as session:
        statement = sa.select(sa.func.max(table.c._line).label("_line"))
        last = bulk.frame_of(session, seen(session, statement, table.c._organisation))["_line"][0] or 0
        bulk.insert(session, table, _headed(frame, last))
        statement = sa.select(table.c.note, table.c.value, table.c.source).where(table.c._line > last)
        read = bulk.frame_of(session, seen(session, statement.order_by(table.c._line), table.c._organisation))
    assert read.rows() == frame.rows()


def _headed(frame: pl.DataFrame, last: int) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit("A").alias("_organisation"),
        pl.lit(1, pl.Int64).alias("_submission"),
        pl.int_range(last + 1, last + 1 + pl.len(), dtype=pl.Int64).alias("_line"),
        pl.lit(2, pl.Int64).alias("_version"),
        pl.lit(False).alias("_removed"),
        pl.lit("").alias("_place"),
    )


@pytest.mark.parametrize("frame", [pl.DataFrame({"nonsense": [1]}), pl.DataFrame({"value": ["1"]})])
def test_a_frame_that_does_not_fit(frame: pl.DataFrame, engine: sa.Engine) -> None:
    with writing(engine, LIN) as session, pytest.raises(ValueError, match="does not fit"):
        bulk.insert(session, record("activity"), frame)


def test_reading_without_scope_is_refused(engine: sa.Engine) -> None:
    with reading(engine, LIN) as session, pytest.raises(PermissionError):
        bulk.frame_of(session, sa.select(record("activity")))


def test_what_the_driver_refuses_is_an_error_as_any_other(engine: sa.Engine) -> None:
    """PostgreSQL is sent a copy past SQLAlchemy; a zero byte is no text to it, and is one to SQLite."""
    add_people(engine)
    with writing(engine, LIN) as session:
        open_submission(session, "A", kind="month", period="2026-01")
    refused = engine.dialect.name == "postgresql"
    with (
        pytest.raises(sa.exc.DataError, match="0x00") if refused else nullcontext(),
        writing(engine, LIN) as session,
    ):
        bulk.insert(session, record("activity"), _headed(pl.DataFrame({"note": ["a\0b"]}), 0))
