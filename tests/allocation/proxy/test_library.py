import json

import pytest

from tongyuan.allocation.proxy.library import library
from tongyuan.ledger.finding import FindingError


def test_what_is_there_and_what_is_not() -> None:
    assert library("json", "vector") is json
    with pytest.raises(FindingError, match=r"no_such_module.*vector files") as told:
        library("no_such_module", "vector")
    assert "tongyuan[allocation]" in told.value.findings[0].next_step("zh")
    assert "读取矢量文件" in told.value.findings[0].message("zh")
