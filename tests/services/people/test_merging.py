"""Two records made one: all comes over, nobody is in two places by accident, what is booked meanwhile is not lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, ClinicError, InvalidInput, NotPermitted, TimeTaken
from clinic_scheduler.services import audit
from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.people import merge_preview, merging, patients, records
from clinic_scheduler.services.people.merging import Seen, Side
from clinic_scheduler.services.people.records import Written
from clinic_scheduler.services.taking import booking
from clinic_scheduler.services.taking.rules import Override, Rule
from clinic_scheduler.services.unfinished import booking_session
from tests.support import changing
from tests.support.changing import holds_true
from tests.support.clinics import BEN, CLINIC, EMMA, MASSAGE, OLGA, PHYSIO, shift_clock
from tests.support.desk import book, confirm, count, hold, start
from tests.support.sessions import save

BOTH_STAY = Override("came with her twin", frozenset({Rule.TWO_PLACES}))


def merge(work, actor, kept=EMMA, gone=OLGA, versions=(1, 1), override=None, **sides):
    return work.write(
        lambda s: merging.merge(
            s,
            actor=actor,
            kept=Seen(kept, versions[0]),
            gone=Seen(gone, versions[1]),
            sides=sides,
            override=override,
        )
    ).value


def look(work, actor):
    return work.read(lambda s: merge_preview.preview(s, actor=actor, kept_id=EMMA, gone_id=OLGA))


def owners(work, table=t.Booking):
    return set(work.read(lambda s: s.scalars(select(table.patient_id)).all()))


def pour(work, table, **values):
    work.write(lambda s: s.execute(insert(table).values(id=new_id(), clinic_id=CLINIC, **values)))


def test_everything_comes_over_to_the_record_that_stays(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")], EMMA)
    later = book(
        work,
        actor,
        [clinic.part("14:00", days=1), clinic.part("15:00", BEN, MASSAGE, minutes=30, days=1)],
        OLGA,
    )
    changing.cancel(work, actor, later.appointment_ids[1])
    pour(work, t.WaitlistEntry, patient_id=OLGA, wishes={}, from_day=clinic.monday, until_day=clinic.monday)
    pour(
        work,
        t.TreatmentPlan,
        patient_id=OLGA,
        service_id=PHYSIO,
        strategy="flexible",
        created_by=actor.user_id,
    )
    seen = look(work, actor)
    assert (seen.gone.visits, seen.gone.ahead, seen.gone.plans, seen.gone.waits) == (2, 1, 1, 1)
    assert (seen.clashes, seen.unfinished) == ((), "")
    merge(work, actor)
    assert owners(work) == owners(work, t.WaitlistEntry) == owners(work, t.TreatmentPlan) == {EMMA}
    assert owners(work, t.BookingSession) == {EMMA}
    assert work.read(lambda s: records.of(s, actor=actor, patient_id=EMMA)).ahead == 2
    holds_true(work)
    assert work.read(audit.verify) == []


def test_what_the_preview_counts_is_what_comes_over(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")], OLGA)
    expected = look(work, actor).gone.visits
    merge(work, actor)
    (entry,) = work.read(
        lambda s: s.scalars(select(t.AuditEntry).where(t.AuditEntry.action == "patient.merged")).all()
    )
    assert entry.after["visits"] == expected == 1
    assert entry.after["from"] == str(OLGA)


def test_the_other_name_and_old_references_lead_to_the_record_that_stays(work, actor, clinic):
    merge(work, actor)
    find = lambda text: [p.id for p in work.read(lambda s: patients.search(s, clinic_id=CLINIC, text=text))]  # noqa: E731
    assert find("petrova") == find("12345679") == find("müller") == [EMMA]
    assert work.read(lambda s: records.of(s, actor=actor, patient_id=OLGA)).line.id == EMMA
    changed = Written("Emma Möller", "", "", None, "", "")
    work.write(lambda s: records.change(s, actor=actor, patient_id=OLGA, version=2, written=changed))
    assert find("petrova") == find("möller") == [EMMA]


def test_fields_are_chosen_one_by_one(work, actor, clinic):
    notes = {EMMA: "Prefers mornings", OLGA: "Speaks Russian"}
    for who, text in notes.items():
        values = {"notes": text, "code": f"C{text[0]}"}
        work.write(
            lambda s, who=who, values=values: s.execute(
                update(t.Patient).where(t.Patient.id == who).values(values)
            )
        )
    merge(work, actor, name=Side.GONE, code=Side.GONE)
    row = work.read(lambda s: s.get(t.Patient, EMMA))
    assert (row.name, row.phone, row.birth_date) == ("Olga Petrova", "+493012345678", date(1980, 5, 1))
    assert row.notes == "Prefers mornings\nSpeaks Russian"
    codes = dict(work.read(lambda s: s.execute(select(t.Patient.id, t.Patient.code)).all()))
    assert (codes[EMMA], codes[OLGA]) == ("CS", "CP")


def test_texts_that_are_too_long_together_are_refused_at_their_field(work, actor, clinic):
    for who in (EMMA, OLGA):
        text = who.hex[-1] * 3_000
        work.write(
            lambda s, who=who, text=text: s.execute(
                update(t.Patient).where(t.Patient.id == who).values(notes=text)
            )
        )
    with pytest.raises(InvalidInput) as refused:
        merge(work, actor)
    assert refused.value.field == "notes"
    merge(work, actor, notes=Side.KEPT)


def test_visits_ahead_at_one_time_are_listed_and_refused(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")], EMMA)
    twice = book(work, actor, [clinic.part("09:30", BEN)], OLGA)
    (clash,) = look(work, actor).clashes
    assert (clash.kept.practitioner, clash.gone.practitioner) == ("Ana Silva", "Ben Okafor")
    with pytest.raises(
        TimeTaken, match="09:00 to 09:45 Physiotherapy and 09:30 to 10:15 Physiotherapy"
    ) as refused:
        merge(work, actor)
    assert refused.value.rules == {Rule.TWO_PLACES}
    assert owners(work) == {EMMA, OLGA}
    merge(work, actor, override=BOTH_STAY)
    assert changing.row(work, twice.appointment_ids[0]).overlap_reason == "came with her twin"
    holds_true(work)


def test_visits_at_one_time_that_are_over_stay_as_they_were(work, actor, clinic):
    for who, practitioner in ((EMMA, clinic.part("09:00")), (OLGA, clinic.part("09:30", BEN))):
        book(work, actor, [practitioner], who)
    shift_clock(work, timedelta(days=30))
    assert look(work, actor).clashes == ()
    merge(work, actor)
    holds_true(work)
    assert work.read(lambda s: s.get(t.Patient, EMMA)).first_visit_at == clinic.at("09:00")


@pytest.mark.parametrize("whose", [EMMA, OLGA])
def test_an_unfinished_booking_goes_on_with_its_hold_and_its_desk(work, actor, colleague, clinic, whose):
    begun = start(work, colleague, whose)
    hold(work, colleague, begun, clinic.part("09:00"))
    merge(work, actor)
    kept = save(
        work,
        colleague,
        begun,
        work.read(lambda s: booking_session.find(s, actor=colleague, session_id=begun.id)).choices,
        patient=whose,
        version=begun.version + 1,
    )
    assert kept.patient_id == EMMA
    made = confirm(work, colleague, begun)
    assert owners(work) == {EMMA}
    assert made.appointment_ids
    holds_true(work)


def test_two_unfinished_bookings_are_not_thrown_together(work, actor, colleague, clinic):
    start(work, actor, EMMA)
    start(work, colleague, OLGA)
    assert look(work, actor).unfinished == "Kofi Mensah at Desk 1 and Rosa Lind at Desk 2"
    with pytest.raises(ChangedMeanwhile, match="Rosa Lind at Desk 2"):
        merge(work, actor)


def test_an_expired_booking_is_in_nobodys_way(work, actor, colleague, clinic):
    start(work, colleague, OLGA)
    shift_clock(work, timedelta(hours=3))
    start(work, actor, EMMA)
    merge(work, actor)


def test_a_chain_of_merges_leads_to_the_last(work, actor, clinic):
    third = work.write(lambda s: patients.register(s, actor=actor, name="Emma Mueller-Petrova")).value.id
    merge(work, actor)
    merge(work, actor, kept=third, gone=EMMA, versions=(1, 2))
    found = work.read(lambda s: patients.search(s, clinic_id=CLINIC, text="olga"))
    assert [p.id for p in found] == [third]
    assert work.read(lambda s: patients.find(s, clinic_id=CLINIC, patient_id=OLGA)).id == third


def test_a_record_that_changed_since_is_looked_at_again(work, actor, clinic):
    written = Written("Olga P", "", "", None, "", "")
    work.write(lambda s: records.change(s, actor=actor, patient_id=OLGA, version=1, written=written))
    with pytest.raises(ChangedMeanwhile):
        merge(work, actor)
    with pytest.raises(InvalidInput):
        merge(work, actor, gone=EMMA)


def test_merging_asks_for_the_right_to(work, actor, clinic):
    with pytest.raises(NotPermitted):
        merge(work, replace(actor, permissions=frozenset({"book"})))


def test_nothing_is_booked_for_a_record_that_went(work, actor, clinic):
    merge(work, actor)
    with pytest.raises(ChangedMeanwhile, match="merged"):
        pour(
            work,
            t.TreatmentPlan,
            patient_id=OLGA,
            service_id=PHYSIO,
            strategy="flexible",
            created_by=actor.user_id,
        )
    assert book(work, actor, [clinic.part("09:00")], OLGA).appointment_ids
    assert owners(work) == {EMMA}


@pytest.mark.parametrize("times", range(3))
def test_one_desk_merges_while_others_book_and_move_for_the_record_that_goes(
    work, actor, colleague, clinic, times
):
    """Whoever comes first: what was booked is the one person's, or the desk was told in a sentence and can go on."""
    stands = book(work, actor, [clinic.part("15:00", BEN)], OLGA).appointment_ids[0]
    begun = start(work, colleague, OLGA)
    hold(work, colleague, begun, clinic.part("09:00"))

    def told(act):
        try:
            return act()
        except ClinicError as refusal:
            return refusal

    moved = Change(stands, 1, clinic.at("16:00"))
    acts = [
        lambda: merge(work, actor),
        lambda: (
            work.write(
                lambda s: booking.confirm(s, actor=colleague, session_id=begun.id, request_id=new_id())
            ).value
        ),
        lambda: changing.change(work, colleague, moved),
    ]
    with ThreadPoolExecutor(3) as desks:
        answers = list(desks.map(told, acts))
    assert not isinstance(answers[0], ClinicError), answers
    assert not isinstance(answers[1], ClinicError), answers
    assert isinstance(answers[2], ChangedMeanwhile) or not isinstance(answers[2], ClinicError)
    assert owners(work) == {EMMA}
    assert count(work, t.Appointment) == 2
    holds_true(work)
