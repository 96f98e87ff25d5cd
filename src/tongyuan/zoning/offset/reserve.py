"""The reserve of reductions: who was promised what of each source, never more than there is."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal


class ReserveError(ValueError):
    """A promise that cannot be given.

    Attributes
    ----------
    left : Decimal [t]
        What is left of the source.
    """

    def __init__(self, text: str, left: Decimal) -> None:
        super().__init__(text)
        self.left = left


@dataclass(frozen=True)
class Promise:
    """Tonnes of a source promised to a project under a key of its own."""

    key: str
    project: str
    source: str
    species: str
    tonnes: Decimal


@dataclass
class Reserve:
    """A reserve of reductions by source and species [t]; safe to use from several threads.

    Amounts are decimal, so that many small promises and withdrawals leave nothing over.

    Examples
    --------
    >>> from decimal import Decimal
    >>> reserve = Reserve({("S1", "NOx"): Decimal(150)})
    >>> reserve.promise("r1", "A", "S1", "NOx", Decimal(90)).tonnes
    Decimal('90')
    >>> reserve.left("S1", "NOx")
    Decimal('60')
    """

    held: dict[tuple[str, str], Decimal]
    _promises: dict[str, Promise] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def promise(self, key: str, project: str, source: str, species: str, tonnes: Decimal) -> Promise:
        """Promise tonnes to a project; the same promise under the same key is given once.

        Raises
        ------
        ReserveError
            If more is asked than is left, less than nought, or the key stands for another promise.
        """
        asked = Promise(key, project, source, species, tonnes)
        with self._lock:
            known = self._promises.get(key)
            left = self._left(source, species)
            if known is not None:
                if known != asked:
                    raise ReserveError(f"{key} stands for another promise", left)
                return known
            if tonnes <= 0 or tonnes > left:
                raise ReserveError(f"{tonnes} t of {species} asked of {source}: {left} t left", left)
            self._promises[key] = asked
            return asked

    def withdraw(self, key: str) -> Promise:
        """Take a promise back; its tonnes are left again.

        Raises
        ------
        KeyError
            If there is no such promise.
        """
        with self._lock:
            return self._promises.pop(key)

    def left(self, source: str, species: str) -> Decimal:
        """Return what of a source is not promised [t]."""
        with self._lock:
            return self._left(source, species)

    def promises(self) -> Iterable[Promise]:
        """Return every promise that stands, by key."""
        with self._lock:
            return tuple(self._promises[key] for key in sorted(self._promises))

    def _left(self, source: str, species: str) -> Decimal:
        given = (p.tonnes for p in self._promises.values() if (p.source, p.species) == (source, species))
        return self.held.get((source, species), Decimal(0)) - sum(given, Decimal(0))
