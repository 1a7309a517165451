"""How many appointments by what became of them, and their rates."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from clinic_scheduler.db.states import AppointmentStatus

K = TypeVar("K", bound=Hashable)


class Group(NamedTuple):
    """Appointments alike in these keys and in what became of them; `cents` are their prices."""

    keys: tuple[Any, ...]
    status: str
    is_late: bool
    number: int
    cents: int


@dataclass(frozen=True, slots=True)
class Count:
    """Appointments by status, words without any left out; `late` of the cancelled came too late.

    `cents` are the prices by status, in the smallest unit of the clinic's currency.
    """

    statuses: Mapping[str, int]
    cents: Mapping[str, int]
    late: int = 0

    @property
    def total(self) -> int:
        return sum(self.statuses.values())

    @property
    def standing(self) -> int:
        return self.total - self.cancelled

    @property
    def completed(self) -> int:
        return self.statuses.get(AppointmentStatus.COMPLETED, 0)

    @property
    def no_shows(self) -> int:
        return self.statuses.get(AppointmentStatus.NO_SHOW, 0)

    @property
    def cancelled(self) -> int:
        return self.statuses.get(AppointmentStatus.CANCELLED, 0)

    @property
    def no_show_rate(self) -> float | None:
        """None where nothing stands."""
        return share(self.no_shows, self.standing)

    @property
    def cancelled_rate(self) -> float | None:
        """None where there is nothing at all."""
        return share(self.cancelled, self.total)

    @property
    def late_rate(self) -> float | None:
        """None where nothing was cancelled."""
        return share(self.late, self.cancelled)

    @property
    def worth_completed(self) -> int:
        return self.cents.get(AppointmentStatus.COMPLETED, 0)

    @property
    def worth_missed(self) -> int:
        return self.cents.get(AppointmentStatus.NO_SHOW, 0)


NONE = Count({}, {})


def share(part: int, whole: int) -> float | None:
    """A part of a whole; None where there is no whole."""
    return part / whole if whole else None


def count(groups: Iterable[Group]) -> Count:
    """All of the groups together."""
    statuses: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    late = 0
    for group in groups:
        statuses[group.status] += group.number
        cents[group.status] += group.cents
        late += group.number if group.is_late and group.status == AppointmentStatus.CANCELLED else 0
    return Count(dict(statuses), dict(cents), late)


def by(groups: Iterable[Group], key: Callable[[tuple[Any, ...]], K]) -> dict[K, Count]:
    """The groups alike in a key together; `key` finds it among the keys of a group."""
    found: dict[K, list[Group]] = {}
    for group in groups:
        found.setdefault(key(group.keys), []).append(group)
    return {one: count(some) for one, some in found.items()}


def added(some: Iterable[Count]) -> Count:
    """Several counts as one."""
    statuses: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    late = 0
    for each in some:
        statuses.update(each.statuses)
        cents.update(each.cents)
        late += each.late
    return Count(dict(statuses), dict(cents), late)
