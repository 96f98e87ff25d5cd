"""Vectors of real tests of monitors (US EPA, MIT), to the printed digit."""

from __future__ import annotations

import numpy as np
import pytest

from tongyuan.facility.hour.quality import drift, linearity_error, relative_accuracy
from tongyuan.facility.rounding import half_up


def pairs(text: str) -> tuple[list[float], list[float]]:
    found = [pair.split("|") for pair in text.split("; ")]
    return [float(a) for a, _ in found], [float(b) for _, b in found]


RATA_01 = (
    "325.617|327.61; 326.945|330.53; 329.225|330.66; 373.567|373.6; 372.104|372.33; 388.873|391.19; "
    "375.926|379.13; 381.716|388.07; 380.289|388.44"
)
RATA_02 = (
    "0.209|0.201; 0.203|0.196; 0.199|0.201; 0.217|0.22; "
    "0.216|0.215; 0.209|0.215; 0.208|0.217; 0.207|0.216; 0.215|0.224"
)
RATA_05 = (
    "7.707|6.99; 7.419|6.51; 7.844|7.19; 8.452|8.12; "
    "8.802|8.59; 9.289|9.2; 9.534|9.26; 8.541|8.27; 8.901|8.88"
)
RATA_06 = (
    "41170|42582; 41266|42050; 41356|42124; 42255|43387; "
    "41835|42844; 41817|42885; 42128|42898; 41995|42288; 41843|41921"
)
RATA_08 = (
    "0.073|0.071; 0.073|0.071; 0.073|0.071; 0.073|0.072; 0.073|0.072; 0.073|0.072; 0.073|0.071; 0.073|0.072; "
    "0.073|0.073; 0.073|0.073"
)


def test_vector_rata_01() -> None:
    got = relative_accuracy(*pairs(RATA_01))
    assert round(got.mean, 5) == 361.58467
    assert round(got.reference, 5) == 364.61778
    assert round(got.difference, 5) == 3.03311
    assert round(got.deviation, 5) == 2.70610
    assert got.confidence == pytest.approx(2.08009, abs=2e-4)  # printed with t = 2.306
    assert round(got.accuracy, 2) == 1.40
    assert round(got.bias, 3) == 1.008


def test_vector_rata_02_means_are_not_rounded() -> None:
    got = relative_accuracy(*pairs(RATA_02))
    assert round(got.accuracy, 2) == 3.56
    assert (round(got.difference, 5), round(got.deviation, 5), round(got.confidence, 5)) == (
        0.00244,
        0.00664,
        0.00510,
    )
    assert got.bias == 1.0


def test_vector_rata_05_low_emitter() -> None:
    got = relative_accuracy(*pairs(RATA_05))
    assert round(got.accuracy, 2) == 7.64
    assert (round(got.difference, 5), round(got.deviation, 5), round(got.confidence, 5)) == (
        -0.38656,
        0.30317,
        0.23304,
    )
    assert got.bias == 1.0


def test_vector_rata_06_flow() -> None:
    got = relative_accuracy(*pairs(RATA_06))
    assert round(got.accuracy, 2) == 2.66
    assert (round(got.difference, 5), round(got.deviation, 5)) == (812.66667, 415.23216)
    assert got.confidence == pytest.approx(319.17512, abs=0.02)
    assert round(got.bias, 3) == 1.019


def test_vector_rata_08_a_run_not_used_is_left_out() -> None:
    used = [False, *[True] * 9]
    got = relative_accuracy(*pairs(RATA_08), used)
    assert got.runs == 9
    assert round(got.accuracy, 2) == 2.38


@pytest.mark.parametrize(
    ("measured", "reference", "error"),
    [
        ([15.1, 15, 15], 15.3, 1.7),
        ([33.3, 33.1, 33.1], 33.4, 0.7),
        ([61.7, 61.8, 61.8], 62.9, 1.8),
        ([119.3, 125.4, 124.7], 125.0, 1.5),
        ([471.7, 472.7, 470.2], 489.6, 3.7),
        ([397.9, 401.9, 399.3], 402.0, 0.6),
        ([678.7, 687.9, 686.4], 709.1, 3.5),
    ],
    ids=["LIN-01", "LIN-02", "LIN-04", "LIN-07", "LIN-09", "LIN-11", "LIN-12"],
)
def test_vectors_of_linearity(measured: list[float], reference: float, error: float) -> None:
    assert half_up(linearity_error(measured, reference), 1) == error


def test_vector_drift_01() -> None:
    zero = drift([0, 0.1, 0.1, 0, 0, -0.1, 0.1], np.zeros(7))
    assert zero.round(9).tolist() == [0, 0.1, 0.1, 0, 0, 0.1, 0.1]
    span = drift([11.4, 11.5, 11.4, 11.3, 11.5, 11.3, 11.4], np.full(7, 11.1))
    assert span.round(9).tolist() == [0.3, 0.4, 0.3, 0.2, 0.4, 0.2, 0.3]
    assert bool((span <= 0.5).all())


def test_drift_as_a_share_of_the_span() -> None:
    assert drift([105.0], [100.0], 200.0).tolist() == [2.5]


def test_too_few_runs_and_a_zero_reference_are_refused() -> None:
    with pytest.raises(ValueError, match="two runs"):
        relative_accuracy([1.0], [1.0])
    with pytest.raises(ValueError, match="two runs"):
        relative_accuracy([1.0, 2.0], [0.0, 0.0])
    with pytest.raises(ValueError, match="above zero"):
        linearity_error([1.0], 0.0)
