"""The operator's folder of piper voices: NAME.onnx with NAME.onnx.json beside it. Looked at before it is loaded."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pbx.speech import CannotSpeak

LARGEST_MODEL = 500 * 1024 * 1024
LARGEST_CONFIG = 1024 * 1024
# The others fetch dictionaries from the network.
_PHONEMES = {"espeak", "text"}


@dataclass(frozen=True, slots=True)
class Model:
    """`lang`: the first two letters of the language that the model says it speaks."""

    name: str
    onnx: Path
    config: Path
    lang: str

    @property
    def sha256(self) -> str:
        """Of both files: some tenths of a second the first time, then remembered until one of them changes."""
        return _sha256(self.onnx, self.config, _state(self.onnx), _state(self.config))


def names(folder: Path | None) -> list[str]:
    """Of all models in the folder, whether or not they can be used; none where it cannot be read."""
    try:
        found = [path.name for path in folder.iterdir()] if folder is not None else []
    except OSError:
        return []
    return sorted(name.removesuffix(".onnx") for name in found if name.endswith(".onnx"))


def find(folder: Path | None, name: str) -> Model:
    """The model of that name. Raises `CannotSpeak` saying what is wrong with it."""
    if folder is None:
        raise CannotSpeak("PBX_VOICES names no folder of voices")
    onnx, config = folder / f"{name}.onnx", folder / f"{name}.onnx.json"
    for path, largest in ((onnx, LARGEST_MODEL), (config, LARGEST_CONFIG)):
        try:
            size = path.stat().st_size
        except OSError as error:
            raise CannotSpeak(f"{path}: {error.strerror}") from error
        if not 0 < size <= largest or not path.is_file():
            raise CannotSpeak(f"{path}: no file of 1 to {largest} bytes")
    return Model(name, onnx, config, _language(config))


def _language(config: Path) -> str:
    try:
        told = json.loads(config.read_text("utf-8"))
        rate, phonemes = int(told["audio"]["sample_rate"]), told.get("phoneme_type", "espeak")
        lang = str(told.get("language", {}).get("code") or told["espeak"]["voice"])[:2].lower()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CannotSpeak(f"{config}: it does not describe a voice ({type(error).__name__})") from error
    if not 8_000 <= rate <= 48_000 or phonemes not in _PHONEMES:
        raise CannotSpeak(f"{config}: {rate} Hz, phonemes {phonemes!r} cannot be used")
    return lang


def _state(path: Path) -> tuple[int, int]:
    told = path.stat()
    return told.st_size, told.st_mtime_ns


@lru_cache(maxsize=8)
def _sha256(onnx: Path, config: Path, *states: tuple[int, int]) -> str:
    total = hashlib.sha256()
    for path in (onnx, config):
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()
