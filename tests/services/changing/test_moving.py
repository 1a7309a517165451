"""Moving, lengthening, swapping, other people and places, and undoing it; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ChangedMeanwhile, InvalidInput, NotFound, TimeTaken
from clinic_scheduler.services.changing import moving
from clinic_scheduler.services.changing.moves import Change
from tests.support.changing import advance, cancel, change, holds_true, move_visit, row, times
from tests.support.clinics import ANA, BEN, BLUE_ROOM, JOSE, MASSAGE, OLGA, PHYSIO, RED_ROOM, SPEECH
from tests.support.desk import book, hold, start


def swap(work, actor, one, other):
    return work.write(
        lambda s: moving.swap(
            s, actor=actor, request_id=new_id(), one=dict.fromkeys(one, 1), other=dict.fromkeys(other, 1)
        )
    ).value


def test_a_part_moves_to_another_time_and_the_old_one_is_free(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    change(work, actor, Change(part, 1, clinic.at("14:00", days=1)))
    moved = row(work, part)
    assert (moved.start_at, moved.end_at) == (clinic.at("14:00", days=1), clinic.at("14:45", days=1))
    assert (moved.day, moved.local_start, moved.version) == (
        clinic.monday + timedelta(days=1),
        f"{clinic.monday + timedelta(days=1)}T14:00",
        2,
    )
    book(work, colleague, [clinic.part("09:00")], OLGA)
    holds_true(work)


def test_a_part_moves_within_the_time_it_has(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    change(work, actor, Change(part, 1, clinic.at("09:15")))
    assert times(work, clinic, part) == [(15, 60, ANA)]
    holds_true(work)


def test_a_visit_moves_whole_and_keeps_its_distances(work, actor, clinic):
    parts = [clinic.part("09:00"), clinic.part("09:50", BEN, MASSAGE, minutes=30), clinic.part("11:00", ANA)]
    ids = book(work, actor, parts).appointment_ids
    move_visit(work, actor, {ids[0]: 1}, clinic.at("13:00"))
    assert times(work, clinic, *ids) == [(240, 285, ANA), (290, 320, BEN), (360, 405, ANA)]
    assert row(work, ids[1]).room_id == BLUE_ROOM
    holds_true(work)


def test_a_visit_moves_by_any_of_its_parts_and_leaves_what_is_over(work, actor, clinic):
    ids = book(
        work, actor, [clinic.part("09:00"), clinic.part("10:00"), clinic.part("11:00")]
    ).appointment_ids
    cancel(work, actor, ids[0])
    move_visit(work, actor, {ids[2]: 1}, clinic.at("15:00"))
    assert times(work, clinic, *ids) == [(0, 45, ANA), (300, 345, ANA), (360, 405, ANA)]
    holds_true(work)


def test_a_visit_whose_one_part_does_not_fit_stays_whole(work, actor, colleague, clinic):
    ids = book(work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN)]).appointment_ids
    book(work, colleague, [clinic.part("14:15", BEN)], OLGA)
    with pytest.raises(TimeTaken, match="Ben Okafor is not free"):
        move_visit(work, actor, {ids[0]: 1}, clinic.at("13:00"))
    assert times(work, clinic, *ids) == [(0, 45, ANA), (60, 105, BEN)]
    holds_true(work)


def test_everybody_who_is_not_free_is_named(work, actor, colleague, clinic):
    ids = book(
        work, actor, [clinic.part("09:00"), clinic.part("10:00", BEN, MASSAGE, minutes=30)]
    ).appointment_ids
    book(work, colleague, [clinic.part("14:00", BEN, MASSAGE, minutes=30)], OLGA)
    with pytest.raises(TimeTaken, match="Ben Okafor and Blue room are not free") as refused:
        change(work, actor, Change(ids[1], 1, clinic.at("14:00")))
    assert refused.value.rules == {"overlap"}
    with pytest.raises(TimeTaken, match="This patient has another visit") as refused:
        change(work, actor, Change(ids[0], 1, clinic.at("10:00")))
    assert refused.value.rules == {"two_places"}


def test_a_held_time_is_not_moved_into(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    hold(work, colleague, start(work, colleague, OLGA), clinic.part("14:00"))
    with pytest.raises(TimeTaken, match="Ana Silva"):
        change(work, actor, Change(part, 1, clinic.at("14:30")))


def test_a_part_is_lengthened_and_shortened(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    change(work, actor, Change(part, 1, end=clinic.at("10:30")))
    book(work, colleague, [clinic.part("10:30")], OLGA)
    with pytest.raises(TimeTaken):
        change(work, actor, Change(part, 2, end=clinic.at("10:35")))
    change(work, actor, Change(part, 2, end=clinic.at("09:20")))
    assert times(work, clinic, part) == [(0, 20, ANA)]
    holds_true(work)


def test_another_practitioner_at_the_agreed_price_or_the_new_one(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    change(work, actor, Change(part, 1, practitioner_id=BEN))
    assert (row(work, part).practitioner_id, row(work, part).price_cents) == (BEN, 5000)
    undone = change(work, actor, Change(part, 2, practitioner_id=ANA, price_cents=5500))
    assert work.read(lambda s: s.scalar(select(t.Booking.total_cents))) == 5500
    change(work, actor, *undone.undo)
    assert (row(work, part).practitioner_id, row(work, part).price_cents) == (BEN, 5000)
    assert work.read(lambda s: s.scalar(select(t.Booking.total_cents))) == 5000
    with pytest.raises(InvalidInput, match="as agreed"):
        change(work, actor, Change(part, 4, clinic.at("10:00"), price_cents=1))
    holds_true(work)


def test_a_room_is_taken_and_left(work, actor, colleague, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    done = change(work, actor, Change(part, 1, room_id=RED_ROOM))
    assert row(work, part).room_id == RED_ROOM
    massage = clinic.part("11:00", BEN, MASSAGE, minutes=30)
    (other,) = book(work, colleague, [massage], OLGA).appointment_ids
    with pytest.raises(InvalidInput, match="needs a room"):
        change(work, actor, Change(other, 1, room_id=None))
    change(work, actor, *done.undo)
    assert row(work, part).room_id is None
    holds_true(work)


def test_two_parts_swap_what_they_have_and_keep_their_length(work, actor, clinic):
    (one,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    (other,) = book(work, actor, [clinic.part("14:00", BEN, minutes=30)], OLGA).appointment_ids
    done = swap(work, actor, [one], [other])
    assert times(work, clinic, one, other) == [(300, 345, BEN), (0, 30, ANA)]
    change(work, actor, *done.undo)
    assert times(work, clinic, one, other) == [(0, 45, ANA), (300, 330, BEN)]
    holds_true(work)


def test_neighbours_swap_although_each_stands_in_the_others_way(work, actor, clinic):
    (one,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    (other,) = book(work, actor, [clinic.part("09:45", minutes=15)], OLGA).appointment_ids
    (third,) = book(work, actor, [clinic.part("10:00")], JOSE).appointment_ids
    with pytest.raises(TimeTaken, match="Ana Silva"):
        swap(work, actor, [one], [other])
    cancel(work, actor, third)
    swap(work, actor, [one], [other])
    assert times(work, clinic, one, other) == [(45, 90, ANA), (0, 15, ANA)]
    holds_true(work)


def test_two_visits_swap_part_by_part(work, actor, clinic):
    these = book(work, actor, [clinic.part("09:00"), clinic.part("09:45", BEN)]).appointment_ids
    those = book(work, actor, [clinic.part("14:00", BEN), clinic.part("15:00", ANA)], OLGA).appointment_ids
    swap(work, actor, these, those)
    assert times(work, clinic, *these) == [(300, 345, BEN), (345, 390, ANA)]
    assert times(work, clinic, *those) == [(0, 45, ANA), (60, 105, BEN)]
    holds_true(work)


def test_what_cannot_be_swapped_is_said(work, actor, clinic):
    (one,) = book(work, actor, [clinic.part("09:00", ANA, SPEECH, minutes=60)]).appointment_ids
    (other,) = book(work, actor, [clinic.part("14:00", BEN)], OLGA).appointment_ids
    with pytest.raises(NotFound, match="does not perform Speech session"):
        swap(work, actor, [one], [other])
    with pytest.raises(InvalidInput, match="one by one"):
        swap(work, actor, [one], [one])


def test_a_finished_visit_is_not_moved(work, actor, clinic):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    cancel(work, actor, part)
    with pytest.raises(ChangedMeanwhile, match="it is cancelled"):
        change(work, actor, Change(part, 1, clinic.at("13:00")))
    with pytest.raises(InvalidInput, match="is cancelled and stays as it was"):
        change(work, actor, Change(part, 2, clinic.at("13:00")))


@pytest.mark.parametrize("status", ["arrived", "in_progress"])
def test_who_has_arrived_changes_only_in_length_person_and_place(work, actor, clinic, status):
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    advance(work, actor, status, part)
    with pytest.raises(InvalidInput, match="has arrived already"):
        change(work, actor, Change(part, 2, clinic.at("13:00")))
    change(work, actor, Change(part, 2, end=clinic.at("10:00"), practitioner_id=BEN, room_id=RED_ROOM))
    assert times(work, clinic, part) == [(0, 60, BEN)]
    holds_true(work)


def test_the_gap_goes_along_and_ends_where_the_visit_is_too_short_for_it(work, actor, colleague, clinic):
    gap = {"gap_start_min": 10, "gap_end_min": 30}
    with work.engine.begin() as connection:
        connection.execute(update(t.Service).where(t.Service.id == PHYSIO).values(gap))
    (part,) = book(work, actor, [clinic.part("09:00")]).appointment_ids
    change(work, actor, Change(part, 1, clinic.at("13:00")))
    holds_true(work)
    (short,) = book(work, colleague, [clinic.part("13:10", ANA, minutes=20)], OLGA).appointment_ids
    change(work, actor, Change(short, 1, clinic.at("13:11"), end=clinic.at("13:28")))
    done = change(work, actor, Change(part, 2, clinic.at("14:00"), end=clinic.at("14:20")))
    holds_true(work)
    with pytest.raises(TimeTaken):
        book(work, colleague, [clinic.part("14:10", ANA, minutes=10)], JOSE)
    change(work, actor, *done.undo)
    holds_true(work)
