"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tongyuan.ledger.finding import FindingError, finding


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the place of `path`, on failure it vanishes.

    Raises
    ------
    FindingError
        If the folder or the file cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        os.replace(temporary, path)
    except OSError as reason:
        why = reason.strerror or type(reason).__name__
        wrong = finding("ledger", "cannot_write", file=path.name, path=str(path), reason=why)
        raise FindingError([wrong]) from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write `text` to `path` whole."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding=encoding, newline="\n")


def write_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file which then takes the place of `path`."""
    with replacing(path) as temporary:
        write(temporary)
