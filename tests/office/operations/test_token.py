from __future__ import annotations

import pytest
from tests.office.desk import Town, submission

from tongyuan.office.operation import Refused, operations, perform

UNTIL = "2099-01-01T00:00:00Z"
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def status(made: Town, holder: str, name: str, **asked: object) -> int:
    try:
        perform(made.office, holder, name, asked)
    except Refused as refused:
        return refused.status
    return 200


def test_a_token_reads_and_changes_nothing_unless_it_says_so(kind: str, made: Town) -> None:
    number = submission(made, "lin", "A")
    token = made.told("lin", "token.add", title="script", until=UNTIL)["token"]
    assert status(made, token, "submission.list") == 200
    assert status(made, token, "submission.submit", submission=number, version=2) == 403
    able = made.told("lin", "token.add", title="writer", until=UNTIL, changes=True)["token"]
    again = {"organisation": "A", "kind": "month", "period": "2025-02"}
    assert status(made, able, "submission.open", **again) == 200


def test_a_token_is_for_some_operations_and_organisations(kind: str, made: Town) -> None:
    for person, organisation in (("lin", "A"), ("park", "P")):
        submission(made, person, organisation)
    asked = {"title": "one", "until": UNTIL, "operations": ["submission.list"], "organisations": ["A"]}
    token = made.told("park", "token.add", **asked)["token"]
    listed = perform(made.office, token, "submission.list", {})
    assert set(listed["organisation"]) == {"A"}  # type: ignore[index, arg-type]
    assert status(made, token, "job.list") == 403
    beyond = made.told("park", "token.add", **asked | {"organisations": ["B"]})["token"]
    assert perform(made.office, beyond, "submission.list", {}).is_empty()  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["token.add", "account.change_password", "grant.add", "proposal.decide"])
def test_no_token_gives_power(kind: str, name: str, made: Town) -> None:
    with pytest.raises(Refused) as refused:
        made.do("admin", "token.add", title="x", until=UNTIL, operations=[name])
    assert [f.check for f in refused.value.findings] == ["token_operations"]
    able = made.told("admin", "token.add", title="x", until=UNTIL, changes=True)["token"]
    asked = {"title": "y", "until": UNTIL}
    assert status(made, able, "token.add", **asked) == 403
    assert operations()["token.add"].room == "account"


def test_tokens_are_listed_without_their_secret_and_end_one_by_one(kind: str, made: Town) -> None:
    first = made.told("lin", "token.add", title="one", until=UNTIL)
    second = made.told("lin", "token.add", title="two", until=UNTIL)
    rows = made.do("lin", "token.list")
    assert rows["title"].to_list() == ["one", "two"]  # type: ignore[index]
    assert first["token"] not in str(rows.rows())  # type: ignore[union-attr]
    assert status(made, made.tokens["wu"], "token.end", token=first["number"]) == 404
    made.told("lin", "token.end", token=first["number"])
    assert status(made, first["token"], "submission.list") == 401
    assert status(made, second["token"], "submission.list") == 200


def test_a_token_that_would_have_ended_is_not_made_and_no_secret_is_kept(kind: str, made: Town) -> None:
    asked = {"title": "x", "until": "2020-01-01T00:00:00Z"}
    assert status(made, made.tokens["lin"], "token.add", **asked) == 422
    with pytest.raises(Refused) as refused:
        perform(made.office, made.tokens["lin"], "token.add", asked | {"until": UNTIL}, once="k")
    assert [f.check for f in refused.value.findings] == ["once_secret"]
