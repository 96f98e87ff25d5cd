from __future__ import annotations

import pytest
from tests.office.desk import COAL, Town, submission

from tongyuan.office.entry import enter
from tongyuan.office.operation import Refused, operations


def refused(made: Town, person: str | None, name: str, **request: object) -> tuple[int, list[str]]:
    with pytest.raises(Refused) as raised:
        made.do(person, name, **request)
    return raised.value.status, [f.check for f in raised.value.findings]


def test_every_operation_has_its_titles_and_its_words() -> None:
    for operation in operations().values():
        assert operation.title.zh
        assert operation.title.en
        assert operation.request.__doc__


def test_what_cannot_be_asked(made: Town) -> None:
    assert refused(made, "lin", "nonsense") == (400, ["operation_unknown"])
    assert refused(made, "lin", "submission.rows", table="activity") == (422, ["request"])
    assert refused(made, "lin", "submission.list", colour="red") == (422, ["request"])
    assert refused(made, "lin", "submission.open", organisation="", kind="x", period="2025-13") == (
        422,
        ["request"] * 3,
    )
    number = submission(made, "lin", "A")
    assert refused(made, "lin", "submission.rows", submission=number, table="emission") == (
        422,
        ["table_unknown"],
    )
    assert refused(made, "lin", "submission.open", organisation="A", kind="month", period="2025-01") == (
        422,
        ["not_possible"],
    )


def test_a_conflict_names_what_both_changed(made: Town) -> None:
    number = submission(made, "lin", "A")
    asked = {
        "submission": number,
        "version": 2,
        "table": "activity",
        "rows": [COAL | {"_line": 1, "value": 5}],
    }
    assert made.told("lin", "submission.write", **asked)["version"] == 3
    assert refused(made, "jinan", "submission.write", **asked) == (409, ["conflict"])


def test_a_password_for_one_use_is_changed_before_anything_else(made: Town) -> None:
    word = made.told("admin", "account.add", account="new", title="New")["password"]
    made.tokens["new"] = enter(made.office, "new", word)
    assert refused(made, "new", "organisation.list") == (403, ["password_must_change"])
    made.do("new", "account.change_password", old=word, new="another long one")
    assert refused(made, "new", "organisation.list") == (401, ["not_entered"])
    made.tokens["new"] = enter(made.office, "new", "another long one")
    assert refused(made, "new", "organisation.list") == (403, ["not_allowed"])


def test_a_closed_account_is_out_at_once(made: Town) -> None:
    made.do("admin", "account.close", account="lin")
    assert refused(made, "lin", "submission.list") == (401, ["not_entered"])


def test_a_text_of_blanks_is_described_as_it_is_refused() -> None:
    asked = operations()["organisation.add"].request
    told = asked.model_json_schema()["properties"]
    assert told["title_en"]["pattern"] == r"\S"
    whole = dict.fromkeys(told, "x") | {"title_en": " \t"}
    with pytest.raises(ValueError, match="title_en"):
        asked.model_validate(whole)
    assert (
        "pattern" not in operations()["submission.submit"].request.model_json_schema()["properties"]["reason"]
    )
