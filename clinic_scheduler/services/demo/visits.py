"""Filling the demo's days: visits of several services first, then whatever still fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinic_scheduler.db.states import Source
from clinic_scheduler.services.catalogue import ResourceFacts, ServiceFacts

from .clinic import OFTEN
from .diary import Diary, Fate, Slot, running_sums
from .people import People

VISITS_OF_SEVERAL = (
    ("PHY", "BMA"),
    ("CHK", "CLE"),
    ("PHY", "BMA", "SPE"),
    ("OST", "DTI"),
    ("CLE", "FIL"),
    ("GAI", "OSF"),
    ("BMA", "PHY"),
)
# In a full clinic hardly any of these would fit any more, so on each coming day the times of one are kept free.
KEPT_FREE = (("PHY", "BMA", "SPE"), ("CHK", "CLE"), ("PHY", "BMA", "SPE"), ("IMP",))
LONGEST_WAIT_MIN = 15
REGULARS_COME, OLD_HANDS_COME = 6, 3  # times as often as the others
ELSEWHERE = 0.2  # how much less often somebody does what is a colleague's trade
NO_SHOWS, CANCELLATIONS = 0.05, 0.065  # of all but the courses
PAUSES_MIN = (0, 0, 0, 0, 0, 5, 5, 10, 15, 20)
SOURCES = {Source.PHONE: 42, Source.ONLINE: 24, Source.DIRECT: 18, Source.WALK_IN: 11, Source.WAITLIST: 5}


@dataclass(frozen=True, slots=True)
class Pool:
    """People to draw from, with running sums of how often each comes."""

    ids: tuple[UUID, ...]
    sums: Sequence[float]


def fill(diary: Diary, people: People) -> None:
    """Make up the visits of the two weeks either side of today, about four fifths of the open time."""
    regulars, adults, children = (
        tuple(line.id for line in group) for group in (people.regulars, people.adults, people.children)
    )
    often = [REGULARS_COME] * len(regulars)
    often += [OLD_HANDS_COME if index % 3 else 1 for index in range(len(adults))]
    grown_up = Pool(regulars + adults, running_sums(often))
    young = Pool(children, running_sums([1] * len(children)))
    for day in diary.window():
        if day >= diary.today and (
            kept := _of_several(diary, day, KEPT_FREE[day.toordinal() % len(KEPT_FREE)])
        ):
            diary.keep(day, kept)
        for _ in range(diary.rng.choice((3, 4, 5))):
            services = diary.rng.choice(VISITS_OF_SEVERAL)
            if found := _of_several(diary, day, services):
                _enter(diary, day, found, grown_up)
        for practitioner in diary.offered.practitioners:
            _fill_day(diary, day, practitioner, grown_up, young)


def _of_several(diary: Diary, day: date, services: Sequence[str]) -> tuple[Slot, ...]:
    earliest = diary.rng.randrange(8 * 60, 16 * 60, 5)
    return diary.visit(
        [diary.service(code) for code in services], day, after=earliest, longest_wait=LONGEST_WAIT_MIN
    )


def _fill_day(diary: Diary, day: date, practitioner: ResourceFacts, grown_up: Pool, young: Pool) -> None:
    """One visit after the other, with small pauses, until nothing fits any more."""
    performed = {
        service: OFTEN[service.code] * (1 if service.category == practitioner.role else ELSEWHERE)
        for service in diary.offered.services
        if OFTEN[service.code] and practitioner.id in {p.practitioner_id for p in service.performers}
    }
    minute = 0
    while slot := _next(diary, day, practitioner.id, performed, minute):
        is_young = slot.service.code in {"ASS", "SPE"} and diary.rng.random() < 0.75
        fate = _enter(diary, day, [slot], young if is_young else grown_up)
        # A cancelled visit leaves its time to the next.
        minute = slot.start if fate is Fate.CANCELS else slot.end + diary.rng.choice(PAUSES_MIN)


def _next(
    diary: Diary, day: date, practitioner_id: UUID, performed: Mapping[ServiceFacts, float], minute: int
) -> Slot | None:
    """A service drawn by weight and its start; another one where that would leave a hole before it."""
    best: Slot | None = None
    for service in sorted(performed, key=lambda s: diary.rng.random() ** (1 / performed[s]), reverse=True):
        slot = diary.first(service, day, practitioner_id, minute)
        if slot and (best is None or slot.start + 10 < best.start):
            best = slot
    return best


def _enter(diary: Diary, day: date, slots: Sequence[Slot], pool: Pool) -> Fate:
    chance = diary.rng.random()
    fate = Fate.COMES
    if chance < NO_SHOWS + CANCELLATIONS:
        fate = Fate.STAYS_AWAY if chance < NO_SHOWS else Fate.CANCELS
    source = diary.rng.choices(list(SOURCES), weights=list(SOURCES.values()))[0]
    if source == Source.WALK_IN and fate is not Fate.COMES:
        source = Source.PHONE
    patient_id = diary.somebody(pool.ids, pool.sums, day)
    diary.enter(day, slots, patient_id, source=source, fate=fate)
    return fate
