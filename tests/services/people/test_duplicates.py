"""Likely duplicates are found on record, ranked, with reasons, on both engines alike."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.services import upkeep
from clinic_scheduler.services.people import duplicates, patients
from clinic_scheduler.services.people.patients import PatientLine
from tests.support import desk
from tests.support.clinics import CLINIC, EMMA, JOSE, OLGA
from tests.support.odd_texts import ODD_TEXTS


def likely(work, **values):
    return work.read(lambda s: duplicates.likely(s, **({"clinic_id": CLINIC, "name": ""} | values)))


def found(work, **values):
    return [one.line.id for one in likely(work, **values)]


@pytest.mark.parametrize(
    ("values", "who"),
    [
        ({"name": "EMMA MULLER"}, [EMMA]),
        ({"name": "Mueller, Ema"}, [EMMA]),
        ({"name": "Enma Mulelr"}, [EMMA]),
        ({"name": "Emma Mull"}, []),
        ({"name": "Garcia Lopez Jose"}, [JOSE]),
        ({"name": "Jose Lopez"}, [JOSE]),
        ({"name": "Olga Petrowa"}, [OLGA]),
        ({"phone": "+493012345679"}, [OLGA]),
        ({"phone": "030 12345679"}, [OLGA]),
        ({"phone": "0049 30 12345679"}, [OLGA]),
        ({"phone": "12"}, []),
        ({"name": "Emma Müller", "phone": "+493012345679"}, [EMMA, OLGA]),
        ({"name": "Emilia Müller", "birth_date": date(1980, 5, 1)}, [EMMA]),
        ({"name": "Emilia Müller", "birth_date": date(1980, 1, 5)}, [EMMA]),
        ({"name": "Emilia Müller", "birth_date": date(1980, 5, 2)}, []),
        ({"name": "Emma", "birth_date": date(1980, 5, 1)}, [EMMA]),
        ({"name": "%", "birth_date": date(1980, 5, 1)}, []),
        ({"name": "", "birth_date": date(1980, 5, 1)}, []),
        ({}, []),
    ],
)
def test_likely_duplicates_are_named(work, clinic, values, who):
    assert found(work, **values) == who


@pytest.mark.parametrize("name", [*ODD_TEXTS, "\u0301", "a " * 5_000])
def test_no_name_breaks_the_look_for_duplicates(work, clinic, name):
    assert found(work, name=name, phone=name, birth_date=date(1980, 5, 1)) == []


def test_the_reasons_are_told(work, clinic):
    (one,) = likely(work, name="Emma Miller", birth_date=date(1980, 1, 5))
    assert (one.line.name, one.reasons) == ("Emma Müller", ("similar_name", "swapped_birth_date"))


def test_a_person_of_one_name_is_found_by_it(work, actor, clinic):
    line = work.write(lambda s: patients.register(s, actor=actor, name="Null")).value
    assert found(work, name="null") == [line.id]


def test_the_few_likeliest_come_first_and_the_born_on_that_day_is_among_them(work, clinic):
    many = [
        PatientLine(new_id(), "Anna Schmidt", "", "", date(1950 + n % 50, 1 + n % 12, 20), "")
        for n in range(duplicates.MOST_LOOKED_AT + 200)
    ]
    work.write(lambda s: patients.write(s, CLINIC, many))
    wanted = work.write(
        lambda s: patients.write(
            s, CLINIC, [PatientLine(new_id(), "Ana Schmitd", "", "", date(1990, 4, 7), "")]
        )
    )
    first, *rest = likely(work, name="Anna Schmidt", birth_date=date(1990, 7, 4))
    assert first.line.name == "Ana Schmitd"
    assert len(rest) == duplicates.MOST_SHOWN - 1
    assert wanted.value is None


def test_neither_other_sites_nor_the_erased_are_named(work, actor, clinic):
    assert found(work, name="Emma Müller") == [EMMA]
    with work.engine.begin() as connection:
        connection.execute(update(t.Patient).where(t.Patient.id == EMMA).values(erased_at=datetime.now(UTC)))
    assert found(work, name="Emma Müller") == []


def test_whom_an_older_program_put_on_record_is_found_after_the_next_sweep(work, actor, clinic):
    with work.engine.begin() as connection:
        connection.execute(delete(t.PatientTrait))
        connection.execute(update(t.Patient).values(traits=0))
    assert found(work, name="Emma Müller") == []
    assert work.write(lambda s: upkeep.sweep(s, actor=actor)).value.people == 3
    assert work.write(lambda s: upkeep.sweep(s, actor=actor)).value.people == 0
    assert found(work, name="Emma Müller") == [EMMA]
    assert desk.count(work, t.Patient, t.Patient.traits == 0) == 0
