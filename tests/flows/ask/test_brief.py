import pytest

from tongyuan.flows.ask.brief import brief
from tongyuan.ledger.finding import FindingError


def test_kinds_that_cannot_be_written_are_named_before_anything_is_read(tmp_path):
    with pytest.raises(FindingError) as caught:
        brief(tmp_path, tmp_path / "b.docx", "zh")
    assert ".png, .pdf, .html" in caught.value.findings[0].message("zh")
    with pytest.raises(FindingError):
        brief(tmp_path, tmp_path / "b.png", "zh", slides=True)
