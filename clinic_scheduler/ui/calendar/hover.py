"""What the pointer rests on, as a card of plain text."""

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QPoint, QRect

from clinic_scheduler.ui.calendar import speech
from clinic_scheduler.ui.calendar.boxes import Box, HoldBox
from clinic_scheduler.ui.calendar.scene import Scene


@dataclass(frozen=True, slots=True)
class Card:
    """`rect` in the content is where the card stays up."""

    text: str
    rect: QRect

    @property
    def html(self) -> str:
        """Escaped, since a tooltip guesses: a patient's name must never become markup."""
        return f'<div style="white-space: pre">{escape(self.text)}</div>'


def card(scene: Scene, point: QPoint) -> Card | None:
    """The card for a point of the content: a visit, a hold or the reason why it is closed."""
    found = scene.at(point)
    if isinstance(found, Box):
        return Card(speech.visit_card(scene.schedule, found.visit), found.rect)
    if isinstance(found, HoldBox):
        return Card(speech.hold_card(scene.schedule, found.held), found.rect)
    column = scene.geometry.column_at(point.x())
    if column < 0:
        return None
    minute = scene.geometry.minute_at(point.y())
    for shut in scene.contents[column].closed:
        if shut.start <= minute < shut.end:
            top, bottom = scene.geometry.y(shut.start), scene.geometry.y(shut.end)
            whole = scene.column_rect(column)
            return Card(
                speech.closed_card(scene.schedule, shut), QRect(whole.x(), top, whole.width(), bottom - top)
            )
    return None


def flowing(text: str) -> str:
    """Sentences for a tooltip that breaks them; escaped, since it guesses."""
    return f"<div>{escape(text)}</div>"
