import json

from tongyuan.ledger.finding import finding
from tongyuan.office.operation import Refused
from tongyuan.web.problem import problem, refused, told


def test_a_finding_is_told_with_its_place_and_its_next_step() -> None:
    one = finding("office", "not_there", file="a.xlsx", sheet="表", row=3, column="B", what="12")
    (plain,) = told([one], "en")
    assert plain["place"] == "a.xlsx · 表 · B3"
    assert "12" in plain["message"]
    assert plain["next"]


def test_a_refusal_keeps_its_status() -> None:
    answer = refused(Refused(404, finding("office", "not_there", what="12")), "zh")
    content = json.loads(bytes(answer.body))
    assert (answer.status_code, content["status"], content["title"]) == (404, 404, "Not Found")
    assert content["detail"] == content["findings"][0]["message"]


def test_a_problem_without_findings_says_what_it_is() -> None:
    assert json.loads(bytes(problem(413, []).body))["detail"]
