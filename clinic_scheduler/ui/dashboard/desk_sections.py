"""The figures of unfinished bookings, plans and the waitlist as tiles and charts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.figures.behind import Behind, Offers, Plans, Sessions, Wishes
from clinic_scheduler.services.figures.compared import Compared
from clinic_scheduler.services.figures.plans import Courses
from clinic_scheduler.services.figures.plans import Plans as PlanFigures
from clinic_scheduler.services.figures.sessions import Sessions as SessionFigures
from clinic_scheduler.services.figures.sessions import Tally
from clinic_scheduler.services.figures.waiting import Waiting

from .shown import MEAN, SHARE, Amount, Bar, Chart, Tile
from .words import HOLDS, OFFERS, OUTCOMES, PLANS, STATES, STEPS, STRATEGIES, kind_word, word

translate = QCoreApplication.translate
LEFT = frozenset({"abandoned", "expired", "discarded"})


def session_tiles(found: Compared[SessionFigures]) -> tuple[Tile, ...]:
    """How many were begun, and how many of them became bookings."""
    now, before = found.now.all, found.before.all
    wanted = partial(Sessions, found.period.first, found.period.last)
    converted = wanted(outcomes=frozenset({"converted"}))
    return (
        Tile("sessions_begun", Amount(now.begun), Amount(before.begun), wanted()),
        Tile("conversion", Amount(now.conversion, SHARE), Amount(before.conversion, SHARE), converted),
    )


def session_charts(found: Compared[SessionFigures]) -> tuple[Chart, ...]:
    """What became of them, where they were left, whose they were, and of what they held."""
    now, before, period = found.now, found.before, found.period
    wanted = partial(Sessions, period.first, period.last)
    left = [sum(by_step.values()) for by_step in now.left.values()]
    left_before = [sum(by_step.values()) for by_step in before.left.values()]
    names = {**before.names, **now.names}
    return (
        _plain(
            "outcomes",
            OUTCOMES,
            now.all.outcomes,
            before.all.outcomes,
            lambda key: wanted(outcomes=_one(key)),
        ),
        _plain(
            "left_at",
            STEPS,
            dict(zip(now.left, left, strict=True)),
            dict(zip(before.left, left_before, strict=True)),
            lambda key: wanted(outcomes=LEFT, steps=_one(key)),
        ),
        _tallies("by_kind", now.kinds, before.kinds, kind_word, lambda key: wanted(kind=key)),
        _tallies(
            "by_user", now.users, before.users, names.__getitem__, lambda key: wanted(user_ids=_one(key))
        ),
        _tallies(
            "by_workstation",
            now.workstations,
            before.workstations,
            str,
            lambda key: wanted(workstations=_one(key)),
        ),
        _plain(
            "holds", HOLDS, now.all.holds._asdict(), before.all.holds._asdict(), lambda key: wanted(holds=key)
        ),
    )


def running_tile(found: Compared[PlanFigures]) -> Tile:
    """How many plans run at this moment."""
    period = found.period
    return Tile(
        "plans_running", Amount(found.now.running), None, Plans(period.first, period.last, is_running=True)
    )


def plan_tiles(found: Compared[PlanFigures]) -> tuple[Tile, ...]:
    """How many plans were begun, and how they went."""
    now, before = found.now.all, found.before.all
    wanted = partial(Plans, found.period.first, found.period.last)
    lapsed = [courses.standings.get("lapsed", 0) for courses in (now, before)]
    return (
        Tile("plans_begun", Amount(now.begun), Amount(before.begun), wanted()),
        Tile(
            "completion",
            Amount(now.completion, SHARE),
            Amount(before.completion, SHARE),
            wanted(standings=frozenset({"completed"})),
        ),
        Tile("lapsed", Amount(lapsed[0]), Amount(lapsed[1]), wanted(standings=frozenset({"lapsed"}))),
        Tile("sessions_each", Amount(now.sessions_each, MEAN), Amount(before.sessions_each, MEAN), wanted()),
    )


def plan_charts(found: Compared[PlanFigures]) -> tuple[Chart, ...]:
    """Where the plans stand, and how many sessions came to pass by strategy."""
    wanted = partial(Plans, found.period.first, found.period.last)
    now, before = found.now, found.before
    empty = Courses({})
    bars = []
    for key, strategy in word(STRATEGIES).items():
        one, other = now.strategies.get(key, empty), before.strategies.get(key, empty)
        bars.append(
            Bar(
                strategy,
                Amount(one.completed + one.missed),
                one.missed,
                Amount(one.sessions_each, MEAN),
                Amount(other.completed + other.missed),
                wanted(strategies=_one(key)),
            )
        )
    return (
        _plain(
            "plan_standings",
            PLANS,
            now.all.standings,
            before.all.standings,
            lambda key: wanted(standings=_one(key)),
        ),
        Chart("by_strategy", tuple(bars)),
    )


def waiting_tiles(found: Compared[Waiting]) -> tuple[Tile, ...]:
    """How many wishes came true, and how many offers were taken."""
    now, before, period = found.now, found.before, found.period
    booked = Wishes(period.first, period.last, frozenset({"booked"}))
    accepted = Offers(period.first, period.last, frozenset({"accepted"}))
    return (
        Tile("fill_rate", Amount(now.fill_rate, SHARE), Amount(before.fill_rate, SHARE), booked),
        Tile(
            "accepted_rate", Amount(now.accepted_rate, SHARE), Amount(before.accepted_rate, SHARE), accepted
        ),
    )


def waiting_charts(found: Compared[Waiting]) -> tuple[Chart, ...]:
    """Wishes and offers by what became of them."""
    period = found.period
    return (
        _plain(
            "wishes",
            STATES,
            found.now.wishes,
            found.before.wishes,
            lambda key: Wishes(period.first, period.last, _one(key)),
        ),
        _plain(
            "offers",
            OFFERS,
            found.now.offers,
            found.before.offers,
            lambda key: Offers(period.first, period.last, _one(key)),
        ),
    )


def _one(key: Any) -> frozenset[Any]:  # noqa: ANN401 - an id or a word
    return frozenset({key})


def _plain(
    name: str,
    kind: str,
    now: Mapping[str, int],
    before: Mapping[str, int],
    behind: Callable[[str], Behind],
) -> Chart:
    """A bar for each word of a kind, in their order."""
    return Chart(
        name,
        tuple(
            Bar(said, Amount(now.get(key, 0)), before=Amount(before.get(key, 0)), behind=behind(key))
            for key, said in word(kind).items()
        ),
    )


def _tallies(
    name: str,
    now: Mapping[Any, Tally],
    before: Mapping[Any, Tally],
    said: Callable[[Any], str],
    behind: Callable[[Any], Behind],
) -> Chart:
    """A bar for each, the most first; beside it the conversion."""
    keys: Sequence[Any] = sorted({**now, **before}, key=lambda key: -_begun(now, key))
    return Chart(
        name,
        tuple(
            Bar(
                said(key),
                Amount(_begun(now, key)),
                beside=Amount(now[key].conversion, SHARE) if key in now else None,
                before=Amount(_begun(before, key)),
                behind=behind(key),
            )
            for key in keys
        ),
    )


def _begun(tallies: Mapping[Any, Tally], key: Any) -> int:  # noqa: ANN401
    return tallies[key].begun if key in tallies else 0
