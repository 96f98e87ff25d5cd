from tests.report.zoning_tables import screened

from tongyuan.report.zoning.chapter.exit_land import section


def test_the_first_to_go_with_its_interval_and_the_other_tables():
    text = str(section(screened(), "en").blocks)
    assert "Of 4 units old goes first" in text or "old goes first, whatever the weights" in text
    assert "Routes of remediation" in text
    assert "Photovoltaics" in text
    assert section({}, "zh") is None
