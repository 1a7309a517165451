"""Who is new on a day: nobody of whom a visit stands that began before it."""


from sqlalchemy import delete

from clinic_scheduler.db import tables as t
from clinic_scheduler.services.changing import appointments
from clinic_scheduler.services.days import calendar
from tests.support import desk
from tests.support.clinics import BEN, CLINIC, OLGA


def new(work, clinic):
    """Day by day of a week, whether each visit is of somebody new."""
    week = work.read(lambda s: calendar.days(s, clinic_id=CLINIC, first=clinic.monday))
    return [[visit.is_new for visit in each.visits] for each in week]


def cancel(work, actor, done):
    ids = done.appointment_ids
    work.write(
        lambda s: appointments.cancel(
            s, actor=actor, appointment_ids=ids, versions=[1] * len(ids), reason="ill"
        )
    )


def test_who_was_here_before_is_not_new(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")])
    desk.book(work, actor, [clinic.part("09:00", days=1)])
    desk.book(work, actor, [clinic.part("11:00", BEN, days=1)])
    cancel(work, actor, desk.book(work, actor, [clinic.part("15:00")], OLGA))
    desk.book(work, actor, [clinic.part("10:00", days=2)], OLGA)
    assert new(work, clinic) == [[True], [False, False], [True], [], [], [], []]


def test_whose_first_visit_was_cancelled_is_new_at_the_next(work, actor, clinic):
    first = desk.book(work, actor, [clinic.part("09:00")])
    desk.book(work, actor, [clinic.part("09:00", days=1), clinic.part("09:45", days=1)])
    desk.book(work, actor, [clinic.part("09:00", days=2)])
    assert new(work, clinic) == [[True], [False, False], [False], [], [], [], []]
    cancel(work, actor, first)
    assert new(work, clinic) == [[], [True, True], [False], [], [], [], []]
    desk.book(work, actor, [clinic.part("14:00")])
    assert new(work, clinic) == [[True], [False, False], [False], [], [], [], []]


def test_a_held_time_is_no_visit_that_was_here_before(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00", days=1)])
    desk.hold(work, actor, desk.start(work, actor), clinic.part("09:00"))
    assert new(work, clinic)[:2] == [[], [True]]


def test_whose_claim_is_gone_is_new_again(work, actor, clinic):
    done = desk.book(work, actor, [clinic.part("09:00")])
    desk.book(work, actor, [clinic.part("09:00", days=1)])
    with work.engine.begin() as connection:
        connection.execute(delete(t.Claim).where(t.Claim.appointment_id == done.appointment_ids[0]))
    assert new(work, clinic)[1] == [True]
