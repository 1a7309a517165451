"""Claims stay what they were; and each part of the rule is what keeps its promise: without it, time is given twice."""

from datetime import UTC, datetime, timedelta

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import integrity
from clinic_scheduler.services.taking import claims
from tests.support.claim_rows import at, change, put, refusal
from tests.support.clinics import BEN, MASSAGE, shift_clock

MAY_CHANGE = {"kind", "appointment_id", "live_to"}
COMPUTED = {"busy_from", "busy_to"}
GUARDED = [c.name for c in t.Claim.__table__.columns if c.name not in MAY_CHANGE | COMPUTED]
OTHERS = {
    "resource_id": BEN,
    "service_id": MASSAGE,
    "lane": 2,
    "part": 1,
    "start_at": at(601),
    "end_at": at(659),
    "buffer_before_min": 1,
    "buffer_after_min": 1,
    "live_from": datetime(2025, 1, 2, tzinfo=UTC),
    "override_reason": "because",
}


def without(work, part):
    """Take a part of the rule out of the database."""
    on_sqlite = work.engine.dialect.name == "sqlite"
    kind, *names = PARTS[part][0 if on_sqlite else 1]
    with work.engine.begin() as connection:
        for name in names:
            where = " ON claim" if kind == "TRIGGER" and not on_sqlite else ""
            statement = f"DROP {kind} {name}{where}"
            if kind == "CONSTRAINT":
                statement = f"ALTER TABLE claim {statement}"
            connection.exec_driver_sql(statement)


PARTS = {
    "overlap": (
        ("TRIGGER", "claim_no_overlap_insert", "claim_no_overlap_update"),
        ("CONSTRAINT", "claim_no_overlap"),
    ),
    "guard": (("TRIGGER", "claim_guard"), ("TRIGGER", "claim_guard")),
    "expiry": (("TRIGGER", "claim_hold_expired"), ("TRIGGER", "claim_guard")),
}


@pytest.mark.parametrize("column", GUARDED)
def test_a_claim_never_changes(work, hold, column):
    claim = hold()
    assert refusal(change, work, claim, **{column: OTHERS.get(column, new_id())}) == "claim_guard"


@pytest.mark.parametrize("column", ["start_at", "resource_id", "lane"])
def test_only_the_guard_keeps_a_claim_from_changing(work, hold, column):
    claim = hold()
    without(work, "guard")
    change(work, claim, **{column: OTHERS[column]})


def test_a_hold_becomes_an_appointment_and_lives_on(work, hold, appointment_id):
    claim = hold()
    change(work, claim, kind="appointment", appointment_id=appointment_id, live_to=None)
    shift_clock(work, timedelta(days=1))
    assert refusal(put, work, live_from=work.read(claims.now)) == "claim_no_overlap"


@pytest.mark.parametrize("kind", ["hold", "block"])
def test_an_appointment_becomes_nothing_else(work, hold, appointment_id, kind):
    claim = hold()
    change(work, claim, kind="appointment", appointment_id=appointment_id, live_to=None)
    later = work.read(claims.now) + timedelta(minutes=5)
    assert refusal(change, work, claim, kind=kind, live_to=later) == "claim_guard"


def test_an_appointments_claim_stays_with_its_appointment(work, hold, appointment_id):
    claim = hold()
    change(work, claim, kind="appointment", appointment_id=appointment_id, live_to=None)
    assert refusal(change, work, claim, appointment_id=None) == "claim_guard"


def test_a_hold_becomes_no_block(work, hold):
    assert refusal(change, work, hold(), kind="block", live_to=None) == "claim_guard"


@pytest.mark.parametrize("reopened", [None, at(10_000)])
def test_what_is_closed_stays_closed(work, clinic, reopened):
    claim = put(work)
    change(work, claim, live_to=work.read(claims.now))
    assert refusal(change, work, claim, live_to=reopened) == "claim_guard"


def test_a_live_hold_is_renewed_and_ended(work, hold):
    claim, now = hold(5), work.read(claims.now)
    change(work, claim, live_to=now + timedelta(minutes=20))
    change(work, claim, live_to=now + timedelta(seconds=1))


def test_an_expired_hold_is_neither_renewed_nor_converted(work, hold, appointment_id):
    claim = hold(5)
    shift_clock(work, timedelta(minutes=5))
    later = work.read(claims.now) + timedelta(minutes=5)
    assert refusal(change, work, claim, live_to=later) == "claim_hold_expired"
    converted = {"kind": "appointment", "appointment_id": appointment_id, "live_to": None}
    assert refusal(change, work, claim, **converted) == "claim_hold_expired"


def test_only_the_expiry_guard_keeps_a_dead_hold_dead(work, hold):
    claim = hold(5)
    shift_clock(work, timedelta(minutes=5))
    without(work, "expiry")
    change(work, claim, live_to=work.read(claims.now) + timedelta(minutes=5))


def test_renewing_does_not_reach_into_a_later_claim(work, hold):
    """Somebody took the same time for when the hold is over."""
    claim, now = hold(5), work.read(claims.now)
    put(work, live_from=now + timedelta(minutes=6))
    change(work, claim, live_to=now + timedelta(minutes=6))
    longer = now + timedelta(minutes=6, microseconds=1)
    assert refusal(change, work, claim, live_to=longer) == "claim_no_overlap"
    assert work.read(integrity.overlaps) == []


def test_only_the_constraint_keeps_time_from_being_given_twice(work, clinic):
    put(work)
    assert refusal(put, work, start=630, end=690) == "claim_no_overlap"
    without(work, "overlap")
    put(work, start=630, end=690)
    assert len(work.read(integrity.overlaps)) == 1


def test_the_look_for_overlaps_finds_what_another_lane_or_life_does_not_explain(work, clinic):
    without(work, "overlap")
    put(work)
    put(work, lane=2)
    put(work, resource_id=BEN)
    put(work, start=660, end=700)
    put(work, live_from=datetime(2024, 1, 1, tzinfo=UTC), live_to=datetime(2025, 1, 1, tzinfo=UTC))
    assert work.read(integrity.overlaps) == []
    put(work, start=0, end=1440)
    assert len(work.read(integrity.overlaps)) == 2
