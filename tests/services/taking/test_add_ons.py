"""Add-ons make a service longer and dearer, from the search to what was agreed."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.prepared import FEW
from clinic_scheduler.errors import TimeTaken
from clinic_scheduler.services import add_ons, catalogue, details, setup
from clinic_scheduler.services.changing import copying
from clinic_scheduler.services.obstacles import obstacles
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.offers.terms import Within
from clinic_scheduler.services.wishes import AddOn, Wish
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, HEAT, OLGA, PHYSIO, TAPING
from tests.support.desk import book, hold, start


@pytest.fixture
def extras(work, clinic):
    """Physiotherapy is offered with two add-ons."""
    work.write(lambda s: add_ons.offer(s, {PHYSIO: (TAPING, HEAT)}))
    return clinic


def found(work, clinic, wish, **given):
    within = Within(clinic.monday, 1, limit=200, **given)
    return work.read(lambda s: availability.free_starts(s, clinic_id=CLINIC, wish=wish, within=within))


def test_the_clinic_offers_them_in_their_order(work, extras):
    offered = work.read(lambda s: catalogue.catalogue(s, CLINIC))
    assert offered.service(PHYSIO).add_ons == (TAPING, HEAT)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(chosen=st.sets(st.sampled_from([TAPING, HEAT])))
def test_the_search_finds_what_it_finds_for_a_service_that_is_as_long(work, extras, chosen):
    minutes, cents = 45 + sum(one.minutes for one in chosen), 5000 + sum(one.price_cents for one in chosen)
    twin = setup.NewService(
        UUID(int=minutes << 16), str(minutes), "Twin", minutes, cents, performers={ANA: None}
    )
    work.write(
        lambda s: (
            s.get(t.Service, twin.id) or setup.add_services(s, CLINIC, [twin], first_position=50 + minutes)
        )
    )
    with_extras = found(work, extras, Wish(PHYSIO, (ANA,), add_on_ids=tuple(one.id for one in chosen)))
    as_long = found(work, extras, Wish(twin.id))
    assert [(o.start, o.end, o.parts[0].price_cents) for o in with_extras] == [
        (o.start, o.end, o.parts[0].price_cents) for o in as_long
    ]
    assert {one for o in with_extras for one in o.parts[0].add_ons} == chosen


def test_the_longer_time_is_taken_and_what_was_agreed_is_kept(work, actor, colleague, extras):
    opening = found(work, extras, Wish(PHYSIO, (ANA,), add_on_ids=(HEAT.id,)))[0]
    done = book(work, actor, opening.parts)
    (row,) = work.read(lambda s: s.scalars(select(t.Appointment)).all())
    assert (row.end_at - row.start_at, row.price_cents) == (timedelta(minutes=60), 5900)
    bare = replace(
        opening.parts[0], start=opening.end - timedelta(minutes=15), end=opening.end + timedelta(minutes=30)
    )
    with pytest.raises(TimeTaken):
        hold(work, colleague, start(work, colleague, OLGA), bare)
    work.write(lambda s: s.get(t.AddOn, HEAT.id).__setattr__("name", "Hot bag"))
    shown = work.read(lambda s: details.of_booking(s, actor=actor, booking_id=done.booking_id))
    assert shown.parts[0].add_ons == ("Heat pack",)  # as it was agreed
    again = work.read(lambda s: copying.copied(s, actor=actor, booking_id=done.booking_id))
    assert again.chosen.wishes[0].add_on_ids == (HEAT.id,)


def test_a_visit_may_have_more_of_them_than_are_written_at_once(work, actor, clinic):
    many = tuple(AddOn(new_id(), f"Extra {n}", 0, 100) for n in range(FEW + 1))
    work.write(lambda s: add_ons.offer(s, {PHYSIO: many}))
    done = book(work, actor, [replace(clinic.part("10:00"), add_ons=many)])
    shown = work.read(lambda s: details.of_booking(s, actor=actor, booking_id=done.booking_id))
    assert shown.parts[0].add_ons == tuple(one.name for one in many)


def test_a_lost_time_is_replaced_by_times_that_are_as_long(work, extras):
    opening = found(work, extras, Wish(PHYSIO, (BEN,), add_on_ids=(TAPING.id, HEAT.id)))[0]
    others = work.read(lambda s: availability.nearest(s, clinic_id=CLINIC, parts=opening.parts))
    assert {o.end - o.start for o in others} == {timedelta(minutes=70)}


def test_what_no_longer_fits_before_the_break_is_said(work, extras):
    def why(*add_on_ids):
        wish = Wish(PHYSIO, add_on_ids=add_on_ids)
        return work.read(
            lambda s: obstacles.ask(
                s, clinic_id=CLINIC, wish=wish, practitioner_id=ANA, start=extras.at("11:10"), patient_id=EMMA
            )
        )

    assert why().is_free
    assert why(TAPING.id).sentences == ("Ana Silva has a break until 13:00.",)


def test_one_that_is_no_longer_offered_is_left_out(work, extras):
    work.write(lambda s: s.get(t.AddOn, TAPING.id).__setattr__("is_active", False))
    opening = found(work, extras, Wish(PHYSIO, (ANA,), add_on_ids=(TAPING.id, HEAT.id)))[0]
    assert opening.parts[0].add_ons == (HEAT,)
