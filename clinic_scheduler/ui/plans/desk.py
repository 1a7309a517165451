"""What the desk does with plans from wherever: goes to them, and books what is offered when a session is done."""

from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinic_scheduler.ui.acting import Acting
from clinic_scheduler.ui.booking_desk import BookingDesk
from clinic_scheduler.ui.desk import Desk
from clinic_scheduler.ui.places import PLANS, Place, Places

from .acts import PlanActs
from .offer_strip import OfferStrip


class PlansDesk(QObject):
    """The commands of the plans, and the strip that offers the next session.

    Signals:
        told: a sentence for the desk.
        refused: a ClinicError.
    """

    told = Signal(str)
    refused = Signal(object)

    def __init__(
        self, desk: Desk, bookings: BookingDesk, acting: Acting, places: Places, window: QWidget
    ) -> None:
        super().__init__(window)
        self._desk, self._bookings, self._acting = desk, bookings, acting
        self._places, self._window = places, window
        acts = PlanActs(desk, acting, bookings, window)
        self.strip = OfferStrip(desk, bookings, acts)
        for speaker in (acts, self.strip):
            speaker.told.connect(self.told)
            speaker.refused.connect(self.refused)

    def make_place(self) -> Place:
        """The place of the plans, when somebody first goes there; nobody waits for it at the start."""
        from .place import PlansPlace  # noqa: PLC0415

        return PlansPlace(self._desk, self._acting, self._bookings, self._window)

    def show_plans(self) -> None:
        """Go to the plans."""
        self._places.go(PLANS)

    def show_plan(self, plan_id: UUID) -> None:
        """Go to one plan."""
        from .place import PlansPlace  # noqa: PLC0415 - as above

        self._places.go(PLANS)
        place = self._places.at(PLANS)
        if isinstance(place, PlansPlace):
            place.show_plan(plan_id)

    def book_offered(self) -> None:
        """Book the session that is offered."""
        self.strip.book_offered()
