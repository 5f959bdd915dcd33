"""The active level: what speech measures, whatever silence surrounds it."""

import numpy as np
import pytest

from pbx.audio.level import NOTHING_DB, active_level_db
from pbx.audio.pcm import RATE, as_samples
from tests.audio.takes import at_level, joined, silence, sine, speech


@pytest.mark.parametrize("level_db", [-20, -26, -40])
@pytest.mark.parametrize("silence_s", [0, 4, 20])
def test_speech_measures_the_same_with_any_amount_of_silence(level_db: float, silence_s: float) -> None:
    take = joined(silence(silence_s / 2), at_level(speech(), level_db), silence(silence_s / 2))
    assert active_level_db(as_samples(take)) == pytest.approx(level_db, abs=0.3)


def test_a_steady_tone_measures_its_own_level() -> None:
    assert active_level_db(as_samples(sine(1000, 3, -20))) == pytest.approx(-20, abs=0.2)


@pytest.mark.parametrize("samples", [0, 1, 15, 16, RATE])
def test_silence_has_no_level(samples: int) -> None:
    assert active_level_db(np.zeros(samples)) == NOTHING_DB
