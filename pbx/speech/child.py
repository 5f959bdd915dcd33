"""The program that loads pyttsx3 and espeak-ng. Run by its path, across pipes, never imported.

A program of its own because the engine is a singleton that breaks with threads, may crash, and is GPL code. JSON on
standard input: a list of texts, each with out (a WAV file to write), voice, rate and pitch. Each text is spoken in a
fork of its own, made before the engine is woken, so that it meets an engine that has never spoken and a crash costs
only itself; starting Python and loading the library is most of the work, and is done once. JSON on standard output:
for each text 0 when spoken, 3 for an unknown voice or a fault of the engine, 4 when its file cannot be written or it
took too long, or what ended the fork, which has a time limit of its own.
"""

import json
import os
import signal
import sys
import threading

import pyttsx3
import pyttsx3.drivers.espeak

SPOKEN, ENGINE, LATE = 0, 3, 4
_LONGEST_S = 20.0
_FORK_S = 25  # one text on which the engine hangs does not take the others' time


def speak(question: dict[str, str]) -> int:
    """Writes `out`. The engine returns before the file is there: only its finished-utterance proves it."""
    faults: list[str] = []
    done = threading.Event()
    engine = pyttsx3.init("espeak")
    engine.connect("error", lambda name, exception: faults.append(str(exception)))
    engine.connect("finished-utterance", lambda name, completed: done.set())
    engine.setProperty("voice", question["voice"])
    engine.save_to_file(_at(question) + question["text"], question["out"])
    engine.runAndWait()
    if not done.wait(_LONGEST_S):
        return LATE
    return ENGINE if faults else SPOKEN


def _at(question: dict[str, str]) -> str:
    """Rate and pitch as espeak's own commands, which no text of ours holds. What is set as a property instead waits in
    espeak's queue, which loses it once in three hundred times: the text is then spoken half as quick again."""
    return f"\x01{question['rate']}S\x01{question['pitch']}P"


def in_a_fork(question: dict[str, str]) -> int:
    fork = os.fork()
    if fork:
        return os.waitstatus_to_exitcode(os.waitpid(fork, 0)[1])
    signal.alarm(_FORK_S)
    try:
        ended = speak(question)
    except Exception as error:  # noqa: BLE001  whatever the engine raises, its words go to our parent
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
        ended = ENGINE
    os._exit(ended)  # taking libespeak down may abort, after all was well


def main() -> None:
    os.nice(10)  # a call goes before
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the engine prints where it saved what
    json.dump([in_a_fork(question) for question in json.load(sys.stdin)], answers)
    answers.flush()


if __name__ == "__main__":
    main()
