"""Unusually much that goes within an hour is stopped, until the operator has said yes."""

from datetime import UTC, datetime, timedelta

import pytest

from pbx.rules.brake import BrakeState, at_ease, counted_since, is_released, limit, must_stop, too_many_wait

NOW = datetime(2026, 3, 2, 13, 5, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OPEN = BrakeState()
STOPPED = BrakeState(stopped_at=NOW - 30 * HOUR, because="21 within an hour")


@pytest.mark.parametrize(
    ("objects", "may"), [(0, 20), (19, 20), (2_000, 20), (2_100, 21), (9_999, 99), (100_000, 1_000)]
)
def test_twenty_may_go_or_one_in_a_hundred(objects: int, may: int) -> None:
    assert limit(objects) == may
    assert must_stop(OPEN, NOW, objects, 0, may) is None
    assert must_stop(OPEN, NOW, objects, may - 1, 1) is None
    assert must_stop(OPEN, NOW, objects, may, 1)
    assert must_stop(OPEN, NOW, objects, 0, may + 1)


def test_once_stopped_nothing_goes_however_long_ago_it_was() -> None:
    assert must_stop(STOPPED, NOW, 100_000, 0, 1) == "21 within an hour"


def test_for_an_hour_after_the_yes_everything_goes() -> None:
    state = BrakeState(released_until=NOW + HOUR, released_by="operator")
    assert is_released(state, NOW)
    assert must_stop(state, NOW, 10, 5_000, 5_000) is None
    assert not is_released(state, NOW + HOUR)
    assert must_stop(state, NOW + HOUR, 10, 0, 21)


def test_what_went_after_the_yes_does_not_count_against_what_comes_later() -> None:
    state = BrakeState(released_until=NOW)
    assert counted_since(state, NOW + MINUTE) == NOW
    assert counted_since(state, NOW + 2 * HOUR) == NOW + HOUR
    assert counted_since(OPEN, NOW) == NOW - HOUR
    assert counted_since(state, NOW - MINUTE) == NOW - MINUTE - HOUR


def test_a_yes_of_a_clock_that_ran_a_year_ahead_holds_nothing() -> None:
    state = BrakeState(released_until=NOW + 365 * 24 * HOUR)
    assert not is_released(state, NOW)
    assert must_stop(state, NOW, 10, 0, 21)


def test_nothing_more_is_always_possible_where_it_is_not_stopped() -> None:
    assert must_stop(OPEN, NOW, 10, 500, 0) is None
    assert must_stop(STOPPED, NOW, 10, 0, 0)


def test_voice_messages_leave_half_of_what_may_go_to_people() -> None:
    assert [at_ease(100, gone) for gone in (0, 4, 10, 30)] == [10, 6, 0, 0]
    assert at_ease(100_000, 0) == 500


def test_more_than_a_day_of_them_at_once_is_no_everyday_thing() -> None:
    assert not too_many_wait(100, 240)
    assert too_many_wait(100, 241)
    assert not too_many_wait(100_000, 12_000)
