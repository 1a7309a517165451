"""Wall time of a clinic and instants: days of 23, 24 or 25 hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clinic_scheduler.errors import InvalidInput, WallTimeUnclear

MINUTE = timedelta(minutes=1)
DAY_MIN = 1440


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name.

    Raises:
        InvalidInput: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            f"There is no time zone called {name}; choose one such as Europe/Berlin.", "zone"
        ) from None


def exists(wall: datetime, where: ZoneInfo) -> bool:
    """Whether a naive wall time happens at all; clocks that go forward skip some."""
    return wall.replace(tzinfo=where).astimezone(UTC).astimezone(where).replace(tzinfo=None) == wall


def is_ambiguous(wall: datetime, where: ZoneInfo) -> bool:
    """Whether a naive wall time happens twice; clocks that go back repeat some."""
    early, late = (wall.replace(tzinfo=where, fold=fold).utcoffset() for fold in (0, 1))
    return early != late and exists(wall, where)


def instant(wall: datetime, where: ZoneInfo, *, later: bool = False) -> datetime:
    """The UTC instant of a naive wall time; a skipped one becomes the first that exists after it.

    `later` chooses the second of two.
    """
    if exists(wall, where):
        return wall.replace(tzinfo=where, fold=int(later)).astimezone(UTC)
    # PEP 495: in a gap, fold 0 reads the wall time with the offset from before, so the instant lies past the
    # gap by as much as the wall time lay inside it; the gap's end is what the desk would say.
    before = wall.replace(tzinfo=where, fold=0).utcoffset() or timedelta()
    after = wall.replace(tzinfo=where, fold=1).utcoffset() or timedelta()
    low, high = (
        (wall - max(before, after)).replace(tzinfo=UTC),
        (wall - min(before, after)).replace(tzinfo=UTC),
    )
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(where).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def chosen(wall: datetime, where: ZoneInfo, *, later: bool | None = None) -> datetime:
    """The UTC instant that the desk means by a naive wall time; `later` answers which of two.

    Raises:
        WallTimeUnclear: the clocks skip it, and here is the next that exists; or it happens twice.
    """
    if not exists(wall, where):
        after = instant(wall, where)
        raise WallTimeUnclear(
            f"The clocks go forward then, so {wall:%H:%M} does not exist; the next time is "
            f"{after.astimezone(where):%H:%M}.",
            after,
        )
    if later is None and is_ambiguous(wall, where):
        raise WallTimeUnclear(
            f"The clocks go back then, so {wall:%H:%M} comes twice; please choose the first or the second.",
            instant(wall, where),
            instant(wall, where, later=True),
        )
    return instant(wall, where, later=bool(later))


def midnight(day: date, where: ZoneInfo) -> datetime:
    """The UTC instant at which a local day begins."""
    return _midnight(day, where)


@lru_cache(maxsize=4096)
def _midnight(day: date, where: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, time()), where)


def day_length(day: date, where: ZoneInfo) -> int:
    """The minutes of a local day: 1380, 1440 or 1500 in most zones."""
    return (midnight(day + timedelta(days=1), where) - midnight(day, where)) // MINUTE


def at_minute(day: date, minute: int, where: ZoneInfo) -> datetime:
    """The instant of `minute` of wall time on a local day; 1440 and more run into the next."""
    return instant(datetime.combine(day, time()) + minute * MINUTE, where)


def local_day(moment: datetime, where: ZoneInfo) -> date:
    """The local calendar day of an instant."""
    return moment.astimezone(where).date()


def wall_text(moment: datetime, where: ZoneInfo) -> str:
    """The local wall time as "2026-11-24T14:10", to be kept beside the instant."""
    return moment.astimezone(where).strftime("%Y-%m-%dT%H:%M")


def days(first: date, count: int) -> Iterator[date]:
    """`count` days from `first` on."""
    return (first + timedelta(days=offset) for offset in range(count))


@dataclass(frozen=True, slots=True)
class Span:
    """`count` local days from `first`; minute 0 is the first midnight, minutes are elapsed ones."""

    first: date
    count: int
    where: ZoneInfo

    @property
    def start(self) -> datetime:
        """The instant of minute 0."""
        return midnight(self.first, self.where)

    @property
    def end(self) -> datetime:
        """The instant after the last minute."""
        return midnight(self.first + timedelta(days=self.count), self.where)

    @property
    def length(self) -> int:
        """Minutes in all."""
        return (self.end - self.start) // MINUTE

    def days(self) -> Sequence[date]:
        """Every local day of the span."""
        return tuple(days(self.first, self.count))

    def minute(self, moment: datetime) -> int:
        """The minute an instant lies in; negative before the span."""
        return (moment - self.start) // MINUTE

    def minute_up(self, moment: datetime) -> int:
        """The first whole minute at or after an instant."""
        return -((self.start - moment) // MINUTE)

    def moment(self, minute: int) -> datetime:
        """The instant of a minute."""
        return self.start + minute * MINUTE
