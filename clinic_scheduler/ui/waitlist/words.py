"""Wishes, offers and the reasons of the order, in words."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import DAY_MIN
from clinic_scheduler.services.waitlist import ranking
from clinic_scheduler.services.waitlist.listed import Entry
from clinic_scheduler.services.waitlist.matching import Match
from clinic_scheduler.services.waitlist.ranking import Criterion, Fit
from clinic_scheduler.services.waitlist.wish import Wanted
from clinic_scheduler.services.wishes import Opening, Wish
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.calendar.typeset import one_line

translate = QCoreApplication.translate


def urgency(level: int) -> str:
    """As in "Urgent"; empty for who can wait."""
    said = (
        "",
        translate("waitlist", "Soon"),
        translate("waitlist", "Urgent"),
        translate("waitlist", "At once"),
    )
    return said[level]


def urgency_choice(level: int) -> str:
    """As in "Can wait"."""
    return urgency(level) or translate("waitlist", "Can wait")


def state(word: str) -> str:
    """Where a wish stands, as in "Waiting"."""
    said = {
        "waiting": translate("waitlist", "Waiting"),
        "offered": translate("waitlist", "Offered"),
        "booked": translate("waitlist", "Booked"),
        "declined": translate("waitlist", "Declined"),
        "expired": translate("waitlist", "Its last day is over"),
        "withdrawn": translate("waitlist", "Withdrawn"),
    }
    return said[word]


def services(wishes: Sequence[Wish], offered: Catalogue) -> str:
    """The services with whom they are wished: "Physiotherapy with Ana Silva, then Back massage"."""
    if not wishes:
        return translate("waitlist", "The wish was damaged; please change it")
    return translate("waitlist", ", then ").join(_service(wish, offered) for wish in wishes)


def _service(wish: Wish, offered: Catalogue) -> str:
    name = one_line(words.service_name(offered, wish.service_id))
    if wish.practitioner_ids:
        people = [one_line(words.resource_name(offered, one)) for one in wish.practitioner_ids]
        who = translate("waitlist", " or ").join(people)
        name = translate("waitlist", "{service} with {names}").format(service=name, names=who)
    if wish.room_id is not None:
        room = one_line(words.resource_name(offered, wish.room_id))
        name = translate("waitlist", "{service} in {room}").format(service=name, room=room)
    return name


def when(wanted: Wanted) -> str:
    """The days and times: "Tue, Thu from 14:00, until Fri 4 Dec"."""
    parts = []
    if wanted.weekdays:
        parts.append(texts.weekdays(wanted.weekdays))
    clock = _clock(wanted.from_min, wanted.until_min)
    if clock:
        parts.append(clock)
    until = texts.short_date(wanted.until_day)
    parts.append(translate("waitlist", "until {day}").format(day=until))
    return " · ".join(parts)


def _clock(from_min: int, until_min: int) -> str:
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (from_min, until_min))
    if from_min and until_min < DAY_MIN:
        return translate("waitlist", "{start} to {end}").format(start=start, end=end)
    if from_min:
        return translate("waitlist", "from {start}").format(start=start)
    return translate("waitlist", "before {end}").format(end=end) if until_min < DAY_MIN else ""


def moment(opening: Opening, where: ZoneInfo) -> str:
    """When a visit is: "Tue 24 Nov, 14:10 to 14:55"."""
    start, end = opening.start.astimezone(where), opening.end.astimezone(where)
    return translate("waitlist", "{day}, {start} to {end}").format(
        day=texts.short_date(start.date()), start=f"{start:%H:%M}", end=f"{end:%H:%M}"
    )


def short(instant: datetime, where: ZoneInfo) -> str:
    """As in "Tue 24 Nov, 14:10"."""
    local = instant.astimezone(where)
    return f"{texts.short_date(local.date())}, {local:%H:%M}"


def since(entry: Entry, now: datetime) -> str:
    """How long somebody waits."""
    days = (now - entry.since).days
    if days < 1:
        return translate("waitlist", "since today")
    if days == 1:
        return translate("waitlist", "for 1 day")
    return translate("waitlist", "for {days} days").format(days=days)


def offers(count: int) -> str:
    """How many offers were made."""
    if not count:
        return translate("waitlist", "no offer yet")
    if count == 1:
        return translate("waitlist", "1 offer made")
    return translate("waitlist", "{count} offers made").format(count=count)


def reasons(match: Match, now: datetime) -> str:
    """What speaks for somebody, in the order in which it decides."""
    why = match.why
    fit = {
        Fit.ALL: translate("waitlist", "fills the time"),
        Fit.MOST: translate("waitlist", "fills most of the time"),
        Fit.SOME: translate("waitlist", "fills part of the time"),
    }
    said = [
        translate("waitlist", "was offered this time before") if why.was_offered else "",
        urgency_choice(why.urgency),
        fit[why.fit],
        offers(why.offers_made),
        translate("waitlist", "waits {since}").format(since=since(match.entry, now)),
    ]
    return _capital(" · ".join(part for part in said if part))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def decided(one: Match, other: Match) -> str:
    """Why one is asked before the other."""
    said = {
        Criterion.NEW: translate("waitlist", "was not offered this time yet"),
        Criterion.URGENCY: translate("waitlist", "is more urgent"),
        Criterion.FIT: translate("waitlist", "leaves less of the time empty"),
        Criterion.OFFERS: translate("waitlist", "was made fewer offers"),
        Criterion.WAITING: translate("waitlist", "waits longer"),
    }
    return said[ranking.decided_by(one.why, other.why)]
