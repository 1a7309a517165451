"""What was taken back is as it was: lanes, accepted overlaps, news that waited; and only for whom it may be."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.states import AppointmentStatus
from clinic_scheduler.errors import ClinicError, NotPermitted
from clinic_scheduler.services import integrity
from clinic_scheduler.services.actor import BOOK
from clinic_scheduler.services.changing import pinboard, taking_back
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.changing.taking_back import Put
from clinic_scheduler.services.taking import booking, claims
from clinic_scheduler.services.taking.rules import Override, Rule
from tests.support.changing import change
from tests.support.clinics import ANA, BEN, OLGA, shift_clock
from tests.support.desk import book, confirm, start

TOGETHER = Override("mother and child", frozenset({Rule.OVERLAP}))


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ben, its confirmation still waiting."""
    return book(work, actor, [clinic.part("09:00", BEN)]).appointment_ids[0]


def together(work, actor, part):
    """Olga, at a time that is taken, with leave."""
    begun = start(work, actor, OLGA)
    work.write(
        lambda s: booking.hold(
            s, actor=actor, session_id=begun.id, version=begun.version, parts=[part], override=TOGETHER
        )
    )
    return confirm(work, actor, begun).appointment_ids[0]


@pytest.fixture
def beside(work, actor, clinic, visit):
    """Olga with Ben at the time of the visit."""
    return together(work, actor, clinic.part("09:00", BEN))


def plain(actor):
    return replace(actor, permissions=frozenset({BOOK}))


def put(work, actor, *wanted):
    asked = new_id()
    return work.write(lambda s: taking_back.put(s, actor=actor, request_id=asked, wanted=wanted)).value


def pin(work, actor, visit):
    work.write(lambda s: pinboard.pin(s, actor=actor, appointment_ids=(visit,)))


def version(work, visit):
    return work.read(lambda s: s.get(t.Appointment, visit).version)


def standing(work, *ids):
    """Statuses, reasons to overlap, and all that is taken now with its lane and leave."""
    a, c = t.Appointment, t.Claim
    taken = select(c.appointment_id, c.resource_id, c.start_at, c.end_at, c.lane, c.override_reason).where(
        c.appointment_id.in_(ids), c.live_to.is_(None)
    )
    rows = select(a.id, a.status, a.overlap_reason, a.cancelled_at, a.is_late_cancel).where(a.id.in_(ids))
    return work.read(lambda s: [sorted(map(tuple, s.execute(wanted))) for wanted in (rows, taken)])


def waiting(work):
    m = t.Message
    return sorted(work.read(lambda s: s.scalars(select(m.kind).where(m.state == "queued")).all()))


@pytest.mark.parametrize("status", ["cancelled", "no_show"])
@pytest.mark.parametrize("which", [0, 1])
def test_who_was_beside_somebody_comes_back_to_the_lane(work, actor, clinic, visit, beside, which, status):
    shift_clock(work, clinic.at("09:10") - work.read(claims.now))
    before = standing(work, visit, beside)
    back = put(work, actor, Put((visit, beside)[which], 1, status))
    put(work, plain(actor), *back)
    assert standing(work, visit, beside) == before


@pytest.mark.parametrize("undone", [(0, 1), (1, 0)])
def test_two_beside_each_other_come_back_in_any_order(work, actor, visit, beside, undone):
    before = standing(work, visit, beside)
    backs = [put(work, actor, Put(one, 1, "cancelled")) for one in (visit, beside)]
    for which in undone:
        put(work, plain(actor), *backs[which])
    assert standing(work, visit, beside) == before


def test_a_confirmation_that_waited_waits_again(work, actor, visit):
    assert waiting(work) == ["confirmation"]
    back = put(work, actor, Put(visit, 1, "cancelled"))
    assert waiting(work) == ["cancellation"]
    on = put(work, actor, *back)
    assert waiting(work) == ["confirmation"]
    put(work, actor, *on)
    assert waiting(work) == ["cancellation"]


def test_of_two_that_were_cancelled_the_one_that_stands_is_confirmed(work, actor, clinic):
    parts = [clinic.part("14:00", ANA), clinic.part("15:00", ANA)]
    one, other = book(work, actor, parts).appointment_ids
    first, second = (put(work, actor, Put(each, 1, "cancelled")) for each in (one, other))
    assert waiting(work) == ["cancellation"]
    put(work, actor, *second)
    assert waiting(work) == ["cancellation", "confirmation"]
    put(work, actor, *first)
    assert waiting(work) == ["confirmation"]


def test_a_colleague_who_parks_a_visit_does_not_stop_the_undo(work, actor, colleague, visit):
    put(work, actor, Put(visit, 1, "pending"))
    (back,) = put(work, plain(actor), Put(visit, 2, "confirmed"))
    pin(work, colleague, visit)
    assert put(work, plain(actor), back) == (Put(visit, 4, "confirmed"),)


@pytest.mark.parametrize("how", ["park", "move"])
def test_parking_or_moving_gives_no_leave_to_take_back(work, actor, colleague, clinic, visit, how):
    put(work, actor, Put(visit, 1, "pending"))
    put(work, actor, Put(visit, 2, "confirmed"))
    shift_clock(work, timedelta(hours=1))
    if how == "park":
        pin(work, plain(colleague), visit)
    else:
        change(work, plain(colleague), Change(visit, 3, clinic.at("11:00")))
    with pytest.raises(NotPermitted):
        put(work, plain(colleague), Put(visit, version(work, visit), "pending"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(sorted(AppointmentStatus))), min_size=1, max_size=8)
)
def test_whatever_is_done_to_several_is_undone_in_reverse(work, actor, clinic, steps):
    parts = [clinic.part("09:00", BEN), clinic.part("14:00", ANA)]
    ids = [*book(work, actor, parts).appointment_ids, together(work, actor, parts[0])]
    before, undo = standing(work, *ids), []
    for which, status in steps:
        try:
            undo.append(put(work, actor, Put(ids[which], version(work, ids[which]), status)))
        except ClinicError:
            continue
    assert work.read(integrity.overlaps) == []
    for back in reversed(undo):
        if back:
            put(
                work, plain(actor), *(replace(one, version=version(work, one.appointment_id)) for one in back)
            )
    assert standing(work, *ids) == before
    put(work, actor, *(Put(one, version(work, one), "cancelled") for one in ids))
