"""A person erased: nobody finds out any more who it was, the figures stay, the audit holds."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted
from clinic_scheduler.services import audit, integrity
from clinic_scheduler.services.people import duplicates, erasing, merging, patients, records
from clinic_scheduler.services.people.merging import Seen, Side
from clinic_scheduler.services.people.records import Written
from clinic_scheduler.services.taking.rules import Override, Rule
from tests.support import changing
from tests.support.clinics import BEN, CLINIC, EMMA, OLGA, PHYSIO, shift_clock
from tests.support.desk import book, start
from tests.support.stored import everything as stored

SECRETS = ("Müller", "muller", "Möller", "3012345678", "emma@example", "1980-05-01", "Zebrafish", "Petrova")


def erase(work, actor, name="Emma Müller", version=1, patient=EMMA):
    return work.write(
        lambda s: erasing.erase(s, actor=actor, patient_id=patient, version=version, typed_name=name)
    ).value


def figures(work):
    a, b = t.Appointment, t.Booking
    visits = select(a.id, a.status, a.start_at, a.price_cents, b.total_cents, b.payment_state)
    paid = select(t.Payment.booking_id, t.Payment.amount_cents, t.Payment.method)
    return work.read(
        lambda s: (
            s.execute(visits.join(b, b.id == a.booking_id).order_by(a.id)).all(),
            s.execute(paid.order_by(t.Payment.id)).all(),
        )
    )


@pytest.fixture
def lived(work, actor, colleague, clinic):
    """A person who has been here: visits, money, notes, reasons, a plan, a wish, an abandoned booking, two records."""
    secret = "Zebrafish"
    first = book(work, actor, [clinic.part("09:00")])
    beside = book(work, actor, [clinic.part("14:00", BEN)]).appointment_ids[0]
    changing.cancel(work, actor, beside, reason=f"{secret} is ill")
    changing.reopen(work, actor, beside, reason=f"{secret} comes")
    start(work, colleague)
    start(work, actor)
    monday = clinic.monday
    paid = {"booking_id": first.booking_id, "amount_cents": 5000, "method": "cash", "note": secret}
    wish = {"patient_id": EMMA, "wishes": {}, "from_day": monday, "until_day": monday, "notes": secret}
    plan = {"patient_id": EMMA, "service_id": PHYSIO, "strategy": "flexible", "state": "active"}
    task = {"kind": "call_back", "due_on": monday, "text": f"Call {secret}", "patient_id": EMMA}
    letter = {"kind": "hello", "channel": "email", "recipient": "emma@example.org", "key": "k"}
    everywhere = (
        (t.Payment, paid),
        (t.WaitlistEntry, wish),
        (t.TreatmentPlan, plan | {"notes": secret}),
        (t.DeskTask, task | {"person_name": "Emma Müller", "phone": "+493012345678", "note": secret}),
        (t.Message, letter | {"payload": {"to": secret}, "due_at": clinic.at("09:00")}),
    )
    for table, values in everywhere:
        owned = {"id": new_id()} | ({} if table is t.Payment else {"clinic_id": CLINIC})
        by = {"created_by": actor.user_id} if table in (t.Payment, t.TreatmentPlan, t.DeskTask) else {}
        work.write(lambda s, table=table, values=owned | values | by: s.execute(insert(table).values(values)))
    work.write(lambda s: s.execute(update(t.Booking).values(notes=secret)))
    sides = {"name": Side.KEPT, "email": Side.KEPT}
    override = Override(f"{secret} has two records", frozenset({Rule.TWO_PLACES}))
    work.write(
        lambda s: merging.merge(
            s, actor=actor, kept=Seen(EMMA, 1), gone=Seen(OLGA, 1), sides=sides, override=override
        )
    )
    written = Written("Emma Müller", "030 12345678", "emma@example.org", None, secret, secret)
    work.write(lambda s: records.change(s, actor=actor, patient_id=EMMA, version=2, written=written))
    shift_clock(work, timedelta(days=30))
    return clinic


def test_nothing_says_any_more_who_it_was_and_all_figures_stay(work, actor, lived):
    before = figures(work)
    everything = stored(work)
    assert all(secret in everything for secret in SECRETS if secret not in ("Möller", "1980-05-01"))
    told = erase(work, actor, version=3)
    assert (told.visits, told.payments, told.paid_cents) == (2, 1, 5000)
    left = stored(work)
    assert [secret for secret in SECRETS if secret in left] == []
    assert figures(work) == before
    assert work.read(audit.verify) == integrity_of(work) == []


def integrity_of(work):
    return work.read(integrity.overlaps) + work.read(integrity.storage_problems)


def test_not_even_the_file_says_who_it_was(sqlite_work, sqlite_url, actor, sqlite_clinic):
    """Neither in its free places nor in the index of the search."""
    book(sqlite_work, actor, [sqlite_clinic.part("09:00")])
    shift_clock(sqlite_work, timedelta(days=30))
    path = Path(sqlite_url.removeprefix("sqlite:///"))

    def told():
        with sqlite_work.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return [
            word for word in ("Müller", "muller", "3012345678", "emma@") if word.encode() in path.read_bytes()
        ]

    assert told()
    erase(sqlite_work, actor)
    assert told() == []


def test_what_waited_for_the_person_is_called_off(work, actor, lived):
    erase(work, actor, version=3)
    states = {
        table.__name__: set(work.read(lambda s, table=table: s.scalars(select(table.state)).all()))
        for table in (t.Message, t.WaitlistEntry, t.TreatmentPlan, t.DeskTask)
    }
    assert states == {
        "Message": {"cancelled"},
        "WaitlistEntry": {"withdrawn"},
        "TreatmentPlan": {"cancelled"},
        "DeskTask": {"dropped"},
    }


def test_nobody_finds_the_person(work, actor, lived):
    erase(work, actor, version=3)
    assert work.read(lambda s: patients.search(s, clinic_id=CLINIC, text="emma")) == ()
    assert work.read(lambda s: duplicates.likely(s, clinic_id=CLINIC, name="Emma Müller")) == ()
    for who in (EMMA, OLGA):
        with pytest.raises(NotFound):
            work.read(lambda s, who=who: records.of(s, actor=actor, patient_id=who))
    with pytest.raises(NotFound):
        start(work, actor)


def test_the_audit_says_who_erased_and_how_much_and_shows_any_other_change(work, actor, lived):
    told = erase(work, actor, version=3)
    e = t.AuditEntry
    (entry,) = work.read(lambda s: s.scalars(select(e).where(e.action == "patient.erased")).all())
    assert (entry.actor_name, entry.after["reasons"]) == ("Kofi Mensah", told.reasons)
    assert told.reasons >= 3
    blacked = work.read(lambda s: s.scalars(select(e.id).where(e.reason == "erased")).all())
    assert len(blacked) == told.reasons
    allowed = work.read(lambda s: s.scalars(select(e.id).where(e.action == "booking.confirmed")).first())
    for identifier, values in ((blacked[0], {"reason": "forged"}), (allowed, {"reason": "erased"})):
        with pytest.raises(DBAPIError), work.engine.begin() as connection:
            connection.execute(update(e).where(e.id == identifier).values(values))


def test_an_entry_that_was_bent_beside_the_blacking_out_is_found(sqlite_work, actor, sqlite_clinic):
    made = book(sqlite_work, actor, [sqlite_clinic.part("09:00")]).appointment_ids[0]
    changing.cancel(sqlite_work, actor, made, reason="Zebrafish")
    erase(sqlite_work, actor)
    with sqlite_work.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET actor_name = 'Nobody' WHERE reason = 'erased'")
    assert [broken.problem for broken in sqlite_work.read(audit.verify)] == ["the entry was altered"]


def test_not_while_there_are_visits_ahead(work, actor, clinic):
    book(work, actor, [clinic.part("09:00"), clinic.part("10:00")])
    book(work, actor, [clinic.part("09:00", BEN)], OLGA)
    (first, _second) = work.read(lambda s: erasing.preview(s, actor=actor, patient_id=EMMA)).ahead
    assert (first.service, first.practitioner) == ("Physiotherapy", "Ana Silva")
    with pytest.raises(ChangedMeanwhile, match=r"2 visits ahead, the first .* at 09:00, Physiotherapy"):
        erase(work, actor)
    assert "Müller" in stored(work)


def test_not_while_somebody_books_for_the_person(work, actor, colleague, clinic):
    start(work, colleague)
    assert work.read(lambda s: erasing.preview(s, actor=actor, patient_id=EMMA)).unfinished
    with pytest.raises(ChangedMeanwhile, match="Rosa Lind at Desk 2"):
        erase(work, actor)


@pytest.mark.parametrize("typed", ["", "Emma", "Emma Müller Petrova", "x" * 10_000])
def test_the_name_has_to_be_typed(work, actor, clinic, typed):
    with pytest.raises(InvalidInput) as refused:
        erase(work, actor, typed)
    assert refused.value.field == "confirmation"


def test_not_without_leave_and_not_what_changed_meanwhile(work, actor, clinic):
    with pytest.raises(NotPermitted):
        erase(work, replace(actor, permissions=frozenset({"book"})))
    with pytest.raises(ChangedMeanwhile):
        erase(work, actor, version=2)


def test_the_neighbour_with_the_same_telephone_keeps_the_messages(work, actor, clinic):
    written = Written("Olga Petrova", "030 12345678", "", None, "", "")
    work.write(lambda s: records.change(s, actor=actor, patient_id=OLGA, version=1, written=written))
    book(work, actor, [clinic.part("09:00")], OLGA)
    erase(work, actor)
    message = work.read(lambda s: s.scalars(select(t.Message)).one())
    assert (message.recipient, message.state) == ("+493012345678", "queued")


def test_every_table_that_points_to_a_person_is_known_to_merging_and_erasing():
    """Whoever adds one has to say in `merging.py` and `blacking_out.py` what becomes of it, and name it here."""
    person, resource = t.Patient.__table__, t.Resource.__table__
    pointing = {
        table.name
        for table in t.Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is person
    }
    assert pointing == {
        "booking", "booking_session", "desk_task", "patient", "patient_trait", "treatment_plan", "waitlist_entry",
    }  # fmt: skip
    assert {key.column.table for key in t.Claim.__table__.c.resource_id.foreign_keys} == {resource}
