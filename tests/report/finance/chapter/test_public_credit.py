from tests.report.finance_tables import public

from tongyuan.report.base.block import TableBlock
from tongyuan.report.finance.chapter.public_credit import section


def test_acts_persons_and_kilograms():
    made = section(public(), "zh")
    assert made.blocks[0].text.startswith("12 人的 12 次低碳行为记入减排 17.3千克，已注销 0")
    by_kind, states = (b for b in made.blocks if isinstance(b, TableBlock))
    assert by_kind.rows == [["db11_t_3043", "metro", "12", "12", "17.28"]]
    assert states.rows == [["已记入", "12", "17.28"]]
    assert section({}, "zh") is None
