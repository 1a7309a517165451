"""The first start: one question, and what each answer needs to know."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls
from clinic_scheduler.ui.start.clinic_page import ClinicPage
from clinic_scheduler.ui.start.form import Form
from clinic_scheduler.ui.start.question import Question
from clinic_scheduler.ui.start.server import ServerChoice, local_url, server_url
from clinic_scheduler.ui.start.server_page import ServerPage
from clinic_scheduler.ui.theme import style_as

__all__ = ["FirstStart", "ServerChoice", "Step", "local_url", "server_url"]

# What the server's database needs before it can be opened; "none": this login can do nothing about it.
Step = Literal["connect", "create", "update", "none"]


FORM_HEIGHT = 720


class FirstStart(QDialog):
    """Opens no database: it says what was chosen and is told how that went.

    Whoever made it does the work in a thread, calls `show_progress` before and `accept`, `show_refusal` or
    `show_found` after it.

    Signals:
        demo_chosen: make the demo clinic.
        own_chosen: open the local file, which is there already.
        clinic_chosen: make this NewClinic in the local file.
        test_asked: try this ServerChoice and change nothing.
        server_chosen: open this ServerChoice; only with `prepare` may tables be made or updated.
    """

    demo_chosen = Signal()
    own_chosen = Signal()
    clinic_chosen = Signal(object)
    test_asked = Signal(object)
    server_chosen = Signal(object)

    def __init__(self, database: Path, new_id: Callable[[], UUID], parent: QWidget | None = None) -> None:
        """`database` is the file of a local clinic; `new_id` makes the ids of what is in it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Clinic Scheduler"))
        self.setMinimumSize(560, 440)
        self.resize(720, 440)
        self._database, self._new_id = database, new_id
        self._step: Step = "connect"
        self._held: QWidget | None = None
        self._question, self._clinic, self._server = Question(database), ClinicPage(database), ServerPage()
        self._pages = QStackedWidget()
        for page in (self._question, self._clinic, self._server):
            self._pages.addWidget(page)
        self._notice = controls.label()
        self._notice.setWordWrap(True)
        self._notice.setMargin(4)
        self._notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._notice.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(self._footer())
        self._question.demo.connect(self.demo_chosen)
        self._question.own.connect(self._open_own)
        self._question.server.connect(self.ask_server)
        self._clinic.edited.connect(self._forget)
        self._server.edited.connect(self._forget)
        self.ask()

    def ask(self) -> None:
        """Show the question."""
        asked = max(0, self._pages.currentIndex())
        self._turn_to(self._question)
        self._question.focus(asked)

    def _open_own(self) -> None:
        if self._database.exists():
            self.own_chosen.emit()
        else:
            self.ask_clinic()

    def ask_clinic(self) -> None:
        """Show the page for a clinic of one's own."""
        self._turn_to(self._clinic)
        self._clinic.go_to("clinic_name")

    def ask_server(self, choice: ServerChoice | None = None) -> None:
        """Show the page for a server, filled where `choice` is given."""
        if choice is not None:
            self._server.fill(choice)
        self._turn_to(self._server)
        self._server.go_to("password" if choice else "host")

    def show_keyring(self, text: str) -> None:
        """Say where a password will be kept."""
        self._server.show_keyring(text)

    def show_progress(self, text: str) -> None:
        """Say what is being done; until the outcome is shown nothing else can be asked for."""
        self._set_busy(busy=True)
        self._tell(text, "plain")

    def show_refusal(self, text: str, field: str = "") -> None:
        """Say why it did not work: at the field where it is one of the page, else above the buttons."""
        self._set_busy(busy=False)
        page = self._pages.currentWidget()
        is_told = isinstance(page, Form) and page.refuse(text, field)
        self._tell("" if is_told else text, "error")

    def show_found(self, text: str, step: Step = "connect") -> None:
        """Say what a test found; the button then names what comes next."""
        self._set_busy(busy=False)
        self._tell(text, {"connect": "good", "none": "error"}.get(step, "warning"))
        self._name_step(step)

    def reject(self) -> None:
        """Escape leads back to the question, and from there out."""
        if self._pages.currentWidget() is self._question or not self._pages.isEnabled():
            super().reject()
        else:
            self.ask()

    def _footer(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("bar", True)
        self._back, self._onward = QPushButton(self.tr("Back")), controls.primary("")
        self._close, self._test = QPushButton(self.tr("Close")), QPushButton(self.tr("Test connection"))
        for button in (self._back, self._close, self._test):
            button.setAutoDefault(False)
        self._back.clicked.connect(self.ask)
        self._close.clicked.connect(self.reject)
        self._test.clicked.connect(self._ask_test)
        self._onward.clicked.connect(self._go_on)
        buttons = QHBoxLayout()
        buttons.addWidget(self._back)
        buttons.addWidget(self._close)
        buttons.addStretch()
        buttons.addWidget(self._test)
        buttons.addWidget(self._onward)
        column = QVBoxLayout(frame)
        column.setContentsMargins(24, 12, 24, 12)
        column.setSpacing(12)
        column.addWidget(self._notice)
        column.addLayout(buttons)
        return frame

    def _ask_test(self) -> None:
        if self._server.is_complete():
            self.test_asked.emit(self._server.choice())

    def _go_on(self) -> None:
        page = self._pages.currentWidget()
        if isinstance(page, Form) and not page.is_complete():
            return
        if page is self._clinic:
            self.clinic_chosen.emit(self._clinic.made(self._new_id))
        else:
            self.server_chosen.emit(self._server.choice(prepare=self._step in {"create", "update"}))

    def _turn_to(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        is_question = page is self._question
        self._back.setVisible(not is_question)
        self._close.setVisible(is_question)
        self._test.setVisible(page is self._server)
        self._onward.setVisible(not is_question)
        self._onward.setDefault(not is_question)
        self._forget()
        if not is_question:
            room = self.screen().availableGeometry().height() - 80
            self.resize(self.width(), max(self.height(), min(FORM_HEIGHT, room)))

    def _forget(self) -> None:
        """What was found or refused held for what stood in the fields before."""
        self._tell("", "plain")
        self._name_step("connect")

    def _name_step(self, step: Step) -> None:
        self._step = step
        names = {
            "connect": self.tr("Connect"),
            "create": self.tr("Create the tables and connect"),
            "update": self.tr("Update the tables and connect"),
            "none": self.tr("Connect"),
        }
        is_clinic = self._pages.currentWidget() is self._clinic
        self._onward.setText(self.tr("Make the clinic") if is_clinic else names[step])
        self._onward.setEnabled(step != "none")

    def _set_busy(self, *, busy: bool) -> None:
        if busy:
            self._held = self.focusWidget()
        for widget in (self._pages, self._back, self._test, self._onward):
            widget.setEnabled(not busy)
        if not busy and self._held is not None:
            self._held.setFocus()

    def _tell(self, text: str, pill: str) -> None:
        self._notice.setText(text)
        style_as(self._notice, pill=pill)
        self._notice.setVisible(bool(text))
