from __future__ import annotations

import pytest
from tests.office.desk import Town

from tongyuan.office.operation import Refused

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def test_an_address_is_entered_with_a_secret_told_once_and_ended_by_its_owner(kind: str, made: Town) -> None:
    added = made.told("lin", "webhook.add", title="portal", address="https://example.org/hook")
    listed = made.do("lin", "webhook.list")
    assert listed["address"].to_list() == ["https://example.org/hook"]  # type: ignore[index]
    assert added["secret"] not in str(listed.rows())  # type: ignore[union-attr]
    assert made.do("wu", "webhook.list").is_empty()  # type: ignore[union-attr]
    with pytest.raises(Refused) as refused:
        made.do("wu", "webhook.end", webhook=added["webhook"])
    assert refused.value.status == 404
    made.told("lin", "webhook.end", webhook=added["webhook"])
    assert made.do("lin", "webhook.list")["ended"].to_list() == [True]  # type: ignore[index]


@pytest.mark.parametrize("address", ["ftp://example.org/", "https://u:p@example.org/", "example.org/x"])
def test_what_is_no_address_is_refused(kind: str, address: str, made: Town) -> None:
    with pytest.raises(Refused) as refused:
        made.do("lin", "webhook.add", title="portal", address=address)
    assert [f.check for f in refused.value.findings] == ["webhook_address"]


def test_an_administrator_and_an_auditor_have_none(kind: str, made: Town) -> None:
    for person in ("admin", "auditor"):
        with pytest.raises(Refused) as refused:
            made.do(person, "webhook.add", title="portal", address="https://example.org/hook")
        assert refused.value.status == 403
