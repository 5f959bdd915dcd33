"""What the browser's phone hears and says: a recorded microphone, and an ear on what the page plays."""

import asyncio
import base64
from pathlib import Path
from time import monotonic

import numpy as np
from playwright.async_api import Page

from tests.phone import Pcm, audio

RATE = 48_000

_LISTEN = """() => {
  const heard = window.heard = [];
  const context = new AudioContext({sampleRate: 48000});
  const tap = context.createScriptProcessor(4096, 1, 1);
  let stream = null;
  let source = null;
  const attach = () => {
    const now = document.querySelector('#phone audio').srcObject;
    if (now && now !== stream) {
      source?.disconnect();
      stream = now;
      source = context.createMediaStreamSource(stream);
      source.connect(tap);
    }
  };
  setInterval(attach, 20);
  tap.onaudioprocess = (event) => {
    if (!source) return;
    heard.push(Int16Array.from(event.inputBuffer.getChannelData(0), (one) => Math.max(-1, Math.min(1, one)) * 32767));
  };
  tap.connect(context.destination);
}"""
_TAKE = """() => {
  const pieces = window.heard.splice(0);
  const bytes = new Uint8Array(pieces.reduce((sum, one) => sum + one.byteLength, 0));
  let at = 0;
  for (const piece of pieces) { bytes.set(new Uint8Array(piece.buffer), at); at += piece.byteLength; }
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}"""


def microphone(path: Path, words: Pcm) -> Path:
    """A file that the browser takes for its microphone; it says the same again and again."""
    spectrum = np.fft.rfft(words.astype(float))
    wide = np.fft.irfft(spectrum, len(words) * RATE // audio.RATE) * RATE / audio.RATE
    audio.write_wav(path, np.clip(wide, -32000, 32000).astype(np.int16), RATE)
    return path


def pieces(words: Pcm) -> list[Pcm]:
    """What noise suppression and a jitter buffer leave of words is alike in pieces, not as a whole."""
    return [words[at : at + 4000] for at in range(0, len(words) - 3999, 2000)]


class Ear:
    """On one page, from `open` on; `hear` looks behind what it found last."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._raw = np.zeros(0, np.int16)
        self._from = 0

    @classmethod
    async def open(cls, page: Page) -> "Ear":
        await page.evaluate(_LISTEN)
        return cls(page)

    async def hear(self, *references: Pcm, timeout_s: float = 15.0) -> None:
        """Until one of them was heard, the whole of it."""
        until = monotonic() + timeout_s
        best = 0.0
        heard: Pcm = np.zeros(0, np.int16)
        while monotonic() < until:
            heard = (await self._all())[self._from :]
            for reference in references:
                if len(heard) > len(reference):
                    value, at = audio.score(heard, reference)
                    best = max(best, value)
                    if value >= audio.JITTERY:
                        self._from += at + len(reference) - 800
                        return
            await asyncio.sleep(0.2)
        raise AssertionError(f"not heard in {timeout_s} s: {best:.2f} at best in {len(heard) / audio.RATE:.1f} s")

    async def since_now(self) -> None:
        """What was heard until now does not count."""
        self._from = len(await self._all())

    async def _all(self) -> Pcm:
        more = np.frombuffer(base64.b64decode(await self._page.evaluate(_TAKE)), "<i2")
        self._raw = np.concatenate([self._raw, more])
        return audio.down(self._raw, RATE)
