"""Files and sets of files appear whole or not at all; what killed processes left is swept away."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tongyuan.ledger.finding import FindingError, finding

WRITING = ".writing-"
"""Begins the name of what is not complete; the number of the process that writes it follows."""

_RUST = re.compile(r"\(os error (\d+)\)")
"""How a Rust library tells of a failure of the operating system."""

BEFORE = ".before-"
"""Begins the name of a folder whose files are being exchanged."""


def beside() -> str:
    """Return how the name of something begins that this process is writing."""
    return f"{WRITING}{os.getpid()}-"


def sweep(folder: Path) -> None:
    """Remove from `folder` what processes left that were ended while they wrote."""
    with suppress(OSError):
        for path in folder.glob(f"{WRITING}*"):
            number = path.name.removeprefix(WRITING).split("-")[0]
            if number.isdigit() and not _alive(int(number)):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if process == os.getpid() or os.name == "nt":  # signal 0 would end a process there
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def cannot_write(path: Path, reason: OSError) -> FindingError:
    """Return the finding that `path` cannot be written, as an error to raise."""
    why = reason.strerror or str(reason) or type(reason).__name__
    return FindingError([finding("ledger", "cannot_write", file=path.name, path=str(path), reason=why)])


def _of_the_disk(error: BaseException) -> OSError | None:
    """Return the failure of the operating system that `error` is or was made from."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, OSError):
            return cause
        number = _RUST.search(str(cause))
        if number:
            return OSError(int(number.group(1)), os.strerror(int(number.group(1))))
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the place of `path`, on failure it vanishes.

    A link stays a link to the file that is replaced; a device such as ``/dev/stdout`` gets the bytes once
    they are complete.

    Raises
    ------
    FindingError
        If the folder or the file cannot be written.
    """
    temporary: Path | None = None
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        shown = path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        raise FindingError([finding("ledger", "file_name", file=shown)]) from None
    try:
        device = path.exists() and not path.is_file() and not path.is_dir()
        target = path.resolve() if path.is_symlink() and not device else path
        folder = Path(tempfile.gettempdir()) if device else target.parent
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        handle, name = tempfile.mkstemp(prefix=beside(), suffix=target.suffix, dir=folder)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        if device:
            with temporary.open("rb") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            return
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        os.replace(temporary, target)
        _settle_names(folder)
    except FindingError:
        raise
    except Exception as error:
        reason = _of_the_disk(error)
        if reason is None:
            raise
        raise cannot_write(path, reason) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _settle_names(folder: Path) -> None:
    """Let the disk know of renamed files, where the system can do so for a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def exchanging(folder: Path, keep: str = "") -> Iterator[Path]:
    """Yield an empty folder; on success its files become those of `folder` at once, on failure it vanishes.

    Parameters
    ----------
    folder
        The folder whose set of files is replaced. Whoever reads it calls :func:`settle` first.
    keep
        Folder inside `folder` where earlier sets are kept as ``001``, ``002`` …; without it, files of the
        earlier set that the new one has too are gone, and others stay.

    Raises
    ------
    FindingError
        If the folder cannot be written; the earlier set stands then.
    """
    draft: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        sweep(folder.parent)
        settle(folder, keep)
        draft = Path(tempfile.mkdtemp(prefix=beside(), dir=folder.parent))
        yield draft
        _settle_names(draft)
        draft.chmod(0o755)
        if folder.exists():
            os.rename(folder, _before(folder))
        os.rename(draft, folder)
        settle(folder, keep)
        _settle_names(folder.parent)
    except OSError as reason:
        with suppress(OSError):
            settle(folder, keep)
        raise cannot_write(folder, reason) from None
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def _before(folder: Path) -> Path:
    return folder.with_name(f"{BEFORE}{folder.name}")


def settle(folder: Path, keep: str = "") -> None:
    """Undo or complete an exchange of the files of `folder` that was ended in between; else do nothing."""
    before = _before(folder)
    if not before.is_dir():
        return
    if not folder.exists():
        os.rename(before, folder)
        return
    if not keep:
        for path in sorted(before.iterdir()):
            if not (folder / path.name).exists():
                os.rename(path, folder / path.name)
        shutil.rmtree(before)
        return
    if (before / keep).is_dir() and not (folder / keep).exists():
        os.rename(before / keep, folder / keep)
    if not any(before.iterdir()):
        before.rmdir()
        return
    (folder / keep).mkdir(exist_ok=True)
    taken = [int(p.name) for p in (folder / keep).iterdir() if p.name.isdigit()]
    os.rename(before, folder / keep / f"{max(taken, default=0) + 1:03d}")


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write `text` to `path` whole."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding=encoding, newline="\n")


def write_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file which then takes the place of `path`."""
    with replacing(path) as temporary:
        write(temporary)
