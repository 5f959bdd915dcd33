"""How far the proof has come is one file, in which a sweep and a scrub write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from pbx.library.progress import Progress, Scrubbing

TIMES = 30


def test_a_sweep_and_a_scrub_that_write_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "proof.json")
    began = datetime(2026, 11, 27, tzinfo=UTC)

    def swept() -> None:
        for number in range(TIMES):
            progress.set_swept(began, {"1": number})

    def scrubbed() -> None:
        for number in range(TIMES):
            progress.set_scrubbing(Scrubbing(str(number), 1.0))

    with ThreadPoolExecutor(2) as both:
        for writing in [both.submit(swept), both.submit(scrubbed)]:
            writing.result()
    assert progress.done().lacking == {"1": TIMES - 1}
    assert progress.done().scrub == Scrubbing(str(TIMES - 1), 1.0)
