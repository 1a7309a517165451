"""The search line is understood as the desk means it, in any order, and never breaks."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from clinic_scheduler.services import references
from clinic_scheduler.services.catalogue import Catalogue, ClinicFacts, Performer, ResourceFacts, ServiceFacts
from clinic_scheduler.ui import search_words, time_words
from clinic_scheduler.ui.search_words import Understood
from clinic_scheduler.ui.time_words import TimeOfDay

TODAY = date(2026, 11, 25)  # a Wednesday
TUESDAY = date(2026, 12, 1)
BRITISH = QLocale("en_GB")
ANA, BEN, CHLOE, KAYA = (UUID(int=n) for n in range(1, 5))
PHYSIO, COURSE, MASSAGE, TISSUE, CHECK = (UUID(int=n) for n in range(11, 16))


def _person(identifier, name):
    return ResourceFacts(identifier, "practitioner", name, "", "", "", 1, 0)


def _service(identifier, code, name):
    who = (Performer(ANA, 45, 4800),)
    return ServiceFacts(identifier, code, name, "", 45, 0, 0, 4800, "", None, "", 1, 0, who)


OFFERED = Catalogue(
    ClinicFacts(UUID(int=9), "Riverside", "Europe/Berlin", "DE", "EUR", 15, 5, 0, 365, 24, is_demo=True),
    (
        _person(ANA, "Ana Silva"),
        _person(BEN, "Ben Okafor"),
        _person(CHLOE, "Chloé Martin"),
        _person(KAYA, "Dr Mehmet Kaya"),
    ),
    (),
    (),
    (
        _service(COURSE, "PHC", "Physiotherapy course"),
        _service(PHYSIO, "PHY", "Physiotherapy"),
        _service(MASSAGE, "BMA", "Back massage"),
        _service(TISSUE, "DTI", "Deep tissue massage"),
        _service(CHECK, "CHK", "Dental check-up"),
    ),
)


def read(text):
    return search_words.understood(text, OFFERED, TODAY, BRITISH)


def at(hour, minute=0):
    return TimeOfDay(hour * 60 + minute)


AM, PM = TimeOfDay(half="morning"), TimeOfDay(half="afternoon")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("silva physio tue pm", Understood("silva", (PHYSIO,), None, TUESDAY, PM)),
        ("tue pm physio silva", Understood("", (PHYSIO,), ANA, TUESDAY, PM)),  # after the service a practitioner
        ("silva physio ana", Understood("silva", (PHYSIO,), ANA)),
        ("physio emma", Understood("emma", (PHYSIO,))),
        ("emma müller physiotherapy with ben tomorrow", Understood("emma müller", (PHYSIO,), BEN, date(2026, 11, 26))),
        ("Emma Müller", Understood("Emma Müller")),
        ("physio", Understood("", (PHYSIO,))),
        ("PHC", Understood("", (COURSE,))),
        ("physiotherapy course novak", Understood("novak", (COURSE,))),
        ("massage", Understood("", (MASSAGE,))),
        ("deep tissue", Understood("", (TISSUE,))),
        ("deep tissue massage okafor", Understood("", (TISSUE,), BEN)),
        ("okafor deep", Understood("okafor", (TISSUE,))),
        ("nora physio, massage mon 9:30", Understood("nora", (PHYSIO, MASSAGE), None, date(2026, 11, 30), at(9, 30))),
        ("nora physio and back massage", Understood("nora", (PHYSIO, MASSAGE))),
        ("lee check-up 14:00", Understood("lee", (CHECK,), None, None, at(14))),
        ("lee dental at 9", Understood("lee", (CHECK,), None, None, at(9))),
        ("lee dental 3pm", Understood("lee", (CHECK,), None, None, at(15))),
        ("lee dental 12am", Understood("lee", (CHECK,), None, None, at(0))),
        ("lee dental noon", Understood("lee", (CHECK,), None, None, at(12))),
        ("lee next tue", Understood("lee", (), None, TUESDAY)),
        ("lee in 2 weeks morning", Understood("lee", (), None, date(2026, 12, 9), AM)),
        ("lee +2w", Understood("lee", (), None, date(2026, 12, 9))),
        ("lee 14 december", Understood("lee", (), None, date(2026, 12, 14))),
        ("lee 14.12. physio 9h", Understood("lee", (PHYSIO,), None, date(2026, 12, 14), at(9))),
        ("lee end of month", Understood("lee", (), None, date(2026, 11, 30))),
        ("tue", Understood(day=TUESDAY)),
        ("chloe", Understood("chloe")),
        ("massage chloe", Understood("", (MASSAGE,), CHLOE)),
        ("with chloe", Understood("", (), CHLOE)),
        ("mehmet dental with dr.", Understood("mehmet with dr.", (CHECK,))),
        ("li physio", Understood("li", (PHYSIO,))),
        ("mo salah physio", Understood("mo salah", (PHYSIO,))),  # two letters are a name, no Monday
        ("emma physio 25:00", Understood("emma 25:00", (PHYSIO,))),
        ("emma 13pm", Understood("emma 13pm")),
        ("030 1234567", Understood(phone="030 1234567")),
        ("+49 (30) 123-45", Understood(phone="+49 (30) 123-45")),
        ("emma@example.org physio", Understood("emma@example.org", (PHYSIO,))),
        ("", Understood()),
        ("   \t ", Understood()),
        ("physio physio", Understood("", (PHYSIO, PHYSIO))),
        ("tue wed emma", Understood("wed emma", (), None, TUESDAY)),
    ],
)  # fmt: skip
def test_it_is_taken_apart(text, meant):
    assert read(text) == meant


def test_a_reference_is_all_there_is():
    code = references.new_reference()
    for text in (code, code.lower(), code.replace("-", " "), f" {code} "):
        assert read(text) == Understood(reference=code)


@given(
    who=st.sampled_from(["emma", "Nora Falk", "van der Berg", "李 雷"]),
    what=st.sampled_from([("physio", PHYSIO), ("BMA", MASSAGE), ("deep tissue", TISSUE)]),
    day=st.sampled_from(
        [("tue", TUESDAY), ("tomorrow", TODAY + timedelta(days=1)), ("14.12.", date(2026, 12, 14))]
    ),
    time=st.sampled_from([("pm", PM), ("14:10", at(14, 10)), ("at 9", at(9))]),
    order=st.permutations(["what", "day", "time"]),
)
def test_the_person_first_and_the_rest_in_any_order(who, what, day, time, order):
    parts = {"what": what[0], "day": day[0], "time": time[0]}
    text = " ".join([who, *(parts[one] for one in order)])
    assert read(text) == Understood(who, (what[1],), None, day[1], time[1])


@given(st.text(max_size=200))
def test_whatever_is_typed_is_understood_somehow_and_no_word_is_lost(text):
    meant = read(text)
    assert len(meant.person) <= search_words.LONGEST
    assert meant.is_empty == (meant == Understood())


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_is_a_time(hour, minute):
    wanted = TimeOfDay(hour * 60 + minute)
    half = "am" if hour < 12 else "pm"
    for text in (f"{hour}:{minute:02d}", f"{hour:02d}h{minute:02d}", f"{hour % 12 or 12}:{minute:02d}{half}"):
        assert time_words.understood(text) == wanted
