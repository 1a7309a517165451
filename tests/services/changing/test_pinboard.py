"""The pinboard: shared, kept, and left as soon as a visit has another place."""

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services.changing import pinboard
from clinic_scheduler.services.changing.moves import Change
from tests.support.changing import advance, cancel, change
from tests.support.clinics import ANA, BEN, MASSAGE, OLGA
from tests.support.desk import book, count


@pytest.fixture
def visit(work, actor, clinic):
    """Emma with Ana at nine."""
    return book(work, actor, [clinic.part("09:00")]).appointment_ids[0]


def pin(work, actor, *ids):
    return work.write(lambda s: pinboard.pin(s, actor=actor, appointment_ids=ids)).value


def board(work, actor):
    return work.read(lambda s: pinboard.pinned(s, actor=actor))


def test_every_desk_sees_who_parked_what_and_where_it_still_is(work, actor, colleague, clinic, visit):
    other = book(work, actor, [clinic.part("10:00", BEN, MASSAGE, minutes=30)], OLGA).appointment_ids[0]
    assert pin(work, actor, visit) == (visit,)
    pin(work, colleague, other)
    first, second = board(work, colleague)
    assert (first.patient, first.service, first.practitioner) == ("Emma Müller", "Physiotherapy", "Ana Silva")
    assert (first.start, first.day, first.pinned_by) == (clinic.at("09:00"), clinic.monday, actor.name)
    assert (second.appointment_id, second.workstation) == (other, colleague.workstation)
    assert count(work, t.Claim, t.Claim.appointment_id == visit, t.Claim.live_to.is_(None)) == 2


def test_parked_twice_it_is_there_once(work, actor, colleague, visit):
    pin(work, actor, visit)
    assert pin(work, colleague, visit) == ()
    assert [one.pinned_by for one in board(work, actor)] == [actor.name]


def test_a_visit_that_was_moved_or_cancelled_leaves_the_board(work, actor, clinic, visit):
    other = book(work, actor, [clinic.part("14:00", BEN)], OLGA).appointment_ids[0]
    pin(work, actor, visit, other)
    change(work, actor, Change(visit, 1, clinic.at("11:00")))
    assert [one.appointment_id for one in board(work, actor)] == [other]
    cancel(work, actor, other)
    assert board(work, actor) == ()
    assert count(work, t.Pin) == 0


def test_taken_off_it_stays_where_it_was(work, actor, visit):
    pin(work, actor, visit)
    work.write(lambda s: pinboard.unpin(s, actor=actor, appointment_ids=(visit,)))
    assert board(work, actor) == ()
    assert pin(work, actor, visit) == (visit,)


def test_what_has_begun_or_is_gone_is_refused(work, actor, visit):
    advance(work, actor, "arrived", visit)
    with pytest.raises(InvalidInput, match="arrived"):
        pin(work, actor, visit)
    with pytest.raises(NotFound):
        pin(work, actor, new_id())


def test_a_whole_day_is_parked(work, actor, clinic, visit):
    book(work, actor, [clinic.part("10:00", BEN)], OLGA)
    book(work, actor, [clinic.part("10:00", days=1)], OLGA)
    gone = book(work, actor, [clinic.part("15:00")], OLGA).appointment_ids[0]
    cancel(work, actor, gone)
    parked = work.write(
        lambda s: pinboard.pin_day(s, actor=actor, practitioner_ids=(ANA, BEN), on=clinic.monday)
    ).value
    assert len(parked) == 2
    only = work.write(
        lambda s: pinboard.pin_day(s, actor=actor, practitioner_ids=(ANA,), on=clinic.monday)
    ).value
    assert only == ()


def test_free_places_are_its_own_practitioners_first(work, actor, visit):
    found = work.read(lambda s: pinboard.next_free(s, actor=actor, appointment_id=visit, limit=3))
    assert len(found) == 3
    assert {opening.parts[0].practitioner_id for opening in found} == {ANA}
    assert len({opening.start.date() for opening in found}) == 3
    with pytest.raises(NotFound):
        work.read(lambda s: pinboard.next_free(s, actor=actor, appointment_id=new_id()))
