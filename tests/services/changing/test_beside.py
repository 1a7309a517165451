"""Two practitioners at one patient at once: held, booked, changed, and the patient never in two places."""

from dataclasses import replace

import pytest

from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services import integrity
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.unfinished import booking_session
from tests.support.changing import cancel, change, reopen
from tests.support.clinics import ANA, BEN, EMMA, OLGA, PHYSIO
from tests.support.desk import book, hold, start


def both(clinic, *, room=None):
    """Ana from nine and Ben from a quarter past, at one patient, in one room where one is given."""
    first, second = clinic.part("09:00"), clinic.part("09:15", BEN)
    return replace(first, room_id=room, beside=frozenset({1})), replace(
        second, room_id=room, beside=frozenset({0})
    )


def is_free(work, actor, part, patient=EMMA):
    """Whether another booking could hold that time now."""
    begun = start(work, actor, patient)
    try:
        hold(work, actor, begun, part)
    except TimeTaken:
        return False
    finally:
        work.write(lambda s: booking_session.discard(s, actor=actor, session_id=begun.id))
    return True


def test_parts_side_by_side_are_booked_as_one_visit(work, actor, clinic):
    done = book(work, actor, both(clinic))
    assert len(done.appointment_ids) == 2
    assert work.read(integrity.overlaps) == []
    assert not is_free(work, actor, clinic.part("09:00", BEN, minutes=15))
    assert not is_free(work, actor, clinic.part("09:45", ANA, minutes=15))
    assert is_free(work, actor, clinic.part("10:00", ANA))


def test_what_overlaps_by_accident_is_refused(work, actor, clinic):
    first, second = both(clinic)
    with pytest.raises(TimeTaken, match="another visit"):
        hold(
            work, actor, start(work, actor), *(replace(part, beside=frozenset()) for part in (first, second))
        )


def test_somebody_named_after_the_hold_is_taken_for_both(work, actor, clinic):
    held = hold(work, actor, start(work, actor, None), *both(clinic)).session
    named = work.write(
        lambda s: booking_session.save(
            s,
            actor=actor,
            session_id=held.id,
            version=held.version,
            chosen=held.choices,
            step="patient",
            patient_id=EMMA,
        )
    ).value
    assert named.clash == ""
    assert work.read(integrity.overlaps) == []


def test_a_cancelled_part_leaves_the_patient_with_the_other(work, actor, clinic):
    first, _second = book(work, actor, both(clinic)).appointment_ids
    cancel(work, actor, first)
    assert not is_free(work, actor, clinic.part("09:15", ANA, minutes=15))
    assert is_free(work, actor, clinic.part("09:00", ANA, minutes=15))
    assert is_free(work, actor, clinic.part("09:15", ANA, minutes=15), OLGA)
    reopen(work, actor, first)
    assert not is_free(work, actor, clinic.part("09:00", ANA, minutes=15))
    assert work.read(integrity.overlaps) == []


def test_a_room_that_both_share_stays_taken_while_one_is_in_it(work, actor, clinic):
    first, second = (replace(part, service_id=PHYSIO) for part in both(clinic))
    done = book(work, actor, (first, second))
    for number, part in enumerate(done.appointment_ids):
        change(work, actor, Change(part, 1, start=clinic.at("13:00" if number == 0 else "13:15")))
    assert work.read(integrity.overlaps) == []


def test_the_part_beside_moves_away_and_back(work, actor, clinic):
    _first, second = book(work, actor, both(clinic)).appointment_ids
    moved = change(work, actor, Change(second, 1, start=clinic.at("11:00")))
    assert is_free(work, actor, clinic.part("09:45", ANA, minutes=15))
    assert not is_free(work, actor, clinic.part("11:30", ANA, minutes=15))
    change(work, actor, *moved.undo)
    assert not is_free(work, actor, clinic.part("09:45", ANA, minutes=15))
    assert work.read(integrity.overlaps) == []


def test_the_part_that_others_run_beside_moves_away(work, actor, clinic):
    first, _second = book(work, actor, both(clinic)).appointment_ids
    change(work, actor, Change(first, 1, start=clinic.at("11:00")))
    assert not is_free(work, actor, clinic.part("09:15", ANA, minutes=15))
    assert is_free(work, actor, clinic.part("09:00", ANA, minutes=15))
    assert work.read(integrity.overlaps) == []
