"""What every page of the wizard has in common."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWizardPage

from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.tasks import Tasks


class Page(QWizardPage):
    """One page; `step` is the name under which the session remembers it.

    Signals:
        done: everything of this page is decided, go on.
        stuck: a sentence for the bar, about something of another page; and that page's step. Empty where it is over.
        ready: whether it may be gone on from here changed.
    """

    done = Signal()
    stuck = Signal(str, str)
    ready = Signal()
    step = ""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.tasks: Tasks = draft.tasks

    @property
    def may_go_on(self) -> bool:
        """Whether the primary button does anything."""
        return True

    @property
    def hint(self) -> str:
        """The keys of this page, in a few words."""
        return ""

    def enter(self) -> None:
        """Show the draft as it is now and take the keyboard."""

    def go_on(self) -> None:
        """Decide what is open and say `done`, at once or when the database answered."""
        self.done.emit()
