"""Cost per tonne where one measure cuts several things: shared out once, never counted for each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class JointCost:
    """What each reduction costs when the cost of a measure is shared out among them.

    Attributes
    ----------
    share : array, shape (reductions,) [1]
        Part of the cost each bears; they sum to one.
    cost : array, shape (reductions,) [money per unit]
        ``share · cost / reduction``; times the reductions they sum to the cost.
    alone : array, shape (reductions,) [money per unit]
        The whole cost over each reduction: what counts the cost again for each.
    charged : float [money]
        Added to the cost for what rises, at its price.
    """

    share: Array
    cost: Array
    alone: Array
    charged: float


def joint_cost(cost: float, reduction: npt.ArrayLike, price: npt.ArrayLike) -> JointCost:
    """Share the yearly cost of a measure out among its reductions by their value.

    The share of reduction *i* is ``p_i q_i / Σ p q`` over what falls. What rises (a reduction below nought)
    is charged to the cost at its price. The rule is a choice: other prices split the same cost otherwise.

    Parameters
    ----------
    cost : float [money per yr]
        Net cost; below nought where the measure pays for itself.
    reduction : array, shape (reductions,) [unit per yr]
    price : array, shape (reductions,) [money per unit]

    Raises
    ------
    ValueError
        If a price is not above nought or nothing falls.
    """
    amount, worth = np.asarray(reduction, dtype=np.float64), np.asarray(price, dtype=np.float64)
    if (worth <= 0).any():
        raise ValueError("prices that share out a cost lie above nought")
    value = amount * worth
    falls = np.clip(value, 0, None)
    if not falls.sum():
        raise ValueError("nothing falls: there is nothing to share the cost among")
    charged = float(falls.sum() - value.sum())
    share = falls / falls.sum()
    whole = cost + charged
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(amount > 0, share * whole / amount, np.nan)
        alone = np.where(amount > 0, whole / amount, np.nan)
    return JointCost(share, each, alone, charged)
