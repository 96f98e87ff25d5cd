from datetime import date
from pathlib import Path

import pytest

from tongyuan.flows.ask.impact import air, index, pairs, pulse, screen
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError


def test_answers_are_the_functions() -> None:
    answer = index({"PM2.5": 68.0}, date(2026, 3, 1))
    assert (answer.facts["aqi"], answer.facts["standard"]) == (108, "HJ633-2026")
    assert screen({"BC": -0.1})["screening"]["ratio"].to_list()[1:] == [1]
    assert pulse("N2O", 1.0, [100.0])["pulse"]["warming"].to_list() == pytest.approx([9.19269e-11], rel=1e-5)


def test_all_findings_at_once(tmp_path: Path) -> None:
    with pytest.raises(FindingError) as caught:
        index({"PM1": 1.0, "PM2.5": -1.0}, date(2026, 3, 1))
    assert [f.check for f in caught.value.findings] == ["air_unknown", "air_too_low"]
    (tmp_path / "tongyuan.toml").write_text('name = "Nobody"\nkind = "city"\n', "utf-8")
    with pytest.raises(FindingError, match="Nobody"):
        air(open_workspace(tmp_path))


@pytest.mark.parametrize("text", ["SO2", "SO2=", "SO2=nan", "SO2=inf", "SO2=x%"])
def test_pairs_are_finite_numbers(text: str) -> None:
    assert pairs(["SO2=−40%", "NOx＝0.5"], share=True) == {"SO2": -0.4, "NOx": 0.5}
    with pytest.raises(FindingError) as caught:
        pairs([text], share=True)
    assert [f.check for f in caught.value.findings] == ["air_pair"]
