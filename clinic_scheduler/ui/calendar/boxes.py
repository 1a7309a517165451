"""Visits and holds laid out as boxes: every text shaped and every pixel chosen before painting."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtGui import QStaticText

from clinic_scheduler.services.schedule import DaySchedule, HeldTime, Visit
from clinic_scheduler.ui import fonts, hues
from clinic_scheduler.ui.calendar.geometry import INSET, MARGIN, Geometry, fit
from clinic_scheduler.ui.calendar.lanes import Lane
from clinic_scheduler.ui.calendar.speech import wall_time
from clinic_scheduler.ui.calendar.typeset import Typesetter, one_line
from clinic_scheduler.ui.tokens import Theme

translate = QCoreApplication.translate

SIGN: Final = 12
BLANK: Final = 5  # between time and name
FINISHED: Final = frozenset({"completed", "no_show", "cancelled"})
SIGNLESS: Final = frozenset({"confirmed"})
STRUCK: Final = frozenset({"no_show", "cancelled"})


@dataclass(frozen=True, slots=True)
class Word:
    """A shaped text and its top left corner."""

    at: QPoint
    line: QStaticText
    width: int


@dataclass(frozen=True, slots=True)
class Badge:
    rect: QRect
    word: Word


@dataclass(frozen=True, slots=True)
class Box:
    """A visit as painted; `reach` is the y from which and to which it takes the column, with its buffers."""

    visit: Visit
    lane: Lane
    rect: QRect
    top: int
    bottom: int
    reach: tuple[int, int]
    colours: hues.Block
    name: Word | None
    small: tuple[Word, ...]
    badges: tuple[Badge, ...]
    sign: QPoint | None


@dataclass(frozen=True, slots=True)
class HoldBox:
    """A hold as painted; its countdown stands right-aligned in `clock`, which is empty if too narrow."""

    held: HeldTime
    rect: QRect
    words: tuple[Word, ...]
    clock: QRect


class Faces:
    """The fonts of the calendar, with what was measured in them."""

    def __init__(self) -> None:
        self.name = Typesetter(fonts.small(strong=True))
        self.small = Typesetter(fonts.tabular(fonts.tiny()))
        self.strong = Typesetter(fonts.tabular(fonts.tiny(strong=True)))
        self.line = self.name.height + 1
        self.badge_height = self.small.height + 1

    def sunk(self, small: Typesetter) -> int:
        """How much lower a smaller text starts so that it stands on the name's base line."""
        return self.name.ascent - small.ascent


def box(visit: Visit, lane: Lane, geometry: Geometry, theme: Theme, faces: Faces) -> Box:
    """The visit laid out; what does not fit is left out in the fixed order of `fit`."""
    x, y, width, height = geometry.box(visit.column, lane, visit.start, visit.end)
    time, patient = one_line(visit.time), one_line(visit.patient)
    time_width = faces.small.width(time) + BLANK if time else 0
    texts = badge_texts(visit)
    widths = [faces.small.width(text) + 12 for text in texts]
    sign_width = 0 if visit.status in SIGNLESS else SIGN + 4
    shown = fit(width, height, faces.line, time_width, faces.name.width(patient), sign_width, widths)
    left, right = x + INSET, x + width - MARGIN
    first = y + 3 if shown.lines > 1 else y + (height - faces.name.height) // 2
    sink = faces.sunk(faces.small)
    small: list[Word] = []
    name_left = left
    if shown.time and time:
        small.append(_word(time, left, first + sink, faces.small))
        name_left += time_width
    name = faces.name.cut(patient, shown.name) if shown.lines else ""
    if shown.lines > 1 and (service := _said(one_line(visit.service), shown.service, faces.small)):
        small.append(_word(service, left, first + faces.line + sink, faces.small))
    badge_left = left if shown.lines == 3 else left + shown.service + 4
    badge_top = first + faces.line * (shown.lines - 1) + sink - 1
    sign_top = first + faces.line * (shown.sign - 1) + (faces.name.height - SIGN) // 2
    return Box(
        visit, lane, QRect(x, y, width, height), y, y + height,
        (min(y, geometry.y(visit.busy_start) + 1), max(y + height, geometry.y(visit.busy_end) - 1)),
        hues.block(theme, visit.hue, is_finished=visit.status in FINISHED),
        _word(name, name_left, first, faces.name) if name else None,
        tuple(small), _badges(texts[: shown.badges], badge_left, badge_top, faces),
        QPoint(right - SIGN, sign_top) if shown.sign else None,
    )  # fmt: skip


