from __future__ import annotations

import pytest

from tongyuan.ledger.table import table, tables_of
from tongyuan.office.operation import operations
from tongyuan.web.console import form
from tongyuan.web.console.body import Sent
from tongyuan.web.console.pages.operation import ELSEWHERE

WITHOUT = {"run.solve", "submission.replace", "submission.write"}
"""What is asked for rows or bounds has pages of its own."""


def test_every_operation_has_a_form_or_a_page_of_its_own() -> None:
    without = {
        name for name, one in operations().items() if form.of_request(one.request, {}, "zh", {}) is None
    }
    assert without == WITHOUT
    assert without - {"run.solve"} <= set(ELSEWHERE)


@pytest.mark.parametrize("name", sorted(set(operations()) - WITHOUT))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_field_is_called_something(name: str, language: str) -> None:
    for field in form.of_request(operations()[name].request, {}, language, {}) or ():  # type: ignore[arg-type]
        assert field.title != field.name or field.name in ("species", "scope", "top"), field.name


def test_what_a_form_sends_is_what_is_asked() -> None:
    opened = operations()["submission.open"].request
    sent = Sent({"organisation": ["A"], "kind": ["month"], "period": ["2025-01"], "back": ["/"]})
    assert form.values(opened, sent) == {"organisation": "A", "kind": "month", "period": "2025-01"}
    start = operations()["run.start"].request
    assert form.values(start, Sent({"submission": ["3"], "only": ["account, plan"]})) == {
        "submission": "3",
        "only": ["account", "plan"],
    }
    grant = operations()["grant.add"].request
    asked = form.values(grant, Sent({"account": ["x"], "role": ["park"], "until": ["2027-01-02T03:04"]}))
    assert grant.model_validate(asked).until.isoformat() == "2027-01-02T03:04:00+08:00"  # type: ignore[attr-defined]
    upload = operations()["submission.upload"].request
    asked = form.values(
        upload, Sent({"submission": ["1"], "version": ["2"]}, {"content": ("a.csv", b"\x00\xff")})
    )
    assert upload.model_validate(asked).content == b"\x00\xff"  # type: ignore[attr-defined]
    decide = operations()["proposal.decide"].request
    assert form.values(decide, Sent({"proposal": ["1"]}))["approved"] is False


def test_choices_stand_in_the_form() -> None:
    kinds = {f.name: f for f in form.of_request(operations()["submission.open"].request, {}, "zh", {}) or ()}
    assert kinds["kind"].options == [("month", "月报"), ("year", "年报"), ("inventory", "清单")]
    assert kinds["kind"].required


@pytest.mark.parametrize("name", sorted(tables_of(role="input")))
def test_the_form_of_a_row_is_its_schema(name: str) -> None:
    fields = form.of_row(table(name), {}, "zh")
    assert [f.name for f in fields] == [c.name for c in table(name).columns]
    for field, column in zip(fields, table(name).columns, strict=True):
        assert field.title.startswith(column.title_zh)
        if column.type == "choice":
            assert [value for value, _ in field.options] == ["", *column.choices]
