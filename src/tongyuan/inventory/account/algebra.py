r"""The inventory as linear algebra: keys are encoded once, every evaluation after that is a sparse product.

With :math:`A` (group × key) the activity summed by group and source key, and :math:`F` (key × species) the
factors, the inventory is :math:`E = A F`. Encoding costs one pass over the rows; a scenario, a measure or
a draw only changes :math:`F`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.dictionary import Codes, Short, dictionary

KEY = ("process", "product", "technology", "region", "year", "unit")
_DENSE = 20_000_000
"""Largest group × key table that is summed as one dense array."""

_SMALL = 100_000
"""Rows below which columns are encoded one after the other."""

Floats = npt.NDArray[np.float64]


class Encoded(NamedTuple):
    """Activity rows as codes."""

    groups: pl.DataFrame
    """One row per group, sorted: row g of `matrix`."""
    keys: pl.DataFrame
    """One row per source key, sorted: column k of `matrix`."""
    matrix: Any
    """scipy CSR matrix, shape (groups, keys): activity summed."""
    group_code: Codes
    """Group of each activity row; empty when only sums were kept."""
    key_code: Codes
    """Key of each activity row; empty when only sums were kept."""
    value: Floats
    """Activity of each row; empty when only sums were kept."""


Parts = dict[str, tuple[Short, pl.Series]]


def _parts(frame: pl.DataFrame, columns: Sequence[str]) -> Parts:
    """Encode each column once, side by side: the hash tables run without the interpreter's lock."""
    names = list(dict.fromkeys(columns))
    if frame.height < _SMALL:
        return {name: dictionary(frame[name]) for name in names}
    with ThreadPoolExecutor(max_workers=4) as pool:
        return dict(zip(names, pool.map(lambda name: dictionary(frame[name]), names), strict=True))


def combine(parts: Parts, columns: Sequence[str], height: int) -> tuple[Codes, pl.DataFrame]:
    """Return the code of each row by `columns` and the sorted distinct combinations."""
    if not columns:
        return np.zeros(height, dtype=np.int64), pl.DataFrame({"group": ["total"]})
    chosen = {name: parts[name] for name in columns}
    if height == 0:
        return np.zeros(0, dtype=np.int64), pl.DataFrame([names for _, names in chosen.values()])
    size = 1
    code = np.zeros(height, dtype=np.int64)
    for part, names in chosen.values():
        size *= len(names)
        if size > 2**62:
            raise OverflowError("too many combinations to encode")
        code *= len(names)
        code += part
    if size <= max(4_000_000, 4 * height):
        present = np.zeros(size, dtype=bool)
        present[code] = True
        found = np.flatnonzero(present)
        place = np.cumsum(present, dtype=np.int64) - 1
        code = place[code]
    else:
        found, code = np.unique(code, return_inverse=True)
    return code, _decode(chosen, found)


def _decode(chosen: Parts, found: Codes) -> pl.DataFrame:
    """Return the combinations that mixed-radix codes stand for."""
    rest = found
    values: dict[str, pl.Series] = {}
    for name, (_, names) in reversed(chosen.items()):
        rest, place = np.divmod(rest, len(names))
        values[name] = names.gather(place)
    return pl.DataFrame([values[name] for name in chosen])


