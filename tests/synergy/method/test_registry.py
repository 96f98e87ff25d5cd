import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.reference.shelf import shelf
from tongyuan.synergy.method.registry import method, methods, notices


def test_every_method_is_documented_with_its_source() -> None:
    sources = set(shelf("source")["id"])
    for m in methods():
        assert m.function.__doc__, m.name
        assert m.source in sources, (m.name, m.source)
        assert m.status in ("verified", "unverified")
        assert m.title_zh
        assert m.title_en
        if not m.monotone and m.kind in ("weight", "aggregation", "coupling", "composite"):
            assert m.note_zh, m.name
            assert m.note_en, m.name


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(FindingError) as error:
        method("weight", "guess")
    assert "entropy" in error.value.findings[0].next_step("en")
    with pytest.raises(FindingError):
        method("magic", "guess")


def test_notices_say_relative_unverified_and_not_monotone() -> None:
    found = notices((method("weight", "entropy"), method("coupling", "modified"), method("weight", "equal")))
    assert [f.check for f in found] == [
        "relative_method", "not_monotone_method", "unverified_method", "not_monotone_method",
    ]  # fmt: skip
    for f in found:
        assert f.message("zh")
        assert f.message("en")


def test_shelves_of_the_room_cite_known_sources() -> None:
    sources = set(shelf("source")["id"])
    for name in ("ahp_random_index", "synergy_class", "carbon_price", "decoupling_state"):
        assert set(shelf(name)["source"]) <= sources, name
