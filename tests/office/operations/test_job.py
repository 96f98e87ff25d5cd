from __future__ import annotations

import polars as pl
import pytest
from tests.office.desk import Town, submission

from tongyuan.office.operation import Refused


def listed(made: Town, person: str) -> list[dict[str, object]]:
    answer = made.do(person, "job.list")
    assert isinstance(answer, pl.DataFrame)
    return answer.to_dicts()


def test_a_run_is_begun_cancelled_and_tried_again(made: Town) -> None:
    number = submission(made, "lin", "A")
    job = made.told("lin", "run.start", submission=number, only=["account"])["job"]
    (row,) = listed(made, "lin")
    assert (row["job"], row["state"], row["submission"], row["act"]) == (job, "waiting", number, "run")
    made.told("lin", "job.cancel", job=job)
    assert listed(made, "jinan")[0]["state"] == "cancelled"
    with pytest.raises(Refused) as refused:
        made.told("lin", "job.cancel", job=job)
    assert refused.value.status == 422
    made.told("jinan", "job.retry", job=job)
    assert listed(made, "lin")[0]["state"] == "waiting"
    assert listed(made, "wu") == []


def test_a_flow_that_is_none_is_refused(made: Town) -> None:
    number = submission(made, "lin", "A")
    with pytest.raises(Refused) as refused:
        made.told("lin", "run.start", submission=number, only=["dance"])
    assert refused.value.status == 422
    with pytest.raises(Refused) as refused:
        made.told("verifier", "run.start", submission=number)
    assert refused.value.status == 403
