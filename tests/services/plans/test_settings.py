"""How a service is given in several sessions: stored, refused, explained; on both databases."""

from dataclasses import replace

import pytest

from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotPermitted
from clinic_scheduler.services.catalogue import catalogue
from clinic_scheduler.services.plans import settings
from clinic_scheduler.services.plans.course import Gap
from clinic_scheduler.services.plans.settings import OwnSession, PlanSettings
from tests.support.clinics import ANA, BEN, BLUE_ROOM, CLINIC, GAIT, MASSAGE, PHYSIO, SPEECH


@pytest.fixture
def seen(work, actor, clinic):
    return work.read(lambda s: settings.read(s, actor=actor, service_id=GAIT))


def change(work, actor, seen, wanted):
    return work.write(lambda s: settings.change(s, actor=actor, seen=seen, wanted=wanted)).value


def explained(work, wanted):
    return work.read(lambda s: settings.how_it_works(catalogue(s, CLINIC), wanted))


def test_settings_are_read_as_they_were_written(work, actor, colleague, seen):
    assert seen == PlanSettings(GAIT, 8, "sequential", Gap(5, 7, 14))
    wanted = replace(
        seen,
        sessions=3,
        strategy="immediate",
        gaps={1: Gap(14, 14, 14), 2: Gap(5, 7, 14), 7: Gap(1, 1, 1)},
        own={2: OwnSession(" Stitches ", PHYSIO, 20, BEN, BLUE_ROOM), 3: OwnSession(), 8: OwnSession("x")},
        keeps_practitioner=True,
        keeps_time=True,
    )
    kept = change(work, actor, seen, wanted)
    assert (kept.gaps, kept.own) == (
        {1: Gap(14, 14, 14)},
        {2: OwnSession("Stitches", PHYSIO, 20, BEN, BLUE_ROOM)},
    )
    assert work.read(lambda s: settings.read(s, actor=actor, service_id=GAIT)) == kept
    with pytest.raises(ChangedMeanwhile):
        change(work, colleague, seen, wanted)
    with pytest.raises(NotPermitted):
        change(work, replace(actor, permissions=frozenset({"book"})), kept, wanted)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sessions": 51}, "sessions"),
        ({"sessions": 0}, "sessions"),
        ({"strategy": "soon"}, "strategy"),
        ({"gap": Gap(0, 7, 14)}, "gap"),
        ({"gap": Gap(7, 5, 14)}, "gap"),
        ({"gap": Gap(7, 7, 1000)}, "gap"),
        ({"gaps": {3: Gap(9, 7, 14)}}, "gap 3"),
        ({"own": {2: OwnSession(duration_min=0)}}, "duration 2"),
        ({"own": {2: OwnSession(service_id=ANA)}}, "service 2"),
        ({"own": {2: OwnSession(practitioner_id=BEN)}}, "practitioner 2"),
        ({"own": {2: OwnSession(service_id=MASSAGE, room_id=ANA)}}, "room 2"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(work, actor, seen, wrong, field):
    with pytest.raises(InvalidInput) as refused:
        change(work, actor, seen, replace(seen, **wrong))
    assert refused.value.field == field
    assert str(refused.value).endswith(".")


def test_it_is_explained_in_plain_sentences(work, actor, seen):
    assert explained(work, seen) == (
        "Gait analysis takes 8 sessions.",
        "The first session is booked at once; each time one is completed, the next is offered.",
        "Between two sessions lie 5 to 14 days, best 7.",
        "From the first to the last session it takes 35 to 98 days, at best 49.",
    )
    wanted = replace(
        seen,
        sessions=3,
        strategy="immediate",
        gaps={1: Gap(14, 14, 14), 2: Gap(28, 30, 35)},
        own={2: OwnSession("Stitches", SPEECH, 20, ANA), 3: OwnSession("Crown")},
        keeps_practitioner=True,
        keeps_time=True,
    )
    assert explained(work, wanted) == (
        "Gait analysis takes 3 sessions.",
        "All sessions are booked at once.",
        "Between two sessions lie 14 days.",
        "Between session 2 and 3 lie 28 to 35 days, best 30.",
        "Session 2 (Stitches) is Speech session, 20 min, with Ana Silva.",
        "Session 3 is called Crown.",
        "All sessions are with one practitioner, where that is possible.",
        "All sessions are on the same weekday at the same time, where that is possible.",
        "From the first to the last session it takes 42 to 49 days, at best 44.",
    )
    assert [(p.number, p.earliest, p.ideal, p.latest) for p in settings.timeline(wanted)] == [
        (1, 0, 0, 0),
        (2, 14, 14, 14),
        (3, 42, 44, 49),
    ]
    assert explained(work, replace(seen, sessions=1)) == (
        "Gait analysis takes one session; no plan is made.",
    )
