"""The matrix of leaks, generated: every operation is asked by everybody about what everybody has.

Each organisation's rows carry a word that stands nowhere else. Whatever an operation answers or refuses, a
word of an organisation that the person must not see is a leak.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from tests.office.desk import COAL, Town
from tests.office.test_leak import SEES

from tongyuan.ledger.run_set import new_set, run_record
from tongyuan.ledger.table import empty
from tongyuan.ledger.write.write import write_parquet
from tongyuan.office.operation import Answer, Desk, File, Refused, operations
from tongyuan.store import bulk
from tongyuan.store.database import widened, writing
from tongyuan.store.job import add
from tongyuan.store.published import publish
from tongyuan.store.scope import Scope
from tongyuan.store.submission import add_organisation
from tongyuan.store.tables import record
from tongyuan.store.work import add_reply, notify

MARKS = {"A": "甲7f3a91", "B": "乙91bc07", "P": "园5d20e4"}
EACH = sorted(set(SEES) - {"second", "admin2"})
"""One person of every role and reach."""

WRITERS = {"A": "lin", "B": "wu", "P": "park"}
ENDING = {"entry.end", "account.change_password", "account.close", "grant.end", "token.end"}
"""Operations that would end the entries this test asks with; none of them tells anything of anybody."""

GIVEN: dict[str, Any] = {
    "version": 2, "table": "activity", "rows": [COAL], "reason": "x", "file": "report.zh.html", "room": "run",
    "species": "CO2", "finding": "x", "text": "x", "file_name": "a.exe", "content": "YQ==", "kind": "month",
    "period": "2031-01", "region": "370100", "title_zh": "x", "title_en": "x", "title": "x", "role": "park",
    "account": "lin", "proposal": 1, "approved": False, "until": "2099-01-01T00:00:00Z", "grant": 1,
    "address": "https://example.org/hook", "webhook": 1, "process": "energy.power", "factor": "x", "view": 1,
    "notice": 1, "boundary": 1, "source": "x", "licence": "x", "form": "nfr",
    "concentrations": ["PM2.5=68"], "day": "2025-01-01", "cuts": ["SO2=-20%"], "gas": "CH4", "tonnes": 1.0,
    "energy": 1.0, "coal": 1.0, "project": "J", "flow": [-1.0, 2.0], "runs": ["run-of-A", "run-of-B"],
    "submissions": [1, 2], "pool": ["CO2"], "first": "2025-01-01", "last": "2025-01-01",
}  # fmt: skip
"""What the other parts of requests are asked with."""


@pytest.fixture
def marked(made: Town) -> tuple[Town, dict[str, list[Any]]]:
    """Return an office whose every organisation has something of each kind, and the numbers of these."""
    ids: dict[str, list[Any]] = {"submission": [], "run": [], "job": [], "organisation": list(MARKS)}
    for organisation, mark in MARKS.items():
        asked = {"organisation": organisation, "kind": "month", "period": "2025-01"}
        number = made.told(WRITERS[organisation], "submission.open", **asked)["submission"]
        row = COAL | {"note": mark, "source": mark}
        made.told(
            WRITERS[organisation], "submission.write",
            submission=number, version=1, table="activity", rows=[row], reason=mark,
        )  # fmt: skip
        name = f"run-of-{organisation}"
        emission = empty("emission").clear()
        with new_set(made.office.archive / f"made-{organisation}") as draft:
            write_parquet({"emission": emission}, draft.folder)
            (draft.folder / "report.zh.html").write_text(mark, "utf-8")
            draft.seal(run_record({}, {}, {"emission": emission}))
        draft.final.rename(made.office.archive / name)
        with writing(made.office.engine, Scope.own("maker", organisation)) as session:
            publish(session, made.office.archive, name, organisation=organisation)
            ids["job"].append(add(session, organisation, "run", {"submission": number, "mark": mark}))
            add_reply(session, number, "x", mark)
            for role in ("enterprise", "city_bureau"):
                notify(session, organisation, role, "mark", {"mark": mark})
            add_organisation(
                widened(session, f"{organisation}-child"), f"{organisation}-child", kind="enterprise",
                region="370100" if organisation != "B" else "370200",
                title_zh=mark, title_en=mark, parent=organisation,
            )  # fmt: skip
        ids["submission"].append(number)
        ids["run"].append(name)
    return made, ids


def requests(name: str, ids: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Yield what an operation is asked: about each thing of each organisation, the rest as it is needed."""
    model = operations()[name].request
    about = [field for field in ids if field in model.model_fields]
    needed = [n for n, f in model.model_fields.items() if f.is_required() and n not in ids]
    unknown = set(needed) - set(GIVEN)
    assert not unknown, f"{name} is asked for {unknown}: say in GIVEN with what"
    for values in product(*(ids[field] for field in about)):
        more = {"tables": ["activity"]} if "tables" in model.model_fields else {}
        yield dict(zip(about, values, strict=True)) | {n: GIVEN[n] for n in needed} | more


