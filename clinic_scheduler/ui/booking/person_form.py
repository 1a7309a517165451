"""The fields of a person: of a guest, or of somebody to be put on record."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_scheduler.errors import InvalidInput
from clinic_scheduler.services.people import persons
from clinic_scheduler.ui.booking import dates
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.fields import Field


@dataclass(frozen=True, slots=True)
class Person:
    """Checked and in their one form."""

    name: str
    phone: str
    email: str
    birth_date: date | None


class PersonForm(QWidget):
    """What is typed is kept with the booking under `prefix`, whether it can be used or not."""

    def __init__(
        self, draft: Draft, prefix: str, *, with_birth_date: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._draft, self._prefix = draft, prefix
        self.fields = {
            "name": Field(self.tr("Name"), persons.LONGEST_NAME),
            "phone": Field(self.tr("Phone"), 40),
            "email": Field(self.tr("E-mail"), 320, self.tr("name@example.com")),
        }
        if with_birth_date:
            self.fields["birth_date"] = Field(self.tr("Birth date"), 20, dates.shown(date(1980, 5, 31)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field in self.fields.values():
            field.edited.connect(self._keep)
            column.addWidget(field)
        column.addStretch()

    def restore(self) -> None:
        """Put in what was typed before."""
        typed = self._draft.typed
        for name, field in self.fields.items():
            field.fill(typed.get(f"{self._prefix}_{name}", ""))

    def begin(self, text: str) -> None:
        """Start with what was searched for, a name or a number, where nothing stands here yet."""
        field = self.fields["name" if any(c.isalpha() for c in text) else "phone"]
        if text and not field.text:
            field.fill(text)
            self._keep(text)

    def take_keyboard(self) -> None:
        """Go to the first field that is empty."""
        empty = next((f for f in self.fields.values() if not f.text), self.fields["name"])
        empty.line.setFocus()

    def read(self, country: str) -> Person:
        """What is typed, checked; the first thing wrong is said at its field.

        Raises:
            InvalidInput: with the field.
        """
        for field in self.fields.values():
            field.tell("")
        return Person(
            persons.clean_name(self.fields["name"].text),
            persons.clean_phone(self.fields["phone"].text, country),
            persons.clean_email(self.fields["email"].text),
            dates.read(self.fields["birth_date"].text) if "birth_date" in self.fields else None,
        )

    def refuse(self, error: InvalidInput) -> None:
        """Say what is wrong at its field."""
        self.fields.get(error.field, self.fields["name"]).refuse(str(error))

    def _keep(self, _text: str) -> None:
        texts = {f"{self._prefix}_{name}": field.text for name, field in self.fields.items()}
        self._draft.note(**texts)
