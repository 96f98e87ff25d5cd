from tests.report.zoning_tables import screened

from tongyuan.report.zoning.chapter.zone import section


def test_headroom_contacts_and_faults_stand_together():
    made = section(screened(), "zh")
    text = str(made.blocks)
    assert "1 项预算中有 1 项" in text
    assert "重叠" in text
    assert "生态保护红线" in text
    assert section({}, "en") is None
