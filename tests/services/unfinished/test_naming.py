"""Whose booking it is: guests found on record, newer bookings of one patient, time that is the patient's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic_scheduler.errors import ChangedMeanwhile, NotFound, TimeTaken
from clinic_scheduler.services.taking import claims, overlaps
from clinic_scheduler.services.unfinished import booking_session
from clinic_scheduler.services.unfinished.choices import Choices
from tests.support import desk, sessions
from tests.support.clinics import ANA, BEN, EMMA, OLGA, shift_clock
from tests.support.sessions import MIA, holds, outcome, resume, save


def held_for(work, begun):
    """The resources whose time is held."""
    return {claim.resource_id for claim in work.read(lambda s: claims.live_holds(s, begun.id))}


def test_a_guest_who_is_found_on_record_keeps_everything(work, actor, colleague, clinic):
    begun = desk.start(work, actor, None, MIA)
    held = desk.hold(work, actor, begun, clinic.part("09:00"))
    known = save(work, actor, held.session, held.session.choices, step="patient", patient=OLGA)
    assert (known.patient_name, known.choices.parts) == ("Olga Petrova", held.session.choices.parts)
    assert (known.held_until, known.clash) == (held.until, "")
    assert resume(work, colleague, known).choices.guest == MIA.guest


def test_the_held_time_becomes_the_patients_at_once(work, actor, colleague, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor, None, MIA), clinic.part("09:00")).session
    known = save(work, actor, begun, begun.choices, patient=OLGA)
    assert held_for(work, begun) == {ANA, OLGA}
    rival = desk.start(work, colleague, None)
    rival = desk.hold(work, colleague, rival, clinic.part("09:15", BEN)).session
    taken = save(work, colleague, rival, rival.choices, patient=OLGA)
    assert (taken.replaced, taken.clash) == ("Kofi Mensah, Desk 1", "")  # it goes on there, its time with it
    with pytest.raises(ChangedMeanwhile):
        desk.confirm(work, actor, known)


def test_somebody_else_named_gives_the_first_ones_time_back(work, actor, clinic):
    begun = desk.hold(work, actor, desk.start(work, actor, OLGA), clinic.part("09:00")).session
    begun = save(work, actor, begun, begun.choices, patient=EMMA)
    assert held_for(work, begun) == {ANA, EMMA}
    begun = save(work, actor, begun, begun.choices, patient=None)
    assert held_for(work, begun) == {ANA}


def test_a_patient_who_is_elsewhere_then_is_told_early_and_nothing_is_lost(work, actor, clinic):
    desk.book(work, actor, [clinic.part("09:00")], EMMA)
    begun = desk.start(work, actor, None, MIA)
    held = desk.hold(work, actor, begun, clinic.part("09:15", BEN), clinic.part("11:00"))
    named = save(work, actor, held.session, held.session.choices, step="payment", patient=EMMA)
    assert named.clash == "This patient has another visit at that time; please choose another time."
    assert (named.patient_id, named.choices, named.held_until) == (EMMA, held.session.choices, held.until)
    assert held_for(work, begun) == {ANA, BEN}
    with pytest.raises(TimeTaken):
        desk.confirm(work, actor, named)
    free = save(work, actor, named, named.choices, patient=OLGA)
    assert free.clash == ""
    assert desk.confirm(work, actor, free).appointment_ids


def test_who_comes_along_takes_nothing_of_the_patients_time(work, actor, clinic):
    part = replace(clinic.part("09:00"), visitor=1)
    begun = desk.hold(work, actor, desk.start(work, actor, None), part).session
    assert save(work, actor, begun, begun.choices, patient=EMMA).clash == ""
    assert held_for(work, begun) == {ANA}


def test_a_time_that_is_not_held_any_more_is_nobodys(work, actor, clinic):
    held = desk.hold(work, actor, desk.start(work, actor, None), clinic.part("09:00"))
    shift_clock(work, timedelta(minutes=20))
    named = save(work, actor, held.session, held.session.choices, patient=EMMA)
    assert (named.clash, named.held_until) == ("", None)
    assert holds(work, named) == 0


def test_a_newer_booking_of_a_patient_takes_over_and_says_from_whom(work, actor, colleague, clinic):
    older = desk.start(work, actor)
    desk.hold(work, actor, older, clinic.part("09:00"))
    newer = desk.start(work, colleague)
    assert (newer.replaced, newer.replaced_id) == ("Kofi Mensah, Desk 1", older.id)
    assert (outcome(work, older), holds(work, older)) == ("abandoned", 0)
    desk.hold(work, colleague, newer, clinic.part("09:00"))
    with pytest.raises(ChangedMeanwhile):
        desk.confirm(work, actor, older)


def test_what_was_chosen_in_the_older_booking_can_still_be_looked_at(work, actor, colleague, clinic):
    older = desk.start(work, actor)
    older = save(work, actor, older, replace(MIA, notes="by the window"))
    held = desk.hold(work, actor, older, clinic.part("09:00")).session
    newer = desk.start(work, colleague)
    for one in (actor, colleague):
        kept = work.read(
            lambda s, one=one: booking_session.replaced(s, actor=one, session_id=newer.replaced_id)
        )
        assert (kept.choices, kept.user_name, kept.outcome) == (held.choices, "Kofi Mensah", "abandoned")
    sessions.discard(work, colleague, newer)
    with pytest.raises(NotFound):  # emptied, as nobody took over from it
        work.read(lambda s: booking_session.replaced(s, actor=actor, session_id=newer.id))


def test_naming_a_patient_who_has_a_booking_takes_it_over_with_its_time(work, actor, colleague, clinic):
    older = desk.start(work, actor)
    desk.hold(work, actor, older, clinic.part("09:00"))
    guest = desk.hold(work, colleague, desk.start(work, colleague, None, MIA), clinic.part("09:15", BEN))
    saved = save(work, colleague, guest.session, guest.session.choices)
    assert (saved.replaced, saved.clash) == ("Kofi Mensah, Desk 1", "")
    assert (outcome(work, older), held_for(work, saved)) == ("abandoned", {BEN, EMMA})


def test_saving_again_replaces_nobody(work, actor, clinic):
    assert save(work, actor, desk.start(work, actor), Choices()).replaced == ""


def test_the_patients_time_counts_from_after_the_look(work, actor, clinic, monkeypatch):
    """What had run out when it was looked at had not before."""
    looks, look = [], overlaps.assigned

    def seen(session, takings):
        found = look(session, takings)
        looks.append(claims.now(session))
        return found

    begun = desk.hold(work, actor, desk.start(work, actor, None, MIA), clinic.part("09:00")).session
    monkeypatch.setattr(overlaps, "assigned", seen)
    save(work, actor, begun, begun.choices, patient=OLGA)
    held = work.read(lambda s: claims.live_holds(s, begun.id))
    assert [claim.live_from >= looks[0] for claim in held if claim.resource_id == OLGA] == [True]