def codes(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[Codes, pl.DataFrame]:
    """Return the code of each row of `frame` by `columns`, and the sorted distinct combinations.

    Parameters
    ----------
    frame
        Any frame; nulls in text columns count as empty text.
    columns
        Columns that make up the code; none gives one group ``total``.

    Returns
    -------
    tuple
        codes, shape (rows,), and a frame whose row i is the combination with code i.
    """
    return combine(_parts(frame, columns), columns, frame.height)


def _totals(
    codes: tuple[Short, ...], weight: Short, value: Floats, size: int
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the sum of each combination and whether it occurs.

    Many rows are summed in halves side by side, always at the same row, so that a run repeated is identical.
    """
    rows = len(value)
    if rows < _SMALL:
        place = sum(
            (code * of for code, of in zip(codes, weight, strict=True)), np.zeros(rows, dtype=np.int64)
        )
        once: Floats = np.bincount(place, weights=value, minlength=size).astype(np.float64)
        return once, np.bincount(place, minlength=size) > 0
    from tongyuan.inventory.account.kernel import accumulate

    parts = 2 if rows >= _SMALL and 4 * size <= rows else 1
    edges = [rows * part // parts for part in range(parts + 1)]
    total, seen = np.zeros((parts, size)), np.zeros((parts, size), dtype=np.bool_)

    def run(part: int) -> None:
        accumulate(codes, weight, value, edges[part], edges[part + 1], total[part], seen[part])

    if parts == 1:
        run(0)
    else:
        with ThreadPoolExecutor(max_workers=parts) as pool:
            list(pool.map(run, range(parts)))
    summed: Floats = total.sum(axis=0)
    found: npt.NDArray[np.bool_] = np.logical_or.reduce(seen, axis=0)
    return summed, found


def _weights(names: Sequence[str], sizes: dict[str, int]) -> tuple[dict[str, int], int]:
    """Return the mixed-radix weight of each column, and the number of combinations."""
    weights, size = {}, 1
    for name in reversed(names):
        weights[name] = size
        size *= sizes[name]
    return weights, size


def _compact(code: Codes, size: int) -> tuple[Codes, Codes]:
    """Return the codes below `size` that occur, in order, and the place of each code among them."""
    present = np.zeros(size, dtype=np.bool_)
    present[code] = True
    place = np.cumsum(present, dtype=np.int64) - 1
    return np.flatnonzero(present), place[code]


def _sums(parts: Parts, by: Sequence[str], key: Sequence[str], value: Floats) -> Encoded | None:
    """Return the sums by group and key in one pass, or None where the table of combinations is too big."""
    from scipy import sparse  # loaded when a matrix is made

    by, key = list(dict.fromkeys(by)), list(dict.fromkeys(key))
    sizes = {name: len(names) for name, (_, names) in parts.items()}
    weights, size = _weights(list(parts), sizes)
    if not by or size > min(_DENSE, max(1_000_000, 4 * len(value))):
        return None
    weight = np.array([weights[name] for name in parts], dtype=np.int32)
    total, seen = _totals(tuple(code for code, _ in parts.values()), weight, value, size)
    place = np.flatnonzero(seen)
    digits = {name: place // max(weights[name], 1) % max(sizes[name], 1) for name in parts}
    of_group, groups = _weights(by, sizes)
    of_key, keys = _weights(key, sizes)
    row = sum((digits[name] * of_group[name] for name in by), np.zeros(len(place), dtype=np.int64))
    column = sum((digits[name] * of_key[name] for name in key), np.zeros(len(place), dtype=np.int64))
    present_rows, row = _compact(row, groups)
    present_columns, column = _compact(column, keys)
    matrix = sparse.csr_matrix((total[place], (row, column)), shape=(len(present_rows), len(present_columns)))
    none = np.zeros(0, dtype=np.int64)
    return Encoded(
        _decode({name: parts[name] for name in by}, present_rows),
        _decode({name: parts[name] for name in key}, present_columns),
        matrix,
        none,
        none,
        np.zeros(0),
    )


def _sum(group: Codes, key: Codes, value: Floats, groups: int, keys: int) -> Any:
    """Return the CSR matrix of `value` summed by group and key, always in row order."""
    from scipy import sparse

    if groups * keys <= min(_DENSE, max(1_000_000, 4 * len(value))):
        flat = np.bincount(group * keys + key, weights=value, minlength=groups * keys)
        place = np.flatnonzero(flat)
        start = np.searchsorted(place, np.arange(groups + 1) * keys)
        return sparse.csr_matrix((flat[place], place % max(keys, 1), start), shape=(groups, keys))
    matrix = sparse.coo_matrix((value, (group, key)), shape=(groups, keys)).tocsr()
    matrix.sum_duplicates()
    return matrix


def encode(
    activity: pl.DataFrame,
    by: Sequence[str],
    *,
    key: Sequence[str] = KEY,
    value: str = "value",
    rows: bool = True,
) -> Encoded:
    """Encode activity rows once.

    Parameters
    ----------
    activity
        Activity rows; `value` in canonical units.
    by
        Columns of the groups; none gives one group ``total``.
    key
        Columns of the source key.
    value
        Column that is summed.
    rows
        Whether to keep the codes of the rows, which :func:`fine` needs.

    Raises
    ------
    ValueError
        If a value is missing or not finite.
    """
    amount = activity[value].cast(pl.Float64)
    if amount.null_count() or not bool(amount.is_finite().all()):
        raise ValueError(f"column {value!r} has missing or non-finite values; missing is not zero")
    parts = _parts(activity, [*by, *key])
    summed = None if rows else _sums(parts, by, key, amount.to_numpy())
    if summed is not None:
        return summed
    group_code, groups = combine(parts, by, activity.height)
    key_code, keys = combine(parts, key, activity.height)
    numbers = amount.to_numpy()
    matrix = _sum(group_code, key_code, numbers, groups.height, keys.height)
    none = np.zeros(0, dtype=np.int64)
    if not rows:
        return Encoded(groups, keys, matrix, none, none, np.zeros(0))
    return Encoded(groups, keys, matrix, group_code, key_code, numbers)


def assemble(
    sums: pl.DataFrame, by: Sequence[str], *, key: Sequence[str] = KEY, value: str = "value"
) -> Encoded:
    """Return the encoding of activity that was already summed by `by` and `key` elsewhere."""
    return encode(sums.sort([*by, *(k for k in key if k not in by)]), by, key=key, value=value, rows=False)


def factor_matrix(
    keys: pl.DataFrame, factors: pl.DataFrame, species: Sequence[str], *, value: str = "value", missing: float
) -> Floats:
    """Return the factors as an array, shape (keys, species).

    Parameters
    ----------
    keys
        Rows in the order of :attr:`Encoded.keys`.
    factors
        Long form: the key's columns, ``species`` and `value`; at most one row per key and species.
    species
        Order of the columns.
    missing
        What stands where a key has no factor for a species; zero leaves the species out of the sum, which
        is the caller's decision, NaN makes :func:`evaluate` refuse.

    Raises
    ------
    ValueError
        If a key has two factors for one species.
    """
    on = [c for c in keys.columns if c in factors.columns]
    order = pl.DataFrame({"species": list(species)}).with_row_index("column")
    cells = (
        factors.join(keys.with_row_index("row"), on=on, nulls_equal=True)
        .join(order, on="species")
        .select("row", "column", value)
    )
    if cells.select("row", "column").is_duplicated().any():
        raise ValueError("a key has more than one factor for a species")
    matrix = np.full((keys.height, len(order)), missing, dtype=np.float64)
    matrix[cells["row"].to_numpy(), cells["column"].to_numpy()] = cells[value].to_numpy()
    return matrix


def evaluate(encoded: Encoded, factors: Floats) -> Floats:
    """Return emissions by group and species, :math:`E = A F`.

    Parameters
    ----------
    encoded
        Activity, encoded once.
    factors
        Shape (keys, species).

    Returns
    -------
    numpy.ndarray
        Shape (groups, species).

    Raises
    ------
    ValueError
        If a factor is not a number or the shapes do not fit.
    """
    if factors.ndim != 2 or factors.shape[0] != encoded.keys.height:
        raise ValueError(f"factors have shape {factors.shape}, there are {encoded.keys.height} keys")
    if not np.isfinite(factors).all():
        raise ValueError("a factor is missing or not finite")
    result: Floats = encoded.matrix @ factors
    return result


def fine(encoded: Encoded, factors: Floats) -> Floats:
    """Return emissions of every activity row, shape (rows, species)."""
    return encoded.value[:, None] * factors[encoded.key_code]
