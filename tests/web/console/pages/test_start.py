from __future__ import annotations

from tests.web.console.conftest import Console

from tongyuan.office.operation import operations
from tongyuan.web.console.pages.start import NEEDS


def test_what_waits_is_counted_for_those_who_may_do_it(standing: Console) -> None:
    lin, auditor, admin = (standing.browser(p).get("/").text for p in ("lin", "auditor", "admin"))
    assert "草稿待提交" in lin
    assert standing.run in lin
    assert "留痕完整" in auditor
    assert standing.run not in auditor
    assert "启用的账户" in admin
    assert standing.run not in admin


def test_the_chapters_of_the_newest_run_stand_there(standing: Console) -> None:
    text = standing.browser("jinan").get("/").text
    assert "card-value" in text
    assert 'id="chart-data"' in text


def test_what_is_counted_are_operations() -> None:
    assert set(NEEDS) <= set(operations())
