"""What a solver gives back, whichever it is, and the scaling all of them start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tongyuan.pathway.problem.problem import Array

Status = Literal["optimal", "infeasible", "unbounded", "limit"]


@dataclass(frozen=True)
class Solution:
    """Values of columns, activities of rows, and their dual values (cost per unit of the bound)."""

    status: Status
    objective: float
    x: Array
    row: Array
    dual: Array
    reduced: Array
    gap: float = 0.0
    method: str = ""
    ray: Array | None = None


DUST = 1e-12
"""Values below this share of the largest, all in the scale of the solver, are its dust and zero."""


def clean(x: Array, scale: Array | float = 1.0) -> Array:
    """Return `x` without solver dust: values that, divided by their scale, are nothing beside the largest.

    The scale of a column takes its unit out, so that a capacity in GW is not dust beside kilograms.
    """
    size = np.abs(x / scale)
    return np.where(size < DUST * float(np.max(size, initial=0.0)), 0.0, x)


def scales(matrix: sparse.csc_matrix, integer: npt.NDArray[np.bool_], rounds: int = 3) -> tuple[Array, Array]:
    """Return row and column scales, powers of two, that bring the entries of each row and column near one."""
    size = sparse.csc_matrix(abs(matrix))
    size.data = np.log2(np.where(size.data > 0, size.data, 1.0))
    coo = size.tocoo()
    row, column = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    rows_n = np.maximum(np.bincount(coo.row, minlength=row.size), 1)
    columns_n = np.maximum(np.bincount(coo.col, minlength=column.size), 1)
    for _ in range(rounds):
        row = -np.bincount(coo.row, weights=coo.data + column[coo.col], minlength=row.size) / rows_n
        column = -np.bincount(coo.col, weights=coo.data + row[coo.row], minlength=column.size) / columns_n
        column[integer] = 0.0
    return np.exp2(np.round(row)), np.exp2(np.round(column))


def scaled(matrix: sparse.csc_matrix, row: Array, column: Array) -> sparse.csc_matrix:
    """Return `matrix` with every row and column multiplied by its scale."""
    data = matrix.data * row[matrix.indices] * np.repeat(column, np.diff(matrix.indptr))
    return sparse.csc_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)
