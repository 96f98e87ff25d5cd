"""Write the tables of the example world ``enterprises`` from its simulator."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongyuan.facility.simulate.example import enterprises

FOLDER = Path(__file__).parents[1] / "src" / "tongyuan" / "ledger" / "examples" / "enterprises" / "tables"
DIGITS = 6


def main() -> None:
    """Write CSV, and Parquet where there is a row for every hour; figures with six digits."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, frame in enterprises().items():
        kept = [s.name for s in frame if s.null_count() < frame.height]
        numbers = [pl.col(c).round_sig_figs(DIGITS) for c in kept if frame.schema[c] == pl.Float64]
        rows = frame.select(kept).with_columns(numbers)
        if frame.height > 5_000:
            rows.write_parquet(FOLDER / f"{name}.parquet", compression="zstd", compression_level=19)
        else:
            rows.write_csv(FOLDER / f"{name}.csv")


if __name__ == "__main__":
    main()
