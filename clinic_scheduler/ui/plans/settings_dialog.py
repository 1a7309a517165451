"""How a service is given in several sessions: typed at the left, told in plain sentences at the right."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from clinic_scheduler.errors import ChangedMeanwhile, ClinicError, InvalidInput
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts
from clinic_scheduler.services.plans import settings
from clinic_scheduler.services.plans.settings import PlanSettings
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.desk import Desk

from .frame import PlanDialog
from .settings_form import SettingsForm, session_of
from .settings_preview import SettingsPreview

SIZE = (1180, 720)


class SettingsDialog(PlanDialog):
    """One service at a time; what was typed is kept until it is saved or thrown away.

    Signals:
        told: a sentence for the desk.
    """

    told = Signal(str)

    def __init__(self, desk: Desk, offered: Catalogue, parent: QWidget) -> None:
        super().__init__(parent.tr("Services in several sessions"), parent.tr("Save"), parent)
        self.resize(*SIZE)
        self._desk, self._offered = desk, offered
        self._seen: PlanSettings | None = None
        self.service = QComboBox()
        self.service.setAccessibleName(self.tr("Service"))
        for one in sorted(offered.services, key=_plans_first):
            text = one_line(one.name)
            if one.sessions > 1:
                text = self.tr("{service}, {n} sessions").format(service=text, n=one.sessions)
            self.service.addItem(text[:80], one.id)
        self.form, self.preview = SettingsForm(offered), SettingsPreview()
        self.revert = QPushButton(self.tr("Undo changes"))
        self.revert.setAutoDefault(False)
        self.revert.clicked.connect(self._revert)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addWidget(self.form, 3)
        both.addWidget(self.preview, 2)
        both.setContentsMargins(0, 0, 0, 0)
        middle = QWidget()
        middle.setLayout(both)
        top = QHBoxLayout()
        top.addWidget(self.service, 1)
        top.addWidget(self.revert)
        self.lay_out(top, middle, stretched=middle)
        self.service.activated.connect(self._choose)
        self.form.changed.connect(self._judge)
        self._read()

    def _read(self) -> None:
        identifier: UUID | None = self.service.currentData()
        if identifier is None:
            self.say(self.tr("The clinic offers no service yet."))
            self.go.setEnabled(False)
            return
        work = partial(settings.read, actor=self._desk.actor, service_id=identifier)
        self._desk.tasks.read(self, work, self._show, refused=self.refuse, latest="settings")

    def _show(self, found: PlanSettings) -> None:
        self._seen = found
        self.form.show_settings(found)
        self._judge()

    @property
    def is_changed(self) -> bool:
        """Whether something is typed that is not saved."""
        return self._seen is not None and self.form.settings != self._seen

    def _choose(self, _index: int) -> None:
        if self.is_changed and self._seen is not None:
            with QSignalBlocker(self.service):
                self.service.setCurrentIndex(self.service.findData(self._seen.service_id))
            self.say(self.tr("Save the changes first, or undo them."))
            return
        self._read()

    def _revert(self) -> None:
        if self._seen is not None:
            self.form.show_settings(self._seen)
            self._judge()

    def _judge(self) -> None:
        """Say at the field what cannot be, and how it works where it can."""
        wanted = self.form.settings
        self.say("")
        self.form.accept_all()
        is_good = True
        try:
            settings.check(self._offered, wanted)
        except InvalidInput as error:
            is_good = False
            self._refuse_at(error)
        except ClinicError as error:
            is_good = False
            self.say(str(error))
        if is_good:
            self.preview.show_settings(
                settings.how_it_works(self._offered, wanted), settings.timeline(wanted)
            )
        self.go.setEnabled(is_good and self.is_changed)
        self.revert.setEnabled(self.is_changed)

    def _refuse_at(self, error: InvalidInput) -> None:
        """Say it at the field, or of which session it is where another is looked at."""
        if self.form.refuse(error.field, str(error)):
            return
        number = session_of(error.field)
        said = str(error)
        if number is not None:
            said = self.tr("Session {number}: {why}").format(number=number, why=error)
        self.say(said)

    def act(self) -> None:
        """Save; plans that were made stay as they are."""
        if self._seen is None or not self.go.isEnabled():
            return
        self.go.setEnabled(False)
        work = partial(settings.change, actor=self._desk.actor, seen=self._seen, wanted=self.form.settings)
        self._desk.tasks.write(self, work, self._saved, self._not_saved)

    def _saved(self, found: PlanSettings) -> None:
        self._show(found)
        name = self._offered.service(found.service_id).name
        said = self.tr("{service} is given in {n} sessions from now on.")
        if not found.needs_plan:
            said = self.tr("{service} takes one visit from now on.")
        said = said.format(service=one_line(name), n=found.sessions)
        index = self.service.findData(found.service_id)
        text = one_line(name)
        if found.needs_plan:
            text = self.tr("{service}, {n} sessions").format(service=text, n=found.sessions)
        self.service.setItemText(index, text[:80])
        self.preview.tell(said)
        self.told.emit(said)

    def _not_saved(self, error: ClinicError) -> None:
        if isinstance(error, InvalidInput):
            self._refuse_at(error)
        else:
            self.say(str(error))
        self.go.setEnabled(not isinstance(error, ChangedMeanwhile))

    def reject(self) -> None:
        """Close; what was typed and not saved is not lost by a slip."""
        if self.is_changed:
            self.say(self.tr("Save the changes first, or undo them."))
            return
        super().reject()


def _plans_first(one: ServiceFacts) -> tuple[bool, str]:
    return one.sessions == 1, one.name.casefold()
