"""The program that loads piper and one model. Run by its path, across pipes, never imported: piper is GPL.

`piper_child.py MODEL.onnx MODEL.onnx.json`. A line of JSON on standard input for each text, `{"text": …}`; on standard
output a line of JSON, `{"rate": …, "samples": …}` and then so many 16 bit samples, or `{"error": …}`. It ends when its
standard input does.
"""

import json
import os
import sys


def main(model: str, config: str) -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the libraries print is no answer
    os.nice(10)  # a call goes before
    from piper import PiperVoice

    voice = PiperVoice.load(model, config_path=config)
    for line in sys.stdin.buffer:
        try:
            chunks = list(voice.synthesize(json.loads(line)["text"]))
            sound = b"".join(chunk.audio_int16_bytes for chunk in chunks)
            told: dict[str, object] = {"rate": voice.config.sample_rate, "samples": len(sound) // 2}
        except Exception as error:  # noqa: BLE001  whatever the engine raises, its words go to our parent
            sound, told = b"", {"error": f"{type(error).__name__}: {error}"[:300]}
        answers.write(json.dumps(told).encode() + b"\n" + sound)
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
