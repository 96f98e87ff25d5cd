from datetime import date

import pytest

from tongyuan.flows.ask.zoning import everything, offsets, review, screen
from tongyuan.ledger.finding import FindingError


@pytest.mark.parametrize("ask", [everything, offsets, screen])
def test_what_is_no_workspace_or_has_no_projects_is_said(ask, tmp_path):
    with pytest.raises(FindingError):
        ask(tmp_path)
    (tmp_path / "tongyuan.toml").write_text('name = "X"\nkind = "city"\n', "utf-8")
    (tmp_path / "tables").mkdir()
    with pytest.raises(FindingError):
        ask(tmp_path)


def test_a_review_names_its_body():
    assert review(10_000.0, 0.0, date(2026, 1, 1), higher=None, key_field=False).facts == {"body": "province"}
