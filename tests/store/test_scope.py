import pytest

from tongyuan.store.scope import Scope


def test_a_scope_of_ones_own_sees_and_writes_ones_own() -> None:
    scope = Scope.own("lin", "A")
    assert (scope.may_write("A"), scope.may_write("B"), scope.text()) == (True, False, "A")


def test_a_scope_sees_nothing_unless_told() -> None:
    assert Scope("lin").text() == ""
    assert not Scope("lin").may_write("A")


def test_a_scope_of_everything_writes_only_when_told() -> None:
    assert Scope.everything("bureau").text() == "*"
    assert not Scope.everything("bureau").may_write("A")
    assert Scope.everything("bureau", writes=True).may_write("A")


@pytest.mark.parametrize("name", ["", "*", "A\nB"])
def test_a_name_that_would_widen_a_scope(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Scope("lin", frozenset({name}))


@pytest.mark.parametrize("writes", [None, frozenset({"B"})])
def test_what_is_written_must_be_seen(writes: frozenset[str] | None) -> None:
    with pytest.raises(ValueError, match="does not see"):
        Scope("lin", frozenset({"A"}), writes)
