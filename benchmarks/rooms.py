"""Folders to measure in, gone afterwards."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108


@contextlib.contextmanager
def on_disk(where: Path) -> Iterator[Path]:
    where.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=where))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """Where files cost next to nothing: for what reads names and rows that on a disk would lie in the page cache."""
    with on_disk(_MEMORY if os.access(_MEMORY, os.W_OK) else otherwise) as folder:
        yield folder
