from tests.report.zoning_tables import screened

from tongyuan.report.zoning.chapter.offset import section


def test_who_is_supported_and_what_is_short():
    tables = screened()
    made = section(tables, "en")
    assert "support 0 of the 1 projects" in str(made.blocks)
    assert section({}, "en") is None
