"""Cutting, padding and joining: by pydub, on what is decoded already, and by it nowhere else."""

import ast
import re
import subprocess
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pbx.audio.joining import cut, joined, padded
from pbx.audio.pcm import Pcm
from tests.audio.takes import telephone_speech

ROOT = Path(__file__).resolve().parents[2]
SOUND = telephone_speech("joining", 0.5)
lengths = st.integers(0, 500)


@given(st.integers(-10, 9_000), st.integers(0, 9_000))
def test_a_cut_has_the_samples_between_its_ends_and_no_others(start: int, end: int) -> None:
    assert np.array_equal(cut(SOUND, start, end), SOUND[max(0, start) : max(0, end)])


@given(lengths, lengths)
def test_padding_is_silence_and_touches_no_sample(before: int, after: int) -> None:
    assert np.array_equal(padded(SOUND, before, after), np.pad(SOUND, (before, after)))


@given(st.lists(lengths, max_size=5), lengths)
def test_parts_are_played_one_after_the_other_with_a_pause_between_them(sizes: list[int], pause: int) -> None:
    parts: list[Pcm] = [SOUND[:size] for size in sizes]
    silence = np.zeros(pause, dtype=np.int16)
    expected = [piece for part in parts for piece in (silence, part)][1:]
    assert np.array_equal(joined(parts, pause), np.concatenate([SOUND[:0], *expected]))


def test_nothing_in_the_code_opens_a_file_or_changes_a_rate_by_pydub() -> None:
    """6.6 GB for a file of 6 MB, and whistles in every s."""
    files = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    users, found = set(), []
    for name in files.splitlines():
        if name == "tests/audio/test_joining.py" or not (ROOT / name).exists():
            continue
        text = (ROOT / name).read_text()
        if "pydub" in text and any("pydub" in ast.unparse(one) for one in ast.walk(ast.parse(text)) if _imports(one)):
            users.add(name)
        found += [f"{name}: {word}" for word in ("from_file", "set_frame_rate") if re.search(rf"\b{word}\b", text)]
    assert found == []
    assert users == {"pbx/audio/joining.py"}


def _imports(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)
