"""What the board says of a visit: how long somebody waits, how late it will be."""

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.board.today import BoardVisit, Lane
from clinic_scheduler.ui import texts

translate = QCoreApplication.translate
MINUTE: Final = timedelta(minutes=1)
GONE: Final = frozenset({"no_show", "cancelled"})
DONE: Final = frozenset({"completed", *GONE})


def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return int(span / MINUTE)


def is_late(visit: BoardVisit) -> bool:
    """Whether it begins, or began, at least a minute later than agreed."""
    return visit.status not in DONE and minutes(visit.delay) > 0


def timer(visit: BoardVisit, now: datetime) -> str:
    """How long it has been where it is: "waits 12 min", "for 14 min", "10 min over"."""
    if visit.status == "arrived" and visit.since is not None:
        span = texts.duration(max(0, minutes(now - visit.since)))
        return translate("board", "waits {span}").format(span=span)
    if visit.status == "in_progress":
        over = minutes(now - visit.expected_start - (visit.end - visit.start))
        if over > 0:
            return translate("board", "{span} over").format(span=texts.duration(over))
        span = texts.duration(max(0, minutes(now - visit.expected_start)))
        return translate("board", "for {span}").format(span=span)
    if visit.status in ("pending", "confirmed") and now > visit.start:
        span = texts.duration(minutes(now - visit.start))
        return translate("board", "not here, {span} late").format(span=span) if span else ""
    return ""


def forecast(visit: BoardVisit) -> str:
    """When it will begin, if that is later than agreed."""
    if visit.status in ("pending", "confirmed", "arrived") and is_late(visit):
        words = translate("board", "about {time}, {span} late")
        return words.format(time=f"{visit.expected_start:%H:%M}", span=texts.duration(minutes(visit.delay)))
    return ""


def state_of(lane: Lane) -> str:
    """How a practitioner is doing: on time, or how late what comes next will be."""
    coming = [one for one in lane.visits if one.status in ("pending", "confirmed", "arrived")]
    running = [one for one in lane.visits if one.status == "in_progress"]
    if not coming and not running:
        return translate("board", "Done for today")
    late = max((minutes(one.delay) for one in coming[:1]), default=0)
    if not coming:
        late = max(minutes(one.overrun) for one in running)
    if late > 0:
        return translate("board", "{span} late").format(span=texts.duration(late))
    return translate("board", "On time")


def spoken(visit: BoardVisit, now: datetime) -> str:
    """All that the board shows of a visit, as one sentence."""
    parts = (
        f"{visit.start:%H:%M}",
        visit.patient,
        visit.service,
        visit.room,
        status(visit),
        timer(visit, now),
        forecast(visit),
        visit.alert,
    )
    return ", ".join(part for part in parts if part)


def status(visit: BoardVisit) -> str:
    """The status as one says it at the door."""
    return translate("board", "In room") if visit.status == "in_progress" else texts.status_word(visit.status)
