"""On what terms visits are looked for: how their services belong together, where in time to look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from clinic_scheduler.services.localtime import DAY_MIN
from clinic_scheduler.services.search.question import Distinct, Pair, Rank, Wait
from clinic_scheduler.services.wishes import Opening

ANY_ORDER: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """How the services of a visit belong together; they are named by their places in the list of wishes.

    `order` holds pairs (earlier, later); None means as listed, for each person. Waits are in minutes: `wait` between
    services that follow each other, `waits` for pairs where it differs. Pairs of `together` may run in parallel.
    `same` and `different` are groups with one practitioner, and with all different ones. Several people start within
    `apart` minutes of each other; None means that their visits just overlap. `rank` says which visit comes first,
    `distinct` what makes two of them different answers.
    """

    order: frozenset[Pair] | None = None
    wait: Wait = field(default=Wait())
    waits: Mapping[Pair, Wait] = field(default_factory=dict)
    together: frozenset[Pair] = frozenset()
    same: tuple[frozenset[int], ...] = ()
    different: tuple[frozenset[int], ...] = ()
    apart: int | None = 0
    rank: Rank = Rank.EARLIEST
    distinct: Distinct = Distinct.TIMES


@dataclass(frozen=True, slots=True)
class Within:
    """Where to look: `days` local days from `first`, as far ahead as the clinic books.

    At most `limit` answers, `per_day` of each day, those after the answer `after`. Whole visits lie on `weekdays` (0 is
    Monday, none means any) between `from_min` and `until_min` of the wall clock and begin before `begins_until_min`.
    The holds of `session_id` are no obstacle; `patient_id` must be free too. A walk-in needs no notice.
    """

    first: date
    days: int = 14
    session_id: UUID | None = None
    patient_id: UUID | None = None
    limit: int = 20
    per_day: int | None = None
    weekdays: frozenset[int] = frozenset()
    from_min: int = 0
    until_min: int = DAY_MIN
    begins_until_min: int = DAY_MIN
    after: Opening | None = None
    is_walk_in: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether some days, or some of each, are left out."""
        return bool(self.weekdays) or (self.from_min, self.until_min) != (0, DAY_MIN)
