import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.constrain import contradicted, invert_gaussian, invert_lognormal, shared_covariance

H = np.array([[1.0, 0], [0, 2], [1, 1]])
B = np.diag([0.25, 0.04])
R = np.diag([0.01, 0.04, 0.0225])


def test_two_sources_and_three_observations_by_hand() -> None:
    found = invert_gaussian([1, 1], B, H, [1.4, 1.8, 2.4], R)
    assert found.state == pytest.approx([1.40747843, 0.93902205], abs=5e-9)
    expected = [[0.00731064, -0.00191755], [-0.00191755, 0.0064046]]
    assert found.covariance == pytest.approx(np.array(expected), abs=5e-9)
    assert found.freedom == pytest.approx(1.81064238, abs=5e-9)


def test_the_form_of_information_gives_the_same() -> None:
    found = invert_gaussian([1, 1], B, H, [1.4, 1.8, 2.4], R)
    inverse = np.linalg.inv(np.linalg.inv(B) + H.T @ np.linalg.inv(R) @ H)
    assert found.covariance == pytest.approx(inverse, rel=1e-10)
    assert found.state == pytest.approx(
        [1, 1] + inverse @ H.T @ np.linalg.inv(R) @ (np.array([1.4, 1.8, 2.4]) - H @ [1, 1]), rel=1e-10
    )


@given(st.integers(0, 10_000))
def test_identical_twin(seed: int) -> None:
    """Sharp observations find the truth, blurred ones leave the prior; doubt never grows."""
    rng = np.random.default_rng(seed)
    response = rng.uniform(0.2, 2, (6, 3)) + np.vstack([np.eye(3), np.eye(3)]) * 3
    root = rng.normal(size=(3, 3))
    prior_covariance = root @ root.T + 0.1 * np.eye(3)
    truth = 1 + np.linalg.cholesky(prior_covariance) @ rng.normal(size=3)
    sharp = invert_gaussian(np.ones(3), prior_covariance, response, response @ truth, np.eye(6) * 1e-10)
    assert sharp.state == pytest.approx(truth, abs=1e-3)
    assert sharp.freedom == pytest.approx(3, abs=1e-3)
    blurred = invert_gaussian(np.ones(3), prior_covariance, response, response @ truth, np.eye(6) * 1e12)
    assert blurred.state == pytest.approx(np.ones(3), abs=1e-6)
    some = invert_gaussian(np.ones(3), prior_covariance, response, response @ truth, np.eye(6) * 0.1)
    less = invert_gaussian(
        np.ones(3), prior_covariance, response[:4], (response @ truth)[:4], np.eye(4) * 0.1
    )
    assert np.linalg.eigvalsh(prior_covariance - some.covariance).min() > -1e-9
    assert np.trace(some.covariance) <= np.trace(less.covariance) + 1e-12


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        invert_gaussian([1, 1], B, H, [1.4], R)
    with pytest.raises(ValueError, match="error_covariance is not positive"):
        invert_gaussian([1, 1], B, H, [1, 1, 1], np.diag([0.0, 1, 1]))
    with pytest.raises(ValueError, match="prior_covariance is not symmetric"):
        invert_gaussian([1, 1], [[1, 0.5], [0, 1]], H, [1, 1, 1], R)


def test_the_lognormal_is_the_linear_one_where_little_changes() -> None:
    """Deviations of a thousandth: logarithm and line are one."""
    b = np.diag([1e-6, 4e-6])
    y = H @ [1.0005, 0.999]
    line = invert_gaussian([1, 1], b, H, y, np.eye(3) * 1e-6)
    log = invert_lognormal(b, H, y, np.eye(3) * 1e-6)
    assert log.state == pytest.approx(line.state, abs=2e-6)
    assert log.covariance == pytest.approx(line.covariance, rel=5e-3, abs=1e-9)


@given(st.integers(0, 10_000))
def test_the_lognormal_twin_is_found_and_never_negative(seed: int) -> None:
    rng = np.random.default_rng(seed)
    response = rng.uniform(0.2, 2, (6, 3)) + np.vstack([np.eye(3), np.eye(3)]) * 3
    b = np.diag(rng.uniform(0.05, 0.4, 3))
    truth = np.exp(rng.normal(0, 0.4, 3))
    sharp = invert_lognormal(b, response, response @ truth, np.eye(6) * 1e-8)
    assert sharp.state == pytest.approx(truth, rel=1e-2)
    far = invert_lognormal(b, response, np.zeros(6), np.eye(6))
    assert (far.state > 0).all()
    assert np.linalg.eigvalsh(b - far.covariance).min() > -1e-9


def test_moved_is_normal_where_prior_and_errors_are_as_said() -> None:
    rng = np.random.default_rng(4)
    moved = []
    for _ in range(400):
        truth = 1 + np.sqrt(np.diag(B)) * rng.normal(size=2)
        seen = H @ truth + np.sqrt(np.diag(R)) * rng.normal(size=3)
        moved.append(contradicted(invert_gaussian([1, 1], B, H, seen, R), [1, 1], B))
    assert np.std(moved) == pytest.approx(1.0, abs=0.06)
    assert abs(np.mean(moved)) < 0.1


def test_sources_of_one_factor_are_one() -> None:
    made = shared_covariance([[1.0, 0.0], [0.5, 0.5]], [0.2, 0.4])
    assert made == pytest.approx(np.array([[0.04, 0.02], [0.02, 0.05]]))
    assert shared_covariance([[1.0]], [0.2], 0.1) == pytest.approx(np.array([[0.05]]))
    with pytest.raises(ValueError, match="do not go together"):
        shared_covariance([[1.0]], [0.2, 0.1])
