"""A table as Python users meet it: a polars frame that knows its name, its units and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import Column, names, table
from tongyuan.reference.language import preferred_language
from tongyuan.reference.shelf import Language, identify

if TYPE_CHECKING:
    import pandas
    import xarray

ROOM = "face"
LISTED = 12
"""Words a finding lists."""


def refuse(check: str, **words: Any) -> FindingError:
    """Return the error with the finding `check` of this door."""
    return FindingError([finding(ROOM, check, **words)])


def listed(words: Sequence[object]) -> str:
    """Return words for a finding, the first of them where there are many."""
    rest = " …" if len(words) > LISTED else ""
    return ", ".join(str(word) for word in words[:LISTED]) + rest


def needs(part: str, use: str) -> None:
    """Raise a finding when the optional package `part` is not installed."""
    if find_spec(part) is None:
        install = "pandas pyarrow" if part in ("pandas", "pyarrow") else part
        raise refuse("part_missing", part=part, use=use, install=install)


def as_polars(name: str, given: Any) -> pl.DataFrame:
    """Return a table of any kind as a polars frame.

    Parameters
    ----------
    name
        What a finding calls it.
    given
        polars, pandas, pyarrow, DuckDB or anything else with the Arrow PyCapsule interface; a mapping of
        columns; a list of rows as mappings; one row as a mapping.

    Raises
    ------
    FindingError
        If it is no table.
    """
    if isinstance(given, Table):
        return given.frame
    if isinstance(given, pl.DataFrame):
        return given
    if isinstance(given, pl.LazyFrame):
        return given.collect()
    if hasattr(given, "__arrow_c_stream__"):
        return pl.DataFrame(given)
    if isinstance(given, Mapping):
        single = not any(isinstance(v, Sequence) and not isinstance(v, str) for v in given.values())
        return pl.DataFrame([dict(given)] if single else dict(given))
    if isinstance(given, list) and given and all(isinstance(row, Mapping) for row in given):
        return pl.DataFrame([dict(row) for row in given], infer_schema_length=None)
    raise refuse("no_frame", name=name, kind=type(given).__name__)


@dataclass(frozen=True, repr=False, eq=False)
class Table:
    """One table of results or of a workspace: its `name` in the ledger and its polars `frame`.

    Whatever reads the Arrow PyCapsule interface takes it as it is (``pl.DataFrame(table)``,
    ``pyarrow.table(table)``). Columns are ids; :meth:`in_words` has the words of a language.

    Examples
    --------
    >>> table = ty.account(ty.example("minimal")).emission.where(scope="direct")
    >>> table.total("species").unit(species="二氧化硫")
    't'
    >>> table.where(species=["SO2", "CO2"]).total("process", "species").to_xarray("process", "species").shape
    (4, 2)
    """

    name: str
    frame: pl.DataFrame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return self.frame.height

    def __getitem__(self, column: str) -> pl.Series:
        return self.frame[self._column(column)]

    def __repr__(self) -> str:
        return f"Table {self.name}\n{self.frame}"

    def _repr_html_(self) -> str:
        return self.frame._repr_html_()

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self.frame.columns

    def to_polars(self) -> pl.DataFrame:
        """Return the polars frame itself."""
        return self.frame

    def to_pandas(self) -> pandas.DataFrame:
        """Return the table as a pandas frame (needs pandas and pyarrow)."""
        needs("pandas", "to_pandas")
        needs("pyarrow", "to_pandas")
        return self.frame.to_pandas()

    def to_arrow(self) -> Any:
        """Return the table as a pyarrow table (needs pyarrow)."""
        needs("pyarrow", "to_arrow")
        return self.frame.to_arrow()

    def to_xarray(self, *dims: str, value: str = "value") -> xarray.DataArray:
        """Return column `value` as a labelled array over the columns `dims` (needs xarray).

        Places without a row are NaN. The unit is in ``attrs["units"]``, or where it depends on one
        dimension, as on species, a coordinate ``unit`` along it.

        Raises
        ------
        FindingError
            If several rows share one place, or the unit is not settled by one dimension.
        """
        needs("xarray", "to_xarray")
        import numpy
        import xarray

        for column in (*dims, value):
            self._column(column)
        keys = list(dims)
        doubled = self.frame.group_by(keys).len().filter(pl.col("len") > 1).height
        if doubled:
            raise refuse("many_rows", table=self.name, count=doubled, dims=", ".join(dims))
        labels = {dim: self.frame[dim].unique().sort() for dim in dims}
        array = numpy.full([len(labels[dim]) for dim in dims], numpy.nan)
        places = tuple(numpy.searchsorted(labels[dim].to_numpy(), self.frame[dim].to_numpy()) for dim in dims)
        array[places] = self.frame[value].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        found = xarray.DataArray(
            array, coords={dim: labels[dim].to_numpy() for dim in dims}, dims=dims, name=value
        )
        settled = self._settled_units(value, keys, labels)
        return found.assign_attrs(units=settled) if isinstance(settled, str) else found.assign_coords(settled)

    def _settled_units(
        self, value: str, dims: list[str], labels: Mapping[str, pl.Series]
    ) -> str | dict[str, Any]:
        rows = self._units(value)
        units = rows.drop_nulls().unique().sort().to_list()
        if len(units) <= 1:
            return str(units[0]) if units else ""
        for dim in dims:
            pairs = self.frame.select(pl.col(dim), rows.alias("unit")).unique().sort(dim)
            if pairs.height == len(labels[dim]):
                return {"unit": (dim, pairs["unit"].to_numpy())}
        raise refuse("many_units", table=self.name, units=listed(units))

    def where(self, **equal: Any) -> Table:
        """Return the rows whose columns equal the values given; a list means any of its values.

        Names of a language stand for ids: ``where(species="二氧化硫")``.

        Raises
        ------
        FindingError
            If there is no such column, or no row has such a value.
        """
        kept = self.frame
        for column, asked in equal.items():
            self._column(column)
            wanted = list(asked) if isinstance(asked, (list, tuple, set, pl.Series)) else [asked]
            ids = [self._id(column, value) for value in wanted]
            kept = kept.filter(pl.col(column).is_in(ids, nulls_equal=True))
        return Table(self.name, kept)

    def total(self, *by: str, value: str = "value") -> Table:
        """Return column `value` summed by the columns `by`, with its unit; rows of unlike units never meet.

        Raises
        ------
        FindingError
            If rows of several units would be added.
        """
        for column in (*by, value):
            self._column(column)
        frame = self.frame.with_columns(self._units(value).alias("unit"))
        found = (
            frame.group_by(list(by), maintain_order=True).agg(
                pl.col(value).sum(), pl.col("unit").drop_nulls().unique().sort()
            )
            if by
            else frame.select(pl.col(value).sum(), pl.col("unit").drop_nulls().unique().sort().implode())
        )
        mixed = found.filter(pl.col("unit").list.len() > 1)
        if mixed.height:
            raise refuse("many_units", table=self.name, units=listed(mixed["unit"][0].to_list()))
        return Table(self.name, found.with_columns(pl.col("unit").list.first()).sort(list(by) or value))

    def unit(self, column: str = "value", **equal: Any) -> str:
        """Return the unit of a column, for the rows that :meth:`where` would keep.

        Raises
        ------
        FindingError
            If the column has no unit, or the rows have several.
        """
        rows = self.where(**equal) if equal else self
        units = rows._units(column).drop_nulls().unique().sort().to_list()
        if not units:
            raise refuse("no_unit", table=self.name, head=column)
        if len(units) > 1:
            raise refuse("many_units", table=self.name, units=listed(units))
        return str(units[0])

    def in_words(self, language: Language | None = None) -> Table:
        """Return the table with titles in place of the ids of references and choices."""
        from tongyuan.ledger.write.write import worded

        if self.name not in names():
            return self
        return Table(self.name, worded(self.name, self.frame, language or preferred_language()))

    def titles(self, language: Language | None = None) -> dict[str, str]:
        """Return the title of each column in a language, the name itself where it has none."""
        english = (language or preferred_language()) == "en"
        return {
            name: (known.title_en if english else known.title_zh) if known else name
            for name in self.columns
            for known in [self._definition(name)]
        }

    def plot(
        self,
        kind: Literal["bar", "line", "hist"] = "bar",
        *,
        x: str | None = None,
        y: str = "value",
        by: str | None = None,
        top: int = 15,
        language: Language | None = None,
        ax: Any = None,
    ) -> Any:
        """Draw the table with matplotlib and return the axes.

        Parameters
        ----------
        kind
            ``bar``: the largest places of `x`; ``line``: along `x`; ``hist``: how often values occur.
        x
            Column across; without it the process, or the year of a line, where the table has one.
        y
            Column of the values; rows of one place are added up.
        by
            Column with a series for each of its values.
        top
            Number of bars.
        ax
            Axes of matplotlib to draw on.

        Raises
        ------
        FindingError
            If the rows have several units: they cannot stand on one axis.
        """
        from tongyuan.flows.ask.picture import picture

        usual = "year" if kind == "line" else "process"
        across = x or (usual if usual in self.columns else self.columns[0])
        for column in (across, y, *([by] if by else [])):
            self._column(column)
        units = self._units(y).drop_nulls().unique().sort().to_list()
        if len(units) > 1:
            raise refuse("many_units", table=self.name, units=listed(units))
        unit, chosen = str(units[0]) if units else "", language or preferred_language()
        return picture(self.name, self.frame, kind, across, y, by, unit, chosen, top=top, axes=ax)

    def _definition(self, column: str) -> Column | None:
        if self.name not in names():
            return None
        return next((c for c in table(self.name).columns if c.name == column), None)

    def _column(self, column: str) -> str:
        if column not in self.columns:
            raise refuse("no_column", table=self.name, name=column, known=listed(self.columns))
        return column

    def _units(self, column: str) -> pl.Series:
        """Return the unit of each row of a column: that of the schema, else that of the row."""
        self._column(column)
        known = self._definition(column)
        if known is not None and known.unit:
            return pl.Series("unit", [known.unit], dtype=pl.String).new_from_index(0, self.frame.height)
        if "unit" in self.columns and self.frame[column].dtype.is_numeric():
            return self.frame["unit"].cast(pl.String)
        return pl.Series("unit", [None] * self.frame.height, dtype=pl.String)

    def _id(self, column: str, value: Any) -> Any:
        """Return the id that `value` stands for in a column; a value that no row has is refused."""
        held = self.frame[column].unique(maintain_order=True).drop_nulls().to_list()
        if value in held or value is None:
            return value
        known = self._definition(column)
        for reference in known.refers_to if known is not None and isinstance(value, str) else ():
            shelf, _, name = reference.partition(".")
            found = identify(name, value) if shelf == "reference" else None
            if found in held:
                return found
        raise refuse("no_value", table=self.name, head=column, value=value, known=listed(held))
