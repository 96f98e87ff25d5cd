from __future__ import annotations

import re

import pytest
from tests.web.console.conftest import Console

from tongyuan.office.guided import Step
from tongyuan.web.console.pages.guide import stand

WORDS = dict.fromkeys(("title_zh", "title_en", "text_zh", "text_en"), "x")
STEP = Step(tables=("activity", "control"), optional=("control",), **WORDS)


@pytest.mark.parametrize(
    ("rows", "wrong", "state"),
    [
        ({"activity": 2}, set(), "done"), ({}, set(), "open"), ({"control": 1}, set(), "open"),
        ({"activity": 2}, {"control"}, "wrong"), ({"activity": 2}, {"price"}, "done"),
    ],
)  # fmt: skip
def test_how_a_step_stands(rows: dict[str, int], wrong: set[str], state: str) -> None:
    assert stand(STEP, rows, wrong).state == state


def test_a_step_whose_tables_may_stay_empty_is_free() -> None:
    assert stand(STEP.model_copy(update={"optional": STEP.tables}), {}, set()).state == "free"


def test_a_row_is_entered_from_a_step_and_leads_back_to_it(standing: Console) -> None:
    client, number = standing.browser("park"), standing.numbers["P"]
    guide = f"/submission/{number}/guide/inventory"
    assert guide in client.get(f"/submission/{number}").text
    first = client.get(f"{guide}?step=0")
    assert first.status_code == 200
    version = standing.api("park", "submission.list", submission=number)
    at = version["rows"][0][version["columns"].index("version")]
    link = re.search(r'href="(/submission/\d+/activity/row\?back=[^"]+)"', first.text)
    assert link
    form = client.get(link[1].replace("&amp;", "&")).text
    back = re.search(r'name="back" value="([^"]+)"', form)
    assert back
    assert back[1] == f"{guide}?step=0"
    row = {
        "region": "济南市",
        "year": "2024",
        "process": "火力发电",
        "product": "原煤",
        "value": "7",
        "unit": "t",
    }
    sent = {**row, "source": "台账", "version": at, "line": "", "back": back[1]}
    answer = client.post(f"/submission/{number}/activity/row", data=sent)
    assert answer.headers["location"] == f"{guide}?step=0&done=submission.write"
    away = client.post(f"/submission/{number}/activity/row", data=sent | {"back": "//elsewhere.example"})
    assert away.headers.get("location", "/").startswith("/?") or away.status_code == 409


def test_the_end_says_what_is_left_and_others_see_no_way_to_change(standing: Console) -> None:
    number = standing.numbers["A"]
    text = standing.browser("lin").get(f"/submission/{number}/guide/investment?step=99").text
    assert "还有步骤没有填写" in text
    seen = standing.browser("verifier").get(f"/submission/{number}/guide/inventory?step=0").text
    assert "新增一行" not in seen
    assert standing.browser("wu").get(f"/submission/{number}/guide/inventory").status_code == 404
    assert standing.browser("lin").get(f"/submission/{number}/guide/nonsense").status_code == 404
