"""A Spark on two cores of this machine, for the tests that need one; without Java they are skipped."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tongyuan.ledger.read.cluster import session


@contextmanager
def local_spark(**settings: str) -> Iterator[Any]:
    """Start Spark with further `settings` (dots as underscores) and stop it in the end."""
    pytest.importorskip("pyspark")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            running = session(
                "tongyuan-test",
                spark_master="local[2]",
                spark_ui_enabled="false",
                spark_driver_memory="1g",
                spark_driver_bindAddress="127.0.0.1",
                spark_driver_host="127.0.0.1",
                **settings,
            )
        except Exception as error:  # no Java, or no permission to start it
            pytest.skip(f"no local Spark: {error}")
        running.sparkContext.setLogLevel("ERROR")
        yield running
        running.stop()
