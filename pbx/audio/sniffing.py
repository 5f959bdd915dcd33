"""What a file is, by its first bytes: its name says nothing that can be believed."""

import re
import struct
from typing import Literal

from pbx.errors import Refused

Kind = Literal["wav", "mp3", "mp4", "ogg", "webm", "flac", "aac", "aiff", "caf", "unknown"]

RATES = range(4_000, 768_001)
"""Hertz; with others nobody records."""
_LOOKED_AT = 4_096
_SOUND: tuple[tuple[bytes, Kind], ...] = (
    (rb"RIFF.{4}WAVE|RF64.{4}WAVE|riff\x2e\x91\xcf\x11", "wav"),
    (rb"fLaC", "flac"),
    (rb"OggS", "ogg"),
    (rb"\x1a\x45\xdf\xa3", "webm"),
    (rb"FORM.{4}AIF[FC]", "aiff"),
    (rb"caff\x00\x01", "caf"),
    (rb".{4}ftyp(?:heic|heix|mif1|avif)", "unknown"),
    (rb".{4}(?:ftyp|moov|mdat|wide|free|skip)", "mp4"),
    (rb"\xff[\xf0\xf1\xf8\xf9]", "aac"),
    (rb"ID3|\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd]", "mp3"),
)
_NO_SOUND = (
    (
        rb"PK(?:\x03\x04|\x05\x06|\x07\x08)|\x1f\x8b|BZh[1-9]|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd",
        "upload-archive",
    ),
    (rb".{257}ustar", "upload-archive"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|BM.{4}\x00{4}|RIFF.{4}WEBP|II\*\x00|MM\x00\*", "upload-picture"),
    (rb".{4}ftyp(?:heic|heix|mif1|avif)", "upload-picture"),
    (rb"%PDF-|\xd0\xcf\x11\xe0|\{\\rtf", "upload-document"),
)
_TEXT = (
    (r"#EXTM3U|ffconcat|\[playlist\]|\[Reference\]|<asx\b|<smil\b|(?:file|stream|include) '", "upload-playlist"),
    (r"(?:<\?xml.*?\?>)?\s*(?:<!DOCTYPE svg.*?>)?\s*(?:<!--.*?-->\s*)*<svg\b", "upload-picture"),
    (r"(?:<\?xml.*?\?>)?\s*<(?:playlist|MPD)\b", "upload-playlist"),
    (r"(?:<\?xml.*?\?>)?\s*(?:<!--.*?-->\s*)*<(?:!DOCTYPE html|html|head|body)\b", "upload-web-page"),
)
_PRINTABLE = 0.95
_UNKNOWN_SIZE = 0x7FFF_0000  # what programs put, or more, who write into a pipe and do not know how much will come


def kind_of(data: bytes) -> Kind:
    """Refused: `upload-archive`, `upload-picture`, `upload-document`, `upload-playlist`, `upload-web-page`,
    `upload-text`; `upload-header` for a WAV file of no channels or no rate."""
    head = data[:_LOOKED_AT]
    for pattern, says in _NO_SOUND:
        if re.match(pattern, head, re.DOTALL):
            raise Refused(says)
    for sound, kind in _SOUND:
        if re.match(sound, head, re.DOTALL):
            if kind == "wav":
                _check_wav(head)
            return kind
    text = _as_text(head)
    if text is not None:
        raise Refused(next((says for pattern, says in _TEXT if re.match(pattern, text, re.I | re.S)), "upload-text"))
    return "unknown"


def cut_short(kind: Kind, data: bytes) -> bool:
    """Whether a WAV or Ogg file ends in the middle of what it says that it holds; of others this does not know."""
    if kind == "ogg":
        return _page_is_cut(data)
    if kind != "wav" or not data.startswith(b"RIFF"):
        return False
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        if name == b"data":
            return bool(len(data) - at - 8 + 1 < size < _UNKNOWN_SIZE)
        at += 8 + size + (size & 1)
    return False


def _page_is_cut(data: bytes) -> bool:
    at = data.rfind(b"OggS")
    if at + 27 > len(data):
        return True
    segments = data[at + 26]
    lengths = data[at + 27 : at + 27 + segments]
    return len(lengths) < segments or at + 27 + segments + sum(lengths) > len(data)


def _check_wav(head: bytes) -> None:
    at = head.find(b"fmt ", 12)
    if at < 0 or at + 16 > len(head):
        return
    channels, rate = struct.unpack_from("<HI", head, at + 10)
    if not channels or rate not in RATES:
        raise Refused("upload-header", f"{channels} channels, {rate} Hz")


def _as_text(head: bytes) -> str | None:
    """None for what is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").lstrip()
    if b"\0" in head:
        return None
    text = head.decode("utf-8-sig", "replace")
    readable = sum(c.isprintable() or c.isspace() for c in text if c != "\ufffd")
    return text.lstrip() if readable > _PRINTABLE * len(text) else None