def badge_texts(visit: Visit) -> list[str]:
    """The badges in the order of their weight; the last goes first where space is short."""
    texts = [one_line(visit.counter)] if visit.counter else []
    if visit.is_new:
        texts.append(translate("calendar", "New"))
    if visit.is_paid:
        texts.append(translate("calendar", "Paid"))
    if visit.has_note:
        texts.append(translate("calendar", "Note"))
    return texts


def hold_box(held: HeldTime, lane: Lane, schedule: DaySchedule, geometry: Geometry, faces: Faces) -> HoldBox:
    """The hold laid out: owner, or only the initials where narrow; service and countdown below."""
    x, y, width, height = geometry.box(held.column, lane, held.start, held.end)
    rect, space = QRect(x, y, width, height), width - INSET - MARGIN
    if height < faces.line - 2 or space < 2 * MARGIN:
        return HoldBox(held, rect, (), QRect())
    is_long = held.expires_at - schedule.now >= timedelta(hours=1)
    clock = faces.strong.width("0:00:00" if is_long else "00:00") + 10
    has_two = height >= 2 * faces.line + 2
    has_clock = space >= clock + (0 if has_two else 24)
    beside_clock = space - (clock + 4 if has_clock else 0)
    left, sink = x + INSET, faces.sunk(faces.small)
    first = y + 3 if has_two else y + (height - faces.name.height) // 2
    time = wall_time(schedule, held.start)
    words = _owner(held, time, left, first + sink, space if has_two else beside_clock, faces.small)
    if has_two and (service := _said(one_line(held.service), beside_clock, faces.small)):
        words.append(_word(service, left, first + faces.line + sink, faces.small))
    clock_top = first + (faces.line if has_two else 0) + sink - 1
    clock_rect = QRect(x + width - MARGIN - clock, clock_top, clock, faces.badge_height)
    return HoldBox(held, rect, tuple(words), clock_rect if has_clock else QRect())


def _owner(held: HeldTime, time: str, x: int, y: int, space: int, face: Typesetter) -> list[Word]:
    """Time and owner; time goes first, then the owner's name shrinks to the initials."""
    sentence = translate("calendar", "Held by {owner}")
    owner, initials = sentence.format(owner=one_line(held.owner)), one_line(held.initials)
    time_width = face.width(time) + BLANK
    if time_width + face.width(owner) <= space:
        return [_word(time, x, y, face), _word(owner, x + time_width, y, face)]
    tries = (owner, sentence.format(owner=initials), initials) if initials else (owner,)
    fitting = next((text for text in tries if face.width(text) <= space), "") or face.cut(tries[-1], space)
    return [_word(fitting, x, y, face)] if fitting else []


def _said(text: str, space: int, face: Typesetter) -> str:
    """The text as it fits; nothing where it would be a letter or two."""
    return face.cut(text, space) if space >= 32 or face.width(text) <= space else ""


def _badges(texts: list[str], left: int, top: int, faces: Faces) -> tuple[Badge, ...]:
    answer = []
    for text in texts:
        width = faces.small.width(text)
        rect = QRect(left, top, width + 8, faces.badge_height)
        answer.append(Badge(rect, _word(text, left + 4, top + 1, faces.small)))
        left += width + 12
    return tuple(answer)


def _word(text: str, x: int, y: int, face: Typesetter) -> Word:
    return Word(QPoint(x, y), face.line(text), face.width(text))