def said(answer: Answer) -> str:
    """Return all text of an answer."""
    if isinstance(answer, pl.DataFrame):
        return json.dumps(answer.rows(), ensure_ascii=False, default=str)
    if not isinstance(answer, File):
        return json.dumps(dict(answer), ensure_ascii=False, default=str)
    if not zipfile.is_zipfile(io.BytesIO(answer.content)):
        return answer.content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "".join(packed.read(n).decode("utf-8", "replace") for n in packed.namelist())


def leaks(made: Town, ids: dict[str, list[Any]], names: list[str]) -> tuple[set[tuple[str, str, str]], int]:
    """Return who was told by which operation a word of whom, and how many words were told rightly."""
    found, right = set(), 0
    for name, person in product(names, EACH):
        for request in requests(name, ids):
            try:
                text = said(made.do(person, name, **request))
            except Refused as refused:
                text = str(refused) + "".join(f.message("zh") for f in refused.findings)
            told = {organisation for organisation, mark in MARKS.items() if mark in text}
            right += len(told & SEES[person])
            found |= {(person, name, organisation) for organisation in told - SEES[person]}
    return found, right


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def test_no_operation_tells_anybody_what_is_not_theirs(
    kind: str, marked: tuple[Town, dict[str, list[Any]]]
) -> None:
    made, ids = marked
    names = sorted(set(operations()) - ENDING)
    reading = [n for n in names if not operations()[n].changes]
    found, right = leaks(made, ids, reading + [n for n in names if operations()[n].changes])
    # The auditor's trail names reasons and organisations; those are what it is there for.
    assert {one for one in found if one[1] != "trail.entries"} == set()
    assert right > 50


def unscoped(desk: Desk, _: Any) -> Answer:
    """Answer all rows there are: what nobody must write."""
    statement = sa.select(record("activity").c.note).execution_options(scoped=True)
    return bulk.frame_of(desk.session, statement)


def unmarked(desk: Desk, _: Any) -> Answer:
    rows = desk.session.connection.execute(sa.select(record("activity").c.note))
    return pl.DataFrame({"note": [row[0] for row in rows]})


def typed(desk: Desk, _: Any) -> Answer:
    rows = desk.session.connection.execute(sa.text("select note from record_activity"))
    return pl.DataFrame({"note": [row[0] for row in rows]})


@pytest.mark.parametrize("query", [unscoped, unmarked, typed])
def test_a_query_without_scope_is_noticed(
    query: Any, kind: str, marked: tuple[Town, dict[str, list[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite holds no rows back, so the matrix must find the leak; PostgreSQL's row security holds them."""
    made, ids = marked
    known: Any = operations()
    monkeypatch.setitem(known, "submission.list", replace(known["submission.list"], run=query))
    found, right = leaks(made, ids, ["submission.list"])
    if query is unscoped and kind == "sqlite":
        assert ("lin", "submission.list", "B") in found
    else:
        assert found == set()
    if query is not unscoped:
        assert right == 0  # refused before it asks the database
