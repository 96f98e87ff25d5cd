from __future__ import annotations

import json

from tongyuan.ledger.finding import Bilingual, finding
from tongyuan.reference.told import findings, plain


def test_findings_come_back_as_they_went_in_both_languages() -> None:
    given = (
        finding("office", "state", state=Bilingual("草稿", "draft"), allowed="x"),
        finding("ledger", "file_name", file="a.xlsx", sheet="表", row=3, column="B"),
        finding("office", "entry_wait", seconds=7),
    )
    back = findings(json.loads(json.dumps(plain(given))))
    assert back == given
    assert [f.message("en") for f in back] == [f.message("en") for f in given]
    assert [f.message("zh") for f in back] == [f.message("zh") for f in given]
