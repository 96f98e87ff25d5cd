import numpy as np
import pytest

from tongyuan.facility.simulate.forgery import FORGERIES, Hours, calmed, copied_samples, lowered


def hours() -> Hours:
    rng = np.random.default_rng(0)
    values = np.round(30 + 4 * rng.standard_normal((3, 2160)), 1)
    still = np.arange(2160) >= 2000
    return Hours(
        values, np.full(3, 0.1), np.full(2160, 50.0), np.arange(2160) % 168 == 0, still, ~still, 35.0
    )


@pytest.mark.parametrize("kind", FORGERIES)
def test_each_strength_changes_more_and_prints_the_same_digits(kind: str) -> None:
    before = hours()
    changes = []
    for strength in range(3):
        after = FORGERIES[kind](before, strength, np.random.default_rng(1))
        known = np.isfinite(after.values)
        assert np.allclose(np.round(after.values[known], 1), after.values[known])
        changed = (after.values != before.values).sum() + (after.marked != before.marked).sum()
        changes.append(int(changed + (after.running != before.running).sum()))
    assert changes[0] > 0
    if kind not in ("repeated_scaled", "diluted", "mirrored"):
        assert changes[0] < changes[2]


def test_kinds_by_hand() -> None:
    before = hours()
    capped = FORGERIES["capped"](before, 2, np.random.default_rng(0))
    assert capped.values[0].max() <= 35.001
    assert ((before.values[0] > 35.01) == (np.abs(capped.values[0] - before.values[0]) > 0.01)).all()
    clamped = FORGERIES["clamped"](before, 2, np.random.default_rng(0)).values[0]
    assert (clamped == clamped.max()).mean() == pytest.approx(0.1, abs=0.02)
    omitted = FORGERIES["omitted"](before, 2, np.random.default_rng(0)).values[0]
    assert np.isnan(omitted[1:][before.values[0][:-1] > 35]).all()


def test_monthly_kinds() -> None:
    month = np.ones((12, 4))
    assert lowered(month, (1,), 2)[:, 1] == pytest.approx(0.8)
    assert lowered(month, (1,), 2)[:, 0] == pytest.approx(1.0)
    rng = np.random.default_rng(0)
    samples = rng.normal(50, 2, (12, 3))
    copied = copied_samples(samples, np.full(3, 0.01), 1, rng)
    assert (np.abs(np.diff(copied, axis=0)).max(axis=1) <= 0.05).sum() == 2
    value = rng.normal(50, 2, 12)
    assert calmed(value, 2).std() == pytest.approx(0.08 * value.std())
    assert calmed(value, 2).mean() == pytest.approx(value.mean())
