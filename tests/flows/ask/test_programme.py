from __future__ import annotations

from tongyuan.flows.ask.programme import assess, check, merge, status
from tongyuan.flows.deploy.deploy import collect, init


def test_a_programme_is_asked_from_its_beginning_to_its_assessment(tmp_path) -> None:
    folder = tmp_path / "p"
    init(folder, "370000", language="en")
    assert not [f for f in check(folder).findings if f.severity == "error"]
    answer = status(folder)
    assert next(iter(answer.tables)) == "target_status"
    forms = collect(folder, 2024, language="en")
    merged = merge(folder, [forms[0].parent])
    assert merged.facts["files"] == len(forms)
    assert merged.facts["conflicts"] == 0
    now = assess(folder, 2024)["assessment"]
    assert now.filter((now["coverage"] <= 0) & ~now["vetoed"]).is_empty()
