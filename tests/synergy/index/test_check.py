import numpy as np
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index import check


def test_missing_numbers_are_counted_and_refused() -> None:
    with pytest.raises(FindingError) as error:
        check.finite([1.0, np.nan, np.inf], "emission")
    assert error.value.findings[0].check == "not_finite"
    assert "2" in error.value.findings[0].message("zh")


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(FindingError):
        check.not_negative([1.0, -1.0], "emission")


def test_weights_are_scaled_to_one() -> None:
    assert check.weights([2, 3, 5], 3).tolist() == [0.2, 0.3, 0.5]
    for bad in ([1, 2], [0, 0, 0], [1, -1, 1]):
        with pytest.raises(FindingError):
            check.weights(bad, 3)


def test_every_check_raised_in_the_room_is_in_the_catalogue() -> None:
    import re
    from importlib.resources import files
    from pathlib import Path

    from tongyuan.reference.language import catalogue

    known = catalogue("synergy")
    raised = {
        name
        for path in Path(str(files("tongyuan.synergy"))).rglob("*.py")
        for name in re.findall(r'(?:refuse\(|finding\(\s*ROOM,)\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert len(raised) > 10
    assert raised <= set(known)
