"""espeak-ng's own program: 10 ms a text, and voices that pyttsx3 cannot have. GPL, so it is only ever run."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pbx.audio.pcm import Pcm
from pbx.speech import CannotSpeak
from pbx.speech.clean import clean, from_wav, recipe_of, sayable
from pbx.speech.programs import espeak_version, run
from pbx.speech.pyttsx3_voice import PITCH, RATES

_TIME_LIMIT_S = 15.0
_AT_ONCE = 2


class EspeakVoice:
    """`voices`: espeak-ng's names by language, as in `sv+f2`."""

    def __init__(
        self, voices: Mapping[str, str], time_limit_s: float = _TIME_LIMIT_S, program: str = "espeak-ng"
    ) -> None:
        self._voices = voices
        self._time_limit_s = time_limit_s
        self._program = program
        self._free = asyncio.Semaphore(_AT_ONCE)

    @property
    def name(self) -> str:
        return f"espeak-ng {' '.join(self._voices.values())}"

    def about(self, lang: str) -> str:
        return f"espeak-ng {espeak_version()}, {self._voices[lang]}, {RATES[lang]} wpm, pitch {PITCH}"

    def recipe(self, text: str, lang: str) -> str:
        return recipe_of(
            engine=f"espeak-ng program {espeak_version()}", text=clean(text), voice=self._voices[lang],
            rate=RATES[lang], pitch=PITCH,
        )  # fmt: skip

    async def speak(self, text: str, lang: str) -> Pcm:
        """The text by standard input, so that no text is an option; no `-m`, so that none is markup. What counts is
        the file: the program ends with 0 also where it could not write it."""
        if lang not in self._voices:
            raise CannotSpeak(f"no voice for {lang!r}")
        # Two brackets would begin phonemes.
        said = sayable(text).replace("[[", "[ [")
        knobs = ("-v", self._voices[lang], "-s", str(RATES[lang]), "-p", str(PITCH), "-b", "1", "--stdin")
        async with self._free:
            with tempfile.TemporaryDirectory(prefix="vaxel-speech-") as folder:
                out = Path(folder) / "said.wav"
                ended = await run(
                    self._program, *knobs, "-w", str(out), given=said.encode(), limit_s=self._time_limit_s
                )
                if ended.code:
                    raise CannotSpeak(f"espeak-ng ended with {ended.code}: {ended.complaint}")
                return await asyncio.to_thread(from_wav, out)
