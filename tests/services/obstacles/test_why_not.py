"""Every reason is named, every time without reasons is free, and a single change frees what it says."""

import random
from dataclasses import replace
from uuid import UUID

import pytest

from clinic_scheduler.services.obstacles import why_not
from clinic_scheduler.services.obstacles.excluded import Block, Diary, Layer, Length, Reason
from clinic_scheduler.services.obstacles.why_not import Wanted
from clinic_scheduler.services.times import timelines

SPAN = 120
ABSENCES = (Layer.BREAK, Layer.TIME_OFF, Layer.CLOSURE)
TAKEN = (Layer.APPOINTMENT, Layer.APPOINTMENT, Layer.HOLD, Layer.BLOCKED)
ANA, PATIENT = UUID(int=1), UUID(int=2)
ROOMS, MACHINES = [UUID(int=11), UUID(int=12)], [UUID(int=21), UUID(int=22)]


def diary(chance, identifier):
    opens, capacity = chance.randrange(0, 20), chance.choice((1, 1, 1, 2, 3))
    blocks = []
    for _ in range(chance.randrange(5)):
        start = chance.randrange(opens, SPAN)
        blocks.append(Block(chance.choice(ABSENCES), start, start + chance.randrange(1, 15)))
    for _ in range(chance.randrange(6)):
        start = chance.randrange(opens, SPAN)
        end = start + chance.randrange(1, 15)
        busy = (start - chance.randrange(3), end + chance.randrange(3)) if chance.random() < 0.7 else None
        lane, what = chance.randint(1, capacity), UUID(int=100 + chance.randrange(6))
        blocks.append(
            Block(chance.choice(TAKEN), start, end, busy, what, owner="Desk 2", until=99, lane=lane)
        )
    return Diary(identifier, timelines.between(opens, SPAN - chance.randrange(20)), tuple(blocks), capacity)


def span_of(block):
    return set(range(*block.taken))


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
        patient=replace(diary(chance, PATIENT), hours=timelines.between(0, 2 * SPAN))
        if chance.random() < 0.3
        else None,
        now=chance.choice((0, 0, 10)),
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


def is_taken(one, needed):
    """Whether no lane is free throughout."""
    lanes, claims = range(1, one.capacity + 1), [block for block in one.blocks if block.lane]
    return all(any(needed & span_of(block) for block in claims if block.lane == lane) for lane in lanes)


def tried(one, length, start, *, whole=False):
    """(layer, block) of all that clears a tick, tick by tick."""
    needed = ticks(length, start, buffers=True, whole=whole)
    attended = ticks(length, start, buffers=False, whole=whole)
    found = [] if all(tick >= 0 and one.hours >> tick & 1 for tick in needed) else [(Layer.HOURS, None)]
    for block in one.blocks:
        if needed & span_of(block) and (block.lane == 0 or is_taken(one, needed)):
            is_buffer = block.layer is Layer.APPOINTMENT and not attended & set(range(block.start, block.end))
            found.append((Layer.BUFFER if is_buffer else block.layer, block))
    return found


def expected(asked, start):
    found = [
        (layer, None)
        for layer, applies in (
            (Layer.NOT_ELIGIBLE, not asked.is_eligible),
            (Layer.OVER, start < asked.now),
            (Layer.NOTICE, asked.now <= start < asked.notice),
            (Layer.HORIZON, asked.horizon is not None and start >= asked.horizon),
        )
        if applies
    ]
    found += tried(asked.practitioner, asked.length, start)
    if asked.patient is not None:
        bare = Length(asked.length.duration)
        found += [(Layer.PATIENT, block) for _layer, block in tried(asked.patient, bare, start)]
    for layer, some in ((Layer.ROOM, asked.rooms), (Layer.EQUIPMENT, asked.equipment)):
        if some is not None and all(tried(one, asked.length, start, whole=True) for one in some):
            found.append((layer, None))
    return found


