"""Tasks of the desk in words."""

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.calls.to_do import Task
from clinic_scheduler.services.people.persons import shown_phone
from clinic_scheduler.ui.calendar.typeset import one_line

translate = QCoreApplication.translate


def kind(word: str) -> str:
    """What a task is about, as in "Call back"."""
    said = {
        "call_back": translate("to_do", "Call back"),
        "offer": translate("to_do", "Offer a time"),
        "confirm": translate("to_do", "Confirm"),
        "next_session": translate("to_do", "Next session"),
        "move": translate("to_do", "Find another time"),
        "other": translate("to_do", "Other"),
    }
    return said[word]


def whole(task: Task, country: str) -> str:
    """All of a task, for below the list."""
    phone = shown_phone(task.about.phone, country) if task.about.phone else ""
    about = " · ".join(part for part in (one_line(task.about.name), phone) if part)
    return "\n".join(part for part in (about, one_line(task.text), task.note) if part)


def leads_to_others(task: Task) -> bool:
    """Whether its time is to be offered to somebody who is still to be found."""
    return task.kind == "offer" and task.about.offer_id is not None and not task.about.name
