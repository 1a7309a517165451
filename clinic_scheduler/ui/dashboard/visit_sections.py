"""The figures of visits as tiles and charts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from typing import Any
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QLocale

from clinic_scheduler.services.figures import counts, visits
from clinic_scheduler.services.figures.behind import STANDING, Appointments, Behind
from clinic_scheduler.services.figures.compared import Compared
from clinic_scheduler.services.figures.counts import Count
from clinic_scheduler.services.figures.period import Period
from clinic_scheduler.services.figures.use import Use
from clinic_scheduler.services.figures.visits import Days, Now, Origins, People
from clinic_scheduler.ui import texts

from .shown import CENTS, MINUTES, SHARE, Amount, Bar, Chart, Tile

translate = QCoreApplication.translate
DAY = timedelta(days=1)
MOST_BY_DAY, MOST_BY_WEEK = 45, 200
STATUSES = ("pending", "confirmed", "arrived", "in_progress", "completed", "no_show", "cancelled")


def now_tiles(now: Now) -> tuple[Tile, ...]:
    """What stands at this moment."""
    words = translate("figures", "{completed} completed, {missed} no-shows")
    note = words.format(completed=now.of_today.completed, missed=now.of_today.no_shows)
    today = Appointments(now.today, now.today, statuses=STANDING)
    upcoming = Appointments(now.today, now.today, is_upcoming=True)
    return (
        Tile("today", Amount(now.of_today.standing), None, today, note=note),
        Tile("upcoming", Amount(now.upcoming), None, upcoming),
    )


def tiles(found: Compared[Days], currency: str) -> tuple[Tile, ...]:
    """The numbers over all appointments of the period."""
    now, before = found.now.all, found.before.all
    wanted = partial(Appointments, found.period.first, found.period.last)
    completed, missed = (wanted(statuses=frozenset({word})) for word in ("completed", "no_show"))
    cancelled = wanted(statuses=frozenset({"cancelled"}))
    money = partial(Amount, unit=CENTS, currency=currency)
    return (
        Tile("total", Amount(now.total), Amount(before.total), wanted()),
        Tile("standing", Amount(now.standing), Amount(before.standing), wanted(statuses=STANDING)),
        Tile("completed", Amount(now.completed), Amount(before.completed), completed),
        Tile("no_shows", Amount(now.no_shows), Amount(before.no_shows), missed, _share(now.no_show_rate)),
        Tile(
            "cancelled",
            Amount(now.cancelled),
            Amount(before.cancelled),
            cancelled,
            _share(now.cancelled_rate),
        ),
        Tile("late", Amount(now.late), Amount(before.late), wanted(is_late=True), _share(now.late_rate)),
        Tile("worth_completed", money(now.worth_completed), money(before.worth_completed), completed),
        Tile("worth_missed", money(now.worth_missed), money(before.worth_missed), missed),
    )


def _share(rate: float | None) -> Amount:
    return Amount(rate, SHARE)


def over_time(found: Compared[Days]) -> Chart:
    """By day, week or month, whichever makes a readable number of columns; a column each, empty ones too."""
    lengths = _lengths(found.period)
    now = _added(found.now.days, found.period, lengths)
    before = _added(found.before.days, found.period.before(), lengths)
    firsts = (
        [found.period.first + offset * DAY for offset in accumulate(lengths[:-1], initial=0)]
        if lengths
        else []
    )
    bars = []
    for first, length, count, other in zip(firsts, lengths, now, before, strict=True):
        behind = Appointments(first, first + (length - 1) * DAY, statuses=STANDING)
        bars.append(_bar(_label(first, found.period), count, other, behind))
    return Chart("by_day", tuple(bars))


def _lengths(period: Period) -> list[int]:
    """Into how many days each the period is cut."""
    if period.count <= MOST_BY_DAY:
        return [1] * period.count
    if period.count <= MOST_BY_WEEK:
        whole, rest = divmod(period.count, 7)
        return [7] * whole + [rest] * bool(rest)
    found, at = [], period.first
    while at < period.until:
        end = min((at.replace(day=1) + 31 * DAY).replace(day=1), period.until)
        found.append((end - at).days)
        at = end
    return found


def _added(days: Mapping[date, Count], period: Period, lengths: Sequence[int]) -> list[Count]:
    found, at = [], period.first
    for length in lengths:
        some = (days.get(at + n * DAY) for n in range(length))
        found.append(counts.added(each for each in some if each is not None))
        at += length * DAY
    return found


def _label(first: date, period: Period) -> str:
    if period.count > MOST_BY_WEEK:
        month = QLocale().standaloneMonthName(first.month, QLocale.FormatType.ShortFormat)
        return f"{month} {first:%y}" if period.count > 366 else month
    return texts.short_date(first) if period.count <= 7 else _day_and_month(first)


def _day_and_month(day: date) -> str:
    month = QLocale().standaloneMonthName(day.month, QLocale.FormatType.ShortFormat)
    return f"{day.day} {month}"


def _bar(label: str, count: Count, before: Count, behind: Behind) -> Bar:
    """Those not cancelled, the no-shows hatched."""
    return Bar(
        label,
        Amount(count.standing),
        count.no_shows,
        _share(count.no_show_rate) if count.no_shows else None,
        Amount(before.standing),
        behind,
    )


def by_status(found: Compared[Days]) -> Chart:
    """All seven, in the order of a visit."""
    now, before = found.now.all.statuses, found.before.all.statuses
    wanted = partial(Appointments, found.period.first, found.period.last)
    return Chart(
        "by_status",
        tuple(
            Bar(
                texts.status_word(word),
                Amount(now.get(word, 0)),
                before=Amount(before.get(word, 0)),
                behind=wanted(statuses=frozenset({word})),
            )
            for word in STATUSES
        ),
    )


def by_weekday(found: Compared[Days]) -> Chart:
    """All seven, from the day on which the country's week begins."""
    starts = QLocale().firstDayOfWeek().value - 1
    names = {n: QLocale().dayName(n + 1) for n in range(7)}
    order = [(starts + n) % 7 for n in range(7)]
    now, before = found.now.weekdays, found.before.weekdays
    return _chart("by_weekday", order, found.period, now, before, names.__getitem__, "weekdays")


