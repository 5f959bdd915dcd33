"""piper: neural voices from the operator's folder of models, by a program of its own that keeps the model loaded."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pbx.audio.judge import judge
from pbx.audio.pcm import Pcm
from pbx.speech import CannotSpeak
from pbx.speech.clean import at_our_rate, clean, recipe_of, sayable
from pbx.speech.models import Model
from pbx.speech.worker import Worker

_CHILD = Path(__file__).with_name("piper_child.py")
_TIME_LIMIT_S = 30.0  # with loading the model, which takes some seconds on a machine that is busy
_TESTED = {"sv": "Hej och välkommen till växeln.", "en": "Hello, and welcome to the switchboard."}


class PiperVoice:
    """Speaks the language of its model. Before its first text it speaks a test phrase, which is judged like a take:
    a model that only makes noise or silence is found out before a caller hears it."""

    def __init__(
        self, model: Model, time_limit_s: float = _TIME_LIMIT_S, program: Sequence[str] = (sys.executable, str(_CHILD))
    ) -> None:
        self._model = model
        self._worker = Worker([*program, str(model.onnx), str(model.config)], time_limit_s)
        self._sha256 = ""
        self._tested = asyncio.Lock()
        self._good = False

    @property
    def name(self) -> str:
        return f"piper {self._model.name}"

    def about(self, lang: str) -> str:
        return f"piper {piper_version()}, {self._model.name} {self._mark()[:12]}, the model's own rate"

    def recipe(self, text: str, lang: str) -> str:
        return recipe_of(
            engine=f"piper {piper_version()}", text=clean(text), voice=self._model.name, model=self._mark()
        )

    async def speak(self, text: str, lang: str) -> Pcm:
        """Raises `CannotSpeak`."""
        if lang != self._model.lang:
            raise CannotSpeak(f"{self._model.name} speaks {self._model.lang}, not {lang}")
        said = sayable(text).replace("[[", "[ [")
        await self._test(lang)
        return at_our_rate(*await self._worker.say(said))

    async def close(self) -> None:
        """Ends the program, which is started again when it is needed."""
        await self._worker.close()

    def _mark(self) -> str:
        """The model's hash; while its files are away the last one, so that what it has spoken goes on being heard."""
        with suppress(OSError):
            self._sha256 = self._model.sha256
        return self._sha256

    async def _test(self, lang: str) -> None:
        async with self._tested:
            if self._good:
                return
            said = at_our_rate(*await self._worker.say(_TESTED.get(lang, _TESTED["en"])))
            verdict = await asyncio.to_thread(judge, said)
            if not verdict.ok:
                raise CannotSpeak(f"the test phrase of {self._model.name} is no speech: {verdict.says}")
            self._good = True


def piper_version() -> str:
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return "not installed"
