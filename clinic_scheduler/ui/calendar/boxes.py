"""Visits and holds laid out as boxes: every text shaped and every pixel chosen before painting."""

from datetime import timedelta
from typing import Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QRect

from clinic_scheduler.services.days.schedule import DaySchedule, HeldTime, Visit
from clinic_scheduler.ui import fonts, hues
from clinic_scheduler.ui.calendar.geometry import INSET, MARGIN, Fit, Geometry, fit, has_room
from clinic_scheduler.ui.calendar.lanes import Lane
from clinic_scheduler.ui.calendar.typeset import Typesetter, Word, one_line
from clinic_scheduler.ui.tokens import Theme

translate = QCoreApplication.translate

SIGN: Final = 12
BLANK: Final = 5  # between time and name
FINISHED: Final = frozenset({"completed", "no_show", "cancelled"})
SIGNLESS: Final = frozenset({"confirmed"})
STRUCK: Final = frozenset({"no_show", "cancelled"})


class Badge(NamedTuple):
    rect: QRect
    word: Word


class Box(NamedTuple):
    """A visit as painted; from and to the y of `reach` it takes the column with its buffers.

    From and to the y of `gap` the practitioner is free.

    A tuple, not a dataclass: a day makes hundreds, and frozen dataclasses take five times as long.
    """

    visit: Visit
    lane: Lane
    x: int
    y: int
    width: int
    height: int
    reach: tuple[int, int]
    colours: hues.Block
    name: Word | None
    small: list[Word]
    badges: list[Badge]
    sign: tuple[int, int] | None
    gap: tuple[int, int] | None

    @property
    def rect(self) -> QRect:
        return QRect(self.x, self.y, self.width, self.height)


class HoldBox(NamedTuple):
    """A hold as painted; its countdown stands right-aligned in `clock`, which is empty if too narrow."""

    held: HeldTime
    rect: QRect
    words: list[Word]
    clock: QRect


class Faces:
    """The fonts of the calendar, with what was measured in them."""

    def __init__(self) -> None:
        self.name = Typesetter(fonts.small(strong=True))
        self.small = Typesetter(fonts.tabular(fonts.tiny()))
        self.strong = Typesetter(fonts.tabular(fonts.tiny(strong=True)))
        self.line = self.name.height + 1
        self.badge_height = self.small.height + 1
        self.sink = self.name.ascent - self.small.ascent  # so that small texts stand on the name's base line


def box(visit: Visit, lane: Lane, hue: int, geometry: Geometry, theme: Theme, faces: Faces) -> Box:
    """The visit laid out in a hue; what does not fit is left out in the fixed order of `fit`."""
    x, y, width, height = geometry.box(visit.column, lane, visit.start, visit.end)
    status = visit.status
    colours = hues.block(theme, hue, is_finished=status in FINISHED)
    reach = (y, y + height)
    if visit.busy_start < visit.start or visit.busy_end > visit.end:
        reach = (min(y, geometry.y(visit.busy_start) + 1), max(y + height, geometry.y(visit.busy_end) - 1))
    gap = (geometry.y(visit.gap_start), geometry.y(visit.gap_end)) if visit.gap_end else None
    if not has_room(width, height, faces.line):  # before anything is measured
        return Box(visit, lane, x, y, width, height, reach, colours, None, [], [], None, gap)
    bold, tiny, line = faces.name, faces.small, faces.line
    time, patient, texts = visit.time, one_line(visit.patient), badge_texts(visit)
    whole = bold.width(patient)
    shown = fit(
        width, height, line,
        tiny.width(time) + BLANK if whole < width else width,  # not measured where the name takes it all
        whole, 0 if status in SIGNLESS else SIGN + 4, [tiny.width(text) + 12 for text in texts],
    )  # fmt: skip
    left = x + INSET
    first = y + 3 if shown.lines > 1 else y + (height - bold.height) // 2
    small: list[Word] = []
    if shown.time and time:
        small.append(tiny.word(time, left, first + faces.sink))
        name = bold.fitted(patient, shown.name, left + small[0].width + BLANK, first)
    else:
        name = bold.fitted(patient, shown.name, left, first)
    if shown.lines > 1:
        service = _said(visit.service, shown.service, left, first + line + faces.sink, tiny)
        if service is not None:
            small.append(service)
    sign = None
    if shown.sign:
        sign_top = first + line * (shown.sign - 1) + (bold.height - SIGN) // 2
        sign = (x + width - MARGIN - SIGN, sign_top)
    badges = _badges(texts, shown, left, first, faces) if shown.badges else []
    return Box(visit, lane, x, y, width, height, reach, colours, name, small, badges, sign, gap)


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
    if not has_room(width, height, faces.line):
        return HoldBox(held, rect, [], QRect())
    is_long = held.expires_at - schedule.now >= timedelta(hours=1)
    clock = faces.strong.width("0:00:00" if is_long else "00:00") + 10
    has_two = height >= 2 * faces.line + 2
    has_clock = space >= clock + (0 if has_two else 24)
    beside_clock = space - (clock + 4 if has_clock else 0)
    left, sink = x + INSET, faces.sink
    first = y + 3 if has_two else y + (height - faces.name.height) // 2
    time = schedule.wall_time(held.start)
    words = _owner(held, time, left, first + sink, space if has_two else beside_clock, faces.small)
    if has_two:
        service = _said(held.service, beside_clock, left, first + faces.line + sink, faces.small)
        words += [service] if service else []
    clock_top = first + (faces.line if has_two else 0) + sink - 1
    clock_rect = QRect(x + width - MARGIN - clock, clock_top, clock, faces.badge_height)
    return HoldBox(held, rect, words, clock_rect if has_clock else QRect())


def _owner(held: HeldTime, time: str, x: int, y: int, space: int, face: Typesetter) -> list[Word]:
    """Time and owner; time goes first, then the owner's name shrinks to the initials."""
    sentence = translate("calendar", "Held by {owner}")
    owner, initials = sentence.format(owner=one_line(held.owner)), one_line(held.initials)
    time_width = face.width(time) + BLANK
    if time_width + face.width(owner) <= space:
        return [face.word(time, x, y), face.word(owner, x + time_width, y)]
    tries = (owner, sentence.format(owner=initials), initials) if initials else (owner,)
    fitting = next((text for text in tries if face.width(text) <= space), "") or face.cut(tries[-1], space)
    return [face.word(fitting, x, y)] if fitting else []


def _said(text: str, space: int, x: int, y: int, face: Typesetter) -> Word | None:
    """The text as it fits; nothing where it would be a letter or two."""
    line = one_line(text)
    return face.fitted(line, space, x, y) if space >= 32 or face.width(line) <= space else None


def _badges(texts: list[str], shown: Fit, left: int, first: int, faces: Faces) -> list[Badge]:
    x = left if shown.lines == 3 else left + shown.service + 4
    y = first + faces.line * (shown.lines - 1) + faces.sink
    badges = []
    for text in texts[: shown.badges]:
        word = faces.small.word(text, x + 4, y)
        badges.append(Badge(QRect(x, y - 1, word.width + 8, faces.badge_height), word))
        x += word.width + 12
    return badges
