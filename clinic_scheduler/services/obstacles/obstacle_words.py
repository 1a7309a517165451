"""Why a time is not free, in sentences for the desk: in the clinic's wall time, without another patient's name."""

from datetime import datetime, timedelta
from uuid import UUID

from clinic_scheduler.services import localtime
from clinic_scheduler.services.obstacles.excluded import Block, Layer, Reason
from clinic_scheduler.services.obstacles.scenes import Scene
from clinic_scheduler.services.times import timelines

PATIENT = "This patient"


def of_reason(scene: Scene, reason: Reason, start: datetime) -> str:
    """One thing that is in the way of a start."""
    who = _name(scene, reason.resource_id)
    if reason.block is None:
        return _of_rule(scene, reason, who, start)
    if reason.layer is Layer.BUFFER:
        return f"{who} has a visit {_times(scene, reason.block, start)}, too close to this one."
    if reason.block.layer is Layer.HOLD:
        return _of_hold(scene, reason, who, start)
    until = _until(scene, reason.block.end, start)
    person = {
        Layer.APPOINTMENT: "has another visit",
        Layer.BREAK: "has a break",
        Layer.TIME_OFF: "is away",
    }
    place = {Layer.APPOINTMENT: "is taken by another visit", Layer.BREAK: "is closed"}
    if reason.block.layer is Layer.CLOSURE:
        return f"The clinic is closed until {until}."
    if _is_place(scene, reason):
        return f"{who} {place.get(reason.block.layer, 'is out of use')} until {until}."
    return f"{who} {person.get(reason.block.layer, 'is not available')} until {until}."


def _of_hold(scene: Scene, reason: Reason, who: str, start: datetime) -> str:
    block = reason.block
    if block is None or block.until is None:
        raise AssertionError("a hold has an end")
    held = f"by {block.owner} until {_until(scene, block.until, start)}."
    if reason.resource_id == scene.wanted.practitioner.id:
        return f"Held {held}"
    return f"{who} is held {held}" if _is_place(scene, reason) else f"{who} has another visit, held {held}"


def of_missing(scene: Scene, layer: Layer) -> str:
    """There is no room, or no equipment, of the kind at all."""
    kind = "room" if layer is Layer.ROOM else "equipment"
    return f"The clinic has no {kind} for {scene.service.name}."


def of_change(scene: Scene, reason: Reason, start: datetime) -> str:
    """What would have to be different for the start to be free."""
    who, block = _name(scene, reason.resource_id), reason.block
    if block is None:
        works = "were open" if _is_place(scene, reason) else "worked"
        rules = {
            Layer.NOT_ELIGIBLE: f"if {who} performed {scene.service.name}",
            Layer.NOTICE: "if it were booked at shorter notice",
            Layer.HORIZON: "if visits could be booked further ahead",
        }
        return f"It would be free {rules.get(reason.layer, f'if {who} {works} longer')}."
    times, whose = _times(scene, block, start), who if who != PATIENT else "this patient"
    causes = {
        Layer.APPOINTMENT: f"the visit {times} ({whose})",
        Layer.HOLD: f"the hold of {block.owner}",
        Layer.BREAK: f"the break of {whose} {times}",
        Layer.TIME_OFF: f"the absence of {whose}",
        Layer.CLOSURE: "the closure of the clinic",
    }
    return f"It would be free without {causes.get(block.layer, f'the block {times} ({whose})')}."


def _of_rule(scene: Scene, reason: Reason, who: str, start: datetime) -> str:
    rules = {
        Layer.NOT_ELIGIBLE: f"{who} does not perform {scene.service.name}.",
        Layer.OVER: "That time is over.",
        Layer.NOTICE: f"Visits are booked at least {_duration(scene.offered.clinic.notice_min)} ahead.",
        Layer.HORIZON: f"Visits are booked at most {scene.offered.clinic.horizon_days} days ahead.",
    }
    if reason.layer in rules:
        return rules[reason.layer]
    is_place = _is_place(scene, reason)
    opened = _opened(scene, reason.resource_id, start)
    if not opened:
        return f"{who} is not open that day." if is_place else f"{who} does not work that day."
    return f"{who} {'is open' if is_place else 'works'} only from {opened} that day."


def _opened(scene: Scene, resource_id: UUID | None, start: datetime) -> str:
    """The hours of the start's local day: "09:00 to 12:00 and 14:00 to 18:00"."""
    where = scene.span.where
    on = localtime.local_day(start, where)
    day = timelines.between(
        scene.span.minute(localtime.midnight(on, where)),
        scene.span.minute(localtime.midnight(on + timedelta(days=1), where)),
    )
    wanted = scene.wanted
    some = (wanted.practitioner, *(wanted.rooms or ()), *(wanted.equipment or ()))
    hours = next(diary.hours for diary in some if diary.id == resource_id)
    return " and ".join(
        f"{_until(scene, opens, start)} to {_until(scene, closes, start)}"
        for opens, closes in timelines.intervals(hours & day)
    )


def _name(scene: Scene, resource_id: UUID | None) -> str:
    patient = scene.wanted.patient
    if resource_id is None or (patient is not None and resource_id == patient.id):
        return PATIENT
    return scene.offered.resource(resource_id).name


def _is_place(scene: Scene, reason: Reason) -> bool:
    return any(diary.id == reason.resource_id for _layer, some in scene.wanted.places() for diary in some)


def _times(scene: Scene, block: Block, start: datetime) -> str:
    return f"from {_until(scene, block.start, start)} to {_until(scene, block.end, start)}"


def _until(scene: Scene, minute: int, start: datetime) -> str:
    """A time of the start's local day as "13:00", or with its date."""
    where = scene.span.where
    moment, on = scene.span.moment(minute).astimezone(where), localtime.local_day(start, where)
    if moment.date() == on:
        return moment.strftime("%H:%M")
    if moment == localtime.midnight(on + timedelta(days=1), where):
        return "24:00"
    return f"{moment:%H:%M} on {moment.day} {moment:%B}"


def _duration(minutes: int) -> str:
    """So many minutes as "90 minutes", "2 hours" or "3 days"."""
    for unit, length in (("day", 1440), ("hour", 60)):
        count, rest = divmod(minutes, length)
        if count and not rest:
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{minutes} minutes"