def by_people(found: Compared[People]) -> tuple[Chart, Chart]:
    """By practitioner and by service, the most first."""
    names = {**found.before.names, **found.now.names}

    def chart(name: str, now: Mapping[UUID, Count], before: Mapping[UUID, Count], field: str) -> Chart:
        order = sorted({**now, **before}, key=lambda one: -now.get(one, counts.NONE).standing)
        return _chart(name, order, found.period, now, before, names.__getitem__, field)

    return (
        chart("by_practitioner", found.now.practitioners, found.before.practitioners, "practitioner_ids"),
        chart("by_service", found.now.services, found.before.services, "service_ids"),
    )


def by_origins(found: Compared[Origins]) -> tuple[Chart, Chart]:
    """By source, the most first, and by lead time."""
    now, before = found.now.sources, found.before.sources
    order = sorted({**now, **before}, key=lambda word: -now.get(word, counts.NONE).standing)
    return (
        _chart("by_source", order, found.period, now, before, texts.source_word, "sources"),
        _chart(
            "by_lead", visits.ALL_LEADS, found.period, found.now.leads, found.before.leads, lead_word, "leads"
        ),
    )


def _chart(
    name: str,
    order: Sequence[Any],
    period: Period,
    now: Mapping[Any, Count],
    before: Mapping[Any, Count],
    word: Callable[[Any], str],
    field: str,
) -> Chart:
    standing = Appointments(period.first, period.last, statuses=STANDING)
    bars = []
    for key in order:
        behind = _narrowed(standing, field, key)
        bars.append(_bar(word(key), now.get(key, counts.NONE), before.get(key, counts.NONE), behind))
    return Chart(name, tuple(bars))


def _narrowed(wanted: Appointments, field: str, key: object) -> Appointments:
    chosen: dict[str, Any] = {field: frozenset({key})}
    return replace(wanted, **chosen)


def lead_word(lead: str) -> str:
    """How long ahead, in words."""
    words = {
        "under_2_h": translate("lead", "Under 2 hours"),
        "under_1_day": translate("lead", "2 to 24 hours"),
        "under_3_days": translate("lead", "1 to 3 days"),
        "under_1_week": translate("lead", "3 to 7 days"),
        "under_2_weeks": translate("lead", "1 to 2 weeks"),
        "under_4_weeks": translate("lead", "2 to 4 weeks"),
        "4_weeks_or_more": translate("lead", "4 weeks or more"),
        "unknown": translate("lead", "Not known"),
    }
    return words[lead]


def use(name: str, found: Compared[Sequence[Use]], field: str) -> Chart:
    """How much of the open time is booked, in the clinic's order."""
    before = {one.id: one for one in found.before}
    attended = Appointments(found.period.first, found.period.last, statuses=STANDING - {"no_show"})
    bars = []
    for one in found.now:
        other = before.get(one.id)
        behind = _narrowed(attended, field, one.id)
        hours = Amount(one.booked_min, MINUTES)
        bars.append(
            Bar(
                one.name,
                _share(one.rate),
                beside=hours,
                before=_share(other.rate if other else None),
                behind=behind,
            )
        )
    return Chart(name, tuple(bars))
