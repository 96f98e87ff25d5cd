"""Jobs: seen, cancelled and tried again by those who may write for their organisation."""

from __future__ import annotations

import json

import polars as pl

from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.office.operations.submission import FILLS, REVIEWS, SEES
from tongyuan.store import job as queue


class Nothing(Request):
    """Asks nothing more."""


class JobNumber(Request):
    """The number of a job."""

    job: Serial


def _list(desk: Desk, _: Nothing) -> Answer:
    return queue.jobs(desk.session).with_columns(
        pl.col("content").map_elements(_submission, return_dtype=pl.Int64).alias("submission"),
    )


def _submission(content: str) -> int | None:
    return json.loads(content).get("submission")  # type: ignore[no-any-return]


def _cancel(desk: Desk, asked: JobNumber) -> Answer:
    queue.cancel(desk.session, asked.job)
    return {"job": asked.job, "state": "cancelled"}


def _retry(desk: Desk, asked: JobNumber) -> Answer:
    queue.retry(desk.session, asked.job)
    return {"job": asked.job, "state": "waiting"}


OPERATIONS = (
    Operation("job.list", SEES, Nothing, _list, answers="rows"),
    Operation("job.cancel", FILLS | REVIEWS, JobNumber, _cancel, changes=True),
    Operation("job.retry", FILLS | REVIEWS, JobNumber, _retry, changes=True),
)
