from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.office.desk import Town, submission

from tongyuan.flows.run import run
from tongyuan.ledger.example import copy_example
from tongyuan.office.operation import Refused
from tongyuan.office.operations import public
from tongyuan.office.operator import bring_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("p") / "w"
    copy_example("minimal", place)
    run(place, only=("account",))
    return place


def shown(made: Town, person: str | None = None) -> list[str]:
    answer = made.do(person, "public.list")
    assert isinstance(answer, pl.DataFrame)
    return answer["run"].to_list()


def moved(made: Town, person: str, act: str, number: int, **more: Any) -> None:
    version = made.do(person, "submission.history", submission=number)["version"].max()  # type: ignore[index, union-attr]
    made.told(person, f"submission.{act}", submission=number, version=version, **more)


def status(made: Town, name: str, **asked: Any) -> int:
    try:
        made.do(None, name, **asked)
    except Refused as refused:
        return refused.status
    return 200


def test_only_what_a_bureau_made_public_is_seen_and_spoken_of(made: Town, folder: Path) -> None:
    brought = bring_folder(made.office, folder, "P")
    (name,) = brought.runs
    for act, person in (("submit", "jinan"), ("accept", "jinan")):
        moved(made, person, act, brought.submission)
        assert shown(made) == []
        assert (
            status(made, "public.page", run=name) == status(made, "public.remark", run=name, text="?") == 404
        )
    moved(made, "province", "publish", brought.submission)
    assert shown(made) == shown(made, "wu") == shown(made, "auditor") == [name]
    told = made.told(None, "public.page", run=name, room="inventory")
    assert told["html"] == made.told("park", "run.page", run=name, room="inventory")["html"]
    assert status(made, "public.page", run=name, room="run") == 404
    assert status(made, "run.page", run=name, room="inventory") == 401
    made.told(None, "public.remark", run=name, text="<script>烟囱</script>", contact="a@b")
    for person, seen in (("jinan", 1), ("province", 1), ("qingdao", 0)):
        notices = made.do(person, "notice.list")
        assert isinstance(notices, pl.DataFrame)
        assert notices.filter(kind="remark").height == seen
    asked = {"submission": brought.submission, "reason": "更正"}
    proposal = made.told("jinan", "submission.reopen", version=_version(made, brought.submission), **asked)[
        "proposal"
    ]
    made.told("province", "proposal.decide", proposal=proposal, approved=True)
    assert shown(made) == []  # while it is corrected, it is not what was made public


def _version(made: Town, number: int) -> int:
    return int(made.do("jinan", "submission.history", submission=number)["version"].max())  # type: ignore[index, union-attr, arg-type]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_results_of_an_enterprise_are_not_shown(kind: str, made: Town, folder: Path) -> None:
    brought = bring_folder(made.office, folder, "A")
    for act, person in (("submit", "lin"), ("accept", "jinan"), ("publish", "province")):
        moved(made, person, act, brought.submission)
    assert shown(made) == []
    assert submission(made, "park", "P")
    assert shown(made) == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_remarks_are_taken_as_many_as_somebody_can_read(
    kind: str, made: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "MOST", 4)  # two roles are told of each
    brought = bring_folder(made.office, folder, "P")
    for act, person in (("submit", "jinan"), ("accept", "jinan"), ("publish", "province")):
        moved(made, person, act, brought.submission)
    asked = {"run": brought.runs[0], "text": "再说一次"}
    assert [status(made, "public.remark", **asked) for _ in range(3)] == [200, 200, 429]
