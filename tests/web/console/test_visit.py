from __future__ import annotations

import pytest

from tongyuan.web.console.visit import address, local


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "elsewhere",
        "",
        "/a\\b",
        "/a\r\nSet-Cookie: x=1",
        "http:/x",
    ],
)
def test_a_way_out_leads_to_the_start(elsewhere: str) -> None:
    assert local(elsewhere) == "/"


@pytest.mark.parametrize(
    "inside", ["/", "/room/submission?where=state%3Ddraft", "/run/a/explain?species=CO2"]
)
def test_a_way_inside_is_kept(inside: str) -> None:
    assert local(inside) == inside


def test_an_address_leaves_out_what_is_none() -> None:
    assert address("/a", x=None, y="1 2") == "/a?y=1+2"
    assert address("/a", x=None) == "/a"
