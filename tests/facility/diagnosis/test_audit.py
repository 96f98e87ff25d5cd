from __future__ import annotations

import polars as pl

from tongyuan.facility.diagnosis.audit import audits_due


def test_reasons_of_the_list() -> None:
    got = audits_due(
        pl.DataFrame({"facility": ["A", "B"], "hours_over": [1.0, 0.0]}),
        pl.DataFrame({"facility": ["A", "B"], "share": [1.0, 1.001]}),
        pl.DataFrame({"facility": ["C", "D"], "species": ["Hg_water", "SO2"]}),
        pl.DataFrame({"facility": ["A", "D"], "level": ["above", "3"]}),
        pl.DataFrame({"facility": ["B"]}),
    )
    assert dict(got.iter_rows()) == {
        "A": ["over_limit", "energy_over"],
        "B": ["over_total", "toxic_used"],
        "C": ["toxic_emitted"],
    }
