"""A zip that somebody made to do harm is refused in words, and nothing of it is ever unpacked to disk."""

import contextlib
import io
import stat
import struct
import wave
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.errors import Refused
from pbx.library.parcel import archive, wav
from pbx.library.parcel.archive import Archive
from pbx.library.parcel.decoding import decode, parse
from pbx.library.parcel.manifest import Manifest, MenuIn, UserIn, VersionIn
from tests.audio.takes import telephone_speech

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def zipped(path: Path, files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


def refused(path: Path) -> str:
    with pytest.raises(Refused) as told:
        Archive(path)
    return told.value.says


def patched(path: Path, field: int, value: int, sign: bytes = b"PK\x01\x02", form: str = "<L") -> Path:
    """The last record of that kind says something else."""
    data = bytearray(path.read_bytes())
    struct.pack_into(form, data, data.rindex(sign) + field, value)
    path.write_bytes(data)
    return path


def test_an_ordinary_zip_is_read_also_when_others_packed_it(tmp_path: Path) -> None:
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with Archive(zipped(tmp_path / f"{how}.zip", {"a/b.txt": b"hello", "folder/": b""}, how)) as file:
            assert file.read("a/b.txt", 5) == b"hello"
            for name in ("folder/", "b.txt", "/a/b.txt", "../a/b.txt", ""):
                with pytest.raises(Refused, match="archive-file"):
                    file.read(name, 5)
            with pytest.raises(Refused, match="archive-too-big"):
                file.read("a/b.txt", 4)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip", b"PK\x05\x06", b"\0" * 500, b"PK\x05\x06" * 100])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert refused(path) == "archive-unreadable"
    assert refused(tmp_path / "not-there.zip") == "archive-unreadable"
    assert refused(tmp_path) == "archive-unreadable"


def test_a_zip_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {"a": b"hello", "manifest.json": b"{}"}).read_bytes()
    for length in range(len(whole)):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        assert refused(tmp_path / "cut.zip") == "archive-unreadable"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device_is_refused(tmp_path: Path, kind: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        info = zipfile.ZipInfo("manifest.json")
        info.external_attr = (kind | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    assert refused(tmp_path / "a.zip") == "archive-unreadable"


def test_what_no_parcel_needs_is_refused(tmp_path: Path) -> None:
    for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert refused(zipped(tmp_path / "other.zip", {"a": b"hello"}, how)) == "archive-unreadable"
    assert refused(patched(zipped(tmp_path / "locked.zip", {"a": b"x"}), 8, 1, form="<H")) == "archive-unreadable"
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as file:
        file.writestr("a", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("a", b"two")
    assert refused(tmp_path / "twice.zip") == "archive-unreadable"
    commented = zipped(tmp_path / "commented.zip", {"a": b"x"})
    with zipfile.ZipFile(commented, "a") as file:
        file.comment = b"hello"
    assert refused(commented) == "archive-unreadable"


def test_a_small_zip_that_would_become_enormous_is_refused_before_it_is_read(tmp_path: Path) -> None:
    small = zipped(tmp_path / "bomb.zip", {f"{n}.wav": b"\0" * 100_000 for n in range(20)})
    assert len(small.read_bytes()) < 10_000
    Archive(small).__exit__(None, None, None)
    assert refused(patched(small, 24, 0xFFFFFFF0)) == "archive-too-big"


def test_files_that_lie_upon_each_other_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": b"x" * 100}, zipfile.ZIP_STORED)
    assert refused(patched(path, 20, 100_000)) == "archive-too-big"


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = zipped(tmp_path / "a.zip", {"a": b"x"})
    assert refused(patched(one, 12, 0x7FFFFFFF, b"PK\x05\x06")) == "archive-too-big"
    monkeypatch.setattr(archive, "MOST_FILES", 10)
    many = zipped(tmp_path / "many.zip", {str(n): b"" for n in range(11)})
    assert refused(many) == "archive-too-big"
    assert refused(patched(many, 10, 1, b"PK\x05\x06", "<H")) == "archive-too-big"


def test_more_files_than_a_short_zip_can_count_are_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": b"hello"})
    data = path.read_bytes()
    at = data.rindex(b"PK\x05\x06")
    length, start = struct.unpack_from("<LL", data, at + 12)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, length, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    path.write_bytes(data[:at] + large + locator + data[at:])
    with Archive(path) as file:
        assert file.read("a", 5) == b"hello"
    path.write_bytes(
        data[:at] + large.replace(struct.pack("<Q", length), struct.pack("<Q", 1 << 40)) + locator + data[at:]
    )
    assert refused(path) == "archive-too-big"
    path.write_bytes(data[:at] + large + struct.pack("<4sLQL", b"PK\x06\x07", 0, 3, 1) + data[at:])
    assert refused(path) == "archive-unreadable"


def test_a_file_that_is_not_what_the_zip_says_is_told(tmp_path: Path) -> None:
    shorter = patched(zipped(tmp_path / "a.zip", {"a": b"hello" * 100}), 24, 100)
    longer = patched(zipped(tmp_path / "b.zip", {"a": b"hello" * 100}), 24, 1_000)
    elsewhere = patched(zipped(tmp_path / "c.zip", {"a": b"hello" * 100}), 42, 7)
    damaged = zipped(tmp_path / "d.zip", {"a": b"hello" * 100}, zipfile.ZIP_STORED)
    damaged.write_bytes(damaged.read_bytes().replace(b"hellohello", b"hellohelLo", 1))
    for path in (shorter, longer, elsewhere, damaged):
        with Archive(path) as file, pytest.raises(Refused, match="archive-file"):
            file.read("a", 10_000)


_NO_LIST = [
    "", "[", "[" * 100_000, '{"a":' * 100_000, '{"format": NaN}', '{"format": 1e999}', "9" * 10_000, "\0", "1",
    '"\\ud800"',
]  # fmt: skip


@pytest.mark.parametrize("text", _NO_LIST, ids=range(len(_NO_LIST)))
def test_a_list_that_is_no_json_or_not_ours_is_refused_in_words(text: str) -> None:
    with pytest.raises(Refused, match="archive-"):
        decode(Manifest, parse(text.encode()), "manifest")


def test_a_list_of_more_values_than_any_company_has_is_not_read() -> None:
    with pytest.raises(Refused, match="archive-too-big"):
        parse(b"[" + b"0," * 3_000_001 + b"0]")


@given(_JSON)
@pytest.mark.parametrize("kind", [Manifest, MenuIn, UserIn, VersionIn])
def test_whatever_the_list_holds_is_read_or_refused(kind: type[Any], value: Any) -> None:
    fields = dict.fromkeys(kind.__dataclass_fields__)
    for tried in (value, {**fields, **value} if isinstance(value, dict) else dict.fromkeys(fields, value)):
        with contextlib.suppress(Refused):
            decode(kind, tried, "x")


def test_a_sound_comes_back_as_it_was() -> None:
    pcm = telephone_speech("hello", 1.0)
    assert (wav.decode(wav.encode(pcm)) == pcm).all()


def _wave(channels: int = 1, width: int = 2, rate: int = 16_000, data: bytes = b"\0" * 64) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"RIFF", b"fLaC" + b"\0" * 100, b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff", _wave(channels=2),
        _wave(width=1), _wave(rate=8_000), _wave(data=b""), _wave()[:-1], _wave()[:30], _wave()[:44],
        _wave().replace(b"data", b"dada"), _wave()[:40] + b"\xff\xff\xff\xff" + b"\0" * 64,
    ],
)  # fmt: skip
def test_what_is_no_sound_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="archive-sound"):
        wav.decode(data)
