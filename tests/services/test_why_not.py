"""Every reason is named, every time without reasons is free, and a single change frees what it says."""

import random
from dataclasses import replace
from uuid import UUID

import pytest

from clinic_scheduler.services import timelines, why_not
from clinic_scheduler.services.why_not import Block, Diary, Layer, Length, Reason, Wanted

SPAN = 120
BLOCKS = (Layer.BREAK, Layer.TIME_OFF, Layer.CLOSURE, Layer.APPOINTMENT, Layer.HOLD)
ANA, ROOMS, MACHINES = UUID(int=1), [UUID(int=11), UUID(int=12)], [UUID(int=21), UUID(int=22)]


def diary(chance, identifier):
    opens = chance.randrange(0, 20)
    blocks = []
    for number in range(chance.randrange(5)):
        start = chance.randrange(opens, SPAN)
        end = start + chance.randrange(1, 15)
        busy = (start - chance.randrange(3), end + chance.randrange(3)) if chance.random() < 0.7 else None
        blocks.append(
            Block(chance.choice(BLOCKS), start, end, busy, UUID(int=100 + number), owner="Desk 2", until=99)
        )
    return Diary(identifier, timelines.between(opens, SPAN - chance.randrange(20)), tuple(blocks))


def wanted(chance):
    duration = chance.randrange(1, 12)
    gap = None
    if duration > 3 and chance.random() < 0.4:
        leaves = chance.randrange(1, duration - 1)
        gap = (leaves, chance.randrange(leaves + 1, duration))
    return Wanted(
        diary(chance, ANA),
        Length(duration, chance.randrange(3), chance.randrange(3), gap),
        is_eligible=chance.random() < 0.95,
        rooms=tuple(diary(chance, one) for one in ROOMS[: chance.randrange(3)])
        if chance.random() < 0.5
        else None,
        equipment=tuple(diary(chance, one) for one in MACHINES) if chance.random() < 0.3 else None,
        notice=chance.choice((0, 0, 15)),
        horizon=chance.choice((None, None, 100)),
    )


def ticks(length, start, *, buffers, whole=False):
    first, last = (
        (start - length.before, start + length.duration + length.after)
        if buffers
        else (start, start + length.duration)
    )
    away = range(start + length.gap[0], start + length.gap[1]) if length.gap and not whole else ()
    return {tick for tick in range(first, last) if tick not in away}


def tried(one, length, start, *, whole=False):
    """(layer, block) of all that clears a tick, tick by tick."""
    needed = ticks(length, start, buffers=True, whole=whole)
    attended = ticks(length, start, buffers=False, whole=whole)
    found = [] if all(tick >= 0 and one.hours >> tick & 1 for tick in needed) else [(Layer.HOURS, None)]
    for block in one.blocks:
        if needed & set(range(*block.taken)):
            is_buffer = block.layer is Layer.APPOINTMENT and not attended & set(range(block.start, block.end))
            found.append((Layer.BUFFER if is_buffer else block.layer, block))
    return found


def expected(asked, start):
    found = [
        (layer, None)
        for layer, applies in (
            (Layer.NOT_ELIGIBLE, not asked.is_eligible),
            (Layer.NOTICE, start < asked.notice),
            (Layer.HORIZON, asked.horizon is not None and start >= asked.horizon),
        )
        if applies
    ]
    found += tried(asked.practitioner, asked.length, start)
    for layer, some in ((Layer.ROOM, asked.rooms), (Layer.EQUIPMENT, asked.equipment)):
        if some is not None and all(tried(one, asked.length, start, whole=True) for one in some):
            found.append((layer, None))
    return found


def without(one, reason):
    """A diary with one obstacle gone."""
    if reason.block is None:
        return replace(one, hours=timelines.between(0, 10 * SPAN))
    return replace(one, blocks=tuple(block for block in one.blocks if block is not reason.block))


def changed(asked, reason):
    rules = {
        Layer.NOT_ELIGIBLE: {"is_eligible": True},
        Layer.NOTICE: {"notice": 0},
        Layer.HORIZON: {"horizon": None},
    }
    if reason.layer in rules:
        return replace(asked, **rules[reason.layer])
    if reason.resource_id == ANA:
        return replace(asked, practitioner=without(asked.practitioner, reason))
    fields = {"rooms": asked.rooms, "equipment": asked.equipment}
    return replace(
        asked,
        **{
            name: some
            and tuple(without(one, reason) if one.id == reason.resource_id else one for one in some)
            for name, some in fields.items()
        },
    )


def single_changes(asked, start):
    """Every reason that is there, tried alone."""
    diaries = [
        (asked.practitioner, False),
        *((one, True) for one in (*(asked.rooms or ()), *(asked.equipment or ()))),
    ]
    every = [Reason(layer, ANA) for layer in (Layer.NOT_ELIGIBLE, Layer.NOTICE, Layer.HORIZON)]
    every += [
        Reason(layer, one.id, block)
        for one, whole in diaries
        for layer, block in tried(one, asked.length, start, whole=whole)
    ]
    return [reason for reason in every if not expected(changed(asked, reason), start)]


@pytest.mark.parametrize("seed", range(10))
def test_all_reasons_are_named_and_free_times_are_free(seed):
    chance, freed, free = random.Random(seed), 0, 0  # noqa: S311 - a test
    for _ in range(1_000):
        asked, start = wanted(chance), chance.randrange(2, SPAN)
        answer = why_not.why_not(asked, start)
        assert [(reason.layer, reason.block) for reason in answer.reasons] == expected(asked, start)
        if answer.reasons:
            assert set(answer.changes) == set(single_changes(asked, start))
            freed += bool(answer.changes)
        free += not answer.reasons
    assert freed > 50
    assert free > 50


@pytest.mark.parametrize("seed", range(3))
def test_a_day_of_excluded_starts_agrees_with_each_start(seed):
    chance = random.Random(seed)  # noqa: S311 - a test
    for _ in range(30):
        asked = wanted(chance)
        layers = why_not.excluded_starts(asked.practitioner, asked.length, SPAN)
        for start in range(SPAN):
            named = {reason.layer for reason in why_not.excluded_by(asked.practitioner, asked.length, start)}
            assert {layer for layer, starts in layers.items() if starts >> start & 1} == named
        assert all(starts < 1 << SPAN for starts in layers.values())


def test_a_hold_says_whose_it_is_and_until_when():
    hold = Block(Layer.HOLD, 30, 60, owner="Front desk", until=642)
    asked = Wanted(Diary(ANA, timelines.between(0, SPAN), (hold,)), Length(20))
    answer = why_not.why_not(asked, 40)
    assert answer.reasons == answer.changes == (Reason(Layer.HOLD, ANA, hold),)
    assert (answer.reasons[0].block.owner, answer.reasons[0].block.until) == ("Front desk", 642)
    assert why_not.why_not(asked, 60).reasons == ()


def test_no_room_of_a_kind_at_all_is_a_reason_that_no_change_of_time_cures():
    asked = Wanted(Diary(ANA, timelines.between(0, SPAN)), Length(20), rooms=())
    assert why_not.why_not(asked, 40).reasons == (Reason(Layer.ROOM),)
    assert why_not.why_not(asked, 40).changes == ()