def diaries(asked):
    some = (asked.practitioner, asked.patient, *(asked.rooms or ()), *(asked.equipment or ()))
    return {one.id: one for one in some if one is not None}


def replaced(asked, changed):
    """The question with other diaries."""

    def of(some):
        return some and tuple(changed[one.id] for one in some)

    return replace(
        asked,
        practitioner=changed[ANA],
        patient=changed.get(PATIENT),
        rooms=of(asked.rooms),
        equipment=of(asked.equipment),
    )


def single_changes(asked, start):
    """What can be undone at all, each tried alone: (layer, whose, which block)."""
    rules = {
        Layer.NOT_ELIGIBLE: {"is_eligible": True},
        Layer.NOTICE: {"notice": 0},
        Layer.HORIZON: {"horizon": None},
    }
    tries = [((layer, None), replace(asked, **change)) for layer, change in rules.items()]
    known = diaries(asked)
    for one in known.values():
        wider = known | {one.id: replace(one, hours=timelines.between(0, 10 * SPAN))}
        tries.append(((Layer.HOURS, one.id), replaced(asked, wider)))
    for layer, what in {(b.layer, b.what) for one in known.values() for b in one.blocks if b.lane}:
        without = {
            one.id: replace(one, blocks=tuple(b for b in one.blocks if (b.layer, b.what) != (layer, what)))
            for one in known.values()
        }
        tries.append(((layer, what), replaced(asked, without)))
    for one in known.values():
        tries += [
            ((block.layer, one.id, block.start, block.end), without_absence(asked, one, block))
            for block in one.blocks
            if block.lane == 0
        ]
    return {what for what, change in tries if not expected(change, start)}


def without_absence(asked, one, block):
    """A closure shuts everybody, a break or time off only the one whose it is."""
    known = diaries(asked)
    for other in known.values():
        if other.id == one.id or block.layer is Layer.CLOSURE:
            blocks = list(other.blocks)
            if block in blocks:
                blocks.remove(block)
            known[other.id] = replace(other, blocks=tuple(blocks))
    return replaced(asked, known)


def named(asked, changes):
    """The changes in the words of `single_changes`."""
    found = set()
    for change in changes:
        block = change.block
        if block is None:
            is_rule = change.layer is not Layer.HOURS
            found.add((change.layer, None if is_rule else change.resource_id))
        elif block.lane:
            found.add((block.layer, block.what))
        else:
            found |= {
                (block.layer, one.id, block.start, block.end)
                for one in diaries(asked).values()
                if block in one.blocks and (block.layer is Layer.CLOSURE or one.id == change.resource_id)
            }
    return found


@pytest.mark.parametrize("seed", range(4))
def test_all_reasons_are_named_and_free_times_are_free(seed):
    chance, freed, free = random.Random(seed), 0, 0  # noqa: S311 - a test
    for _ in range(400):
        asked, start = wanted(chance), chance.randrange(2, SPAN)
        answer = why_not.why_not(asked, start)
        assert [(reason.layer, reason.block) for reason in answer.reasons] == expected(asked, start)
        changes = single_changes(asked, start) if answer.reasons else set()
        assert named(asked, answer.changes) == changes
        freed += bool(changes)
        free += not answer.reasons
    assert freed > 20
    assert free > 20


@pytest.mark.parametrize("seed", range(3))
def test_a_day_of_excluded_starts_agrees_with_each_start(seed):
    chance = random.Random(seed)  # noqa: S311 - a test
    for _ in range(30):
        asked = wanted(chance)
        layers = why_not.layers_of_starts(asked, SPAN)
        for start in range(SPAN):
            one_by_one = {reason.layer for reason in why_not.why_not(asked, start).reasons}
            assert {layer for layer, starts in layers.items() if starts >> start & 1} == one_by_one
        assert all(0 < starts < 1 << SPAN for starts in layers.values())


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
