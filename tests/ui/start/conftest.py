"""The dialog of the first start, shown, and what it says."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.ui import theme
from clinic_scheduler.ui.first_start import FirstStart

FILE = Path("/srv/clinic/clinic.db")


@pytest.fixture
def start(qtbot, qapp):
    theme.apply(qapp, "light")
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    dialog = FirstStart(FILE, new_id)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    QLocale.setDefault(before)


@pytest.fixture
def heard(start):
    """Every signal of the dialog with what it carried, as it came."""
    said = []
    start.demo_chosen.connect(lambda: said.append(("demo", None)))
    start.clinic_chosen.connect(lambda made: said.append(("clinic", made)))
    start.test_asked.connect(lambda choice: said.append(("test", choice)))
    start.server_chosen.connect(lambda choice: said.append(("server", choice)))
    return said
