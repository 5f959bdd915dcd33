"""Speaks the protocol of piper_child.py without an engine; some texts make it misbehave."""

import json
import math
import os
import struct
import sys
import time

RATE = 22_050


def tone(seconds: float) -> bytes:
    """Something that a judge takes for speech: bursts of a voice-like sound."""
    samples = []
    for at in range(int(seconds * RATE)):
        t = at / RATE
        loud = 0.1 * (1.2 + math.sin(8 * t)) * (1.2 + math.sin(3.1 * t)) / 2 if (t % 0.4) < 0.28 else 0.0
        samples.append(
            int(32767 * loud * sum(math.sin(2 * math.pi * 140 * k * t + k * k) / k for k in range(1, 9)) / 2)
        )
    return struct.pack(f"<{len(samples)}h", *samples)


def main() -> None:
    silent = "silent" in sys.argv[1]
    for line in sys.stdin.buffer:
        text = json.loads(line)["text"]
        if "hang" in text:
            time.sleep(60)
        if "crash" in text:
            os._exit(139)
        if "nonsense" in text:
            sys.stdout.buffer.write(b"x" * 100_000)
            sys.stdout.buffer.flush()
            continue
        if "unable" in text:
            sys.stdout.buffer.write(b'{"error": "no such sound"}\n')
            sys.stdout.buffer.flush()
            continue
        sound = b"\0\0" * RATE if silent else tone(0.5 + 0.05 * len(text))
        sys.stdout.buffer.write(json.dumps({"rate": RATE, "samples": len(sound) // 2}).encode() + b"\n" + sound)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
