"""同源 tongyuan: one ledger of activity yields every pollutant and greenhouse gas."""

__version__ = "0.1.0"
