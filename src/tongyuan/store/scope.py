"""Scope: whose rows a caller may see and write, given to every function of the archive."""

from __future__ import annotations

from dataclasses import dataclass

EVERYONE = "*"
"""What PostgreSQL is told when a scope covers all organisations; no organisation may be called so."""


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a person or an organisation: something, printable, not everyone.

    Examples
    --------
    >>> is_name("lin"), is_name(""), is_name("*"), is_name("lin\\nwang")
    (True, False, False, False)
    """
    return bool(text.strip()) and text != EVERYONE and text.isprintable()


@dataclass(frozen=True)
class Scope:
    """Who asks, and which organisations' rows they may see and write.

    Parameters
    ----------
    person
        Who asks, as the trail names them.
    reads
        Organisations whose rows are seen; None is all of them.
    writes
        Organisations whose rows may be written; None is all of them. What is written must also be seen.

    Raises
    ------
    ValueError
        If a text is no name (:func:`is_name`), or rows could be written that are not seen.

    Examples
    --------
    >>> Scope.own("lin", "370100-0007").may_write("370100-0007")
    True
    """

    person: str
    reads: frozenset[str] | None = frozenset()
    writes: frozenset[str] | None = frozenset()

    def __post_init__(self) -> None:
        for name in (self.person, *(self.reads or ()), *(self.writes or ())):
            if not is_name(name):
                raise ValueError(f"no name of a person or an organisation: {name!r}")
        if self.reads is not None and (self.writes is None or not self.writes <= self.reads):
            raise ValueError("a scope cannot write what it does not see")

    @classmethod
    def own(cls, person: str, organisation: str) -> Scope:
        """Return the scope of a person of one organisation."""
        return cls(person, frozenset({organisation}), frozenset({organisation}))

    @classmethod
    def everything(cls, person: str, *, writes: bool = False) -> Scope:
        """Return a scope that sees every organisation."""
        return cls(person, None, None if writes else frozenset())

    def within(self, organisations: frozenset[str] | None) -> Scope:
        """Return the part of this scope that lies within some organisations; all of it for None."""
        if organisations is None:
            return self
        reads = organisations if self.reads is None else self.reads & organisations
        writes = organisations if self.writes is None else self.writes & organisations
        return Scope(self.person, reads, writes)

    def may_write(self, organisation: str) -> bool:
        """Return whether rows of `organisation` may be written."""
        return self.writes is None or organisation in self.writes

    def text(self) -> str:
        """Return the organisations seen as PostgreSQL's row security reads them, one a line."""
        return EVERYONE if self.reads is None else "\n".join(sorted(self.reads))
