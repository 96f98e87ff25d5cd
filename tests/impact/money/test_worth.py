import pytest

from tongyuan.impact.money.worth import case_value, life_value, life_value_here, social_cost


def test_the_journal_and_not_the_preprint() -> None:
    """4.76 million yuan of 2019 (3.79–6.36); the preprint of the same study prints 5.10 (a trap)."""
    found = life_value("cao_2023")
    assert (found.value, found.lower, found.upper, found.price_year) == (4.76, 3.79, 6.36, 2019)
    assert found.unit == "10^6 CNY"


def test_an_unverified_value_is_off_by_default() -> None:
    with pytest.raises(KeyError, match="unverified"):
        life_value("jin_2020")
    assert life_value("jin_2020", include_unverified=True).value == 5.54
    with pytest.raises(KeyError, match="cao_2023"):
        life_value("nobody")


def test_a_value_is_brought_here_by_income() -> None:
    """OECD 3.6 at 32,700, elasticity 0.8: at a quarter of the income 3.6 · 4^−0.8 = 1.18758."""
    low, high = life_value_here("oecd_2012", 32_700 / 4, 32_700)
    assert (low, high) == (pytest.approx(3.6 * 4**-0.8), pytest.approx(3.6 * 4**-0.8))
    low, high = life_value_here("hoffmann_2017", 2.0, 1.0, prices=1.5)
    assert (low, high) == (pytest.approx(1.47 * 2**0.20 * 1.5), pytest.approx(1.47 * 2**0.25 * 1.5))
    with pytest.raises(KeyError, match="elasticity"):
        life_value_here("cao_2023", 2.0, 1.0)
    assert life_value_here("cao_2023", 2.0, 1.0, elasticity=1.0)[0] == pytest.approx(9.52)


@pytest.mark.parametrize(
    ("gas", "year", "rate", "value"),
    [("CO2", 2030, 2.0, 230), ("CO2", 2050, 1.5, 480), ("CH4", 2030, 2.5, 1900), ("CO2", 2035, 2.0, 250)],
)
def test_social_cost_as_printed_and_between(gas, year, rate, value) -> None:
    assert social_cost(gas, year, rate) == pytest.approx(value)


def test_social_cost_is_never_carried_beyond() -> None:
    with pytest.raises(ValueError, match="2020 to 2080"):
        social_cost("CO2", 2019)
    with pytest.raises(KeyError):
        social_cost("N2O", 2030)
    with pytest.raises(KeyError):
        social_cost("CO2", 2030, 3.0)


def test_cases_have_values_of_their_place() -> None:
    assert (case_value("work_absence").value, case_value("work_absence").unit) == (130, "EUR")
    with pytest.raises(KeyError, match="work_absence"):
        case_value("sneeze")
