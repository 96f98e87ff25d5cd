from __future__ import annotations

import re

import pytest
from tests.web.console.conftest import Console

from tongyuan.web.console.pages.admission import _drawn, _layer

ROW = {
    "project": "J01", "region": "济南市", "industry": "3120", "kind": "新建", "filed": "2026-01-08",
    "plan_conform": "true", "standards_met": "true", "title": "电炉炼钢", "capacity": "600000",
    "capacity_unit": "t", "source": "环评报告",
}  # fmt: skip


def test_a_guide_begun_in_its_room_leads_to_the_verdict(standing: Console) -> None:
    client = standing.browser("lin")
    assert "/guide/admission" in client.get("/room/zoning").text
    assert "开始" in client.get("/guide/admission").text
    refused = client.post("/guide/admission", data={"organisation": "A", "kind": "year", "period": "x"})
    assert refused.status_code == 422
    sent = {"organisation": "A", "kind": "year", "period": "2031"}
    made = client.post("/guide/admission", data=sent).headers["location"]
    number = re.findall(r"\d+", made)[0]
    assert made == f"/submission/{number}/guide/admission?done=submission.open"
    assert "没有建设项目" in client.get(f"/submission/{number}/admission").text
    client.post(f"/submission/{number}/project/row", data=ROW | {"version": "1", "line": ""})
    end = client.get(f"/submission/{number}/guide/admission?step=5").text
    assert f"/submission/{number}/admission" in end
    told = client.get(f"/submission/{number}/admission?project=J01").text
    assert "电炉炼钢" in told
    assert "有条件" in told or "不予" in told
    assert client.get(f"/submission/{number}/admission?project=J09").status_code == 404
    assert standing.browser("wu").get(f"/submission/{number}/admission").status_code == 404
    assert f"/submission/{number}/admission?project=J01" in client.get("/room/zoning").text


def test_who_begins_no_submissions_is_offered_no_guide(standing: Console) -> None:
    assert "/guide/" not in standing.browser("verifier").get("/room/zoning").text
    assert standing.browser("verifier").get("/guide/admission").status_code == 404
    assert standing.browser("lin").get("/guide/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("kind", "given", "layer"),
    [("unit", "priority", "priority"), ("red_line", None, "red_line"), ("water_zone", None, "other")],
)
def test_a_zone_has_the_colour_of_its_class(kind: str, given: str | None, layer: str) -> None:
    assert _layer({"kind": kind, "class": given}) == layer


def test_of_many_projects_only_the_one_asked_for_is_named() -> None:
    points = [{"project": f"J{n}", "title": None, "x": 1.0, "y": 1.0} for n in range(20)]
    told = {"map": {"height": 5.0, "zones": [], "projects": points}, "projects": []}
    drawn = _drawn(told, "J7")
    assert drawn is not None
    assert [one["project"] for one in drawn["points"] if one["named"]] == ["J7"]
    assert _drawn(told | {"map": None}, "") is None
