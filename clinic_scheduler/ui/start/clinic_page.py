"""The page for a clinic of one's own: the clinic, one practitioner, one service."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QTimeEdit, QWidget

from clinic_scheduler.services.people.persons import LONGEST_NAME
from clinic_scheduler.services.setup import NewClinic
from clinic_scheduler.ui import controls
from clinic_scheduler.ui.start import clinic, places
from clinic_scheduler.ui.start.field import Field, SearchCombo
from clinic_scheduler.ui.start.form import Form
from clinic_scheduler.ui.start.weekdays import Weekdays


class ClinicPage(Form):
    """Asks for the least with which a clinic can take a booking."""

    def __init__(self, database: Path) -> None:
        super().__init__(
            self.tr("Set up my clinic"),
            self.tr("This is enough to take the first booking. All of it can be changed later."),
        )
        self._locale = QLocale()
        self._is_currency_chosen = False
        self._make_clinic(database)
        self._make_practitioner()
        self._make_service()
        self._column.addStretch()
        self._suggest()
        self._listen()

    def problems(self) -> dict[str, str]:
        return clinic.problems(self.draft(), self._locale)

    def draft(self) -> clinic.ClinicDraft:
        """What stands in the fields."""
        lunch = (
            (_minute(self._lunch_start), _minute(self._lunch_end)) if self._has_lunch.isChecked() else None
        )
        return clinic.ClinicDraft(
            name=self._name.text(),
            zone=self._zone.key,
            country=self._country.key,
            currency=self._currency.currentText(),
            practitioner=self._practitioner.text(),
            profession=self._profession.text(),
            weekdays=self._weekdays.chosen,
            opens_min=_minute(self._opens),
            # Midnight, as an end, is the day's.
            closes_min=_minute(self._closes) or 1440,
            lunch=lunch,
            service=self._service.text(),
            duration_min=self._duration.value(),
            price=self._price.text(),
        )

    def made(self, new_id: Callable[[], UUID]) -> NewClinic:
        """The clinic, once `is_complete` found nothing wrong."""
        return clinic.made(self.draft(), new_id, self._locale)

    def _make_clinic(self, database: Path) -> None:
        self._name, self._currency = _line(), QComboBox()
        self._zone, self._country = SearchCombo(places.zones()), SearchCombo(places.countries())
        self._currency.addItems(places.currencies())
        self._currency.setCurrentText("EUR")
        lies = QLineEdit(str(database))
        lies.setReadOnly(True)
        lies.setCursorPosition(0)
        grid = self._section(self.tr("The clinic"))
        spoken = self.tr("Name of the clinic")
        grid.addWidget(
            self._add("clinic_name", Field(self.tr("Name"), self._name, spoken=spoken)), 1, 0, 1, 2
        )
        grid.addWidget(self._add("zone", Field(self.tr("Time zone"), self._zone)), 2, 0, 1, 2)
        grid.addWidget(self._add("country", Field(self.tr("Country"), self._country)), 3, 0)
        grid.addWidget(self._add("currency", Field(self.tr("Currency"), self._currency)), 3, 1)
        hint = self.tr("One file on this computer; back it up like any other.")
        grid.addWidget(Field(self.tr("The data will be kept in"), lies, hint=hint), 4, 0, 1, 2)

    def _make_practitioner(self) -> None:
        self._practitioner, self._profession = _line(), _line()
        self._profession.setPlaceholderText(self.tr("Physiotherapist"))
        self._weekdays = Weekdays(self._locale)
        self._opens, self._closes = _time(9), _time(17)
        self._lunch_start, self._lunch_end = _time(12, 30), _time(13, 30)
        self._has_lunch = QCheckBox(self.tr("Lunch break"))
        self._has_lunch.setChecked(True)
        self._lunch_start.setAccessibleName(self.tr("Lunch break from"))
        self._lunch_end.setAccessibleName(self.tr("Lunch break until"))
        hours = Field(self.tr("Working hours"), _row(self._opens, self._closes))
        self._opens.setAccessibleName(self.tr("Work begins at"))
        self._closes.setAccessibleName(self.tr("Work ends at"))
        grid = self._section(self.tr("The first practitioner"))
        name = Field(self.tr("Name"), self._practitioner, spoken=self.tr("Name of the practitioner"))
        grid.addWidget(self._add("resource_name", name), 1, 0)
        grid.addWidget(self._add("role", Field(self.tr("Profession (optional)"), self._profession)), 1, 1)
        grid.addWidget(self._add("weekdays", Field(self.tr("Works on"), self._weekdays)), 2, 0, 1, 2)
        grid.addWidget(self._add("hours", hours), 3, 0)
        lunch = Field(self._has_lunch, _row(self._lunch_start, self._lunch_end))
        grid.addWidget(self._add("lunch", lunch), 3, 1)
        hours.align_with(lunch)

    def _make_service(self) -> None:
        self._service, self._price, self._duration = _line(), QLineEdit(), QSpinBox()
        self._service.setPlaceholderText(self.tr("Physiotherapy"))
        self._duration.setRange(5, 1440)
        self._duration.setSingleStep(5)
        self._duration.setValue(45)
        self._duration.setSuffix(self.tr(" min"))
        self._price.setMaxLength(20)
        grid = self._section(self.tr("The first service"))
        name = Field(self.tr("Name"), self._service, spoken=self.tr("Name of the service"))
        grid.addWidget(self._add("service_name", name), 1, 0, 1, 2)
        grid.addWidget(self._add("duration", Field(self.tr("Duration"), self._duration)), 2, 0)
        price = Field(self.tr("Price"), self._price, hint=self.tr("Leave it empty if it is free."))
        grid.addWidget(self._add("price", price), 2, 1)

    def _suggest(self) -> None:
        zone = places.system_zone()
        self._zone.choose(zone)
        self._country.choose(places.country_of(zone))
        self._follow_country()

    def _listen(self) -> None:
        for line in (self._name, self._practitioner, self._profession, self._service, self._price):
            line.textChanged.connect(self._on_edit)
        for combo in (self._zone, self._country, self._currency):
            combo.currentTextChanged.connect(self._on_edit)
        for time in (self._opens, self._closes, self._lunch_start, self._lunch_end):
            time.timeChanged.connect(self._on_edit)
        self._weekdays.changed.connect(self._on_days)
        self._duration.valueChanged.connect(self._on_edit)
        self._has_lunch.toggled.connect(self._lunch_start.setEnabled)
        self._has_lunch.toggled.connect(self._lunch_end.setEnabled)
        self._has_lunch.toggled.connect(self._on_edit)
        self._country.currentTextChanged.connect(self._follow_country)
        self._currency.activated.connect(self._keep_currency)

    def _on_days(self) -> None:
        self.field("weekdays").is_touched = True
        self._on_edit()

    def _keep_currency(self) -> None:
        self._is_currency_chosen = True

    def _follow_country(self) -> None:
        code = places.currency_of(self._country.key) if self._country.key else ""
        if code and not self._is_currency_chosen:
            self._currency.setCurrentText(code)


def _line() -> QLineEdit:
    line = QLineEdit()
    # One more than is allowed, so that a pasted text is refused with words and not cut unseen.
    line.setMaxLength(LONGEST_NAME + 1)
    return line


def _time(hour: int, minute: int = 0) -> QTimeEdit:
    edit = QTimeEdit(QTime(hour, minute))
    edit.setDisplayFormat(QLocale().timeFormat(QLocale.FormatType.ShortFormat))
    return edit


def _minute(edit: QTimeEdit) -> int:
    return edit.time().msecsSinceStartOfDay() // 60_000


def _row(start: QTimeEdit, end: QTimeEdit) -> QWidget:
    """Two times side by side, with a dash between."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(start, 1)
    line.addWidget(controls.label("\N{EN DASH}", tone="muted"))
    line.addWidget(end, 1)
    row.setFocusProxy(start)
    return row
