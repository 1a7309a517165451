"""The one rule about time taken, asked of the database itself: no service stands between."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.services.taking import claims
from tests.support.claim_rows import DAY, at, change, put, refusal
from tests.support.clinics import BEN, shift_clock


@pytest.mark.parametrize(
    ("start", "end"), [(600, 660), (610, 620), (540, 720), (540, 601), (659, 700), (600, 601), (659, 660)]
)
def test_time_is_taken_once(work, clinic, start, end):
    put(work)
    assert refusal(put, work, start=start, end=end) == "claim_no_overlap"


@pytest.mark.parametrize(("start", "end"), [(540, 600), (660, 720), (0, 30), (-600, 540)])
def test_times_that_only_touch_both_stand(work, clinic, start, end):
    put(work)
    put(work, start=start, end=end)


def test_a_day_long_claim_is_found_from_its_end(work, clinic):
    """The look-up in SQLite is bounded; the longest claim there can be lies just within."""
    put(work, start=0, end=1440, buffer_before_min=480, buffer_after_min=480)
    assert refusal(put, work, start=1440 + 479, end=1440 + 500) == "claim_no_overlap"
    assert refusal(put, work, start=-500, end=-479) == "claim_no_overlap"
    put(work, start=1440 + 480, end=1440 + 500)
    put(work, start=-500, end=-480)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"buffer_after_min": 10}, {"start": 669, "end": 700}),
        ({}, {"start": 669, "end": 700, "buffer_before_min": 10}),
        ({"buffer_after_min": 5}, {"start": 669, "end": 700, "buffer_before_min": 5}),
        ({"buffer_before_min": 10}, {"start": 500, "end": 591}),
    ],
)
def test_buffers_are_taken_too(work, clinic, one, other):
    put(work, **one)
    assert refusal(put, work, **other) == "claim_no_overlap"


def test_buffers_that_only_touch_both_stand(work, clinic):
    put(work, buffer_after_min=10)
    put(work, start=680, end=700, buffer_before_min=10)


@pytest.mark.parametrize("other", [{"lane": 2}, {"resource_id": BEN}])
def test_another_lane_or_resource_is_another_time(work, clinic, other):
    put(work)
    put(work, **other)
    assert refusal(put, work, **other) == "claim_no_overlap"


def test_a_hold_takes_time_until_the_database_says_it_is_over(work, clinic, hold):
    hold(15)
    assert refusal(put, work, live_from=work.read(claims.now)) == "claim_no_overlap"
    shift_clock(work, timedelta(minutes=15, seconds=1))
    put(work, live_from=work.read(claims.now))


def test_a_closed_claim_takes_no_time(work, clinic):
    closed = put(work)
    now = work.read(claims.now)
    change(work, closed, live_to=now)
    put(work, live_from=now)


def test_claims_clash_where_their_lives_overlap_by_a_microsecond(work, clinic):
    first = put(work, live_to=at(-10_000))
    assert first
    assert refusal(put, work, live_from=at(-10_000) - timedelta(microseconds=1)) == "claim_no_overlap"
    put(work, live_from=at(-10_000))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"start": 600, "end": 600}, {"claim_order", "claim_not_empty"}),
        ({"start": 600, "end": 600, "buffer_after_min": 5}, {"claim_order"}),
        ({"start": 660, "end": 600}, {"claim_order", "?"}),
        ({"start": 660, "end": 650, "buffer_after_min": 30}, {"claim_order"}),
        ({"start": 0, "end": 25 * 60}, {"claim_length"}),
        ({"buffer_before_min": -1}, {"claim_buffer_before_min_range"}),
        ({"buffer_after_min": 481}, {"claim_buffer_after_min_range"}),
        ({"lane": 0}, {"claim_lane_range"}),
        ({"live_to": datetime(2025, 1, 1, tzinfo=UTC)}, {"claim_live_order", "claim_not_empty"}),
        ({"kind": "hold", "live_to": DAY}, {"claim_hold_expires"}),
        ({"kind": "appointment"}, {"claim_appointment_known"}),
    ],
)
def test_a_claim_that_would_escape_the_rule_is_refused(work, clinic, values, named):
    assert refusal(put, work, **values) in named


def test_a_hold_without_an_end_is_refused(hold):
    assert refusal(hold, live_to=None) == "claim_hold_expires"


@pytest.mark.parametrize("column", ["start_at", "end_at", "live_from", "live_to"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_no_claim_takes_for_ever(pg_work, actor, column, sign):
    values = {
        "start_at": "2031-05-05",
        "end_at": "2031-05-06",
        "live_from": "2025-01-01",
        "live_to": "2032-01-01",
    }
    values[column] = f"{sign}infinity"
    written = text(
        "INSERT INTO claim (id, clinic_id, resource_id, lane, kind, part, start_at, end_at, buffer_before_min, "
        "buffer_after_min, live_from, live_to, override_reason) VALUES (gen_random_uuid(), gen_random_uuid(), "
        "gen_random_uuid(), 1, 'block', 0, :start_at, :end_at, 0, 0, :live_from, :live_to, '')"
    )
    with pytest.raises(DBAPIError) as refused, pg_work.engine.begin() as connection:
        connection.execute(written, values)
    assert refused.value.orig.sqlstate in {"23514", "22000", "22008"}
