from __future__ import annotations

from tongyuan.facility.hour import kernel, rules
from tongyuan.facility.hour.rules import ABSENT, EXEMPT, MISSING, OUT, STOPPED, VALID


def test_names_of_counts_and_sums_stand_at_their_places() -> None:
    assert kernel.COUNTS[kernel.DAYS_OVER] == "days_over"
    assert kernel.COUNTS[kernel.NEGATIVE] == "negative"
    assert kernel.COUNTS[kernel.OVER_FREE] == "over_exempt"
    assert kernel.SUMS[kernel.SUM_FLOW] == "flow"
    assert rules.ROLES[rules.PART] == "part"
    assert kernel.OUTSIDE not in {ABSENT, VALID, MISSING, OUT, STOPPED, EXEMPT}
