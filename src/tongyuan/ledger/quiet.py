"""Silence while a compiled library works that prints lines of its own to the standard output."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock

OUT, ERROR = 1, 2
"""Numbers of the streams of a process."""

_ONE = RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """Send what is printed to the standard output of the process to its standard error within the block.

    A solver may print a line that none of its options leaves out; a program that reads what a command
    answers (``--json``) must not meet it. Blocks of several threads follow one another. Without streams,
    as in a service, nothing is changed.
    """
    with _ONE:
        try:
            _flush()
            kept = os.dup(OUT)
        except (OSError, ValueError):
            kept = -1
        if kept < 0:
            yield
            return
        try:
            with suppress(OSError):
                os.dup2(ERROR, OUT)
            yield
        finally:
            with suppress(OSError, ValueError):
                _flush()
            os.dup2(kept, OUT)
            os.close(kept)


def _flush() -> None:
    """Write what Python and the library of C still hold."""
    if sys.stdout is not None:
        sys.stdout.flush()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
