import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.money.stakeholder import TRANSFERS, benefit_entry, cost_entry, net


@given(
    st.lists(
        st.tuples(st.sampled_from(TRANSFERS), st.sampled_from(["steel", "power", "traffic"]),
                  st.floats(-1e6, 1e6)),
        unique_by=lambda t: t[:2], max_size=6,
    )
)  # fmt: skip
def test_transfers_together_are_nought(paid) -> None:
    """What works pay in tax the government receives; the society as a whole neither gains nor loses."""
    entries, at = [], 2025
    for item, payer, amount in paid:
        entries += cost_entry(at, item, payer, amount)
        at += 1
    assert sum(net(entries, 0.03, 2025).values()) == pytest.approx(0.0, abs=1e-6)


def test_payers_and_gainers_by_hand() -> None:
    """2030 at 3 %: the works pay 100, residents gain 50 lives at 20, less is emitted for the world."""
    entries = [
        *cost_entry(2030, "capital", "steel", 100.0),
        *cost_entry(2030, "tax", "steel", -10.0),
        benefit_entry(2030, "health", 50, 20),
        benefit_entry(2030, "climate", 3, 200),
    ]
    found = net(entries, 0.03, 2025)
    times = 1.03**-5
    assert found["steel"] == pytest.approx(-90 * times)
    assert found["government"] == pytest.approx(-10 * times)
    assert found["resident"] == pytest.approx(1000 * times)
    assert found["world"] == pytest.approx(600 * times)
    # 863 − 100 discounted = 776 (facts, goldens 8)
    assert found["resident"] - 100 * times == pytest.approx(776, abs=0.5)


def test_nothing_is_counted_twice() -> None:
    twice = [benefit_entry(2030, "health", 1, 1)] * 2
    with pytest.raises(ValueError, match="counted twice"):
        net(twice, 0.03, 2025)
    with pytest.raises(ValueError, match="before"):
        net(twice[:1], 0.03, 2031)
    with pytest.raises(KeyError):
        benefit_entry(2030, "happiness", 1, 1)
