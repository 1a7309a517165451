"""One person's record: shown, changed by one desk at a time, handed out whole."""

import json
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound
from clinic_scheduler.services.people import duplicates, handing_out, patients, records
from clinic_scheduler.services.people.records import Written
from tests.support.changing import cancel
from tests.support.clinics import CLINIC, EMMA
from tests.support.desk import book, count

NEW = Written(
    "Emma Möller", "030 1234567", "emma@example.com", date(1980, 5, 31), "Latex", "Prefers mornings"
)


def record(work, actor, patient=EMMA):
    return work.read(lambda s: records.of(s, actor=actor, patient_id=patient))


def change(work, actor, version=1, written=NEW):
    return work.write(
        lambda s: records.change(s, actor=actor, patient_id=EMMA, version=version, written=written)
    ).value


def test_a_record_shows_all_visits_the_newest_first(work, actor, clinic):
    first = book(work, actor, [clinic.part("09:00")]).appointment_ids[0]
    second = book(work, actor, [clinic.part("14:00")]).appointment_ids[0]
    cancel(work, actor, second)
    found = record(work, actor)
    assert [(v.appointment_id, v.status) for v in found.visits] == [
        (second, "cancelled"),
        (first, "confirmed"),
    ]
    assert (found.ahead, found.came, found.missed, found.cancelled) == (1, 0, 0, 1)
    assert found.visits[1].start.hour == 9


def test_what_is_changed_is_found_by_search_and_as_a_duplicate(work, actor, clinic):
    found = change(work, actor)
    assert (found.line.name, found.line.phone, found.notes) == ("Emma Möller", "+49301234567", NEW.notes)
    assert found.version == 2
    assert [
        p.id for p in work.read(lambda s: patients.search(s, clinic_id=CLINIC, text="moller 0301234"))
    ] == [EMMA]
    assert work.read(lambda s: patients.search(s, clinic_id=CLINIC, text="muller emma")) == ()
    born = date(1980, 5, 31)
    alike = work.read(lambda s: duplicates.likely(s, clinic_id=CLINIC, name="Möller Emma", birth_date=born))
    assert [one.line.id for one in alike] == [EMMA]


def test_the_audit_names_the_fields_and_no_person(work, actor, clinic):
    change(work, actor)
    (entry,) = work.read(
        lambda s: s.scalars(select(t.AuditEntry).where(t.AuditEntry.action == "patient.changed")).all()
    )
    assert "phone" in entry.after["fields"]
    assert "Möller" not in json.dumps(entry.after, ensure_ascii=False)


def test_the_same_again_changes_nothing(work, actor, clinic):
    version = change(work, actor).version
    assert change(work, actor, version).version == version
    assert count(work, t.AuditEntry, t.AuditEntry.action == "patient.changed") == 1


def test_two_desks_cannot_write_over_each_other(work, actor, colleague, clinic):
    change(work, colleague)
    with pytest.raises(ChangedMeanwhile):
        change(work, actor)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""),
        ("name", "\u202e"),
        ("name", "x" * 10_000),
        ("phone", "12"),
        ("email", "nobody"),
        ("alert", "x" * 201),
        ("notes", "x" * 4001),
        ("birth_date", date(2999, 1, 1)),
        ("birth_date", date(1800, 1, 1)),
    ],
)
def test_bad_input_is_refused_at_its_field(work, actor, clinic, field, text):
    values = {name: getattr(NEW, name) for name in NEW.__slots__} | {field: text}
    with pytest.raises(InvalidInput) as refused:
        change(work, actor, written=Written(**values))
    assert refused.value.field == field
    assert record(work, actor).version == 1


def test_odd_text_is_kept_as_it_is(work, actor, clinic):
    odd = "<b>no</b> '; DROP TABLE patient; -- 😀\n\u05e9\u05dc\u05d5\u05dd"
    found = change(work, actor, written=Written("Emma", "", "", None, "", odd))
    assert found.notes == odd


def test_everything_of_a_person_is_handed_out(work, actor, clinic):
    book(work, actor, [clinic.part("09:00")])
    change(work, actor)
    made = work.write(lambda s: handing_out.everything(s, actor=actor, patient_id=EMMA)).value
    again = json.loads(json.dumps(made))
    assert again["person"]["name"] == "Emma Möller"
    assert again["person"]["birth_date"] == "1980-05-31"
    assert len(again["visits"]) == len(again["bookings"]) == 1
    assert [message["kind"] for message in again["messages"]] == ["confirmation"]
    assert count(work, t.AuditEntry, t.AuditEntry.action == "patient.exported") == 1


def test_nobody_has_no_record(work, actor, clinic):
    with pytest.raises(NotFound):
        record(work, actor, uuid4())


def test_who_comes_to_a_visit(work, actor, clinic):
    booking = book(work, actor, [clinic.part("09:00")]).booking_id
    assert work.read(lambda s: records.patient_of(s, actor=actor, booking_id=booking)) == EMMA
