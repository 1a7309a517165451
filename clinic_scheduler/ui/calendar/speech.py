"""How a day is said: one sentence for each thing that the calendar paints."""

from PySide6.QtCore import QCoreApplication, QLocale

from clinic_scheduler.services.days.schedule import ClosedTime, DaySchedule, HeldTime, Visit
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.calendar.typeset import one_line

translate = QCoreApplication.translate


def visit(schedule: DaySchedule, shown: Visit) -> str:
    """As in "Tuesday 14:10, Ana Silva, Physiotherapy, session 3 of 6, confirmed, with Chloé Martin"."""
    parts = [
        _when(schedule, shown.column, one_line(shown.time)),
        one_line(shown.patient),
        one_line(shown.service),
        _session(shown.counter),
        texts.status_word(shown.status).lower(),
        translate("calendar", "with {name}").format(name=_column(schedule, shown.column)),
        *_extras(shown),
    ]
    return ", ".join(part for part in parts if part)


def hold(schedule: DaySchedule, held: HeldTime) -> str:
    """Who holds which time, and where."""
    sentence = translate("calendar", "{when}, {service}, held by {owner} at {workstation}, with {name}")
    return sentence.format(
        when=_when(schedule, held.column, schedule.wall_time(held.start)),
        service=one_line(held.service),
        owner=one_line(held.owner),
        workstation=one_line(held.workstation),
        name=_column(schedule, held.column),
    )


def empty_time(schedule: DaySchedule, column: int, minute: int) -> str:
    """What stands at a time without a visit: free, or closed and why."""
    when = _when(schedule, column, schedule.wall_time(minute))
    for shut in schedule.closed:
        if shut.column == column and shut.start <= minute < shut.end:
            state = reason(shut) or translate("calendar", "Closed")
            break
    else:
        state = translate("calendar", "Free time")
    return f"{when}, {state}, {_column(schedule, column)}"


def reason(shut: ClosedTime) -> str:
    """The label of closed time; empty for hours outside work."""
    if shut.reason:
        return one_line(shut.reason)
    names = {
        "break": translate("calendar", "Break"),
        "time_off": translate("calendar", "Time off"),
        "closure": translate("calendar", "Closed"),
    }
    return names.get(shut.kind, "")


def visit_card(schedule: DaySchedule, shown: Visit) -> str:
    """The hover card of a visit, in lines."""
    end = schedule.wall_time(shown.end)
    lines = [
        one_line(shown.patient),
        translate("calendar", "{start} to {end}").format(start=one_line(shown.time), end=end),
        one_line(shown.service),
        _session(shown.counter).capitalize(),
        ", ".join(part for part in (_column(schedule, shown.column), one_line(shown.room)) if part),
        ", ".join([texts.status_word(shown.status), *_extras(shown)]),
        _buffers(shown),
        one_line(shown.lane_reason),
    ]
    return "\n".join(line for line in lines if line)


def hold_card(schedule: DaySchedule, held: HeldTime) -> str:
    """The hover card of a hold, in lines."""
    lines = [
        translate("calendar", "Held by {owner}").format(owner=one_line(held.owner)),
        translate("calendar", "{start} to {end}").format(
            start=schedule.wall_time(held.start), end=schedule.wall_time(held.end)
        ),
        one_line(held.service),
        "" if held.workstation in held.owner else one_line(held.workstation),  # what is offered is at no desk
    ]
    return "\n".join(line for line in lines if line)


def closed_card(schedule: DaySchedule, shut: ClosedTime) -> str:
    """The hover card of closed time: why, and from when to when."""
    span = translate("calendar", "{start} to {end}").format(
        start=schedule.wall_time(shut.start), end=schedule.wall_time(shut.end)
    )
    return f"{reason(shut) or translate('calendar', 'Outside working hours')}\n{span}"


def _session(counter: str) -> str:
    done, slash, whole = counter.partition("/")
    if not slash:
        return ""
    return translate("calendar", "session {number} of {count}").format(number=done, count=whole)


def _extras(shown: Visit) -> list[str]:
    extras = []
    if shown.is_new:
        extras.append(translate("calendar", "new patient"))
    if shown.is_paid:
        extras.append(translate("calendar", "paid"))
    if shown.has_note:
        extras.append(translate("calendar", "has a note"))
    return extras


def _buffers(shown: Visit) -> str:
    before, after = shown.start - shown.busy_start, shown.busy_end - shown.end
    if before and after:
        return translate("calendar", "{before} min before and {after} min after kept free").format(
            before=before, after=after
        )
    if before:
        return translate("calendar", "{before} min before kept free").format(before=before)
    return translate("calendar", "{after} min after kept free").format(after=after) if after else ""


def _when(schedule: DaySchedule, column: int, time: str) -> str:
    return f"{QLocale().dayName(schedule.date_of(column).isoweekday())} {time}"


def _column(schedule: DaySchedule, column: int) -> str:
    return one_line(schedule.columns[column].name)
