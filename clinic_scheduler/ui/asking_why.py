"""Why a service is not possible at a time: asked by command, or by resting the pointer there with Alt held."""

from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolTip

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.obstacles import obstacles
from clinic_scheduler.services.obstacles.obstacles import Why
from clinic_scheduler.services.wishes import Wish

from .booking_desk import BookingDesk
from .calendar import hover
from .calendar.typeset import one_line
from .calendar_page import CalendarPage
from .tasks import Tasks


class AskingWhy(QObject):
    """Asks about the service that was chosen last, where nothing else is said.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(self, tasks: Tasks, actor: Actor, page: CalendarPage, bookings: BookingDesk) -> None:
        super().__init__(page)
        self._tasks, self._actor, self._page, self._bookings = tasks, actor, page, bookings
        self._last: UUID | None = None
        page.day_view.why_wanted.connect(self._hover)

    def ask_why(self) -> None:
        """Ask which service would be wished here, then say why it cannot be."""
        time = self._page.cursor_time()
        if time is None or self._page.view.by != "practitioner":
            self.told.emit(self.tr("Go to an empty time of a practitioner first, then ask why not."))
            return
        self._bookings.with_catalogue(partial(self._ask_which, *time))

    def _ask_which(self, practitioner_id: UUID, start: datetime, offered: Catalogue) -> None:
        menu = QMenu(self._page)
        for service in _performed(offered, practitioner_id):
            action = QAction(one_line(service.name).replace("&", "&&"), menu)
            action.setData((service, practitioner_id, start))
            menu.addAction(action)
        if menu.isEmpty():
            self.told.emit(self.tr("This practitioner performs no service yet."))
            return
        menu.triggered.connect(self._ask)
        menu.popup(self._page.cursor_place())

    def _ask(self, action: QAction) -> None:
        service, practitioner_id, start = action.data()
        self._last = service.id
        self._read(service, practitioner_id, start, None)

    def _hover(self, resource_id: UUID, start: datetime, place: QPoint) -> None:
        if self._page.view.by == "practitioner":
            self._bookings.with_catalogue(partial(self._ask_last, resource_id, start, place))

    def _ask_last(self, practitioner_id: UUID, start: datetime, place: QPoint, offered: Catalogue) -> None:
        """Of the services that this practitioner performs, the one asked for last, else the first."""
        services = _performed(offered, practitioner_id)
        if services:
            asked = next((one for one in services if one.id == self._last), services[0])
            self._read(asked, practitioner_id, start, place)

    def _read(
        self, service: ServiceFacts, practitioner_id: UUID, start: datetime, place: QPoint | None
    ) -> None:
        work = partial(
            obstacles.ask,
            clinic_id=self._actor.clinic_id,
            wish=Wish(service.id),
            practitioner_id=practitioner_id,
            start=start,
        )
        self._tasks.read(self, work, partial(self._tell, one_line(service.name), place), latest="why")

    def _tell(self, name: str, place: QPoint | None, why: Why) -> None:
        if why.is_free:
            words = self.tr("{service} is possible here.").format(service=name)
        else:
            changes = dict.fromkeys(change.words for change in why.changes[:2])
            words = " ".join([f"{name}:", *why.sentences[:3], *changes])
        if place is None:
            self.told.emit(words)
        else:
            QToolTip.showText(place, hover.flowing(words), self._page.day_view)


def _performed(offered: Catalogue, practitioner_id: UUID) -> list[ServiceFacts]:
    return [
        service
        for service in offered.services
        if any(one.practitioner_id == practitioner_id for one in service.performers)
    ]
