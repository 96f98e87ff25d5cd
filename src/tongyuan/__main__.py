"""``python -m tongyuan``: the command line."""

from __future__ import annotations

from tongyuan.cli import main

if __name__ == "__main__":
    main()
