"""What callers hear, in pieces, as browsers ask for it."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from pbx.web import waves
from tests.pages.premises import Premises
from tests.pages.samples import spoken_version


async def whole(premises: Premises, path: str) -> bytes:
    async with premises.client("alva") as client, client.get(path) as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "audio/wav")
        return await response.read()


async def test_it_is_a_wav_of_what_is_published(premises: Premises) -> None:
    await spoken_version(premises)
    data = await whole(premises, f"/messages/{premises.world.welcome.id}/heard.wav")
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getnchannels()) == (16_000, 1)
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert np.abs(samples.astype(int)).max() > 1000


@pytest.mark.parametrize(
    ("asked", "status", "piece"),
    [
        ("bytes=0-99", 206, slice(0, 100)), ("bytes=40-47", 206, slice(40, 48)), ("bytes=100-", 206, slice(100, None)),
        ("bytes=-10", 206, slice(-10, None)), ("bytes=0-", 206, slice(0, None)), ("bytes=99999999-", 416, None),
        ("bytes=5-4", 416, None), ("bytes=0-1,5-6", 416, None), ("bytes=-0", 416, None), ("lines=1-2", 416, None),
    ],
)  # fmt: skip
async def test_a_piece_is_the_same_piece_of_the_whole(
    premises: Premises, asked: str, status: int, piece: slice | None
) -> None:
    await spoken_version(premises)
    path = f"/messages/{premises.world.welcome.id}/heard.wav"
    data = await whole(premises, path)
    async with premises.client("alva", Range=asked) as client, client.get(path) as response:
        assert response.status == status
        if piece is not None:
            assert await response.read() == data[piece]


async def test_what_the_browser_has_already_is_not_sent_again(premises: Premises) -> None:
    version = await spoken_version(premises)
    path = f"/messages/{premises.world.welcome.id}/versions/{version}/sound.wav"
    async with premises.client("alva") as client:
        async with client.get(path) as response:
            mark = response.headers["ETag"]
            assert "immutable" in response.headers["Cache-Control"]
        async with client.get(path, headers={"If-None-Match": mark}) as response:
            assert response.status == 304


async def test_a_curve_is_drawn_once_the_file_is_there(tmp_path: Path) -> None:
    file = tmp_path / "later.sln16"
    flat = await waves.of_file(file)
    np.full(8_000, 9_000, np.int16).tofile(file)
    assert await waves.of_file(file) != flat
