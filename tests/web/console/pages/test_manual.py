from __future__ import annotations

import pytest
from markupsafe import escape
from tests.office.desk import PEOPLE
from tests.web.console.conftest import Console

from tongyuan.office.manual import Step, manual
from tongyuan.office.operation import operations

WHO = {role: person for person, (role, _, _) in reversed(PEOPLE.items())} | {"administrator": "admin"}
STEPS = [(role, step) for role, steps in manual().items() for step in steps]


@pytest.mark.parametrize(("role", "step"), STEPS)
def test_every_step_leads_to_where_it_is_done(role: str, step: Step, standing: Console) -> None:
    text = standing.browser(WHO.get(role)).get(step.to)
    assert text.status_code == 200
    if step.press:
        assert f"/do/{step.press}" in text.text
        assert str(escape(operations()[step.press].title.zh)) in text.text


def test_one_sees_the_steps_of_ones_own_roles(standing: Console) -> None:
    lin = standing.browser("lin").get("/manual").text
    assert str(escape(manual()["enterprise"][0].text.zh)) in lin
    assert str(escape(manual()["auditor"][0].text.zh)) not in lin
    nobody = standing.browser(None).get("/manual?language=en").text
    assert str(escape(manual()["public"][0].text.en)) in nobody
    assert "/manual" in standing.browser("lin").get("/").text
