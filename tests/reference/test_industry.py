from __future__ import annotations

import pytest

from tongyuan.reference import industry
from tongyuan.reference.shelf import shelf, title


def test_sizes() -> None:
    assert len(industry.codes("section")) == 20
    assert len(industry.codes("division")) == 97
    assert shelf("industry")["code"].is_unique().all()


def test_ancestors() -> None:
    assert industry.ancestors("3011") == ("3011", "301", "30", "C")
    assert industry.ancestors("4411")[-1] == "D"
    assert title("industry", "3011") == "水泥制造"
    with pytest.raises(KeyError, match="no code"):
        industry.ancestors("9999")


def test_every_parent_exists() -> None:
    frame = shelf("industry")
    assert set(frame["parent"]) - {""} <= set(frame["code"])
