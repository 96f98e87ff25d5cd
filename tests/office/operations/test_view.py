from __future__ import annotations

import pytest
from tests.office.desk import Town

from tongyuan.office.operation import Refused

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.mark.parametrize(
    "address",
    [
        "//elsewhere.example",
        "/\\elsewhere.example",
        "https://elsewhere.example",
        "javascript:alert(1)",
        "/a b",
        "",
    ],
)
def test_an_address_elsewhere_is_not_kept(kind: str, made: Town, address: str) -> None:
    with pytest.raises(Refused) as refused:
        made.do("lin", "view.keep", title="a", address=address)
    assert refused.value.status == 422


def test_a_view_is_kept_shown_and_dropped(kind: str, made: Town) -> None:
    number = made.told("lin", "view.keep", title="二氧化碳", address="/run/a/table/emission?where=x")["view"]
    assert made.do("lin", "view.list")["view"].to_list() == [number]  # type: ignore[index, union-attr]
    assert made.do("wu", "view.list").is_empty()  # type: ignore[union-attr]
    with pytest.raises(Refused) as refused:
        made.do("wu", "view.drop", view=number)
    assert refused.value.status == 404
    made.told("lin", "view.drop", view=number)
    assert made.do("lin", "view.list").is_empty()  # type: ignore[union-attr]
