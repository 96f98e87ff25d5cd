"""Formulas of indicators: read safely, evaluated over columns, and proved never to reward an emission.

A formula is arithmetic over named columns: ``+ − * /``, powers with a number, comparisons (1 when true, 0
when not), ``min max abs log exp sqrt``, and three functions of the base year: ``base(x)`` the value of x
then, ``reduction(x) = 1 − x/base(x)`` and ``change(x) = x/base(x) − 1``. Nothing else is understood.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongyuan.ledger.finding import FindingError, finding

Floats = NDArray[np.float64]

_UNARY = ("abs", "log", "exp", "sqrt", "base", "reduction", "change")
_MANY = ("min", "max")
_COMPARE = {ast.Lt: -1, ast.LtE: -1, ast.Gt: 1, ast.GtE: 1}


def refuse(check: str, **values: Any) -> FindingError:
    """Return the error of check `check`, ready to be raised."""
    return FindingError([finding("ledger", check, **values)])


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its text, the columns it reads and those it needs from the base year."""

    text: str
    tree: ast.expr
    columns: tuple[str, ...]
    base_columns: tuple[str, ...]


def _check(node: ast.AST, text: str) -> None:
    match node:
        case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            return
        case ast.Name():
            return
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, text)
        case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=int() | float())):
            _check(left, text)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            _check(left, text)
            _check(right, text)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            _check(left, text)
            _check(right, text)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if (
            name in _UNARY and len(args) == 1
        ) or (name in _MANY and len(args) >= 2):
            for arg in args:
                _check(arg, text)
        case _:
            part = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
            raise refuse("formula_syntax", formula=text, part=part[:60])


@cache
def parse(text: str) -> Formula:
    """Return the formula written as `text`; anything beyond arithmetic over columns is refused."""
    if len(text) > 500:
        raise refuse("formula_syntax", formula=text[:60] + "…", part=f"{len(text)} > 500")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise refuse("formula_syntax", formula=text, part=text[:60]) from None
    _check(tree, text)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    functions = {id(n.func) for n in calls}
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in functions}
    dated = {
        inner.id
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("base", "reduction", "change")
        for inner in ast.walk(call.args[0])
        if isinstance(inner, ast.Name) and id(inner) not in functions
    }
    return Formula(text, tree, tuple(sorted(names)), tuple(sorted(dated)))


def evaluate(formula: Formula, columns: Mapping[str, Floats], base: Mapping[str, Floats]) -> Floats:
    """Return the formula's value for every row; NaN where a column is missing or a divisor is zero.

    Parameters
    ----------
    columns : mapping of str to array [...] [unit of the column]
    base : mapping of str to array [...] [same]
        The same columns in the base year.

    Returns
    -------
    array [...]
    """

    def value(node: ast.expr, now: Mapping[str, Floats]) -> Floats:
        match node:
            case ast.Constant(value=number):
                return np.asarray(number, dtype=np.float64)
            case ast.Name(id=name):
                if name not in now:
                    raise refuse("formula_column", formula=formula.text, column_name=name)
                return np.asarray(now[name], dtype=np.float64)
            case ast.UnaryOp(op=op, operand=operand):
                inner = value(operand, now)
                return np.negative(inner) if isinstance(op, ast.USub) else inner
            case ast.BinOp(op=op, left=left, right=right):
                a, b = value(left, now), value(right, now)
                match op:
                    case ast.Add():
                        return a + b
                    case ast.Sub():
                        return a - b
                    case ast.Mult():
                        return a * b
                    case ast.Div():
                        return np.where(b != 0, a / np.where(b != 0, b, 1.0), np.nan)
                    case _:
                        return np.asarray(a**b, dtype=np.float64)
            case ast.Compare(left=left, ops=[comparison], comparators=[right]):
                a, b = value(left, now), value(right, now)
                tests = {
                    ast.Lt: np.less,
                    ast.LtE: np.less_equal,
                    ast.Gt: np.greater,
                    ast.GtE: np.greater_equal,
                }
                true = tests[type(comparison)](a, b)
                return np.where(np.isnan(a) | np.isnan(b), np.nan, true)
            case ast.Call(func=ast.Name(id=name), args=args):
                if name in ("base", "reduction", "change"):
                    then = value(args[0], base)
                    if name == "base":
                        return then
                    here = value(args[0], now)
                    ratio = np.where(then != 0, here / np.where(then != 0, then, 1.0), np.nan)
                    return 1.0 - ratio if name == "reduction" else ratio - 1.0
                parts = [value(arg, now) for arg in args]
                if name in _MANY:
                    pick = np.minimum if name == "min" else np.maximum
                    return np.asarray(pick.reduce(np.broadcast_arrays(*parts)), dtype=np.float64)
                return np.asarray(getattr(np, name)(parts[0]), dtype=np.float64)
            case _:
                raise refuse("formula_syntax", formula=formula.text, part=ast.unparse(node))

    with np.errstate(all="ignore"):
        result = value(formula.tree, columns)
    return np.where(np.isfinite(result), result, np.nan)


@dataclass(frozen=True)
class Shape:
    """What is known of an expression for columns ≥ 0: its range, and its slope in each column.

    A slope is +1 (never falls), −1 (never rises) or None (unknown); columns it does not depend on are absent.
    """

    low: float
    high: float
    slope: Mapping[str, int | None] = field(default_factory=dict)


