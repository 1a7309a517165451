"""Another price for one service of the visit, with the reason that is kept with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from clinic_scheduler.errors import ClinicError, InvalidInput
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.taking import prices
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui import controls, texts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.payment import LONGEST, amount
from clinic_scheduler.ui.calendar.typeset import one_line

WIDTH = 440


class PriceDialog(QDialog):
    """Shown only to whoever may override; stays open until the price is agreed on.

    Signals:
        wanted: the number of the part, the price in the smallest unit, and the reason.
    """

    wanted = Signal(int, int, str)

    def __init__(self, parts: Sequence[Part], catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Another price"))
        self.setMinimumWidth(WIDTH)
        self._parts, self._currency = tuple(parts), catalogue.clinic.currency
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("Service"))
        for part in parts:
            self.which.addItem(one_line(words.part_name(catalogue, part)))
        self.which.setVisible(len(parts) > 1)
        self.price = Field(self.tr("Price"), LONGEST)
        self.reason = Field(self.tr("Reason, kept with the visit"), prices.LONGEST_REASON)
        buttons = QDialogButtonBox()
        self.go = buttons.addButton(self.tr("Agree on this price"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("primary", True)
        leave = buttons.addButton(self.tr("Leave it"), QDialogButtonBox.ButtonRole.RejectRole)
        leave.setAutoDefault(False)
        buttons.accepted.connect(self._ask)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        for part_of in (
            controls.heading(self.tr("Another price")),
            self.which,
            self.price,
            self.reason,
            buttons,
        ):
            column.addWidget(part_of)
        self.which.currentIndexChanged.connect(self._show)
        self._show(0)
        self.price.line.setFocus()

    def _show(self, number: int) -> None:
        part = self._parts[number]
        listed = part.price_cents if part.listed_cents is None else part.listed_cents
        self.price.fill(texts.money(part.price_cents, self._currency))
        self.price.line.selectAll()
        self.price.tell(self.tr("Listed at {price}").format(price=texts.money(listed, self._currency)))
        self.reason.fill(part.price_reason)

    def _ask(self) -> None:
        cents = amount(self.price.text, self._currency)
        if cents is None or cents < 0:
            self.price.refuse(
                self.tr("Please write an amount such as {example}.").format(
                    example=texts.money(self._parts[0].price_cents, self._currency)
                )
            )
            return
        self.wanted.emit(self.which.currentIndex(), cents, self.reason.text)

    def refuse(self, error: ClinicError) -> None:
        """Say at the field why it cannot be."""
        is_reason = isinstance(error, InvalidInput) and error.field == "reason"
        (self.reason if is_reason else self.price).refuse(str(error))
