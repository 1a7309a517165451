"""The demo clinic: full, plausible and free of clashes, whatever the day it is made on."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.engine import open_engine
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import audit, demo, localtime, references
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.availability import Within
from clinic_scheduler.services.people import persons
from clinic_scheduler.services.times import hours, timelines
from clinic_scheduler.services.wishes import Wish
from tests.support.clinics import ZONE, shift_clock

FRIDAY = date(2027, 6, 11)
HERE = UUID(int=77)
GONE = {"cancelled", "no_show"}


def made(work, actor, today=FRIDAY, wall="11:20", **options):
    """Make the demo as if it were that day and hour; its id."""
    hour, minute = wall.split(":")
    noon = localtime.at_minute(today, int(hour) * 60 + int(minute), ZONE)
    shift_clock(work, noon - datetime.now(UTC))
    return work.write(lambda s: demo.create_demo(s, actor=actor, today=today, **options)).value


def test_whom_the_search_line_names_as_its_example_is_on_record(work, actor):
    made(work, actor)
    assert any(one.name.endswith(" Silva") for one in everything(work, t.Patient))


def everything(work, table):
    return work.read(lambda s: s.scalars(select(table)).all())


def booked_share(work, clinic_id, today):
    """Open minutes that are taken, of practitioners, by day; and claims outside of open time."""

    def look(session):
        offered = catalogue(session, clinic_id)
        span = hours.Span(today - timedelta(days=14), 29, offered.clinic.where)
        ids = [person.id for person in offered.practitioners]
        opened = hours.open_times(session, clinic_id, ids, span)
        taken = dict.fromkeys(ids, 0)
        for claim in session.scalars(select(t.Claim).where(t.Claim.resource_id.in_(ids))):
            taken[claim.resource_id] |= timelines.between(
                span.minute(claim.busy_from), span.minute(claim.busy_to)
            )
        whole = timelines.between(0, span.length)
        outside = [who for who in ids if taken[who] & whole & ~opened[who].open]
        shares = {}
        for day in span.days():
            of_day = timelines.between(
                *(span.minute(localtime.midnight(d, ZONE)) for d in (day, day + timedelta(1)))
            )
            free = sum((opened[who].open & of_day).bit_count() for who in ids)
            shares[day] = (sum((taken[who] & of_day).bit_count() for who in ids), free)
        return shares, outside

    return work.read(look)


def test_four_fifths_of_the_open_time_are_taken_and_nothing_clashes(work, actor):
    clinic_id = made(work, actor)
    shares, outside = booked_share(work, clinic_id, FRIDAY)
    assert not outside
    assert 0.7 < sum(taken for taken, _ in shares.values()) / sum(free for _, free in shares.values()) < 0.9
    full = [taken / free for day, (taken, free) in shares.items() if free and day.weekday() < 5]
    assert len(full) == 20  # four weeks and a day, less the public holiday
    assert min(full) > 0.6
    busy = defaultdict(list)
    for claim in everything(work, t.Claim):
        busy[claim.resource_id].append((claim.busy_from, claim.busy_to))
    assert not [who for who, times in busy.items() for a, b in pairwise(sorted(times)) if a[1] > b[0]]
    assert work.read(audit.verify) == []


def test_the_clinic_is_the_one_of_the_pictures(sqlite_work, actor):
    clinic_id = made(sqlite_work, actor)
    offered = sqlite_work.read(lambda s: catalogue(s, clinic_id))
    assert offered.clinic.is_demo
    assert [p.name for p in offered.practitioners][:3] == ["Ana Silva", "Ben Okafor", "Chloé Martin"]
    assert [p.hue for p in offered.practitioners] == [0, 1, 2, 3, 4, 5]
    assert (len(offered.rooms), len(offered.services)) == (3, 14)
    assert sorted(s.sessions for s in offered.services)[-3:] == [1, 3, 8]
    assert [s for s in offered.services if s.buffer_after_min]
    assert [s for s in offered.services if any(p.duration_min != s.duration_min for p in s.performers)]
    assert [len(everything(sqlite_work, x)) for x in (t.Closure, t.TimeOff, t.HoursException)] == [1, 1, 1]


def test_patients_have_names_of_many_scripts_and_numbers_that_can_exist(sqlite_work, actor):
    made(sqlite_work, actor)
    people = everything(sqlite_work, t.Patient)
    assert len(people) == len({p.name for p in people}) == 400
    for person in people:
        assert persons.clean_name(person.name) == person.name
        assert persons.clean_phone(person.phone, "DE") == person.phone
        assert persons.clean_email(person.email) == person.email
        assert not person.email or person.email.endswith("@example.org")
        assert timedelta(days=3 * 365) < FRIDAY - person.birth_date < timedelta(days=100 * 365)
    for contact in ("phone", "email"):
        given = [getattr(p, contact) for p in people if getattr(p, contact)]
        assert len(given) == len(set(given)) > 300
    letters = "".join(p.name for p in people)
    assert all(sign in letters for sign in "łğşőễžßøÞπДйحש")


def test_how_far_a_visit_has_come_follows_from_the_clock(sqlite_work, actor):
    made(sqlite_work, actor, wall="09:30")
    now = localtime.at_minute(FRIDAY, 570, ZONE)
    seen = defaultdict(Counter)
    for a in everything(sqlite_work, t.Appointment):
        when = "past" if a.end_at <= now else "ahead" if a.start_at > now else "running"
        seen[when][a.status] += 1
        if a.status == "cancelled":
            assert a.cancelled_at <= now
            assert a.status_reason
    assert set(seen["past"]) == {"completed", *GONE}
    assert set(seen["running"]) <= {"in_progress", "confirmed", *GONE}  # somebody is late
    assert set(seen["ahead"]) == {"pending", "confirmed", "arrived", "cancelled"}
    assert seen["running"]["in_progress"] >= 3
    past = sum(seen["past"].values())
    assert 0.02 < seen["past"]["no_show"] / past < 0.06
    assert 0.03 < seen["past"]["cancelled"] / past < 0.09
    assert all(b.created_at < now for b in everything(sqlite_work, t.Booking))


def test_whoever_comes_takes_time_and_nobody_else_does(sqlite_work, actor):
    made(sqlite_work, actor)
    claimed = Counter(claim.appointment_id for claim in everything(sqlite_work, t.Claim))
    for a in everything(sqlite_work, t.Appointment):
        assert claimed[a.id] == (0 if a.status in GONE else 3 if a.room_id else 2)


def test_some_visits_are_of_several_services_with_several_people(sqlite_work, actor):
    made(sqlite_work, actor)
    visits = defaultdict(list)
    for a in everything(sqlite_work, t.Appointment):
        visits[a.booking_id].append(a)
    several = [parts for parts in visits.values() if len(parts) > 1]
    assert len(several) > 30
    assert {len(parts) for parts in several} == {2, 3}
    for parts in several:
        parts.sort(key=lambda a: a.position)
        assert len({a.day for a in parts}) == 1
        assert all(timedelta() <= b.start_at - a.end_at <= timedelta(minutes=15) for a, b in pairwise(parts))
    assert sum(len({a.practitioner_id for a in parts}) > 1 for parts in several) > 20


def test_courses_keep_their_gaps_and_their_strategy(sqlite_work, actor):
    made(sqlite_work, actor)
    appointments = {a.id: a for a in everything(sqlite_work, t.Appointment)}
    plans = {plan.id: plan for plan in everything(sqlite_work, t.TreatmentPlan)}
    sessions = defaultdict(list)
    for session in everything(sqlite_work, t.PlanSession):
        sessions[session.plan_id].append(session)
    for plan_id, of_plan in sessions.items():
        of_plan.sort(key=lambda session: session.number)
        states = Counter(session.state for session in of_plan)
        timed = [appointments[x.appointment_id] for x in of_plan if x.appointment_id]
        assert len(timed) == states["completed"] + states["booked"] > 0
        for earlier, later, session in zip(timed, timed[1:], of_plan[1:], strict=False):
            assert session.min_days <= (later.day - earlier.day).days <= session.max_days
        for a, session in zip(timed, of_plan, strict=False):
            assert (a.status == "completed") == (session.state == "completed")
            assert a.service_id == session.service_id
        if plans[plan_id].strategy == "immediate":
            assert states["booked"] + states["completed"] == len(of_plan) == 3
        else:
            assert states["booked"] + states["due"] <= 1
    assert {plan.state for plan in plans.values()} == {"active", "completed", "paused", "lapsed", "cancelled"}
    assert sum(
        appointments[x.appointment_id].day == FRIDAY for s in sessions.values() for x in s if x.appointment_id
    )


def test_what_was_paid_is_what_the_payment_state_says(sqlite_work, actor):
    made(sqlite_work, actor)
    sums = Counter()
    for payment in everything(sqlite_work, t.Payment):
        sums[payment.booking_id] += payment.amount_cents
    bookings = everything(sqlite_work, t.Booking)
    for b in bookings:
        paid = {"paid": b.total_cents, "pending": 0, "refunded": 0}.get(b.payment_state, sums[b.id])
        assert sums[b.id] == paid
        assert (b.payment_method is None) == (b.payment_state == "pending")
        assert references.normalised(b.reference) == b.reference
    assert {b.payment_state for b in bookings} == {"pending", "paid", "part_paid", "refunded"}
    assert {b.source for b in bookings} >= {"phone", "online", "walk_in", "direct", "waitlist", "plan"}
    assert 50 < sum(bool(b.notes) for b in bookings) < 250


def story(work, clinic_id):
    """What happens when, with whom, in names, for any clinic id."""
    wanted = (
        select(t.Appointment.start_at, t.Service.name, t.Resource.name, t.Patient.name, t.Booking.notes)
        .join(t.Booking, t.Booking.id == t.Appointment.booking_id)
        .join(t.Service, t.Service.id == t.Appointment.service_id)
        .join(t.Resource, t.Resource.id == t.Appointment.practitioner_id)
        .join(t.Patient, t.Patient.id == t.Booking.patient_id)
        .where(t.Appointment.clinic_id == clinic_id)
    )
    return sorted(work.read(lambda s: [tuple(row) for row in s.execute(wanted)]))


def test_the_same_seed_tells_the_same_story_and_another_seed_another(sqlite_work, actor):
    first, second, other = (
        made(sqlite_work, actor, clinic_id=new_id(), seed=seed, wall=wall)
        for seed, wall in ((7, "11:20"), (7, "16:05"), (8, "11:20"))
    )
    assert story(sqlite_work, first) == story(sqlite_work, second) != story(sqlite_work, other)


def test_the_same_clinic_id_gives_the_same_ids_on_both_databases(sqlite_url, pg_url, actor):
    ids = []
    for url in (sqlite_url, pg_url):
        unit = UnitOfWork(open_engine(url))
        made(unit, actor, clinic_id=HERE)
        ids.append(
            {row.id for table in (t.Patient, t.Appointment, t.Payment) for row in everything(unit, table)}
        )
        unit.close()
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    "today",
    [date(2027, 6, 13), date(2027, 3, 24), date(2026, 10, 28), date(2027, 1, 1), date(2028, 2, 29)],
    ids=["a Sunday", "clocks go forward", "clocks go back", "New Year", "leap day"],
)
def test_it_can_be_made_on_any_day(sqlite_work, actor, today):
    clinic_id = made(sqlite_work, actor, today=today, seed=today.day)
    shares, outside = booked_share(sqlite_work, clinic_id, today)
    assert not outside
    assert 0.7 < sum(taken for taken, _ in shares.values()) / sum(free for _, free in shares.values()) < 0.9


@pytest.mark.parametrize("wanted", [("PHY", "BMA", "SPE"), ("CHK", "CLE"), ("PHC",), ("IMP",)])
def test_there_is_room_for_one_more(sqlite_work, actor, wanted):
    clinic_id = made(sqlite_work, actor)

    def look(session):
        codes = {service.code: service.id for service in catalogue(session, clinic_id).services}
        wishes = [Wish(codes[code]) for code in wanted]
        return availability.free_visits(session, clinic_id=clinic_id, wishes=wishes, within=Within(FRIDAY))

    assert sqlite_work.read(look)
