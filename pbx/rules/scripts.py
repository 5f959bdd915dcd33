"""Whether a recording still says what its script does."""

import hashlib


def script_mark(script: str) -> str:
    """What stands at a version of the script that it was made from: hex sha256, or empty where there was none."""
    return hashlib.sha256(script.encode("utf-8", "replace")).hexdigest() if script else ""


def still_matches(mark: str, script: str) -> bool | None:
    """None where nobody knows what the recording was made from."""
    return mark == script_mark(script) if mark else None
