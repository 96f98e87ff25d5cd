from __future__ import annotations

import base64
import json

import pytest
from tests.office.desk import Town
from tests.office.test_outline import SQUARE, feature, written

from tongyuan.office.operation import Refused

TOLD = {"title": "山东", "source": "省自然资源厅", "licence": "内部使用", "file_name": "a.json"}


def brought(made: Town, person: str, content: bytes) -> int:
    asked = {**TOLD, "content": base64.b64encode(content).decode()}
    return int(made.told(person, "boundary.add", **asked)["boundary"])


def test_a_bureau_brings_a_boundary_that_everybody_draws_with(made: Town) -> None:
    number = brought(made, "province", written(feature("370100", SQUARE)))
    told = made.told("lin", "boundary.show", boundary=number)
    assert (told["source"], told["review"], list(told["outlines"])) == ("省自然资源厅", "", ["370100"])
    listed = made.do("auditor", "boundary.list")
    assert listed["boundary"].to_list() == [number]  # type: ignore[index, union-attr]
    assert listed["regions"].to_list() == [1]  # type: ignore[index, union-attr]
    made.told("jinan", "boundary.end", boundary=number)
    with pytest.raises(Refused) as refused:
        made.do("lin", "boundary.show", boundary=number)
    assert refused.value.status == 404
    assert made.do("lin", "boundary.list").is_empty()  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_an_enterprise_brings_none_and_what_is_none_is_refused(kind: str, made: Town) -> None:
    with pytest.raises(Refused) as refused:
        brought(made, "lin", written(feature("370100", SQUARE)))
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        brought(made, "province", json.dumps({"features": []}).encode())
    assert refused.value.status == 422
    assert refused.value.findings[0].check == "boundary_codes"