def _product(sign: int | None, slope: int | None) -> int | None:
    return None if sign is None or slope is None else sign * slope


def _sum(a: Mapping[str, int | None], b: Mapping[str, int | None]) -> dict[str, int | None]:
    merged = dict(a)
    for name, slope in b.items():
        merged[name] = slope if name not in merged or merged[name] == slope else None
    return merged


def _scaled(shape: Shape, sign: int | None) -> dict[str, int | None]:
    if sign == 0:
        return {}
    return {name: _product(sign, slope) for name, slope in shape.slope.items()}


def _sign(shape: Shape) -> int | None:
    if shape.low == shape.high == 0:
        return 0
    return 1 if shape.low >= 0 else -1 if shape.high <= 0 else None


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


def _multiplied(a: Shape, b: Shape) -> Shape:
    corners = [_times(p, q) for p in (a.low, a.high) for q in (b.low, b.high)]
    return Shape(min(corners), max(corners), _sum(_scaled(a, _sign(b)), _scaled(b, _sign(a))))


def _inverse(a: Shape) -> Shape:
    flipped = _scaled(a, -1)
    if a.low >= 0:
        return Shape(
            0.0 if math.isinf(a.high) else 1 / a.high if a.high else math.inf,
            1 / a.low if a.low > 0 else math.inf,
            flipped,
        )
    if a.high <= 0:
        return Shape(
            1 / a.high if a.high < 0 else -math.inf, 0.0 if math.isinf(a.low) else 1 / a.low, flipped
        )
    return Shape(-math.inf, math.inf, dict.fromkeys(a.slope))


def _power(a: Shape, exponent: float) -> Shape:
    if exponent == 0:
        return Shape(1.0, 1.0)
    if exponent < 0:
        return _inverse(_power(a, -exponent))
    if a.low >= 0:
        return Shape(a.low**exponent, a.high**exponent, a.slope)
    if exponent % 2 == 1:
        return Shape(a.low**exponent, a.high**exponent, a.slope)
    if exponent % 2 == 0 and a.high <= 0:
        return Shape(a.high**exponent, a.low**exponent, _scaled(a, -1))
    return Shape(-math.inf, math.inf, dict.fromkeys(a.slope))


def _called(name: str, parts: list[Shape]) -> Shape:
    first = parts[0]
    match name:
        case "base":
            return Shape(first.low, first.high)
        case "reduction" | "change":
            ratio = _multiplied(first, _inverse(Shape(first.low, first.high)))
            one = Shape(1.0, 1.0)
            return _added(one, _negated(ratio)) if name == "reduction" else _added(ratio, _negated(one))
        case "min" | "max":
            pick = min if name == "min" else max
            slope: dict[str, int | None] = {}
            for part in parts:
                slope = _sum(slope, part.slope)
            return Shape(pick(p.low for p in parts), pick(p.high for p in parts), slope)
        case "abs":
            if first.low >= 0:
                return first
            if first.high <= 0:
                return _negated(first)
            return Shape(0.0, max(-first.low, first.high), dict.fromkeys(first.slope))
        case "exp":
            return Shape(_exp(first.low), _exp(first.high), first.slope)
        case "log":
            low = math.log(first.low) if first.low > 0 else -math.inf
            return Shape(low, math.log(first.high) if first.high > 0 else -math.inf, first.slope)
        case _:
            return Shape(max(first.low, 0.0) ** 0.5, max(first.high, 0.0) ** 0.5, first.slope)


def _exp(x: float) -> float:
    return math.exp(x) if x < 700 else math.inf


def _negated(a: Shape) -> Shape:
    return Shape(-a.high, -a.low, _scaled(a, -1))


def _added(a: Shape, b: Shape) -> Shape:
    return Shape(a.low + b.low, a.high + b.high, _sum(a.slope, b.slope))


def shape(formula: Formula) -> Shape:
    """Return range and slopes of `formula` for all columns ≥ 0, by interval arithmetic on signs.

    Base-year values are taken as given: only the assessed year's columns have a slope. The proof is
    one-sided: a slope it reports holds everywhere; where it says None, the formula may or may not be
    monotone.
    """

    def walk(node: ast.expr) -> Shape:
        match node:
            case ast.Constant(value=int() | float() as number):
                return Shape(float(number), float(number))
            case ast.Name(id=name):
                return Shape(0.0, math.inf, {name: 1})
            case ast.UnaryOp(op=op, operand=operand):
                return _negated(walk(operand)) if isinstance(op, ast.USub) else walk(operand)
            case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=int() | float() as exponent)):
                return _power(walk(left), float(exponent))
            case ast.BinOp(op=op, left=left, right=right):
                a, b = walk(left), walk(right)
                match op:
                    case ast.Add():
                        return _added(a, b)
                    case ast.Sub():
                        return _added(a, _negated(b))
                    case ast.Mult():
                        return _multiplied(a, b)
                    case _:
                        return _multiplied(a, _inverse(b))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                gap = _added(walk(left), _negated(walk(right)))
                return Shape(0.0, 1.0, _scaled(gap, _COMPARE[type(op)]))
            case ast.Call(func=ast.Name(id=name), args=args):
                return _called(name, [walk(arg) for arg in args])
            case _:
                raise refuse("formula_syntax", formula=formula.text, part=ast.unparse(node))

    return walk(formula.tree)
