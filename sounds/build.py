"""`python -m sounds.build [--to FOLDER]`: makes the files of all spoken phrases that changed.

Each file is `FOLDER/<language>/<key>.<extension>`. A manifest beside them remembers by which recipe each was made;
what has the same recipe and all its files is left alone. Ends with 1 and names what could not be built.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pbx.audio import g722, rendition
from pbx.audio.pcm import Pcm
from pbx.phrases import CATALOGUE, EXTENSIONS, LANGUAGES, Phrase, read_catalogue
from pbx.speech import CannotSpeak, Voice
from pbx.speech.pyttsx3_voice import Pyttsx3Voice
from sounds.make import files_of, files_of_tone
from sounds.manifest import Manifest
from sounds.progress import Progress

VERSION = 1  # counts up when the same words should be made anew
_BATCH = 24  # phrases spoken by one child and encoded by one ffmpeg
_AT_ONCE = 2
_ENOUGH_FAILED = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """A phrase in one language that has to be made."""

    phrase: Phrase
    lang: str
    recipe: str

    @property
    def name(self) -> str:
        return f"{self.lang}/{self.phrase.key}"


@dataclass(frozen=True, slots=True)
class Built:
    """How many phrases there are, how many were made now, and which could not be, with the reason."""

    total: int
    made: int
    failed: dict[str, str]


async def build(folder: Path, voice: Pyttsx3Voice, catalogue: Path = CATALOGUE) -> Built:
    """Makes what is new, changed or not whole. Raises OSError for a folder that cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(folder)
    all_of_them = [
        Wanted(phrase, lang, recipe(phrase, lang, voice))
        for phrase in read_catalogue(catalogue).values()
        if not phrase.written
        for lang in LANGUAGES
    ]
    todo = [wanted for wanted in all_of_them if not _is_there(folder, manifest, wanted)]
    progress, failed = Progress("Phrases", len(todo)), dict[str, str]()
    async with asyncio.TaskGroup() as tasks:
        for first in range(0, len(todo), _BATCH):
            tasks.create_task(_batch(folder, manifest, todo[first : first + _BATCH], voice, progress, failed))
    progress.end()
    return Built(len(all_of_them), len(todo) - len(failed), failed)


def recipe(phrase: Phrase, lang: str, voice: Voice) -> str:
    """Hex sha256 of all that the files depend on."""
    sound = list(phrase.tone) if phrase.tone else voice.recipe(phrase.spelled(lang), lang)
    return sha256(json.dumps([VERSION, rendition.VERSION, phrase.joined, sound]).encode()).hexdigest()


def _is_there(folder: Path, manifest: Manifest, wanted: Wanted) -> bool:
    files = [folder / f"{wanted.name}.{extension}" for extension in EXTENSIONS]
    return manifest.recipe(wanted.name) == wanted.recipe and all(f.is_file() and f.stat().st_size for f in files)


Made = list[tuple[Wanted, dict[str, bytes]]]


async def _batch(
    folder: Path,
    manifest: Manifest,
    batch: list[Wanted],
    voice: Pyttsx3Voice,
    progress: Progress,
    failed: dict[str, str],
) -> None:
    """The voice lets in as many batches at a time as there are children; each is written when it is whole."""
    spoken = [wanted for wanted in batch if not wanted.phrase.tone]
    said = await voice.speak_many([(wanted.phrase.spelled(wanted.lang), wanted.lang) for wanted in spoken])
    words = dict(zip((wanted.name for wanted in spoken), said, strict=True))
    made: Made = []
    for wanted in batch:
        try:
            made.append((wanted, await asyncio.to_thread(_files, wanted, words.get(wanted.name))))
        except CannotSpeak as error:
            failed[wanted.name] = str(error)
        progress.step()
    try:
        wide = await g722.encode([files["sln16"] for _, files in made])
    except g722.CannotConvert as error:
        failed.update({wanted.name: str(error) for wanted, _ in made})
        return
    await asyncio.to_thread(_write, folder, made, wide)
    manifest.built({wanted.name: wanted.recipe for wanted, _ in made})


def _files(wanted: Wanted, said: Pcm | CannotSpeak | None) -> dict[str, bytes]:
    if wanted.phrase.tone:
        return files_of_tone(wanted.phrase.tone)
    return files_of(wanted.phrase, wanted.lang, CannotSpeak("nobody spoke") if said is None else said)


def _write(folder: Path, made: Made, wide: list[bytes]) -> None:
    for (wanted, files), its_wide in zip(made, wide, strict=True):
        rendition.write_files(folder / wanted.name, {**files, "g722": its_wide})


def main(arguments: list[str] | None = None) -> int:
    """0 when every phrase is there; 1 and the names of those that are not."""
    parser = argparse.ArgumentParser(prog="python -m sounds.build", description="Makes the files of all phrases.")
    parser.add_argument("--to", type=Path, default=Path(os.environ.get("PBX_SOUNDS", "var/sounds")), metavar="FOLDER")
    folder = parser.parse_args(arguments).to
    began = time.monotonic()
    try:
        built = asyncio.run(build(folder, Pyttsx3Voice(at_once=_AT_ONCE)))
    except OSError as error:
        sys.stderr.write(f"Phrases: {folder} cannot be written: {error}\n")
        return 1
    if built.failed:
        for name, why in sorted(built.failed.items())[:_ENOUGH_FAILED]:
            sys.stderr.write(f"Phrase {name}: {why}\n")
        sys.stderr.write(f"Phrases: {len(built.failed)} could not be built. Are espeak-ng and ffmpeg installed?\n")
        return 1
    told = (
        f"{built.made} made in {time.monotonic() - began:.0f} s, {built.total} in all" if built.made else "nothing new"
    )
    sys.stdout.write(f"Phrases: {told} ({folder})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
