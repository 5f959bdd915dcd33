"""Files that nobody should be able to do harm with: broken, lying, far too large, or no sound at all."""

import asyncio
import gzip
import io
import os
import random
import socket
import struct
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import soundfile

from pbx.audio.pcm import RATE, Pcm, to_bytes
from tests.audio.files import ffmpeg, sound_file
from tests.audio.takes import noise, silence, telephone_speech

WORDS: dict[str, tuple[str, bytes]] = {
    "empty.wav": ("upload-empty", b""),
    "text.wav": ("upload-text", "Hej och välkommen till Exempel AB.\n".encode() * 40),
    "utf16.mp3": ("upload-text", "Välkommen!".encode("utf-16")),
    "answer.wav": ("upload-text", b'{"error": "not found", "code": 404}'),
    "table.mp3": ("upload-text", b"name;number\nAlva;201\n"),
    "session.wav": ("upload-text", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n"),
    "page.mp3": ("upload-web-page", b"<!DOCTYPE html>\n<html><body>404 Not Found</body></html>"),
    "old-page.wav": ("upload-web-page", b"\n\n  <HTML><HEAD><TITLE>Moved</TITLE></HEAD></HTML>"),
    "local.m3u8": ("upload-playlist", b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{folder}/secret.mp3\n"),
    "local.mp3": ("upload-playlist", b"#EXTM3U\n#EXTINF:9,\nfile:{folder}/secret.mp3\n"),
    "remote.wav": ("upload-playlist", b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:8088/ari\n"),
    "concat.wav": ("upload-playlist", b"ffconcat version 1.0\nfile '{folder}/secret.mp3'\n"),
    "concat-bare.mp3": ("upload-playlist", b"file '{folder}/secret.mp3'\n"),
    "list.pls": ("upload-playlist", b"[playlist]\nFile1=/etc/passwd\nNumberOfEntries=1\n"),
    "list.asx": ("upload-playlist", b'<asx version="3.0"><entry><ref href="/etc/passwd"/></entry></asx>'),
    "dash.mp4": ("upload-playlist", b'<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>'),
    "hidden-list.mp3": ("upload-damaged", b"ID3\x03\0\0\0\0\0\0#EXTM3U\n#EXTINF:9,\n{folder}/secret.mp3\n"),
    "picture.svg": ("upload-picture", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    "picture.png": ("upload-picture", b"\x89PNG\r\n\x1a\n" + bytes(400)),
    "picture.wav": ("upload-picture", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(400)),
    "moving.mp4": ("upload-picture", b"GIF89a" + bytes(400)),
    "paper.wav": ("upload-document", b"%PDF-1.7\n" + bytes(400)),
    "letter.mp3": ("upload-document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(400)),
    "old.tar": ("upload-archive", bytes(257) + b"ustar\x0000" + bytes(400)),
    "program.wav": ("upload-unknown", b"\x7fELF\x02\x01\x01" + bytes(4000)),
    "windows.wma": ("upload-unknown", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9" + bytes(4000)),
    "notes.mid": ("upload-unknown", b"MThd\0\0\0\6\0\1\0\1\0\x60MTrk\0\0\0\4\0\xff\x2f\0"),
    "film.avi": ("upload-unknown", b"RIFF\x00\x10\0\0AVI LIST" + bytes(4000)),
    "random.wav": ("upload-unknown", b"\x01" + random.Random(1).randbytes(60_000)),
    "random.m4a": ("upload-cut-short", b"\0\0\0\x18ftypM4A " + random.Random(2).randbytes(60_000)),
    "endless-box.mp4": ("upload-cut-short", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\xff\xff\xff\xffmdat" + bytes(4000)),
    "random.webm": ("upload-damaged", b"\x1a\x45\xdf\xa3" + random.Random(3).randbytes(60_000)),
    "random.flac": ("upload-no-sound", b"fLaC\x80\0\0\x22" + random.Random(4).randbytes(60_000)),
    "random.aiff": ("upload-damaged", b"FORM\0\0\xff\xffAIFFCOMM" + random.Random(5).randbytes(9_000)),
    "riff-and-noise.wav": ("upload-damaged", b"RIFF\xff\xff\0\0WAVE" + random.Random(6).randbytes(60_000)),
}  # fmt: skip


def wav(
    pcm: Pcm, *, channels: int = 1, rate: int = RATE, claims: int | None = None, code: int = 1, bits: int = 16
) -> bytes:
    """A WAV file whose header says what it is told to."""
    data = to_bytes(pcm)
    size = len(data) if claims is None else claims
    fmt = struct.pack("<HHIIHH", code, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    return (
        b"RIFF"
        + struct.pack("<I", min(size + 36, 0xFFFF_FFFF))
        + b"WAVEfmt \x10\0\0\0"
        + fmt
        + b"data"
        + struct.pack("<I", size)
        + data
    )


def headers() -> dict[str, tuple[str, bytes]]:
    speech = telephone_speech("hostile", 2)
    return {
        "no-channels.wav": ("upload-header", wav(speech, channels=0)),
        "no-rate.wav": ("upload-header", wav(speech, rate=0)),
        "one-hertz.wav": ("upload-header", wav(speech, rate=1)),
        "gigahertz.wav": ("upload-header", wav(speech, rate=2_000_000_000)),
        "claims-a-gigabyte.wav": ("upload-cut-short", wav(speech, claims=1_000_000_000)),
        "no-such-codec.wav": ("upload-damaged", wav(speech, code=0x1234)),
        "silence.wav": ("upload-silent", wav(silence(5))),
        "only-noise.wav": ("upload-silent", wav(noise(5, -30))),
        "one-sample.wav": ("upload-no-sound", wav(speech[:1])),
        "no-sample.wav": ("upload-no-sound", wav(speech[:0])),
        "an-hour.wav": ("upload-too-long", wav(np.zeros(3600 * 4000 // 2, np.int16), rate=4000, bits=8, code=6)),
    }  # fmt: skip


def packed() -> dict[str, tuple[str, bytes]]:
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("welcome.wav", wav(telephone_speech("zip", 1)))
    return {
        "packed.zip": ("upload-archive", many.getvalue()),
        "bomb.wav": ("upload-archive", gzip.compress(bytes(50_000_000), 9)),
    }


async def long_flac(file: Path) -> None:
    """Ten hours of silence in a few megabytes."""
    await asyncio.to_thread(_silent_flac, file, 36_000)


def _silent_flac(file: Path, seconds: int) -> None:
    with soundfile.SoundFile(file, "w", 8_000, 1, "PCM_16", compression_level=0.0) as out:
        for _ in range(0, seconds, 600):
            out.write(np.zeros(600 * 8_000, dtype=np.int16))


async def long_mp3(file: Path) -> None:
    """Hours of it: one second, over and over."""
    second = await sound_file(
        file.with_name("second.mp3"), silence(1), "-ar", "8000", "-b:a", "8k", "-write_xing", "0", "-id3v2_version", "0"
    )
    file.write_bytes(second.read_bytes() * 9_000)
    second.unlink()


async def dumb_video(file: Path) -> None:
    await ffmpeg("-f", "lavfi", "-i", "color=s=32x32:d=2:r=5", "-an", str(file))


MADE: dict[str, tuple[str, Callable[[Path], Awaitable[None]]]] = {
    "ten-hours.flac": ("upload-too-long", long_flac),
    "hours.mp3": ("upload-too-long", long_mp3),
    "no-sound.mp4": ("upload-no-sound", dumb_video),
}
CUT = ("wav", "flac", "m4a", "mp3", "ogg", "opus", "webm", "aiff")


async def lay_out(folder: Path) -> dict[Path, str]:
    """Everything, in that folder, each with the key of what is to be said about it."""
    found: dict[Path, str] = {}
    for name, (says, data) in {**WORDS, **headers(), **packed()}.items():
        (folder / name).write_bytes(data.replace(b"{folder}", os.fsencode(folder)))
        found[folder / name] = says
    for name, (says, make) in MADE.items():
        await make(folder / name)
        found[folder / name] = says
    whole = await asyncio.gather(*(sound_file(folder / f"whole.{end}", telephone_speech("cut", 6)) for end in CUT))
    await sound_file(folder / "secret.mp3", telephone_speech("secret", 3))
    for file in whole:
        cut = folder / f"cut.{file.suffix[1:]}"
        cut.write_bytes(file.read_bytes()[: file.stat().st_size * 6 // 10])
        found[cut] = "upload-cut-short"
        file.unlink()
    return found | _no_files(folder)


def _no_files(folder: Path) -> dict[Path, str]:
    """What is in the file system, and no file that one may read to its end."""
    os.mkfifo(folder / "pipe.wav")
    (folder / "folder.wav").mkdir()
    (folder / "link.wav").symlink_to(folder / "secret.mp3")
    with (folder / "large.wav").open("wb") as large:
        large.write(wav(silence(1)))
        large.truncate((25 << 20) + 1)
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "s.wav"))
    server.close()
    return {
        folder / "pipe.wav": "upload-no-file",
        folder / "folder.wav": "upload-folder",
        folder / "link.wav": "upload-link",
        folder / "large.wav": "upload-too-big",
        folder / "s.wav": "upload-unreadable",
        folder / "nowhere.wav": "upload-missing",
        folder / "text.wav" / "below.wav": "upload-missing",
        folder / "nul\0.wav": "upload-name",
        folder / f"{'long' * 80}.wav": "upload-name",
        Path("/dev/zero"): "upload-no-file",
    }


def opposite_phase(file: Path, pcm: Pcm) -> Path:
    """Two channels that are silence together."""
    soundfile.write(file, np.stack((pcm, -pcm), axis=1), RATE, subtype="PCM_16")
    return file
