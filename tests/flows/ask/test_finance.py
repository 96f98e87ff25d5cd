import pytest

from tongyuan.flows.ask.finance import appraise, rates, verify
from tongyuan.ledger.finding import FindingError


def test_answers_are_the_functions():
    answer = rates([-1600.0, 10_000.0, -10_000.0], 0.5)
    assert answer["rate"]["rate"].to_list() == pytest.approx([0.25, 4.0])
    assert answer.facts["value"] == pytest.approx(622.2222, abs=1e-4)
    assert answer.facts["count"] == 2
    assert rates([-1600.0, 10_000.0, -10_000.0], 0.08).facts["payback"] is None


def test_what_is_no_flow_no_ledger_no_workspace_is_said(tmp_path):
    for ask in (lambda: rates([1.0], 0.1), lambda: rates([1.0, 2.0], -1.0), lambda: verify(tmp_path),
                lambda: appraise(tmp_path)):  # fmt: skip
        with pytest.raises(FindingError):
            ask()
