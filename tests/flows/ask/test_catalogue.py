from __future__ import annotations

from tongyuan.flows.ask.catalogue import indexes, methods


def test_methods_are_found_by_any_word() -> None:
    every = methods()["method"].height
    assert 0 < methods("LANDFILL")["method"].height < every
    assert methods("no such words")["method"].is_empty()


def test_an_index_shows_its_indicators_and_their_weights() -> None:
    assert {"city", "park", "enterprise"} <= set(indexes()["index"]["id"])
    city = indexes("city")
    assert city["indicator"]["weight"].is_not_null().any()
    assert city.facts["note"]["zh"]
