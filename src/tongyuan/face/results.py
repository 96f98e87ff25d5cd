"""Results: the tables of an account, a plan or a run, with the settings they were made under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.face.table import Table, listed, refuse
from tongyuan.ledger.finding import Bilingual, Finding, findings_table
from tongyuan.ledger.read.lookup import close_names
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.workspace import Workspace
from tongyuan.reference.language import preferred_language
from tongyuan.reference.shelf import Language


@dataclass(frozen=True, repr=False, eq=False)
class Results(Mapping[str, Table]):
    """Tables by name, also as attributes: ``results["emission"]`` is ``results.emission``.

    Parameters
    ----------
    tables
        The polars frames by name.
    settings
        The settings they were made under.
    findings
        What was found on the way.
    record
        Record of the run (versions, hashes of inputs and outputs); empty without a run.
    folder
        Folder of the set that was written, None where nothing was written.
    workspace
        The workspace they were computed from, None for results that were read.

    Examples
    --------
    >>> results = ty.account(ty.example("minimal"))
    >>> results.unit("emission", "SO2")
    't'
    >>> drawn = results.samples("CO2", draws=200, seed=1).where(group="total")
    >>> len(drawn), drawn.unit()
    (200, 't')
    """

    tables: Mapping[str, pl.DataFrame]
    settings: Settings
    findings: tuple[Finding, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None
    workspace: Workspace | None = None

    def __getitem__(self, name: str) -> Table:
        if name not in self.tables:
            hint = close_names(name, [(known, known) for known in self.tables])
            raise refuse("no_result", name=name, suggestion=hint, known=listed(sorted(self.tables)))
        return Table(name, self.tables[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __contains__(self, name: object) -> bool:
        return name in self.tables

    def __getattr__(self, name: str) -> Table:
        if name.startswith("_") or name not in self.tables:
            known = "" if name.startswith("_") else f"; the results have {', '.join(sorted(self.tables))}"
            raise AttributeError(f"no table or attribute {name!r}{known}")
        return Table(name, self.tables[name])

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.tables})

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {frame.height}" for name, frame in self.tables.items())
        return f"Results of {self.settings.name}: {rows}"

    def unit(self, name: str, species: str | None = None, *, column: str = "value") -> str:
        """Return the unit of a table's column, of one species where the table has several."""
        return self[name].unit(column, **({} if species is None else {"species": species}))

    def said(self, language: Language | None = None) -> pl.DataFrame:
        """Return the findings as a table: severity, place, message and next step in a language."""
        return findings_table(self.findings, language or preferred_language())

    def samples(
        self,
        species: str | Sequence[str] = (),
        *,
        draws: int | None = None,
        seed: int | None = None,
        correlation: float = 0.0,
    ) -> Table:
        """Return the Monte Carlo draws of the totals and sectors of an inventory.

        Parameters
        ----------
        species
            One or several, ``CO2e`` and the pollution equivalents among them; all when empty.
        draws, seed
            Those of the settings when not given: then the quantiles are those of table ``uncertainty``.
        correlation
            Correlation of the factors of one fuel across species and processes, 0 to 1.

        Returns
        -------
        Table
            ``region, year, group, species, unit, draw, value``.
        """
        from tongyuan.flows.ask.samples import samples

        for name in ("emission", "factor_used", "activity"):
            self[name]
        wanted = [species] if isinstance(species, str) else list(species)
        found = samples(
            self.tables, self.settings.account, wanted, draws=draws, seed=seed, correlation=correlation
        )
        if wanted:
            Table("samples", found).where(species=wanted)
        return Table("samples", found)

    def with_factor(self, factor: Any) -> Results:
        """Return the inventory anew with further factor records of one's own (:func:`tongyuan.account`)."""
        from tongyuan.face.ask import account

        return account(self.origin, factor=factor)

    @property
    def origin(self) -> Workspace:
        """The workspace the results were computed from.

        Raises
        ------
        FindingError
            If they were read from a folder.
        """
        if self.workspace is None:
            raise refuse("no_origin")
        return self.workspace


def no_table(name: str, known: Sequence[str]) -> Exception:
    """Return the error that says there is no table of a name, with names that are close."""
    hint: Bilingual = close_names(name, [(word, word) for word in known])
    return refuse("no_table", name=name, suggestion=hint, known=listed(list(known)))
