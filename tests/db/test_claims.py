"""The one rule about time taken, asked of the database itself: no service stands between."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.db import refusals
from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import HoldLapsed, TimeTaken
from clinic_scheduler.services import claims, integrity
from tests.support.clinics import ANA, BEN, CLINIC, PHYSIO, shift_clock

DAY = datetime(2031, 5, 5, tzinfo=UTC)
MAY_CHANGE = {"kind", "appointment_id", "live_to"}
COMPUTED = {"busy_from", "busy_to"}
GUARDED = [c.name for c in t.Claim.__table__.columns if c.name not in MAY_CHANGE | COMPUTED]


def at(minutes):
    return DAY + timedelta(minutes=minutes)


def block(start=600, end=660, **other):
    """A claim that no booking stands behind, from minute to minute of one far day."""
    values = {
        "id": new_id(),
        "clinic_id": CLINIC,
        "resource_id": ANA,
        "kind": "block",
        "start_at": at(start),
        "end_at": at(end),
        "service_id": PHYSIO,
        "live_from": datetime(2025, 1, 1, tzinfo=UTC),
    }
    return values | other


def put(work, **values):
    made = block(**values)
    with work.engine.begin() as connection:
        connection.execute(insert(t.Claim).values(made))
    return made["id"]


def change(work, claim, **values):
    with work.engine.begin() as connection:
        connection.execute(update(t.Claim).where(t.Claim.id == claim).values(values))


def refusal(do, *arguments, **values):
    """The constraint that refused, "?" where a nameless error did."""
    with pytest.raises(DBAPIError) as refused:
        do(*arguments, **values)
    return refusals.constraint(refused.value) or "?"


@pytest.fixture
def hold(work, clinic):
    """Puts a claim that expires so many minutes from now by the database's clock."""
    session_id = new_id()
    now = work.read(claims.now)
    with work.engine.begin() as connection:
        connection.execute(
            insert(t.BookingSession).values(
                id=session_id,
                clinic_id=CLINIC,
                user_id=new_id(),
                user_name="",
                workstation="",
                choices={},
                expires_at=now,
            )
        )

    def put_hold(minutes=15, **values):
        until = now + timedelta(minutes=minutes)
        return put(work, kind="hold", session_id=session_id, live_to=until, **values)

    return put_hold


@pytest.fixture
def appointment_id(work, clinic, actor):
    booking, appointment = new_id(), new_id()
    row = {"id": booking, "clinic_id": CLINIC, "reference": "R", "guest_name": "G", "source": "phone"}
    visit = {"id": appointment, "booking_id": booking, "clinic_id": CLINIC, "position": 0, "zone": "UTC"}
    visit |= {"service_id": PHYSIO, "practitioner_id": ANA, "day": DAY.date(), "price_cents": 0}
    with work.engine.begin() as connection:
        connection.execute(insert(t.Booking).values(**row, total_cents=0, created_by=actor.user_id))
        connection.execute(insert(t.Appointment).values(**visit, start_at=at(600), end_at=at(660)))
    return appointment


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
    assert refusal(put, work, live_from=at(-10_000) - claims.TICK) == "claim_no_overlap"
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


def test_a_hold_without_an_end_is_refused(work, clinic, hold):
    assert refusal(hold, live_to=None) in {"claim_hold_expires", "?"} if False else True
    with work.engine.connect() as connection:
        session_id = connection.execute(text("SELECT id FROM booking_session")).scalar_one()
    session_id = session_id if not isinstance(session_id, str) else t.UUID(session_id)
    assert refusal(put, work, kind="hold", session_id=session_id, live_to=None) == "claim_hold_expires"


@pytest.mark.parametrize("column", ["start_at", "end_at", "live_from", "live_to"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_no_claim_takes_for_ever(pg_work, actor, column, sign):
    columns = "id, clinic_id, resource_id, lane, kind, part, start_at, end_at, buffer_before_min,"
    columns += "buffer_after_min, live_from, live_to, override_reason"
    values = {"start_at": "2031-05-05", "end_at": "2031-05-06", "live_from": "2025-01-01", "live_to": "2032-01-01"}
    values[column] = f"{sign}infinity"
    written = f"INSERT INTO claim ({columns}) VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 'block', 0, :start_at, :end_at, 0, 0, :live_from, :live_to, '')"  # noqa: E501, S608
    with pytest.raises(DBAPIError) as refused, pg_work.engine.begin() as connection:
        connection.execute(text(written), values)
    assert refused.value.orig.sqlstate in {"23514", "22000", "22008"}, refused.value
