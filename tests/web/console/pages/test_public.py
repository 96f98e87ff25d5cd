from __future__ import annotations

import re
import shutil

import pytest
from tests.office.operations.test_public import moved
from tests.web.console.conftest import Console

from tongyuan.office.operator import bring_folder
from tongyuan.store.database import writing
from tongyuan.store.published import publish
from tongyuan.store.scope import Scope
from tongyuan.store.submission import head_of


@pytest.fixture(scope="module")
def public(standing: Console) -> str:
    """Return a run of the park that was made public."""
    office, run = standing.made.office, "of-the-park"
    brought = bring_folder(office, standing.folder, "P")
    shutil.copytree(office.archive / standing.run, office.archive / run)
    with writing(office.engine, Scope.own("maker", "P")) as session:
        version = head_of(session, brought.submission).version
        publish(
            session, office.archive, run, organisation="P", submission=brought.submission, version=version
        )
    for act, person in (("submit", "jinan"), ("accept", "jinan"), ("publish", "province")):
        moved(standing.made, person, act, brought.submission)
    return run


def test_everybody_reads_what_is_public_without_entering(standing: Console, public: str) -> None:
    client = standing.browser(None)
    assert f'href="/public/{public}"' in client.get("/public").text
    page = client.get(f"/public/{public}")
    rooms = set(re.findall(rf'href="/public/{public}/(\w+)"', page.text))
    assert rooms == {"front", "inventory"}
    for room in rooms:
        assert client.get(f"/public/{public}/{room}?language=en").status_code == 200
    for path in (f"/public/{public}/pathway", f"/public/{standing.run}", "/public/nonsense"):
        assert client.get(path).status_code == 404
    assert client.get(f"/run/{public}").headers["location"].startswith("/enter")
    assert standing.browser("lin").get("/room/public").headers["location"] == "/public"


def test_what_somebody_says_is_read_by_the_bureau_as_text(standing: Console, public: str) -> None:
    client = standing.browser(None)
    said = {"text": "<script>alert(1)</script>烟囱冒黑烟", "contact": ""}
    got = client.post(f"/public/{public}", data=said)
    assert (got.status_code, got.headers["location"]) == (303, f"/public/{public}?done=public.remark")
    notices = standing.browser("jinan").get("/room/notice").text
    assert "烟囱冒黑烟" in notices
    assert "<script>alert" not in notices
    empty = client.post(f"/public/{public}", data={"text": ""})
    assert empty.status_code == 422
    assert 'role="alert"' in empty.text
    assert client.post("/public/nonsense", data=said).status_code == 404
