"""Passwords between us and Asterisk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pbx.asterisk.secrets import have_secrets
from pbx.errors import CannotStart


def test_they_are_made_once_kept_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.json"
    made = have_secrets(file)
    assert len(made.ari_password) == len(made.ami_password) == 32
    assert made.ari_password != made.ami_password
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert have_secrets(file) == made
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_who_start_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as several:
        got = list(several.map(lambda _: have_secrets(tmp_path / "secrets.json"), range(8)))
    assert all(one == got[0] for one in got)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_a_damaged_file_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{}")
    with pytest.raises(CannotStart, match=r"secrets\.json"):
        have_secrets(tmp_path / "secrets.json")


def test_a_password_is_in_no_text_made_for_people(tmp_path: Path) -> None:
    made = have_secrets(tmp_path / "secrets.json")
    assert made.ari_password not in repr(made)
