from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from tests.office.desk import Town, submission

from tongyuan.office.operation import Office, Refused
from tongyuan.store.database import reading
from tongyuan.store.people import grants
from tongyuan.store.scope import Scope


def refused(made: Town, person: str, name: str, **request: object) -> tuple[int, list[str]]:
    with pytest.raises(Refused) as raised:
        made.do(person, name, **request)
    return raised.value.status, [f.check for f in raised.value.findings]


@pytest.mark.parametrize(
    ("asked", "check"),
    [
        ({"role": "king"}, "role_unknown"),
        ({"role": "public"}, "role_unknown"),
        ({"role": "city_bureau"}, "role_region"),
        ({"role": "city_bureau", "region": "000000"}, "role_region"),
        ({"role": "enterprise"}, "role_organisation"),
        ({"role": "enterprise", "organisation": "A", "region": "37"}, "request"),
    ],
)
def test_a_role_that_cannot_be_given(asked: dict[str, str], check: str, made: Town) -> None:
    if check == "request":
        assert refused(made, "admin", "grant.add", account="lin", **asked) == (422, [check])
        return
    proposal = made.told("admin", "grant.add", account="lin", **asked)["proposal"]
    assert refused(made, "admin2", "proposal.decide", proposal=proposal, approved=True) == (422, [check])


def test_a_role_waits_for_its_time(made: Town) -> None:
    hour = Office(made.office.engine, made.office.archive)
    slow = Town(hour, made.tokens)
    number = slow.told("admin", "grant.add", account="lin", role="auditor")["proposal"]
    assert refused(slow, "admin2", "proposal.decide", proposal=number, approved=True) == (
        422,
        ["not_possible"],
    )


def test_a_role_ends_when_it_is_taken_back(made: Town) -> None:
    with reading(made.office.engine, Scope("x")) as session:
        (grant,) = grants(session, "lin")
    made.do("admin", "grant.end", grant=grant.number)
    assert refused(made, "lin", "submission.list")[0] == 403
    assert refused(made, "admin", "grant.end", grant=grant.number)[0] == 404


def test_one_is_stood_in_for_while_one_is_away(made: Town) -> None:
    number = submission(made, "lin", "A")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert refused(made, "wu", "submission.history", submission=number)[0] == 404
    made.do("lin", "grant.delegate", account="wu", role="enterprise", until=tomorrow)
    answer = made.do("wu", "submission.history", submission=number)
    assert isinstance(answer, pl.DataFrame)
    assert refused(made, "lin", "grant.delegate", account="wu", role="auditor", until=tomorrow)[0] == 403
    passed = {"account": "wu", "role": "enterprise", "until": "2020-01-01T00:00:00+00:00"}
    assert refused(made, "lin", "grant.delegate", **passed) == (422, ["time_passed"])
    chained = {"account": "park", "role": "enterprise", "until": tomorrow}
    made.do("wu", "grant.delegate", **chained)
    assert refused(made, "park", "submission.write", submission=number, version=2, table="activity")[0] == 403


def test_an_organisation_is_added_within_ones_region(made: Town) -> None:
    asked = {"kind": "enterprise", "title_zh": "新", "title_en": "new"}
    made.do("jinan", "organisation.add", organisation="N", region="370103", **asked)
    assert refused(made, "jinan", "organisation.add", organisation="M", region="370200", **asked)[0] == 403
    assert refused(made, "province", "organisation.add", organisation="N", region="370100", **asked)[0] == 422
