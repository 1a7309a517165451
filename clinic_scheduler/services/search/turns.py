"""Whose turn it is: of performers alike, on each day the one with the least taken comes first."""

from clinic_scheduler.services.times.timelines import between

from .question import Question

Places = dict[int, int]  # of each performer, by the number of the id


class Turns:
    """The order of the performers, worked out for those days only that are asked for."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._taken: dict[int, dict[int, int]] = {}
        self._places: dict[tuple[int, int], Places] = {}

    def of(self, part: int, tick: int) -> Places:
        """The places of a part's performers on the day of a tick."""
        day = self.question.day(tick) if self.question.taken else 0
        places = self._places.get((part, day))
        if places is None:
            taken = self._of_day(day) if self.question.taken else {}
            who = [performer.id.int for performer in self.question.parts[part].performers]
            who.sort(key=lambda one: taken.get(one, 0))
            places = self._places[part, day] = {one: at for at, one in enumerate(who)}
        return places

    def _of_day(self, day: int) -> dict[int, int]:
        """How many ticks of each practitioner's day are taken."""
        taken = self._taken.get(day)
        if taken is None:
            dawns = self.question.dawns
            start = dawns[day]
            window = between(0, dawns[day + 1] - start) if day + 1 < len(dawns) else -1
            taken = self._taken[day] = {
                who.int: sum([(lane >> start & window).bit_count() for lane in lanes])
                for who, lanes in self.question.taken.items()
            }
        return taken
