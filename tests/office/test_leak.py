"""Every role × every operation × own and other's row: who may do what, and nobody sees what is not theirs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.office.desk import COAL, PEOPLE, Town, submission, town

from tongyuan.ledger.run_set import new_set, run_record
from tongyuan.ledger.table import empty
from tongyuan.ledger.write.write import write_parquet
from tongyuan.office.operation import Refused, operations, perform
from tongyuan.store.database import open_database, writing
from tongyuan.store.job import add
from tongyuan.store.published import publish
from tongyuan.store.scope import Scope

SEES = {
    "lin": {"A"},
    "wu": {"B"},
    "park": {"P", "A"},
    "verifier": {"A"},
    "jinan": {"P", "A"},
    "qingdao": {"B"},
    "province": {"P", "A", "B"},
    "second": {"P", "A", "B"},
    "auditor": set(),
    "admin": set(),
    "admin2": set(),
}
"""Whose rows each person may see."""

Ask = Callable[[int], dict[str, Any]]

ON_ROWS: dict[str, Ask] = {
    "submission.history": lambda n: {"submission": n},
    "submission.rows": lambda n: {"submission": n, "table": "activity"},
    "submission.write": lambda n: {"submission": n, "version": 2, "table": "activity", "rows": [COAL]},
    "submission.replace": lambda n: {"submission": n, "version": 2, "table": "activity", "rows": [COAL]},
    "submission.evaluate": lambda n: {"submission": n},
    "submission.submit": lambda n: {"submission": n, "version": 2},
    "submission.verify": lambda n: {"submission": n, "version": 2},
    "submission.return": lambda n: {"submission": n, "version": 2, "reason": "x"},
    "submission.accept": lambda n: {"submission": n, "version": 2},
    "submission.publish": lambda n: {"submission": n, "version": 2},
    "finding.reply": lambda n: {"submission": n, "finding": "x", "text": "x"},
    "finding.replies": lambda n: {"submission": n},
    "submission.tables": lambda n: {"submission": n},
    "submission.template": lambda n: {"submission": n, "tables": ["activity"]},
    "submission.download": lambda n: {"submission": n, "tables": ["activity"]},
    "submission.upload": lambda n: {"submission": n, "version": 2, "file_name": "a.csv", "content": "YQ=="},
    "run.start": lambda n: {"submission": n},
    "impact.air": lambda n: {"submission": n},
    "impact.constrain": lambda n: {"submission": n},
    "impact.fit": lambda n: {"submission": n},
    "admission.page": lambda n: {"submission": n},
    "zoning.screen": lambda n: {"submission": n},
    "allocation.cells": lambda n: {"submission": n},
    "allocation.write": lambda n: {"submission": n, "first": "2025-06-01", "last": "2025-06-01"},
    "zoning.carbon": lambda n: {"submission": n, "project": "J"},
    "finance.appraise": lambda n: {"submission": n},
    "finance.incentive": lambda n: {"submission": n},
    "finance.credits": lambda n: {"submission": n},
}
"""Operations on one submission."""

AskRun = Callable[[str], dict[str, Any]]

ON_RUNS: dict[str, AskRun] = {
    "run.tables": lambda r: {"run": r},
    "run.table": lambda r: {"run": r, "table": "emission"},
    "run.files": lambda r: {"run": r},
    "run.file": lambda r: {"run": r, "file": "report.zh.html"},
    "run.explain": lambda r: {"run": r, "species": "CO2"},
    "run.export": lambda r: {"run": r, "form": "nfr"},
    "run.rooms": lambda r: {"run": r},
    "run.page": lambda r: {"run": r, "room": "run"},
    "run.solve": lambda r: {"run": r},
    "run.regions": lambda r: {"run": r, "species": "CO2"},
}
"""Operations on one published run."""

ON_JOBS = ("job.cancel", "job.retry")
"""Operations on one job."""

LISTS = dict.fromkeys(
    (
        "organisation.list",
        "submission.list",
        "notice.list",
        "run.list",
        "job.list",
        "calendar.list",
        "admission.list",
    ),
    "organisation",
)
"""Operations that list what one sees, and the column that tells whose it is."""

HERE = Path(__file__).parent


def _tested_apart() -> set[str]:
    """Return the operations that a test of the office names: these say who may do them on what."""
    told = "".join(path.read_text("utf-8") for path in sorted(HERE.rglob("*.py")))
    return {name for name in operations() if f'"{name}"' in told}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_model: Path) -> Town:
    place = tmp_path_factory.mktemp("leak")
    shutil.copy(sqlite_model, place / "a.db")
    return town(open_database(f"sqlite:///{place / 'a.db'}"), place)


@pytest.fixture(scope="module")
def numbers(made: Town) -> dict[str, int]:
    return {
        "A": submission(made, "lin", "A"),
        "B": submission(made, "wu", "B"),
        "P": submission(made, "park", "P"),
    }


@pytest.fixture(scope="module")
def runs(made: Town) -> dict[str, str]:
    """Return a published run of each organisation, without a submission."""
    emission = empty("emission").clear()
    for organisation in ("A", "B", "P"):
        name = f"run-of-{organisation}"
        with new_set(made.office.archive / f"made-{organisation}") as draft:
            write_parquet({"emission": emission}, draft.folder)
            (draft.folder / "report.zh.html").write_text("<p>", "utf-8")
            draft.seal(run_record({}, {}, {"emission": emission}))
        draft.final.rename(made.office.archive / name)
        with writing(made.office.engine, Scope.own("maker", organisation)) as session:
            publish(session, made.office.archive, name, organisation=organisation)
    return {organisation: f"run-of-{organisation}" for organisation in ("A", "B", "P")}


@pytest.fixture(scope="module")
def queued(made: Town) -> dict[str, int]:
    """Return a job of each organisation."""
    found = {}
    for organisation in ("A", "B", "P"):
        with writing(made.office.engine, Scope.own("maker", organisation)) as session:
            found[organisation] = add(session, organisation, "run", {"submission": 0})
    return found


def status(made: Town, person: str | None, name: str, **request: Any) -> int:
    try:
        made.do(person, name, **request)
    except Refused as refused:
        return refused.status
    return 200


def test_every_operation_has_its_entry() -> None:
    assert {*ON_ROWS, *ON_RUNS, *ON_JOBS, *LISTS} <= set(operations())
    assert set(operations()) - {*ON_ROWS, *ON_RUNS, *ON_JOBS, *LISTS} - _tested_apart() == set()


@pytest.mark.parametrize("person", sorted(SEES))
@pytest.mark.parametrize("name", sorted(ON_ROWS))
def test_a_row_of_another_is_not_there(made: Town, numbers: dict[str, int], person: str, name: str) -> None:
    role = PEOPLE.get(person, ("administrator",))[0]
    for organisation, number in numbers.items():
        got = status(made, person, name, **ON_ROWS[name](number))
        if role not in operations()[name].roles:
            assert got == 403
        elif organisation not in SEES[person]:
            assert got in (403, 404)
        elif not operations()[name].changes:
            lacks = name.startswith(("admission.", "impact.", "zoning.", "allocation.", "finance."))
            assert got == (422 if lacks else 200)  # it brings no air, no projects


@pytest.mark.parametrize("person", sorted(SEES))
@pytest.mark.parametrize("name", sorted(ON_RUNS))
def test_a_run_of_another_is_not_there(made: Town, runs: dict[str, str], person: str, name: str) -> None:
    role = PEOPLE.get(person, ("administrator",))[0]
    for organisation, run in runs.items():
        got = status(made, person, name, **ON_RUNS[name](run))
        if role not in operations()[name].roles:
            assert got == 403
        elif organisation not in SEES[person]:
            assert got == 404
        else:
            nothing = {"run.solve": 404, "run.regions": 404, "run.export": 422}  # to plan, to sum, to hand on
            assert got == nothing.get(name, 200)


@pytest.mark.parametrize("person", sorted(SEES))
@pytest.mark.parametrize("name", ON_JOBS)
def test_a_job_of_another_is_not_there(made: Town, queued: dict[str, int], person: str, name: str) -> None:
    role = PEOPLE.get(person, ("administrator",))[0]
    for organisation, number in queued.items():
        got = status(made, person, name, job=number)
        if role not in operations()[name].roles:
            assert got == 403
        elif organisation not in SEES[person]:
            assert got == 404
        else:
            assert got != 404  # it may also be beyond writing for, or in another state


@pytest.mark.parametrize("person", sorted(SEES))
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_holds_what_one_sees(
    made: Town, numbers: dict[str, int], runs: dict[str, str], queued: dict[str, int], person: str, name: str
) -> None:
    role = PEOPLE.get(person, ("administrator",))[0]
    if role not in operations()[name].roles:
        assert status(made, person, name) == 403
        return
    answer = made.do(person, name)
    assert isinstance(answer, pl.DataFrame)
    seen = set(answer[LISTS[name]])
    assert seen <= SEES[person]
    if name in ("submission.list", "run.list", "job.list"):
        assert seen == SEES[person]


@pytest.mark.parametrize("name", sorted(n for n, one in operations().items() if "public" not in one.roles))
@pytest.mark.parametrize("token", [None, "", "forged"])
def test_nobody_does_anything_without_having_entered(made: Town, name: str, token: str | None) -> None:
    request = ON_ROWS[name](1) if name in ON_ROWS else ON_RUNS.get(name, lambda _: {})("x")
    with pytest.raises(Refused) as refused:
        perform(made.office, token, name, request)
    assert refused.value.status in (401, 422)


@pytest.mark.parametrize("person", sorted(SEES))
@pytest.mark.parametrize("name", ["account.list", "trail.entries", "proposal.list", "trail.verify"])
def test_lists_of_the_office_are_for_their_roles(made: Town, person: str, name: str) -> None:
    role = PEOPLE.get(person, ("administrator",))[0]
    assert status(made, person, name) == (200 if role in operations()[name].roles else 403)


OTHERS = [("lin", "B"), ("wu", "A"), ("park", "A"), ("qingdao", "A")]


@pytest.mark.parametrize(("person", "organisation"), OTHERS)
def test_a_submission_is_begun_for_ones_own(made: Town, person: str, organisation: str) -> None:
    asked = {"organisation": organisation, "kind": "month", "period": "2024-01"}
    assert status(made, person, "submission.open", **asked) == 403


def test_an_administrator_sees_no_data_and_gives_no_role_alone(made: Town) -> None:
    asked = {"account": "lin", "role": "province_bureau", "region": "370000"}
    proposal = made.told("admin", "grant.add", **asked)["proposal"]
    assert status(made, "admin", "proposal.decide", proposal=proposal, approved=True) == 403
    assert status(made, "province", "proposal.decide", proposal=proposal, approved=True) == 403
    assert made.told("admin2", "proposal.decide", proposal=proposal, approved=False)["proposal"] == proposal
    assert status(made, "admin2", "proposal.decide", proposal=proposal, approved=True) == 422
