from __future__ import annotations

import pytest

from tongyuan.reference import record


def test_missing_text_is_empty_and_missing_numbers_are_null() -> None:
    frame = record.frame([{"record_id": "a", "value": 1.0}])
    assert frame["unit"].to_list() == [""]
    assert frame["lower"].to_list() == [None]
    assert dict(frame.schema) == record.COLUMNS


def test_unknown_fields_are_errors() -> None:
    with pytest.raises(KeyError, match="colour"):
        record.frame([{"record_id": "a", "colour": "blue"}])
