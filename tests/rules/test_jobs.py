"""The states of a job that rings somebody up."""

from itertools import pairwise, product

from pbx.rules.jobs import FINAL, LIVE, JobState, may_follow


def test_every_state_is_live_or_final() -> None:
    assert set(JobState) == LIVE | FINAL
    assert not LIVE & FINAL


def test_the_usual_way_is_allowed() -> None:
    way = ["queued", "claimed", "dialling", "ringing", "answered", "recording", "judging", "saved"]
    states = [JobState(name) for name in way]
    assert all(may_follow(before, after) for before, after in pairwise(states))


def test_nothing_follows_a_final_state_and_no_state_follows_itself() -> None:
    assert not any(may_follow(before, after) for before, after in product(FINAL, JobState))
    assert not any(may_follow(state, state) for state in JobState)


def test_nobody_is_rung_twice_once_dialling_began() -> None:
    rung = LIVE - {JobState.QUEUED, JobState.CLAIMED}
    early = {JobState.QUEUED, JobState.CLAIMED}
    assert not any(may_follow(before, after) for before, after in product(rung, early))
    assert not any(may_follow(before, JobState.DIALLING) for before in set(JobState) - {JobState.CLAIMED})


def test_every_live_state_can_end_in_one_step() -> None:
    assert all(any(may_follow(state, end) for end in FINAL) for state in LIVE)


def test_a_job_is_never_saved_without_having_been_judged() -> None:
    assert [state for state in JobState if may_follow(state, JobState.SAVED)] == [JobState.JUDGING]
    assert not may_follow(JobState.RINGING, JobState.RECORDING)


def test_a_speaker_may_have_another_go_after_hearing_the_take() -> None:
    assert may_follow(JobState.JUDGING, JobState.RECORDING)
