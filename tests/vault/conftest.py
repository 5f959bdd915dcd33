"""A room for each test's copies; in memory where that can be had, since an fsync there costs nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pbx.store import new_id
from pbx.vault import Vault
from tests.vault.faulty import Faults

_MEMORY = Path("/dev/shm")  # noqa: S108


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    room = tempfile.mkdtemp(prefix="vaxel-vault-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
    yield Path(room)
    shutil.rmtree(room)


@pytest.fixture
def copies(tmp_path: Path) -> list[Path]:
    return [tmp_path / "a", tmp_path / "b"]


@pytest.fixture
def vault(copies: list[Path]) -> Iterator[Vault]:
    vault = Vault(copies, register=copies[0].parent / "vault.json")
    yield vault
    vault.close()


@pytest.fixture
def company() -> str:
    return new_id()


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def frail(copies: list[Path], faults: Faults) -> Iterator[Vault]:
    """A vault whose copies can be told to fail."""
    vault = Vault(copies, register=copies[0].parent / "vault.json", make=faults.make)
    yield vault
    vault.close()
