"""How the visit is paid: its state, the way, and how much of it now."""

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.taking import prices
from clinic_scheduler.services.unfinished.choices import HIGHEST_PRICE
from clinic_scheduler.ui import controls, fonts, texts
from clinic_scheduler.ui.booking import words
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.fields import Field
from clinic_scheduler.ui.booking.frames import wide

LONGEST = 20
PART = "part_paid"
CAPTION = 72  # pixels, so that the boxes of the review stand below each other


def amount(text: str, currency: str, locale: QLocale | None = None) -> int | None:
    """The money that is meant, in the currency's smallest unit; None if that cannot be told.

    Understands the clinic's own writing, with or without a sign: "12,50 €", "12.5", "1.200,00".
    """
    locale = locale or QLocale()
    plain = "".join(c for c in text if c.isdigit() or c in "+-.,'\N{RIGHT SINGLE QUOTATION MARK}")
    if not any(c.isdigit() for c in plain):
        return None
    number, is_read = locale.toDouble(plain)
    if not is_read:
        number, is_read = QLocale.c().toDouble(plain)
    unit = 10 ** texts.digits(currency)
    cents = round(number * unit)
    return cents if is_read and abs(number * unit - cents) < 1e-6 and abs(cents) < HIGHEST_PRICE else None


class Payment(QWidget):
    """Three fields of the review; what is wrong is said below them.

    Signals:
        changed: something of it was chosen.
    """

    changed = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self.state, self.method = combo(self.tr("Payment")), combo(self.tr("Paid by"))
        self.paid = Field(self.tr("Paid now"), LONGEST)
        self.method_error = below()
        self.state.activated.connect(self._choose)
        self.method.activated.connect(self._choose)
        self.paid.edited.connect(self._read)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number, (name, box) in enumerate(
            ((self.tr("Payment"), self.state), (self.tr("Paid by"), self.method))
        ):
            caption = controls.label(name, "muted")
            caption.setBuddy(box)
            grid.addWidget(caption, number, 0)
            grid.addWidget(box, number, 1)
        grid.addWidget(self.method_error, 2, 1)
        grid.addWidget(self.paid, 3, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, CAPTION)

    def restore(self) -> None:
        """Show what is chosen."""
        chosen = self._draft.choices
        fill(
            self.state, [(key, texts.payment_word(key)) for key in words.PAYMENT_STATES], chosen.payment_state
        )
        fill(
            self.method,
            [(key, texts.method_word(key)) for key in words.PAYMENT_METHODS],
            chosen.payment_method,
        )
        self.paid.fill(self._draft.typed.get("paid", ""))
        self._show_part()

    def check(self) -> bool:
        """Whether what is chosen can be booked; what is wrong is said where it is."""
        chosen = self._draft.choices
        try:
            prices.paid_cents(chosen)
        except InvalidInput as error:
            if error.field == "paid":
                self.paid.refuse(str(error))
            else:
                self._refuse_method()
            return False
        if chosen.payment_state == "paid" and not chosen.payment_method:
            self._refuse_method()
            return False
        return True

    def _choose(self, _index: int) -> None:
        self.method_error.hide()
        self._draft.edit(
            payment_state=self.state.currentData(), payment_method=self.method.currentData(), **self._part()
        )
        self._show_part()
        self.changed.emit()

    def _part(self) -> dict[str, int]:
        is_part = self.state.currentData() == PART
        return {"paid_cents": (self._amount() or 0) if is_part else 0}

    def _amount(self) -> int | None:
        return amount(self.paid.text, self._draft.catalogue.clinic.currency)

    def _read(self, text: str) -> None:
        self._draft.note(paid=text)
        self._draft.edit(paid_cents=self._amount() or 0)
        self._show_part()

    def _show_part(self) -> None:
        chosen, currency = self._draft.choices, self._draft.catalogue.clinic.currency
        self.paid.setVisible(chosen.payment_state == PART)
        left = sum(part.price_cents for part in chosen.parts) - chosen.paid_cents
        is_some = chosen.paid_cents > 0 and left > 0
        self.paid.tell(
            self.tr("{money} left to pay").format(money=texts.money(left, currency)) if is_some else ""
        )

    def _refuse_method(self) -> None:
        self.method_error.setText(self.tr("Please say how it was paid."))
        self.method_error.show()
        self.method.setFocus()


def combo(name: str) -> QComboBox:
    """An empty box to choose from."""
    box = QComboBox()
    box.setAccessibleName(name)
    return box


def below() -> QLabel:
    """A hidden line for what is wrong."""
    made = wide(controls.label(tone="error"))
    made.setFont(fonts.small())
    made.hide()
    return made


def fill(box: QComboBox, choices: list[tuple[str, str]], chosen: str) -> None:
    """Offer these keys with their texts, `chosen` first marked."""
    box.clear()
    for key, text in choices:
        box.addItem(text, key)
    box.setCurrentIndex(max(0, box.findData(chosen)))
