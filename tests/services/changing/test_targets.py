"""Where a visit may be dropped, against what a move then says: both must always agree."""

from datetime import timedelta

import pytest

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ClinicError, InvalidInput, NotFound
from clinic_scheduler.services.changing import moving, targets
from clinic_scheduler.services.changing.moves import Change
from tests.support.changing import cancel, change
from tests.support.clinics import ANA, BEN, BLUE_ROOM, EMMA, MASSAGE, OLGA, RED_ROOM
from tests.support.desk import book, hold, start

QUARTER = timedelta(minutes=15)


@pytest.fixture
def full(work, actor, clinic):
    """A morning with visits of Ana and Ben, a hold, and the massage of Emma that is moved."""
    book(work, actor, [clinic.part("10:00")], OLGA)
    book(work, actor, [clinic.part("14:00", BEN)], OLGA)
    book(work, actor, [clinic.part("15:30")], EMMA)
    hold(work, actor, start(work, actor, None), clinic.part("11:00", BEN))
    return book(work, actor, [clinic.part("09:00", BEN, MASSAGE, minutes=30)], EMMA).appointment_ids[0]


def of(work, actor, clinic, appointment_id, **options):
    return work.read(
        lambda s: targets.of_appointment(
            s, actor=actor, appointment_id=appointment_id, first=clinic.monday, count=1, **options
        )
    )


def is_taken(work, actor, wanted):
    """Whether the move itself is refused; what it did is undone."""
    try:
        moved = work.write(
            lambda s: moving.change(s, actor=actor, request_id=new_id(), changes=(wanted,))
        ).value
    except ClinicError:
        return True
    if moved.undo:
        work.write(lambda s: moving.change(s, actor=actor, request_id=new_id(), changes=moved.undo))
    return False


def version(work, appointment_id):

    return work.read(lambda s: s.get(t.Appointment, appointment_id).version)


def test_what_is_lit_can_be_dropped_and_nothing_else(work, actor, clinic, full):
    found = of(work, actor, clinic, full)
    starts = [clinic.at("08:30") + n * QUARTER for n in range(36)]
    lit = [found.allows(BEN, moment) for moment in starts]
    said = [not is_taken(work, actor, Change(full, version(work, full), moment)) for moment in starts]
    assert lit == said
    assert 5 < sum(lit) < 30


def test_only_who_performs_it_is_lit(work, actor, clinic, full):
    found = of(work, actor, clinic, full)
    assert set(found.starts) == {BEN}
    assert not found.allows(ANA, clinic.at("12:00"))


def test_rooms_are_lit_where_the_practitioner_is_free_too(work, actor, clinic, full):
    found = of(work, actor, clinic, full, by="room")
    assert set(found.starts) == {BLUE_ROOM, RED_ROOM}
    assert found.allows(RED_ROOM, clinic.at("09:00"))
    assert not found.allows(RED_ROOM, clinic.at("14:15"))  # Ben has another visit


def test_a_whole_visit_is_lit_where_all_its_parts_fit(work, actor, clinic):
    done = book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN, MASSAGE, minutes=30)])
    book(work, actor, [clinic.part("14:00", BEN)], OLGA)
    first, second = done.appointment_ids
    found = of(work, actor, clinic, first, is_whole=True)
    assert found.allows(ANA, clinic.at("10:00"))
    assert not found.allows(ANA, clinic.at("13:30"))  # the massage would meet Ben's other visit
    grabbed = of(work, actor, clinic, second, is_whole=True)
    assert grabbed.offset == 45
    assert grabbed.allows(BEN, clinic.at("10:45"))
    assert not grabbed.allows(BEN, clinic.at("14:15"))


def test_how_far_it_may_be_stretched(work, actor, clinic):
    done = book(work, actor, [clinic.part("10:00")])
    book(work, actor, [clinic.part("09:00", minutes=45)], OLGA)
    book(work, actor, [clinic.part("11:15")], OLGA)
    found = of(work, actor, clinic, done.appointment_ids[0])
    assert (found.earliest, found.latest) == (clinic.at("09:45"), clinic.at("11:15"))
    change(work, actor, Change(done.appointment_ids[0], 1, end=clinic.at("11:15")))


@pytest.mark.parametrize(
    ("wall", "who", "words"),
    [
        ("10:15", ANA, "does not perform"),
        ("11:15", BEN, "Held by"),
        ("12:15", BEN, "break"),
        ("14:15", BEN, "has another visit"),
        ("15:30", BEN, "This patient has another visit"),
    ],
)
def test_the_reason_is_said_where_it_is_dark(work, actor, clinic, full, wall, who, words):
    said = work.read(
        lambda s: targets.why_not(s, actor=actor, appointment_id=full, resource_id=who, start=clinic.at(wall))
    )
    assert words in " ".join(said)


def test_its_own_time_is_no_reason(work, actor, clinic, full):
    said = work.read(
        lambda s: targets.why_not(
            s, actor=actor, appointment_id=full, resource_id=BEN, start=clinic.at("09:10")
        )
    )
    assert said == ()


def test_what_is_finished_or_gone_is_refused(work, actor, clinic, full):
    cancel(work, actor, full)
    with pytest.raises(InvalidInput, match="cancelled"):
        of(work, actor, clinic, full)
    with pytest.raises(NotFound):
        of(work, actor, clinic, new_id())
