"""Which sets of practitioners can give one person's parts at all, by the same sets of ends as `reach`."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from clinic_scheduler.services.times.timelines import Timeline, spread

from .lane import Done, Lane, Move
from .masks import Lengths, PartStarts
from .reach import overlapping

Team = int  # bit i is the i-th practitioner


class Teams:
    """The practitioners of a question as bits, and the teams of a lane."""

    def __init__(self, starts: Mapping[int, PartStarts]) -> None:
        everyone = {performer.id for one in starts.values() for performer, _mask in one.performers}
        self.bits = {who: 1 << at for at, who in enumerate(sorted(everyone))}
        self.starts = starts

    def ids(self, team: Team) -> set[UUID]:
        """Who is in a team."""
        return {who for who, bit in self.bits.items() if team & bit}

    def of(self, lane: Lane, most: int) -> dict[Team, Timeline]:
        """The teams of at most so many that can give the lane's parts, each with the ends it may reach."""
        able = [self._able(lane, number, part) for part, number in enumerate(lane.parts)]
        each = [sum({bit for bit, _lengths in some}) for some in able]
        found: dict[Done, dict[Team, Timeline]] = {0: {0: 0}}
        for done, moves in lane.moves:
            for team, fronts in found.get(done, {}).items():
                for move in moves:
                    later = [other for part, other in enumerate(each) if not move.to >> part & 1]
                    following = found.setdefault(move.to, {})
                    for bit, lengths in able[move.part]:
                        grown = team | bit
                        if _can_do(grown, later, most):
                            reached = _reached(fronts, move, lengths)
                            if reached:
                                following[grown] = following.get(grown, 0) | reached
        return found.get(lane.full, {})

    def _able(self, lane: Lane, number: int, part: int) -> list[tuple[Team, Lengths]]:
        masks = dict(lane.lengths[part])
        return [
            (self.bits[performer.id], ((performer.duration, mask & masks.get(performer.duration, 0)),))
            for performer, mask in self.starts[number].performers
        ]


def _can_do(team: Team, later: Sequence[Team], most: int) -> bool:
    """Whether the team, with as many more as it may still take, can do what is left."""
    left = most - team.bit_count()
    return left > 0 or (left == 0 and all(team & some for some in later))


def _reached(fronts: Timeline, move: Move, lengths: Lengths) -> Timeline:
    reached = 0
    for length, mask in lengths:
        if move.done == 0:
            reached |= mask << length
        elif move.most >= move.least:
            reached |= (spread(fronts << move.least, move.most - move.least) & mask) << length
    if move.reach:
        reached |= overlapping(fronts, lengths, move.reach)
    return reached
