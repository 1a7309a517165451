"""People are found however they are typed, registered once, and never broken by what somebody types."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import InvalidInput, NotFound
from clinic_scheduler.services import audit
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from tests.support.clinics import CLINIC, EMMA, JOSE, OLGA
from tests.support.odd_texts import ODD_TEXTS


def found(work, text, **options):
    return [
        line.id for line in work.read(lambda s: patients.search(s, clinic_id=CLINIC, text=text, **options))
    ]


def register(work, actor, name="Nina Neu", **values):
    return work.write(lambda s: patients.register(s, actor=actor, name=name, **values)).value


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("mul", [EMMA]),
        ("MÜLLER", [EMMA]),
        ("Mu\u0308ller emma", [EMMA]),
        ("emma", [EMMA]),
        ("lopez garcia", [JOSE]),
        ("jose garcia-lopez", [JOSE]),
        ("030 12345678", [EMMA]),
        ("03012345678", [EMMA]),
        ("(030) 1234-5678", [EMMA]),
        ("+49 30 12345678", [EMMA]),
        ("+493012345678", [EMMA]),
        ("0049 30 12345678", [EMMA]),
        ("1234567", [EMMA, OLGA]),
        ("emma@example", [EMMA]),
        ("example.org", [EMMA, JOSE]),
        ("olga 345679", [OLGA]),
        ("olga 345678", []),
        ("nobody", []),
        ("%", []),
        ("_", []),
        ("e%a", []),
        ("e_ma", []),
        ("\\", []),
        ("'", []),
    ],
)
def test_people_are_found_however_they_are_typed(work, clinic, text, who):
    assert found(work, text) == who


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_no_text_breaks_the_search(work, clinic, text):
    assert found(work, text) == []


def test_a_sign_of_the_pattern_finds_itself(work, clinic, actor):
    odd = register(work, actor, "Percy 100%_er")
    assert found(work, "100%") == found(work, "%_") == [odd.id]


def test_the_search_stays_in_the_clinic_and_leaves_out_the_erased(work, clinic):
    assert work.read(lambda s: patients.search(s, clinic_id=new_id(), text="emma")) == ()
    with work.engine.begin() as connection:
        gone = update(t.Patient).where(t.Patient.id == EMMA)
        connection.execute(gone.values(erased_at=datetime.now(UTC)))
    assert found(work, "emma") == []


def test_as_many_are_found_as_were_asked_for(work, clinic):
    assert found(work, "e", limit=2) == found(work, "e")[:2]


def test_a_person_is_read_by_id_in_the_own_clinic_only(work, clinic):
    line = work.read(lambda s: patients.find(s, clinic_id=CLINIC, patient_id=JOSE))
    assert (line.name, line.alert, line.birth_date) == (
        "José García-López",
        "Allergic to latex",
        date(1955, 2, 28),
    )
    with pytest.raises(NotFound):
        work.read(lambda s: patients.find(s, clinic_id=new_id(), patient_id=JOSE))
    with pytest.raises(NotFound):
        work.read(lambda s: patients.find(s, clinic_id=CLINIC, patient_id=new_id()))


def test_a_person_is_registered_in_the_clean_form_and_found_at_once(work, clinic, actor):
    line = register(
        work,
        actor,
        "  Zoë   Neu ",
        phone="030 99887766",
        email="Zoe@EXAMPLE.org",
        birth_date=date(2000, 2, 29),
    )
    wanted = PatientLine(line.id, "Zoë Neu", "+493099887766", "Zoe@example.org", date(2000, 2, 29), "")
    assert line == wanted
    assert work.read(lambda s: patients.find(s, clinic_id=CLINIC, patient_id=line.id)) == wanted
    assert found(work, "zoe 99887766") == [line.id]


def test_registering_is_audited_and_announced(work, clinic, actor):
    outcome = work.write(lambda s: patients.register(s, actor=actor, name="Nina Neu"))
    assert {change.topic for change in outcome.changes} == {"patient"}
    newest = select(t.AuditEntry.action).order_by(t.AuditEntry.number.desc()).limit(1)
    assert work.read(lambda s: s.scalar(newest)) == "patient.registered"
    assert work.read(audit.verify) == []


def test_registering_again_with_one_id_registers_once(work, clinic, actor):
    identifier = new_id()
    first = register(work, actor, patient_id=identifier)
    again = register(work, actor, patient_id=identifier)
    assert first == again
    assert found(work, "nina") == [identifier]
    registered = (
        select(func.count()).select_from(t.AuditEntry).where(t.AuditEntry.action == "patient.registered")
    )
    assert work.read(lambda s: s.scalar(registered)) == 1


TOMORROW = datetime.now(UTC).date() + timedelta(days=2)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\0"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"phone": "12"}, "phone"),
        ({"phone": "\0"}, "phone"),
        ({"email": "nina"}, "email"),
        ({"email": "\0@example.org"}, "email"),
        ({"birth_date": date(1, 1, 1)}, "birth_date"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
        ({"birth_date": date(9999, 12, 31)}, "birth_date"),
        ({"birth_date": TOMORROW}, "birth_date"),
    ],
)
def test_a_person_who_cannot_be_is_not_registered(work, clinic, actor, values, field):
    with pytest.raises(InvalidInput) as refused:
        register(work, actor, **values)
    assert refused.value.field == field
    assert found(work, "nina") == []


@pytest.mark.parametrize(
    "name", ["=1+1", "<img src=x>", "Null", "'; DROP TABLE patient", "山田太郎", "محمد علي", "O'Brien"]
)
def test_an_odd_name_is_kept_and_found(work, clinic, actor, name):
    identifier = register(work, actor, name).id
    assert found(work, name) == [identifier]
