"""The program that loads pyttsx3 and espeak-ng: one text, then it ends. Run by its path, across a pipe, never imported.

A process of its own because the engine is a singleton that breaks with threads, may crash, and is GPL code.
JSON on standard input: text, out (a WAV file to write), voice, rate, pitch. Ends with 0 when spoken, 3 for an
unknown voice or a fault of the engine, 4 when the file cannot be written or it took too long.
"""

import json
import os
import sys
import threading

import pyttsx3

SPOKEN, ENGINE, LATE = 0, 3, 4
_LONGEST_S = 20.0


def speak(question: dict[str, str]) -> int:
    """Writes `out`. The engine returns before the file is there: only its finished-utterance proves it."""
    faults: list[str] = []
    done = threading.Event()
    engine = pyttsx3.init("espeak")
    engine.connect("error", lambda name, exception: faults.append(str(exception)))
    engine.connect("finished-utterance", lambda name, completed: done.set())
    engine.setProperty("rate", question["rate"])
    engine.setProperty("pitch", question["pitch"])
    engine.setProperty("voice", question["voice"])
    if faults:
        return ENGINE
    engine.save_to_file(question["text"], question["out"])
    engine.runAndWait()
    if not done.wait(_LONGEST_S):
        return LATE
    return ENGINE if faults else SPOKEN


if __name__ == "__main__":
    try:
        ended = speak(json.load(sys.stdin))
    except Exception as error:  # noqa: BLE001  whatever the engine raises, its words go to our parent
        sys.stderr.write(f"{type(error).__name__}: {error}")
        sys.stderr.flush()
        ended = ENGINE
    os._exit(ended)  # taking libespeak down may abort, after all was well
